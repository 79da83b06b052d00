"""The whole API against its own description, by schemathesis: what it allows, what it forbids."""

from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from bot.runner import Runner
from bot.web.app import make_app
from services.bootstrap import Services
from services.settings import load_settings
from tests.doubles.hostile import SHARE
from tests.doubles.web import Probe

LATER = ("GET", "/api/messages/later")
API = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    LATER,
    ("POST", "/api/messages"),
}


@pytest.fixture
def app(services: Services) -> FastAPI:
    """Return the app; it counts nobody's requests."""
    services.settings.own_addresses = load_settings(own_addresses="127.0.0.0/8").own_addresses
    return make_app(Runner(services), nlu_ready=Probe())


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [
        *((*one, GenerationMode.POSITIVE) for one in sorted(API)),
        (*LATER, GenerationMode.NEGATIVE),
        ("POST", "/api/messages", GenerationMode.NEGATIVE),  # of the others nothing is forbidden
    ],
)
def test_every_request_is_answered_as_described(
    app: FastAPI, method: str, path: str, mode: GenerationMode
) -> None:
    """Whatever is sent: the status, the headers and the body are among those described."""
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    made = schema[path][method].as_strategy(generation_mode=mode)
    examples = 500 if method == "POST" else 50

    @given(case=made)
    @settings(
        max_examples=max(5, int(examples * SHARE)),
        derandomize=SHARE < 1,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def check(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate()

    check()


def test_description_has_no_other_way_in(app: FastAPI) -> None:
    """What is described is tried above; a route that comes is tried there too."""
    described = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    found = {(one, path) for path, ways in described.raw_schema["paths"].items() for one in ways}

    assert {(method.upper(), path) for method, path in found} == API
