"""The API against its own description, by schemathesis."""

from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import given, settings
from schemathesis import GenerationMode


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_messages_are_answered_as_described(app: FastAPI, mode: GenerationMode) -> None:
    """Whatever the description allows or forbids, a message is answered as described."""
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)

    @given(case=schema["/api/messages"]["POST"].as_strategy(generation_mode=mode))
    @settings(max_examples=40, derandomize=True, deadline=None)
    def check(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate()

    check()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_health_is_as_described(app: FastAPI, path: str) -> None:
    """The routes of those who run the product answer as described."""
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)

    @given(case=schema[path]["GET"].as_strategy())
    @settings(max_examples=5, derandomize=True, deadline=None)
    def check(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate()

    check()
