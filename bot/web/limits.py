"""Who sends a message over HTTP, and how many they may."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from starlette.requests import HTTPConnection

from bot.runner import MessageLimit


def address_of(connection: HTTPConnection, trusted: frozenset[str]) -> str:
    """Return the sender's address; the word of a trusted proxy is taken for whom it speaks.

    Of `X-Forwarded-For` only the last address that is no trusted proxy counts: whatever stands
    before it was written by the sender.
    """
    peer = _peer(connection)
    if peer not in trusted:
        return peer
    hops = ",".join(connection.headers.getlist("x-forwarded-for")).split(",")
    named = [hop.strip() for hop in reversed(hops) if hop.strip()]
    return next((hop for hop in named if hop not in trusted), peer)


def forwarded(connection: HTTPConnection, name: str, trusted: frozenset[str]) -> str:
    """Return a header that a trusted proxy set, or nothing when the sender is no such proxy."""
    return connection.headers.get(name, "") if _peer(connection) in trusted else ""


def admits(limit: MessageLimit, conversation: str, address: str) -> bool:
    """Say whether one more message is served; one from loopback always is."""
    parsed = _parse(address)
    if parsed is not None and parsed.is_loopback:
        return True
    return limit.allow(f"web:{conversation}", f"address:{_neighbourhood(parsed) or address}")


def _peer(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""


def _parse(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed


def _neighbourhood(address: IPv4Address | IPv6Address | None) -> str:
    """Return what one subscriber is given: an IPv4 address, or 64 bits of IPv6."""
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address or "")
