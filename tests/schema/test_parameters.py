"""Every parameter that is read is described, and what the description accepts is what the server accepts."""

from typing import Any

import pytest
from django.test import override_settings
from django.urls import resolve

from roster.api.authentication import KEY_PARAMETER, SIGNATURE_PARAMETERS
from roster.api.pagination import EnvelopePagination
from tests.client import ask
from tests.sample_data import SampleData
from tests.schema.document import Operation, document, followed, lists, operations, resources

Parameter = dict[str, Any]

EACH = [(operation, name) for operation in lists() for name in operation.parameters]


def good_values(parameter: Parameter) -> list[str]:
    """Values that a description accepts, those at its borders among them."""
    schema = parameter["schema"]
    borders = [str(schema[border]) for border in ("minimum", "maximum") if border in schema]
    by_type = {"boolean": ["true", "false"], "integer": borders, "string": schema.get("enum", ["some text"])}
    return [*by_type[schema["type"]], *([""] if parameter.get("allowEmptyValue") else [])]


def bad_values(parameter: Parameter) -> list[str]:
    """Values that a description does not accept."""
    schema = parameter["schema"]
    if schema["type"] == "boolean":
        return ["maybe", "2", "", " "]
    if schema["type"] == "integer":
        below = [str(schema["minimum"] - 1)]
        above = [str(schema["maximum"] + 1)] if "maximum" in schema else []
        return [*below, *above, "one", "1.5", "", " ", "1e3", "٣"]
    if "enum" in schema:
        return [*(f"{word}s" for word in schema["enum"]), "", " "]
    return ["\0", *(["", " "] if "minLength" in schema else [])]


@pytest.mark.parametrize("operation", resources(), ids=str)
def test_the_parameters_of_a_filterset_and_of_the_paginator_are_described(operation: Operation) -> None:
    view = resolve(operation.path.replace("{id}", "1") + "/").func.cls  # type: ignore[attr-defined]
    filterset = view.detail_filterset_class if operation.is_detail else view.filterset_class
    paging = () if operation.is_detail else EnvelopePagination.parameters

    assert set(operation.parameters) == {*filterset.base_filters, *paging}


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_every_parameter_says_what_it_is(operation: Operation) -> None:
    for name, parameter in operation.parameters.items():
        assert parameter["description"], name
        assert parameter["schema"]["type"] in {"string", "integer", "boolean"}, name


def answers_an_envelope(operation: Operation) -> bool:
    schemas = [followed(content["schema"]) for content in operation.answer(200)["content"].values()]
    return any("pageNumber" in schema.get("properties", {}) for schema in schemas)


def test_the_lists_and_the_test_of_a_key_answer_an_envelope() -> None:
    assert {operation.path for operation in operations() if answers_an_envelope(operation)} == {
        *(operation.path for operation in lists()),
        "/api/test",
    }


@pytest.mark.parametrize("operation", [each for each in operations() if answers_an_envelope(each)], ids=str)
def test_every_envelope_is_asked_for_by_page(operation: Operation, sample: SampleData) -> None:
    answer = ask(sample.staff_key, operation.path, PAGE="2", pagesize="600")

    assert answer.status == 200
    assert (answer.body["pageNumber"], answer.body["pageSize"]) == (2, 500)
    for wrong in ({"page": "0"}, {"pageSize": "many"}):
        assert list(ask(sample.staff_key, operation.path, **wrong).refused) == list(wrong)


@pytest.mark.parametrize("operation", [each for each in operations() if not each.parameters], ids=str)
def test_where_no_parameter_is_described_none_is_accepted(operation: Operation, sample: SampleData) -> None:
    answer = ask(sample.staff_key, operation.path.replace("{id}", "1"), page="1")

    assert answer.refused == {"page": "No parameters are accepted here."}


@pytest.mark.parametrize("operation, name", EACH, ids=str)
def test_it_accepts_what_is_described(operation: Operation, name: str, sample: SampleData) -> None:
    values = [value for value in good_values(operation.parameters[name]) if name != "cursor"]

    answers = {value: ask(sample.staff_key, operation.path, **{name: value}).status for value in values}

    assert answers == dict.fromkeys(values, 200)


@pytest.mark.parametrize("operation, name", EACH, ids=str)
def test_it_refuses_what_is_not_described(operation: Operation, name: str, sample: SampleData) -> None:
    values = bad_values(operation.parameters[name])

    answers = [ask(sample.staff_key, operation.path, **{name: value}) for value in values]

    assert [(value, answer.status, list(answer.refused)) for value, answer in zip(values, answers, strict=True)] == [
        (value, 400, [name]) for value in values
    ]


@pytest.mark.parametrize("operation", resources(), ids=str)
def test_it_accepts_a_cursor_only_from_an_earlier_answer(operation: Operation, sample: SampleData) -> None:
    if operation.is_detail:
        assert "cursor" not in operation.parameters
    else:
        link = ask(sample.staff_key, operation.path, pageSize=1).headers["Link"]
        url = link[link.index("<") + 1 : link.index(">")].removeprefix("http://testserver")

        assert ask(sample.staff_key, url).status == 200
        assert ask(sample.staff_key, operation.path, cursor="made-up").status == 400


@pytest.mark.parametrize(
    "operation, name", [(each, name) for each, name in EACH if "default" in each.parameters[name]["schema"]], ids=str
)
def test_its_default_is_what_leaving_it_out_means(operation: Operation, name: str, sample: SampleData) -> None:
    default = operation.parameters[name]["schema"]["default"]

    assert (
        ask(sample.staff_key, operation.path, **{name: str(default)}).body == ask(sample.staff_key, operation.path).body
    )


def test_every_parameter_of_a_credential_is_described() -> None:
    schemes = document()["components"]["securitySchemes"].values()

    assert {scheme["name"] for scheme in schemes if scheme.get("in") == "query"} == set(SIGNATURE_PARAMETERS)


@override_settings(KEY_IN_QUERY=True)
def test_so_is_the_key_in_the_query_where_it_is_taken(client) -> None:
    schemes = client.get("/api/schema/").json()["components"]["securitySchemes"].values()

    assert KEY_PARAMETER in {scheme.get("name") for scheme in schemes}
