"""Browsers from which somebody proved of late that an account is theirs.

Wrong tries from such a browser are counted apart: whoever guesses at a name from elsewhere slows
guessers, not its person (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
"""

import hmac
import secrets
from datetime import datetime, timedelta

from services.staff.account import plain_name
from services.staff.keys import StaffKeys

REMEMBERED = timedelta(days=30)
_KIND = "browser of"


def mark(keys: StaffKeys, name: str, now: datetime) -> str:
    """Return what a browser shall hold from now on, so that it is known for an account's."""
    body = f"{now.timestamp():.0f}.{secrets.token_hex(8)}"
    return f"{body}.{keys.hash(_KIND, _of(name, body))}"


def number_of(keys: StaffKeys, name: str, held: str, now: datetime) -> str:
    """Return the number of a browser that is known for an account's; nothing for any other."""
    body, _, signed = held.rpartition(".")
    at, _, number = body.partition(".")
    right = (hmac.compare_digest(one, signed) for one in keys.every_hash(_KIND, _of(name, body)))
    if not signed.isascii() or not any(right) or not at.isdecimal():
        return ""
    return number if now.timestamp() - int(at) < REMEMBERED.total_seconds() else ""


def _of(name: str, body: str) -> str:
    return f"{plain_name(name).casefold()} {body}"
