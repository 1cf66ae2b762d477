"""Every error that can be provoked is described, and every described error can be provoked."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from rest_framework.views import APIView

from config import error_responses
from roster.api.errors import UNAVAILABLE
from roster.models import ApiKey
from tests.client import Answer, ask
from tests.roster.database_failures import failing
from tests.sample_data import SampleData
from tests.schema.document import Operation, operations

NOTHING = "999999999"
"""The id of nothing."""


def path_of(operation: Operation) -> str:
    return operation.path.replace("{id}", NOTHING)


def malformed(operation: Operation, sample: SampleData) -> Answer:
    return ask(sample.staff_key, path_of(operation), nonsense="1")


def nobody(operation: Operation, sample: SampleData) -> Answer:
    return ask(None, path_of(operation))


def not_allowed(operation: Operation, sample: SampleData) -> Answer:
    return ask(sample.public_key, path_of(operation))


def nothing_there(operation: Operation, sample: SampleData) -> Answer:
    return ask(sample.staff_key, path_of(operation))


def other_method(operation: Operation, sample: SampleData) -> Answer:
    return ask(sample.staff_key, path_of(operation), method="POST")


def other_media_type(operation: Operation, sample: SampleData) -> Answer:
    return ask(sample.staff_key, path_of(operation), headers={"Accept": "image/png"})


def too_often(operation: Operation, sample: SampleData) -> Answer:
    _, key = ApiKey.create_bearer("hurried", audience="staff", rate=1)
    ask(key, "/api/test")
    return ask(key, path_of(operation))


PROVOKED: dict[int, Callable[[Operation, SampleData], Answer]] = {
    400: malformed,
    401: nobody,
    403: not_allowed,
    404: nothing_there,
    405: other_method,
    406: other_media_type,
    429: too_often,
}
CLOSED_TO_THE_PUBLIC = {"/api/users", "/api/users/{id}"}
CASES = [
    (operation, status)
    for operation in operations()
    for status in PROVOKED
    if str(status) in operation.description["responses"] and (status != 403 or operation.path in CLOSED_TO_THE_PUBLIC)
]


@pytest.mark.parametrize("operation, status", CASES, ids=str)
def test_a_described_error_is_answered_as_described(operation: Operation, status: int, sample: SampleData) -> None:
    answer = PROVOKED[status](operation, sample)

    assert answer.status == status
    assert operation.faults(status, answer.headers, answer.body) == []


@pytest.mark.parametrize("path", ["/api/memberships", "/api/memberships/{id}"])
def test_deleted_memberships_are_forbidden_as_described(path: str, sample: SampleData) -> None:
    [operation] = [each for each in operations() if each.path == path]

    answer = ask(sample.campus_key, path_of(operation), IncludeDeletes="true")

    assert answer.status == 403
    assert operation.faults(403, answer.headers, answer.body) == []


@pytest.mark.parametrize("path", ["/api/memberships", "/api/memberships/{id}", "/api/test"])
def test_an_outage_of_the_database_is_answered_as_described(path: str, sample: SampleData) -> None:
    [operation] = [each for each in operations() if each.path == path]

    with failing(0):
        answer = ask(sample.staff_key, path_of(operation))

    assert (answer.status, answer.body["detail"]) == (503, UNAVAILABLE)
    assert operation.faults(503, answer.headers, answer.body) == []


NOT_READ = sorted(
    {status for kind, status, _ in error_responses.ERROR_RESPONSES if kind is not error_responses.LengthRequired}
)
"""The statuses of requests that the worker refuses; only bodies need a length, and nothing here takes one."""


@pytest.mark.parametrize("status", NOT_READ)
@pytest.mark.parametrize("operation", operations(), ids=str)
def test_a_request_that_is_not_read_is_refused_as_described(operation: Operation, status: int) -> None:
    head, _, body = error_responses.response_bytes(status, "Too long.", "an-id", "").partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])

    assert headers.pop("Connection") == "close"
    assert operation.faults(status, headers, orjson.loads(body)) == []


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_a_failure_is_answered_as_described(operation: Operation, sample: SampleData, monkeypatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("a secret of the server")

    monkeypatch.setattr(APIView, "initial", fail)

    answer = ask(sample.staff_key, path_of(operation))

    assert answer.status == 500
    assert operation.faults(500, answer.headers, answer.body) == []
    assert "secret" not in str(answer.body)


@pytest.mark.parametrize("operation", [each for each in operations() if each.needs_key], ids=str)
def test_an_error_that_is_not_described_is_not_answered(operation: Operation, sample: SampleData) -> None:
    described = {int(status) for status in operation.description["responses"]}

    answered = {PROVOKED[status](operation, sample).status for status in PROVOKED}

    assert answered <= described
