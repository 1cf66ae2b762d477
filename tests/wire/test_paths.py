"""The paths in all the spellings that existing clients use (docs/api.md, “Spelling”)."""

from typing import Any

import pytest
from django.test import Client

from roster.api.request_bodies import IgnoreGetBodies
from tests.client import ask
from tests.sample_data import SampleData
from tests.wire.routes import DETAILS, LISTS, ROUTES, Route

pytestmark = pytest.mark.both_databases

SPELLINGS = [
    "{}",
    "{}/",
    "{}//",
    "/engage{}",
    "/engage{}/",
    "/Engage{}",
    "http://testserver{}",
    "https://testserver/engage{}/",
    "HTTP://testserver{}",
    "/{}",
    "//{}",
    "/engage/{}",
    "//engage//{}//",
    "http://testserver/{}",
]
CASES: list[Any] = [str, str.upper, str.title, str.swapcase]


def get(sample: SampleData, path: str, **environ: Any) -> Any:
    """Ask for a path that is written exactly so, as a server hands it on."""
    headers = {"Authorization": f"Bearer {sample.staff_key}"}
    return Client().generic("GET", "/", headers=headers, PATH_INFO=path, **environ)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_path_answers_the_same(sample: SampleData, spelling: str) -> None:
    for plain in ("/api/memberships", f"/api/memberships/{sample.ben_chair.pk}"):
        expected = ask(sample.staff_key, plain).body
        for spelled in (case(plain) for case in CASES):
            answer = get(sample, spelling.format(spelled))
            assert (answer.status_code, answer.json()) == (200, expected)


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_every_path_answers_with_doubled_slashes(sample: SampleData, route: Route) -> None:
    items = {
        "memberships": sample.ben_chair,
        "organizations": sample.lead,
        "positions": sample.chair,
        "users": sample.ben,
    }
    path = route.of(items.get(route.path.split("/")[2], sample.ben).pk)
    expected = ask(sample.staff_key, path).body

    slashes = [index for index, letter in enumerate(path) if letter == "/"]
    answers = [get(sample, f"{path[:index]}/{path[index:]}").json() for index in slashes]

    assert answers == [expected] * len(slashes)


@pytest.mark.parametrize("path", ["//memberships", "//engage", "//healthz", "//admin/", "/lti//jwks", "///"])
def test_other_paths_stay_as_they_are(sample: SampleData, path: str) -> None:
    assert get(sample, path).status_code == 404


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_every_path_answers_in_any_case(sample: SampleData, route: Route) -> None:
    items = {
        "memberships": sample.ben_chair,
        "organizations": sample.lead,
        "positions": sample.chair,
        "users": sample.ben,
    }
    path = route.of(items.get(route.path.split("/")[2], sample.ben).pk)

    assert ask(sample.staff_key, f"/ENGAGE{path.upper()}/").body == ask(sample.staff_key, path).body


def test_the_link_to_the_next_page_keeps_the_spelling_but_not_the_host_of_the_path(sample: SampleData) -> None:
    links = [
        get(sample, path, QUERY_STRING="pageSize=1")["Link"].partition("?")[0]
        for path in (
            "/engage/api/Memberships/",
            "http://elsewhere.example.net/api/memberships",
            "//api/memberships",
            "/engage//api//memberships",
        )
    ]

    assert links == [
        "<http://testserver/engage/api/Memberships/",
        "<http://testserver/api/memberships",
        "<http://testserver/api/memberships",
        "<http://testserver/engage/api/memberships",
    ]


def test_every_resource_has_a_list_and_items() -> None:
    assert [route.path for route in LISTS] == [
        f"/api/{name}" for name in ("memberships", "organizations", "positions", "users")
    ]
    assert [route.path for route in DETAILS] == [f"{route.path}/{{id}}" for route in LISTS]


@pytest.mark.parametrize(
    "path", ["/apis/memberships", "/engage/memberships", "/x/api/memberships", "/api/engage/users"]
)
def test_another_path_answers_nothing(sample: SampleData, path: str) -> None:
    assert Client().get(path, headers={"Authorization": f"Bearer {sample.staff_key}"}).status_code == 404


@pytest.mark.parametrize("body", [b"", b"{}", b'{"page": 7}', b"{not json", b"\xff\xfe", b'["a"]' * 5000])
@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "text/plain", ""])
def test_a_get_with_a_body_is_answered_like_one_without(sample: SampleData, body: bytes, content_type: str) -> None:
    headers = {"Authorization": f"Bearer {sample.staff_key}"}
    answer = Client().generic("GET", "/api/positions", body, content_type, QUERY_STRING="pageSize=2", headers=headers)

    assert answer.status_code == 200
    assert answer.json() == ask(sample.staff_key, "/api/positions", pageSize=2).body


@pytest.mark.parametrize("charset", ["utf-16", "iso-8859-1", "hex", "idna", "bogus", "utf-8"])
def test_the_charset_of_a_body_does_not_change_what_is_asked(sample: SampleData, charset: str) -> None:
    client = Client()
    client.handler = IgnoreGetBodies(client.handler)  # type: ignore[assignment]
    asked: Any = {"QUERY_STRING": "name=%C3%B1and%C3%BA", "CONTENT_TYPE": f"application/json; charset={charset}"}
    answer = client.generic(
        "GET", "/api/organizations", headers={"Authorization": f"Bearer {sample.staff_key}"}, **asked
    )

    assert [item["organizationId"] for item in answer.json()["items"]] == [sample.teatro.pk]
