"""Telegram: an update in, a reply out; python-telegram-bot 22 carries both."""

import os

# Its next major version tells times as `timedelta` only; until then this asks for them.
os.environ.setdefault("PTB_TIMEDELTA", "true")
