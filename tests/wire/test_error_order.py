"""Where several errors apply, one is reported: 401, then 403, 400, 404 (docs/api.md, “Errors”). All have one shape."""

import pytest
from pytest_django.fixtures import Settings

from tests.client import Answer, ask
from tests.sample_data import SampleData
from tests.wire.routes import DETAILS, LISTS, ROUTES, Route

NOBODY = 2**31 - 1


def assert_problem(answer: Answer, status: int, title: str) -> None:
    """It has the shape of all errors, and no cache keeps it."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert list(answer.body)[:5] == ["type", "title", "status", "detail", "requestId"]
    assert (answer.body["type"], answer.body["title"], answer.body["status"]) == ("about:blank", title, status)
    assert answer.body["detail"]
    assert answer.body["requestId"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize("route", ROUTES, ids=str)
@pytest.mark.parametrize("query", ["", "?foo=1", "?IncludeDeletes=true", "?page=0"])
@pytest.mark.parametrize("credential", [None, "nonsense"])
def test_401_comes_first(sample: SampleData, route: Route, query: str, credential: str | None) -> None:
    answer = ask(credential, route.of(NOBODY) + query)

    assert_problem(answer, 401, "Unauthorized")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("credential", ["nonsense", "cr_nonsense_nonsense"])
def test_a_bad_credential_is_401_even_where_the_public_audience_is_open(
    sample: SampleData, settings: Settings, credential: str
) -> None:
    settings.PUBLIC_API = True

    assert ask(None, "/api/memberships").status == 200
    assert_problem(ask(credential, "/api/memberships"), 401, "Unauthorized")


def test_403_comes_before_400_and_404(sample: SampleData) -> None:
    for path in (
        "/api/memberships?IncludeDeletes=true&foo=1&page=0",
        f"/api/memberships/{NOBODY}?IncludeDeletes=true&foo=1",
        f"/api/memberships/{NOBODY}?IncludeDeletes=true",
        "/api/users?cardId=&foo=1",
        "/api/users?CreatedOnStart=yesterday",
        "/api/users?sisId=1&sisId=2",
    ):
        assert_problem(ask(sample.campus_key, path), 403, "Forbidden")


def test_a_closed_resource_is_403_before_400_and_404(sample: SampleData) -> None:
    for path in ("/api/users", "/api/users?foo=1", "/api/users?page=0", f"/api/users/{NOBODY}", "/api/users/x?foo=1"):
        assert_problem(ask(sample.public_key, path), 403, "Forbidden")


@pytest.mark.parametrize("route", DETAILS, ids=str)
def test_400_comes_before_404(sample: SampleData, route: Route) -> None:
    assert_problem(ask(sample.staff_key, f"{route.of(NOBODY)}?foo=1"), 400, "Bad Request")
    assert_problem(ask(sample.staff_key, f"{route.path.replace('{id}', 'x')}?foo=1"), 400, "Bad Request")


@pytest.mark.parametrize("route", DETAILS, ids=str)
@pytest.mark.parametrize(
    "word", ["0", "2147483647", "2147483648", "9" * 30, "9" * 5000, "x", "-1", "1e3", "٣", "１", "%00"]
)
def test_404_comes_last(sample: SampleData, route: Route, word: str) -> None:
    answer = ask(sample.staff_key, route.path.replace("{id}", word))

    assert_problem(answer, 404, "Not Found")
    assert answer.body["detail"] == "Nothing has this id, or you may not see it."


@pytest.mark.parametrize("path", ["/api/nothing/", "/api/nothing", "/api/memberships/1/2", "/engage/api/x", "/api/1.5"])
@pytest.mark.parametrize("credential", [None, "staff"])
def test_a_path_of_nothing_is_404_for_everybody(sample: SampleData, path: str, credential: str | None) -> None:
    answer = ask(credential and sample.staff_key, path)

    assert_problem(answer, 404, "Not Found")
    assert "requestId" in answer.body


@pytest.mark.parametrize("route", ROUTES, ids=str)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_another_method_is_405(sample: SampleData, route: Route, method: str) -> None:
    answer = ask(sample.staff_key, route.of(NOBODY), method=method)

    assert_problem(answer, 405, "Method Not Allowed")
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS"])
def test_another_method_without_a_credential_is_401(sample: SampleData, method: str) -> None:
    assert_problem(ask(None, "/api/memberships", method=method), 401, "Unauthorized")


@pytest.mark.parametrize("route", ROUTES, ids=str)
@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*", "application/ld+json"])
def test_a_format_that_there_is_not_is_406(sample: SampleData, route: Route, accept: str) -> None:
    assert_problem(ask(sample.staff_key, route.of(NOBODY), headers={"Accept": accept}), 406, "Not Acceptable")


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "application/json; charset=utf-8",
        "application/json;odata=verbose",
        "application/*",
        "*/*",
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "application/json, application/problem+json",
    ],
)
def test_json_is_answered_to_whoever_takes_it(sample: SampleData, accept: str) -> None:
    answer = ask(sample.staff_key, "/api/memberships", headers={"Accept": accept})

    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json; charset=utf-8")


@pytest.mark.parametrize("route", LISTS, ids=str)
def test_head_answers_the_headers_of_get(sample: SampleData, route: Route) -> None:
    got, headed = (ask(sample.staff_key, route.path, pageSize=2, method=method) for method in ("GET", "HEAD"))

    assert (headed.status, headed.body) == (200, None)
    for name in ("Content-Type", "Content-Length", "Link", "Cache-Control", "Vary"):
        assert headed.headers[name] == got.headers[name]


@pytest.mark.parametrize("path, status", [("/api/memberships/2147483647", 404), ("/api/users?foo=1", 400)])
def test_head_answers_the_errors_of_get(sample: SampleData, path: str, status: int) -> None:
    assert ask(sample.staff_key, path, method="HEAD").status == status
    assert ask(None, path, method="HEAD").status == 401
