"""Lists to choose from: the menu of subjects, topics and groups, and the choices of a wish."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

from services.conversation.plain import capital
from services.conversation.reply import Button, Payload, Reply, to_group
from services.knowledge.library import Library
from services.knowledge.schema import MENU_PAGE, MenuGroup, Subject


@dataclass(frozen=True)
class MenuWriter:
    """Writes the lists of a library; what is gone from it, or was never there, is None."""

    library: Library

    def menu(self, phrase: str = "menu", **values: Any) -> Reply:
        """Show the subjects, under a phrase."""
        buttons = (*self.subjects(), *self.to_tools())
        return self._list(self._say(phrase, **values), Payload("m"), buttons)

    def to_tools(self) -> Iterator[Button]:
        """Yield the button to the tools, where there are any."""
        if self.library.tools:
            yield Button(self._say("button_tools"), str(Payload("q")))

    def tools(self) -> Reply | None:
        """Show the tools that ask questions of their own."""
        if not self.library.tools:
            return None
        buttons = (
            Button(one.begin, str(Payload("q", one.name))) for one in self.library.tools.values()
        )
        return Reply(
            "clarify", self._say("form_chat_tools"), buttons=tuple(buttons), confidence=1.0
        )

    def subjects(self) -> tuple[Button, ...]:
        """Return the buttons to the subjects."""
        return tuple(
            Button(self._say(f"subject_{subject}"), str(Payload("s", subject)))
            for subject in get_args(Subject)
        )

    def subject(self, subject: str) -> Reply | None:
        """Show the topics of a subject."""
        topics = [(n, t.label) for n, t in self.library.topics.items() if t.subject == subject]
        buttons = (Button(capital(label), str(Payload("t", name))) for name, label in topics)
        return self._list(self._say("menu"), Payload("s", subject), buttons) if topics else None

    def topic(self, folder: str, group: str = "") -> Reply | None:
        """Show the groups of a topic, or the articles of one; those of a small topic at once."""
        topic = self.library.topics.get(folder)
        groups = {name: each for name, each in self._groups(folder) if self._known(each.articles)}
        if topic is None or not groups:
            return None
        only = next(iter(groups.values())) if len(groups) == 1 else None
        if shown := groups.get(group, only):
            own = to_group(folder, group) if group in groups else Payload("t", folder)
            lead = self._say("menu_topic", label=shown.label or capital(topic.label))
            return self._list(lead, own, self._known(shown.articles))
        buttons = (Button(g.label, str(to_group(folder, name))) for name, g in groups.items())
        lead = self._say("menu_topic", label=capital(topic.label))
        return self._list(lead, Payload("t", folder), buttons)

    def wish(self, name: str, confidence: float = 1.0, *, again: bool = False) -> Reply | None:
        """Show what a wish may mean; whoever wishes it `again` is told how to choose."""
        wish = self.library.wishes.named(name)
        chosen = [c for c in wish.choices if c.article in self.library.articles] if wish else []
        if wish is None or not chosen:
            return None
        return Reply(
            "clarify",
            self._say(
                "wish_again" if again else "wish",
                label=wish.label,
                choices=[choice.label for choice in chosen],
                most=len(chosen),
            ),
            offered=tuple(choice.article for choice in chosen),
            again=Payload("k", name),
            buttons=tuple(Button(c.label, str(Payload("a", c.article))) for c in chosen),
            confidence=confidence,
        )

    def _list(self, lead: str, again: Payload, buttons: Iterable[Button]) -> Reply:
        return Reply("clarify", lead, again=again, buttons=tuple(buttons), confidence=1.0)

    def _groups(self, folder: str) -> Iterator[tuple[str, MenuGroup]]:
        """Yield the groups of a topic; where the content has none, as many as its articles fill."""
        grouped = self.library.menu.get(folder)
        if grouped:
            yield from grouped.items()
            return
        names = [name for name in self.library.articles if name.startswith(f"{folder}/")]
        for start in range(0, len(names), MENU_PAGE):
            label = f"{self.library.articles[names[start]].label}…" if names[MENU_PAGE:] else ""
            articles = tuple(names[start : start + MENU_PAGE])
            yield str(start), MenuGroup.model_construct(label=label, articles=articles)

    def _known(self, names: Iterable[str]) -> list[Button]:
        """Return the buttons to those articles that can be served."""
        known = self.library.articles
        return [Button(known[n].label, str(Payload("a", n))) for n in names if n in known]

    def _say(self, phrase: str, **values: Any) -> str:
        return self.library.phrases.say(phrase, **values)
