"""docs/api.md against the code, both ways: a row too many is as wrong as one too few."""

import re

import pytest
from django.conf import settings
from django.test import Client

from roster.api.schema.responses import HEADERS, REQUEST_ID
from roster.models import ApiKey
from tests.client import ask
from tests.docs import tables
from tests.docs.blocks import SITE, Call, calls
from tests.repository.import_order import ROOT
from tests.schema.document import Operation, lists, resources

PAGE = "docs/api.md"
WITH_PARAMETERS = [operation for operation in resources() if tables.parameter_rows(operation)]


@pytest.fixture
def keys(campus: None) -> dict[str, str]:
    """A key of each audience."""
    return {level: ApiKey.create_bearer(level, audience=level)[1] for level in ("public", "campus", "staff")}


@pytest.mark.parametrize("operation", WITH_PARAMETERS, ids=str)
def test_the_parameters_are_those_that_are_accepted(operation: Operation) -> None:
    written = [row[:-1] for row in tables.table_under(f"Parameters of `{operation.path}`")]

    assert sorted(written) == sorted(tables.parameter_rows(operation))


@pytest.mark.parametrize("operation", lists(), ids=str)
def test_the_parameters_of_paging_are_those_of_every_list(operation: Operation) -> None:
    assert [row[:-1] for row in tables.table_under("Paging")] == tables.paging_rows(operation)


@pytest.mark.parametrize("operation", WITH_PARAMETERS, ids=str)
def test_every_example_of_a_parameter_is_answered(operation: Operation, keys: dict[str, str]) -> None:
    path = operation.path.replace("{id}", "1005")
    for name, *_, example in tables.table_under(f"Parameters of `{operation.path}`"):
        answer = ask(keys["staff"], path, **{name.strip("`"): example.strip("`")})

        assert answer.status == 200, name
        assert operation.is_detail or answer.ids, name


@pytest.mark.parametrize("resource", ["membership", "organization", "position", "user"])
def test_the_keys_are_those_that_are_printed(resource: str) -> None:
    article = "an" if resource == "organization" else "a"

    assert tables.table_under(f"Keys of {article} {resource}") == tables.key_rows(resource)


def test_the_keys_of_the_envelope_are_those_that_are_printed() -> None:
    assert tables.table_under("Lists: the envelope and its pages") == tables.envelope_rows()


def test_the_errors_are_those_that_are_described() -> None:
    assert tables.table_under("Errors") == tables.error_rows()


@pytest.mark.parametrize("call", calls(PAGE), ids=str)
def test_every_answer_is_the_one_that_is_given(call: Call, keys: dict[str, str]) -> None:
    headers = {name: value.replace("$KEY", keys["campus"]) for name, value in call.headers.items()}

    assert call.url.startswith(SITE)
    assert Client().get(call.path, headers=headers).json() == call.shown


def sentences(beginning: str) -> str:
    """The text of the page from some words to the end of their paragraph."""
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    return " ".join(page[page.index(beginning) :].split("\n\n")[0].split())


def test_the_headers_of_a_page_in_a_browser_are_those_that_are_accepted() -> None:
    sent, read = sentences("The page may set only").split("It may read")

    assert [name.lower() for name in re.findall("`(.+?)`", sent)] == list(settings.CORS_ALLOW_HEADERS)
    assert re.findall("`(.+?)`", read) == list(settings.CORS_EXPOSE_HEADERS)


REQUEST_IDS = sentences("You may send").split("An id that looks like a key")[0]
LEAST, MOST = (int(number) for number in re.findall(r"\d+", REQUEST_IDS)[:2])
IDS = [*re.findall("`(.+?)`", REQUEST_IDS), "a" * LEAST, ("a.b-c_" * MOST)[:MOST]]


@pytest.mark.parametrize("sent", IDS)
def test_a_request_id_is_accepted_as_the_page_says(sent: str) -> None:
    [pattern] = {REQUEST_ID["schema"]["pattern"], HEADERS["X-Request-Id"]["schema"]["pattern"]}

    assert re.fullmatch(pattern, sent)
    assert ask(None, "/api/", headers={"X-Request-Id": sent}).headers["X-Request-Id"] == sent


@pytest.mark.parametrize("sent", ["", ("a.b-c_" * MOST)[: MOST + 1], "a" * 40, "x-cr_7", "a b", "é"])
def test_another_is_replaced(sent: str) -> None:
    assert ask(None, "/api/", headers={"X-Request-Id": sent}).headers["X-Request-Id"] != sent


def test_it_shows_some_answers() -> None:
    assert len(calls(PAGE)) == 4
