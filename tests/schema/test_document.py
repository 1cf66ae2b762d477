"""GET /api/schema/ itself."""

import io
import tomllib

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

from tests.repository.import_order import ROOT
from tests.schema.document import document


def test_it_is_made_without_a_warning_and_is_good_openapi() -> None:
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=io.StringIO())


def test_anybody_may_read_it_without_a_key() -> None:
    response = Client().get("/api/schema/")

    assert (response.status_code, response["Content-Type"]) == (200, "application/json; charset=utf-8")
    assert response["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("media_type", ["application/yaml", "application/vnd.oai.openapi"])
def test_it_is_yaml_when_asked(media_type: str) -> None:
    response = Client().get("/api/schema/", headers={"accept": media_type})

    assert response["Content-Type"] == f"{media_type}; charset=utf-8"
    assert yaml.safe_load(response.content) == document()


def test_it_is_json_for_a_browser() -> None:
    response = Client().get("/api/schema/", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})

    assert response.json() == document()


def test_a_credential_makes_no_difference() -> None:
    response = Client().get("/api/schema/", headers={"Authorization": "Bearer no-key-at-all"})

    assert response.json() == document()


def test_it_refuses_parameters() -> None:
    response = Client().get("/api/schema/?format=yaml")

    assert response.status_code == 400
    assert response.json()["errors"] == [{"parameter": "format", "detail": "No parameters are accepted here."}]


def test_it_has_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert document()["info"]["version"] == project["version"]


def test_it_names_each_operation_once() -> None:
    names = [methods["get"]["operationId"] for methods in document()["paths"].values()]

    assert sorted(names) == [
        *("getDocs", "getIndex", "getMembership", "getOrganization", "getPosition", "getSchema", "getTest", "getUser"),
        *("listMemberships", "listOrganizations", "listPositions", "listUsers"),
    ]


def test_no_credential_is_needed_where_the_campus_answers_the_public(settings) -> None:
    settings.PUBLIC_API = True
    paths = Client().get("/api/schema/").json()["paths"]

    assert {} in paths["/api/memberships"]["get"]["security"]
    assert {} not in paths["/api/test"]["get"]["security"]


def test_a_key_in_the_url_is_described_only_where_the_campus_takes_it(settings) -> None:
    assert "keyInQuery" not in document()["components"]["securitySchemes"]

    settings.KEY_IN_QUERY = True

    assert "keyInQuery" in Client().get("/api/schema/").json()["components"]["securitySchemes"]
