"""Who sends a request: by its peer, or by the word of a proxy that is trusted."""

import hashlib
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

import structlog
from cachetools import TTLCache
from starlette.requests import HTTPConnection

from bot.limits import WINDOW_SECONDS, Quota
from services.settings import Networks

Address: TypeAlias = IPv4Address | IPv6Address

FILES_OF_PEOPLE = "/tep"
"""Where people send a file to their open ticket: read of nobody who has none."""

_FOR = "x-forwarded-for"
_FORWARDING = (_FOR, "x-real-ip", "forwarded", "via")
"""Headers by which a proxy tells that it speaks for somebody."""

_HERE = frozenset({"127.0.0.1", "::1"})
_MOST_FAULTS = 60
"""So many requests too many, or that are none, are told so in a minute; each is a millisecond."""
_MOST_BARRED = 10_000
_MOST_SENDERS, _SENDERS_SECONDS = 1_000, 1800.0
"""Browsers that may send files, of staff and of people, and how long after they were let to."""


def _senders() -> TTLCache[str, bool]:
    return TTLCache(_MOST_SENDERS, _SENDERS_SECONDS)


_log = structlog.get_logger()


@dataclass(frozen=True)
class Caller:
    """Whom a request is counted for."""

    address: str
    own: bool = False
    """Whether it is a machine of the office's own, which is not counted."""
    near: bool = False
    """Whether it is this machine, and tells of nobody that it speaks for."""

    @property
    def places(self) -> tuple[str, ...]:
        """What it is counted by: the address, or of IPv6 a subscriber's 64 bits and a site's 48."""
        parsed = parse(self.address)
        if isinstance(parsed, IPv6Address):
            return _network(parsed, 64), _network(parsed, 48)
        return (self.address,)


@dataclass
class Callers:
    """Tells who sends, by the settings: which proxies are trusted, which machines the office's."""

    trusted: Networks
    own: Networks
    _told: bool = field(default=False, init=False)
    _faults: Quota = field(default_factory=Quota, init=False)
    _barred: TTLCache[str, bool] = field(
        default_factory=lambda: TTLCache(_MOST_BARRED, WINDOW_SECONDS), init=False
    )
    _staff: TTLCache[str, bool] = field(default_factory=_senders, init=False)
    _people: TTLCache[str, bool] = field(default_factory=_senders, init=False)
    """Those with an open ticket; however many they are, staff are not forgotten for them."""

    def let_in(self, token: str) -> None:
        """Note that staff hold this token of the console: they may send files for a while."""
        self._staff[_hash(token)] = True

    def let_send(self, key: str) -> None:
        """Note that the person of a conversation has an open ticket: they may send it files."""
        self._people[_hash(key)] = True

    def may_send_files(self, connection: HTTPConnection) -> bool:
        """Say whether a browser was let into the console of late, or has an open ticket.

        Each sends to its own pages alone. Known before anything of a long body is read, and without
        the database.
        """
        known = self._people if connection.url.path == FILES_OF_PEOPLE else self._staff
        return any(_hash(value) in known for value in connection.cookies.values())

    def of(self, connection: HTTPConnection) -> Caller:
        """Return the caller; of `X-Forwarded-For` the last address that is no trusted proxy counts.

        Whatever stands before it was written by the caller, and nothing of it is believed unless
        the peer is such a proxy. What is no address ends the search: then the proxy is counted.
        """
        peer = peer_of(connection)
        if not self._trusts(peer):
            self._warn(connection, peer)
            alone = not speaks_for_others(connection)
            return Caller(peer, alone and _is_among(peer, self.own), alone and peer in _HERE)
        hops = ",".join(connection.headers.getlist(_FOR)).split(",")
        for hop in reversed([hop.strip() for hop in hops if hop.strip()]):
            address = parse(hop)
            if address is None:
                break
            if not _is_among(str(address), self.trusted):
                return Caller(str(address))
        return Caller(peer)

    def forwarded(self, connection: HTTPConnection, name: str) -> str:
        """Return a header that a trusted proxy set, or nothing when the peer is no such proxy."""
        return connection.headers.get(name, "") if self._trusts(peer_of(connection)) else ""

    def is_inside(self, connection: HTTPConnection) -> bool:
        """Say whether this machine or one of the office's own asks, for nobody else."""
        address = parse(peer_of(connection))
        here = address is not None and address.is_loopback
        return (here or _is_among(str(address), self.own)) and not speaks_for_others(connection)

    def is_crowd(self, peer: str) -> bool:
        """Say whether a peer may speak for many people, as a proxy here, or is the office's own."""
        return self._trusts(peer) or _is_among(peer, self.own) or peer in _HERE

    def blame(self, peer: str) -> None:
        """Count a request that could not be served; after many nothing of the peer is let in.

        Never of one that speaks for many people.
        """
        place = Caller(peer).places[0]
        if not self.is_crowd(peer) and not self._faults.allow({place: _MOST_FAULTS}):
            self._barred[place] = True

    def is_barred(self, peer: str) -> bool:
        """Say whether a connection of a peer is not to be let in, for a minute."""
        return Caller(peer).places[0] in self._barred

    def _trusts(self, peer: str) -> bool:
        return _is_among(peer, self.trusted)

    def _warn(self, connection: HTTPConnection, peer: str) -> None:
        """Tell once of a proxy that may have been forgotten: all its people share one bound."""
        address = parse(peer)
        if not self._told and address and address.is_private and speaks_for_others(connection):
            self._told = True
            _log.warning("web.proxy_not_trusted", setting="HTX_TRUSTED_PROXIES")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def parse(word: str) -> Address | None:
    """Read an address, also one with a port as some proxies write it; None when it is none."""
    host = word
    if word.startswith("["):
        host = word[1:].partition("]")[0]
    elif word.count(":") == 1:
        host = word.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def peer_of(connection: HTTPConnection) -> str:
    """Return the address that a request came from, in one spelling; nothing when there is none."""
    host = connection.client.host if connection.client else ""
    return str(parse(host) or host)


def speaks_for_others(connection: HTTPConnection) -> bool:
    """Say whether a request came through a proxy, by its own word."""
    return any(name in connection.headers for name in _FORWARDING)


def _is_among(host: str, networks: Networks) -> bool:
    address = parse(host)
    return address is not None and any(address in network for network in networks)


def _network(address: IPv6Address, bits: int) -> str:
    return str(IPv6Network((int(address), bits), strict=False))
