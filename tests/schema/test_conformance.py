"""Requests generated from the OpenAPI document, valid and invalid ones, are answered as it specifies."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from roster.models import ApiKey
from tests.sample_data import SampleData
from tests.schema.document import document

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def without_credentials(described: dict[str, Any]) -> dict[str, Any]:
    """The same description, but nothing in it to make up keys and signatures from."""
    plain = copy.deepcopy(described)
    del plain["components"]["securitySchemes"]
    for methods in plain["paths"].values():
        del methods["get"]["security"]
    return plain


api = schemathesis.openapi.from_dict(without_credentials(document()))
api.app = get_wsgi_application()


@pytest.fixture
def key(sample: SampleData) -> str:
    """A staff key that is never too fast."""
    _, text = ApiKey.create_bearer("made-up requests", audience="staff", may_read_reflections=True, rate=1_000_000)
    return text


@pytest.fixture(autouse=True)
def connection_of_the_test() -> Iterator[None]:
    """Requests leave the connection open that the test has a transaction on, as those of Django's test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@api.parametrize()
@settings(
    max_examples=30,
    derandomize=True,  # the same requests in every run
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_made_up_requests_are_answered_as_described(case: schemathesis.Case, key: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}, checks=CHECKS)
