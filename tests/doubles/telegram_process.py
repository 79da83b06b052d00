"""The bot as a process: `htx telegram`, which may be killed at any moment."""

from tests.doubles.worker import Worker


class TelegramProcess(Worker):
    """Starts, kills and stops it."""

    command = "telegram"
