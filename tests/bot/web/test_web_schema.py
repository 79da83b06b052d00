"""The API against its own description, by schemathesis."""

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from pytest import fixture  # noqa: PT013  # because `schemathesis.pytest` stands beside it
from schemathesis import BaseSchema

schema = schemathesis.pytest.from_fixture("api_schema")


@fixture
def api_schema(app: FastAPI) -> BaseSchema:
    """Return the description that the app gives of itself."""
    return schemathesis.openapi.from_asgi("/api/openapi.json", app)


@schema.parametrize()
@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_described(case: schemathesis.Case) -> None:
    """Whatever the description allows or forbids, the app answers as described."""
    case.call_and_validate()
