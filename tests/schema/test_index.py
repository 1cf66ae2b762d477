"""GET /api/: the addresses of what there is to ask."""

import pytest
from django.test import Client

from tests.client import ask
from tests.sample_data import SampleData
from tests.schema.document import operations

NAMES = [operation.path.removeprefix("/api/") for operation in operations() if not operation.is_detail]


@pytest.mark.parametrize("path, spelled", [("/api/", "/api"), ("/api", "/api"), ("//api", "/api"), ("/API//", "/API")])
def test_it_names_every_list_and_page(path: str, spelled: str) -> None:
    body = Client().generic("GET", "/", PATH_INFO=path).json()

    assert body == {name: f"http://testserver{spelled}/{name}" for name in NAMES if name != "/api"}
    assert {"memberships", "organizations", "positions", "users", "test", "schema", "docs"} == body.keys()


def test_it_keeps_the_spelling_that_clients_of_engage_ask_for() -> None:
    body = Client().get("/engage/api/").json()

    assert body["memberships"] == "http://testserver/engage/api/memberships"


def test_what_it_names_is_there(sample: SampleData) -> None:
    addresses = Client().get("/api/").json().values()

    headers = {"Authorization": f"Bearer {sample.staff_key}"}
    assert {Client().get(address, headers=headers).status_code for address in addresses} == {200}


def test_it_is_the_same_for_all_and_takes_no_parameters() -> None:
    answer = ask("no-key-at-all", "/api/")

    assert (answer.status, answer.headers["Cache-Control"]) == (200, "public, max-age=300")
    assert ask(None, "/api/", page=1).refused == {"page": "No parameters are accepted here."}
