"""What is counted for `/metrics`; nothing in it tells who asked or what."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from services.conversation.question import Channel
from services.conversation.state import TurnResult
from services.publishing.status import Publishing

_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)


class Meters:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        """Start at nought."""
        self.registry = CollectorRegistry()
        self._turns = Counter(
            "htx_turns", "Turns answered", ("channel", "outcome"), registry=self.registry
        )
        self._degraded = Counter(
            "htx_degraded_turns", "Turns read by their words", ("channel",), registry=self.registry
        )
        self._failed = Counter(
            "htx_failed_turns", "Turns that failed", ("channel",), registry=self.registry
        )
        self._seconds = Histogram(
            "htx_turn_seconds",
            "Time from question to reply",
            ("channel",),
            registry=self.registry,
            buckets=_SECONDS,
        )

    def watch(self, publishing: Publishing) -> None:
        """Show how old the edition served is, and whether a change of it was refused."""
        age = Gauge(
            "htx_edition_age_seconds", "Time since the edition is served", registry=self.registry
        )
        refused = Gauge(
            "htx_edition_refused", "1 while a change is refused", registry=self.registry
        )
        age.set_function(publishing.age)
        refused.set_function(lambda: float(publishing.refused))

    def answered(self, channel: Channel, answered: TurnResult) -> None:
        """Count a turn."""
        self._turns.labels(channel, answered.reply.outcome).inc()
        self._seconds.labels(channel).observe(answered.ms / 1000)
        if answered.reply.degraded:
            self._degraded.labels(channel).inc()

    def failed(self, channel: Channel) -> None:
        """Count a turn that got no reply of the dialogue."""
        self._failed.labels(channel).inc()
