"""Failures of requests of programs are reported in JSON: each route that is not of the admin."""

from typing import Any

import orjson
import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.test import Client

from roster.api.errors import SERVER_FAILED, UNAVAILABLE
from tests.roster.test_database_failures import FORM, filled, routes
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

ASKED = [(path, method) for path, _ in routes() if not path.startswith("/admin/") for method in ("get", "post")]
FAILURES = {
    500: (ProgrammingError("relation does not exist"), SERVER_FAILED),
    503: (OperationalError("the connection was lost"), UNAVAILABLE),
}


def headers_of(path: str, sample: SampleData) -> dict[str, str]:
    credential = {"Authorization": f"Bearer {sample.staff_key}"} if path.startswith(("/api/", "/lti/")) else {}
    return {"Accept": "*/*", **credential}


@pytest.mark.parametrize("status", FAILURES)
def test_a_failure_is_reported_to_programs_in_json(status: int, sample: SampleData) -> None:
    client = Client(raise_request_exception=False)
    error, detail = FAILURES[status]
    failed = set()

    def fail(*args: Any) -> Any:
        raise error

    for path, method in ASKED:
        body = {"data": FORM} if method == "post" else {}
        with transaction.atomic():
            with connection.execute_wrapper(fail):
                answer = getattr(client, method)(filled(path, sample), headers=headers_of(path, sample), **body)
            transaction.set_rollback(True)
        if answer.status_code < 500:
            continue  # refused or answered without a database
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), (path, method)
        assert orjson.loads(answer.content)["detail"] == detail
        assert answer.has_header("Retry-After") == (status == 503)
        failed.add(path)

    assert {"/lti/register", "/lti/jwks", "/api/memberships/"} <= failed


def test_a_browser_is_shown_a_page(sample: SampleData) -> None:
    client = Client(raise_request_exception=False)

    def fail(*args: Any) -> Any:
        raise FAILURES[500][0]

    with connection.execute_wrapper(fail):
        answer = client.get("/lti/jwks", headers={"Accept": "text/html,*/*;q=0.8"})

    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (500, "text/html")
