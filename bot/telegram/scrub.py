"""No token in a log: the Bot API's address holds it, and errors may hold the address."""

import logging
import traceback
from dataclasses import dataclass

_LIBRARIES = ("telegram", "httpx", "httpcore", "asyncio")


@dataclass(frozen=True)
class Scrubber(logging.Filter):
    """Takes one token out of texts and log records."""

    token: str

    def clean(self, text: str) -> str:
        """Return the text without the token."""
        for form in (self.token, self.token.replace(":", "%3A")):
            text = text.replace(form, "***") if form else text
        return text

    def trace(self, error: BaseException | None) -> str:
        """Return an error with its traceback and causes, without the token."""
        return self.clean("".join(traceback.format_exception(error))) if error else ""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean a record's message and traceback; let every record pass."""
        record.msg, record.args = self.clean(record.getMessage()), None
        if record.exc_info:
            record.exc_text, record.exc_info = self.trace(record.exc_info[1]), None
        return True


def guard_logs(scrubber: Scrubber) -> None:
    """Have every logger of the libraries that know the token clean its records."""
    known = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in _LIBRARIES]
    for name in known:
        logging.getLogger(name).addFilter(scrubber)
