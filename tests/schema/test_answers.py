"""What is answered to each audience is as described: keys and their order, types, nulls, headers."""

from typing import Any

import pytest

from roster import privacy
from tests.client import ask
from tests.sample_data import SampleData
from tests.schema.document import Operation, document, lists, operations

AUDIENCES = ("public_key", "campus_key", "staff_key", "reflections_key", "limited_campus_key", "limited_staff_key")
READ = [
    *(
        (operation, key)
        for operation in lists()
        for key in AUDIENCES
        if (operation.path, key) != ("/api/users", "public_key")
    )
]


def properties(name: str) -> list[str]:
    return list(document()["components"]["schemas"][name]["properties"])


def detail_of(operation: Operation) -> Operation:
    [detail] = [each for each in operations() if each.path == f"{operation.path}/{{id}}"]
    return detail


@pytest.mark.parametrize("operation, key", READ, ids=str)
def test_a_list_is_as_described(operation: Operation, key: str, sample: SampleData) -> None:
    answer = ask(getattr(sample, key), operation.path)

    assert answer.body["items"]
    assert operation.faults(answer.status, answer.headers, answer.body) == []


@pytest.mark.parametrize("operation, key", READ, ids=str)
def test_so_is_a_page_with_a_next_one_and_without_items(operation: Operation, key: str, sample: SampleData) -> None:
    for paging in ({"pageSize": 1}, {"page": 1000}):
        answer = ask(getattr(sample, key), operation.path, **paging)

        assert operation.faults(answer.status, answer.headers, answer.body) == []


@pytest.mark.parametrize("operation, key", READ, ids=str)
def test_so_is_an_item_by_itself(operation: Operation, key: str, sample: SampleData) -> None:
    detail = detail_of(operation)
    ids = ask(getattr(sample, key), operation.path).ids

    for number in {ids[0], ids[-1]}:
        answer = ask(getattr(sample, key), f"{operation.path}/{number}")

        assert detail.faults(answer.status, answer.headers, answer.body) == []


@pytest.mark.parametrize("operation, key", READ, ids=str)
def test_keys_come_in_the_described_order(operation: Operation, key: str, sample: SampleData) -> None:
    body = ask(getattr(sample, key), operation.path).body
    name = operation.description["operationId"].removeprefix("list").removesuffix("s")
    keys = [
        each
        for each in properties(name)
        if each not in privacy.STAFF_ONLY_KEYS or "staff" in key or "reflections" in key
    ]

    assert list(body) == properties(f"{name}Envelope")
    assert {tuple(item) for item in body["items"]} == {tuple(keys)}


def test_deleted_memberships_and_reflections_are_as_described(sample: SampleData) -> None:
    [operation] = [each for each in lists() if each.path == "/api/memberships"]

    answer = ask(sample.reflections_key, operation.path, includeReflections="true", IncludeDeletes="true")

    assert {True, False} == {item["deleted"] for item in answer.body["items"]}
    assert any(item["reflection"] for item in answer.body["items"])
    assert operation.faults(answer.status, answer.headers, answer.body) == []


def test_the_test_of_a_key_is_as_described(sample: SampleData) -> None:
    [operation] = [each for each in operations() if each.path == "/api/test"]

    answer = ask(sample.public_key, operation.path)

    assert operation.faults(answer.status, answer.headers, answer.body) == []


@pytest.mark.parametrize("path", ["/api", "/api/schema", "/api/docs"])
def test_the_pages_about_the_api_are_as_described(path: str, client: Any) -> None:
    [operation] = [each for each in operations() if each.path == path]

    response = client.get(path)
    body = response.text if path == "/api/docs" else response.json()

    assert operation.faults(response.status_code, response.headers, body) == []


def test_a_page_of_an_allowed_origin_is_answered_as_described(sample: SampleData, settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://portal.example.edu"]
    operation = lists()[0]

    answer = ask(sample.campus_key, operation.path, headers={"Origin": "https://portal.example.edu"})

    assert answer.headers["Access-Control-Allow-Origin"] == "https://portal.example.edu"
    assert operation.faults(answer.status, answer.headers, answer.body) == []


def test_an_answer_over_https_is_as_described(sample: SampleData, settings, client) -> None:
    settings.SECURE_HSTS_SECONDS = 60
    operation = lists()[0]

    response = client.get(operation.path, headers={"Authorization": f"Bearer {sample.campus_key}"}, secure=True)

    assert "Strict-Transport-Security" in response.headers
    assert operation.faults(response.status_code, response.headers, response.json()) == []
