"""Each request leaves one structured line, under an id that the answer carries too."""

import io
import logging
import re
from typing import Any

import orjson
import pytest
from django.test import Client

from roster.models import ApiKey
from tests.client import ask
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in log.getvalue().splitlines()]


def access_line(log: io.StringIO) -> dict[str, Any]:
    (line,) = [line for line in lines(log) if line["logger"] == "roster.access"]
    return line


def test_a_line_says_who_asked_what_kind_of_thing(log: io.StringIO) -> None:
    key, text = ApiKey.create_bearer("Portal", audience="staff")
    answer = ask(text, "/api/Memberships?pageSize=2&userName=nobody")

    line = access_line(log)

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", line.pop("time"))
    assert line.pop("milliseconds") >= 0
    assert line == {
        "level": "INFO",
        "logger": "roster.access",
        "message": "request",
        "request_id": answer.headers["X-Request-Id"],
        "method": "GET",
        "path": "/api/memberships/",
        "parameters": ["pageSize", "userName"],
        "status": 200,
        "address": "127.0.0.1",
        "key": key.prefix,
    }


def test_a_line_does_not_say_what_was_asked_for(log: io.StringIO, sample: SampleData) -> None:
    ask(sample.staff_key, "/api/memberships", username="amara.okafor")

    assert "amara.okafor" not in log.getvalue()


@pytest.mark.parametrize(
    "path, status", [("/api/nothing", 404), ("/healthz", 200), ("/nothing", 404), ("/admin/", 302)]
)
def test_every_path_leaves_a_line(log: io.StringIO, path: str, status: int) -> None:
    Client().get(path)

    assert access_line(log)["status"] == status


def test_a_key_that_is_refused_is_named_once_its_secret_was_right(log: io.StringIO) -> None:
    key, text = ApiKey.create_bearer("Portal", networks=["192.0.2.0/24"])

    assert ask(text, "/api/test").status == 401

    assert access_line(log)["key"] == key.prefix


def test_a_key_with_a_wrong_secret_is_not_named(log: io.StringIO) -> None:
    key, text = ApiKey.create_bearer("Portal")

    ask(text[:-1], "/api/test")

    assert access_line(log)["key"] is None
    assert key.prefix not in log.getvalue()


@pytest.mark.parametrize(
    "sent",
    [
        *("0f2b7c1e-5a4d-4c3b-9e8f-7a6b5c4d3e2f", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "portal-42", "a.b-c", "a_b"),
        *("0f2b7c1e5a4d4c3b9e8f7a6b5c4d3e2f", f"{'x' * 39}-{'x' * 24}"),
    ],
)
def test_a_caller_may_choose_the_id(log: io.StringIO, sample: SampleData, sent: str) -> None:
    answer = ask(sample.staff_key, "/api/organizations/999999", headers={"X-Request-Id": sent})

    assert answer.headers["X-Request-Id"] == answer.body["requestId"] == access_line(log)["request_id"] == sent


@pytest.mark.parametrize(
    "sent",
    [
        *("", " ", "a b", "a\tb", "ü", '"}', f"{'x' * 39}-{'x' * 25}"),
        *("cr_abcdefghijkl_" + "x" * 43, "portal-cr_abc", "x" * 40, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"),
    ],
)
def test_an_odd_id_is_replaced(log: io.StringIO, sample: SampleData, sent: str) -> None:
    answer = ask(sample.staff_key, "/api/organizations/999999", headers={"X-Request-Id": sent})

    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-Id"])
    assert answer.headers["X-Request-Id"] == answer.body["requestId"] == access_line(log)["request_id"]


def test_each_request_has_an_id_of_its_own(sample: SampleData) -> None:
    assert len({ask(sample.staff_key, "/api/test").headers["X-Request-Id"] for _ in range(3)}) == 3


def test_what_other_loggers_say_is_a_line_too(log: io.StringIO) -> None:
    logging.getLogger("some.library").warning("two\nlines of %s", "text")

    (line,) = lines(log)
    assert (line["level"], line["logger"], line["message"]) == ("WARNING", "some.library", "two\nlines of text")
