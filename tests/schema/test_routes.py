"""Every route and method of the API is described, and every described one is served."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.client import ask
from tests.sample_data import SampleData
from tests.schema.document import Operation, operations

OF_LTI = {"/api/idtoken": {"GET"}, "/api/launches": {"POST"}}
"""Not of the roster API: docs/lti/tools.md describes them, tests/lti/ltik tries them."""

OTHER_METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The paths of the URLconf as the description spells them, with their views."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern).removeprefix("^").replace("(?P<pk>[^/.]+)", "{id}").removesuffix("\\Z")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield "/" + path.removesuffix("$").rstrip("/"), pattern.callback


def methods(view: Any) -> set[str]:
    """What a view answers."""
    handled = getattr(view, "actions", None) or [name for name in view.cls.http_method_names if hasattr(view.cls, name)]
    return {name.upper() for name in handled} - {"HEAD"}  # answered wherever GET is


def path_of_something(operation: Operation, sample: SampleData) -> str:
    """A path that answers 200, for an operation."""
    kind = operation.path.rpartition("/api")[2].split("/")[-2 if operation.is_detail else -1]
    something: dict[str, Any] = {
        "memberships": sample.amara_president,
        "organizations": sample.chess_club,
        "positions": sample.amara_president.position,
        "users": sample.amara,
    }
    return operation.path.replace("{id}", str(something[kind].pk) if operation.is_detail else "")


def test_the_description_has_the_routes_of_the_api_and_their_methods() -> None:
    served = {
        path: methods(view) for path, view in routes(get_resolver().url_patterns) if f"{path}/".startswith("/api/")
    }

    assert served == {operation.path: {"GET"} for operation in operations()} | OF_LTI


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_head_answers_as_get_without_a_body(operation: Operation, sample: SampleData) -> None:
    headers = {"Authorization": f"Bearer {sample.staff_key}", "X-Request-Id": "the-same"}
    path = path_of_something(operation, sample)

    got, head = (getattr(Client(), method)(path, headers=headers) for method in ("get", "head"))

    assert (got.status_code, head.status_code) == (200, 200)
    assert head.content == b""
    assert _without_count(head.headers) == _without_count(got.headers)


@pytest.mark.parametrize("method", OTHER_METHODS)
@pytest.mark.parametrize("operation", operations(), ids=str)
def test_every_other_method_is_refused(operation: Operation, method: str, sample: SampleData) -> None:
    answer = ask(sample.staff_key, path_of_something(operation, sample), method=method)

    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD"


def _without_count(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "X-RateLimit-Remaining"}
