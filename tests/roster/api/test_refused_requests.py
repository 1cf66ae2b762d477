"""Malformed requests, which reach no view, get errors in the same form as all others."""

from typing import Any

import pytest
from django.test import Client

from tests.client import Answer, ask
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


def assert_is_problem(answer: Answer, status: int) -> None:
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert list(answer.body)[:5] == ["type", "title", "status", "detail", "requestId"]
    assert answer.body["status"] == status
    assert answer.body["requestId"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize("path", ["/api/memberships", "/engage/api/Memberships", "/api/nothing"])
def test_a_host_that_is_not_this_site(sample: SampleData, path: str) -> None:
    answer = ask(sample.staff_key, path, headers={"Host": "elsewhere.example.org"})

    assert_is_problem(answer, 400)
    assert answer.body["detail"] == "The Host header of this request is not a name of this server."


@pytest.mark.parametrize("host", ["local host", "localhost:port", "a/b", "[::1", "é"])
def test_a_host_that_is_none(sample: SampleData, host: str) -> None:
    assert_is_problem(ask(sample.staff_key, "/api/memberships", headers={"Host": host}), 400)


def test_more_than_1000_parameters(sample: SampleData) -> None:
    answer = ask(sample.staff_key, "/api/memberships?" + "&".join(f"p{number}=1" for number in range(1001)))

    assert_is_problem(answer, 400)
    assert answer.body["detail"] == "A request may have at most 1000 parameters."


def test_1000_parameters_are_refused_one_by_one(sample: SampleData) -> None:
    answer = ask(sample.staff_key, "/api/memberships?" + "&".join(f"p{number}=1" for number in range(1000)))

    assert_is_problem(answer, 400)
    assert len(answer.refused) == 1000


def test_a_very_long_query(sample: SampleData) -> None:
    answer = ask(sample.staff_key, "/api/memberships?username=" + "a" * 100_000)

    assert (answer.status, answer.ids) == (200, [])


@pytest.mark.parametrize("query", ["page=%zz", "page=%", "page=%ff", "page=%C3%28", "page=%ED%A0%80", "page=%00"])
def test_a_query_with_broken_encodings(sample: SampleData, query: str) -> None:
    answer = ask(sample.staff_key, f"/api/memberships?{query}")

    assert_is_problem(answer, 400)
    assert list(answer.refused) == ["page"]


@pytest.mark.parametrize("query", ["%ff=1", "%00=1", "%zz", "=", "=1", ";", "%C3%28=%C3%28"])
def test_a_parameter_whose_name_is_broken(sample: SampleData, query: str) -> None:
    answer = ask(sample.staff_key, f"/api/memberships?{query}")

    assert_is_problem(answer, 400)


@pytest.mark.parametrize("credential", ["%00", "a%00", "%ff", "%ED%A0%80"])
@pytest.mark.parametrize("name", ["apikey", "hash", "random"])
def test_a_credential_with_broken_encodings(credential: str, name: str, db: None) -> None:
    signature = {"apikey": "a", "time": "1795348800250", "random": "r", "hash": "0" * 64, name: credential}

    answer = ask(None, "/api/memberships?" + "&".join(f"{name}={value}" for name, value in signature.items()))

    assert_is_problem(answer, 401)


@pytest.mark.parametrize(
    "path", ["/api/%ff", "/api/%00", "/api/memberships/%00", "/api/memberships/1%00", "/api/memberships/%C3%28"]
)
def test_a_path_with_broken_encodings(sample: SampleData, path: str) -> None:
    assert_is_problem(ask(sample.staff_key, path), 404)


def test_a_failure_says_nothing_but_its_id(
    sample: SampleData, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError("secret of the house")

    monkeypatch.setattr("roster.views.TestView.get", fail)
    answer = ask(sample.staff_key, "/api/test")

    assert_is_problem(answer, 500)
    assert answer.body["detail"] == "An error in the server. Its log has the details under this requestId."
    assert answer.headers["X-RateLimit-Limit"] == "1000000"
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "secret of the house" in str(record.exc_info)
    assert record.__dict__["request"].request_id == answer.body["requestId"]


def test_a_failure_before_the_views_has_the_same_shape(sample: SampleData, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("roster.api.authentication.clock", fail)

    assert_is_problem(ask(sample.staff_key, "/api/test"), 500)


def test_a_failure_of_another_page_is_a_page_without_a_traceback(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError("secret of the house")

    monkeypatch.setattr("django.contrib.auth.forms.AuthenticationForm.__init__", fail)
    response = Client(raise_request_exception=False).get("/admin/login/", headers={"Accept": "text/html"})

    assert response.status_code == 500
    assert response.headers["Content-Type"].startswith("text/html")
    assert b"secret of the house" not in response.content
    assert b"Traceback" not in response.content
