"""The web app over the small content, as the tests of the web face have it."""

from tests.bot.web.conftest import app, client, nlu, probe, visit

__all__ = ["app", "client", "nlu", "probe", "visit"]
