"""What is not understood is refused with 400, never ignored (docs/api.md, “Errors”): every parameter of every route.

The parameters come from the filtersets, so that a new one is tried here without a word.
"""

from typing import Any
from urllib.parse import quote

import pytest
from django import forms

from roster import days
from roster.api.pagination import CursorField, PageForm
from roster.api.parameters import ChoiceField, FlagParameter, InstantField, WholeNumberField
from tests.client import Answer, ask
from tests.sample_data import SampleData
from tests.wire.routes import LISTS, ROUTES, Route

NOT_NUMBERS = ["1.5", "1.0", "-1", "+1", "1e3", "0x1f", "1_000", "one", "1,2", " 1", "1 ", "１", "٣", "null", "NaN"]
BAD_VALUES: dict[type[forms.Field], list[str]] = {
    WholeNumberField: [*NOT_NUMBERS, "2147483648", "9" * 30, "9" * 5000],
    FlagParameter: ["maybe", "yes", "no", "2", "-1", "truee", " true", "null", "True,False", "t", "on"],
    InstantField: [
        *("yesterday", "2024-01-01", "2024-01-01T00:00:00Z", "1.5", "1e12", "--1", "+1", " 1", "٣", "null"),
        *(str(days.FIRST_INSTANT - 1), str(days.LAST_INSTANT + 1), "9" * 17, "9" * 5000),
    ],
    ChoiceField: ["Retired", "act", "Active,Inactive", "actıve", " active", "None"],
    CursorField: [
        "junk",
        "!!",
        "W10",
        "WzFd",
        "WzJd",
        "bnVsbA",
        "W3RydWUsIngiLDFd",
        "9" * 3000,
        "ж",
        "WzIsIlx1ZDgwMCIsMV0",
    ],
    forms.Field: [],  # any text will do
}
"""What the kind of a parameter makes malformed."""

MAY_BE_BLANK = {"username"}
PAGING: dict[str, Any] = PageForm.base_fields


def parameters(route: Route) -> dict[str, forms.Field]:
    """Every parameter of a route."""
    return {**route.parameters, **(PAGING if route in LISTS else {})}


every_route = pytest.mark.parametrize("route", ROUTES, ids=str)


def of_nobody(route: Route) -> str:
    return route.of(2**31 - 1)


def assert_refused(answer: Answer, name: str) -> None:
    """It is a 400 in the shape of all errors, that names this parameter alone and the valid values."""
    assert answer.status == 400, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert list(answer.body) == ["type", "title", "status", "detail", "requestId", "errors"]
    assert answer.body["status"] == 400
    assert {error["parameter"] for error in answer.body["errors"]} == {name}
    assert all("accepted" in error["detail"] or "needed" in error["detail"] for error in answer.body["errors"])


@every_route
def test_a_malformed_value_is_refused(sample: SampleData, route: Route, subtests: pytest.Subtests) -> None:
    for name, field in parameters(route).items():
        with subtests.test(name=name):
            for value in BAD_VALUES[type(field)]:
                if name == "pageSize" and value.isdigit() and value.isascii():
                    continue  # a larger number is served as 500
                assert_refused(ask(sample.staff_key, of_nobody(route), **{name: value}), name)


@every_route
def test_a_nul_byte_is_refused(sample: SampleData, route: Route, subtests: pytest.Subtests) -> None:
    for name in parameters(route):
        with subtests.test(name=name):
            for value in ("%00", "a%00", "%001"):
                assert_refused(ask(sample.staff_key, f"{of_nobody(route)}?{name}={value}"), name)


@every_route
def test_an_empty_value_is_refused(sample: SampleData, route: Route, subtests: pytest.Subtests) -> None:
    for name in parameters(route):
        with subtests.test(name=name):
            for value in ("", "=", "=%20", "=+", "=%09"):
                answer = ask(sample.staff_key, f"{of_nobody(route)}?{name}{value}")
                if name in MAY_BE_BLANK:
                    assert (answer.status, answer.body["totalItems"]) == (200, 0)
                else:
                    assert_refused(answer, name)


@every_route
def test_a_repeated_parameter_is_refused(sample: SampleData, route: Route, subtests: pytest.Subtests) -> None:
    for name in parameters(route):
        with subtests.test(name=name):
            for again in (name, name.upper(), name.lower(), quote(name)):
                for first, second in (("1", "1"), ("1", "2"), ("", "1")):
                    query = f"{name}={first}&{again}={second}"
                    assert_refused(ask(sample.staff_key, f"{of_nobody(route)}?{query}"), name)


@every_route
def test_a_misspelt_parameter_is_refused(sample: SampleData, route: Route, subtests: pytest.Subtests) -> None:
    for name in parameters(route):
        with subtests.test(name=name):
            for misspelt in (f"{name}s", name[:-1], f"{name}[]", f"{name} ", f"{name}__in", f"-{name}"):
                answer = ask(sample.staff_key, of_nobody(route), **{misspelt: "1"})
                assert_refused(answer, misspelt)
                assert name in answer.body["errors"][0]["detail"]


@every_route
def test_an_unknown_parameter_is_refused(sample: SampleData, route: Route, subtests: pytest.Subtests) -> None:
    for name in ("format", "id", "pk", "limit", "offset", "ordering", "search", "time", "ip", "key", "q"):
        with subtests.test(name=name):
            assert_refused(ask(sample.staff_key, of_nobody(route), **{name: "1"}), name)


@pytest.mark.parametrize("route", LISTS, ids=str)
def test_page_zero_is_refused(sample: SampleData, route: Route) -> None:
    for name in ("page", "pageSize"):
        for zero in ("0", "000"):
            assert_refused(ask(sample.staff_key, route.path, **{name: zero}), name)


def test_every_parameter_that_is_wrong_is_named(sample: SampleData) -> None:
    answer = ask(sample.staff_key, "/api/memberships", page=0, userId="x", startDate="y", IncludeDeletes="maybe", foo=1)

    assert answer.body["detail"] == "The request was refused, because not all of its parameters are accepted."
    assert answer.refused == {
        "page": "A whole number from 1 to 2147483647 is accepted.",
        "userId": "A whole number from 0 to 2147483647 is accepted.",
        "startDate": "Epoch milliseconds are accepted, such as 1384232400000 for 12 November 2013.",
        "IncludeDeletes": "true, false, 1 or 0 is accepted.",
        "foo": answer.refused["foo"],
    }
    assert answer.refused["foo"].startswith("This parameter is not known here. campusPrivacyFilter, currentMembership")


def test_a_query_of_very_many_parameters_is_refused(sample: SampleData) -> None:
    answer = ask(sample.staff_key, "/api/memberships?" + "&".join(f"a{number}=1" for number in range(1200)))

    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query", ["userId=%", "userId=%zz", "userId=%ff", "%00=1", "=1", "=", "userId=1;page=2", "%ff=1"]
)
def test_a_garbled_query_is_refused(sample: SampleData, query: str) -> None:
    answer = ask(sample.staff_key, f"/api/memberships?{query}")

    assert answer.status == 400
    assert answer.body["errors"]


@pytest.mark.parametrize("query", ["&", "&&userId=0", "userId=0&"])
def test_empty_pairs_say_nothing(sample: SampleData, query: str) -> None:
    assert ask(sample.staff_key, f"/api/memberships?{query}").status == 200
