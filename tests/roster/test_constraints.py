"""The constraints of people and keys hold in the database, and their messages name what is required."""

from typing import Any

import pytest

from roster.models import ApiKey, DatabaseInstance, User
from tests.constraints import Violations, assert_the_database_refuses, assert_validation_refuses
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


def bearer(**fields: Any) -> ApiKey:
    return ApiKey(**{"name": "Portal", "prefix": "portal", "secret_hash": "0" * 64, "audience": "campus", **fields})


VIOLATIONS: Violations = {
    "user_username_is_unique_without_case": lambda sample: User(username="NADIA.Farouk", password="!"),
    "user_has_a_username": lambda sample: User(username="", password="!"),
    "user_status_is_known": lambda sample: User(username="new", password="!", status="retired"),
    "api_key_audience_is_known": lambda sample: bearer(audience="all"),
    "api_key_has_the_secret_of_its_kind": lambda sample: bearer(private_key_encrypted="x"),
    "api_key_reflections_are_for_staff": lambda sample: bearer(may_read_reflections=True),
    "api_key_signing_options_need_signing": lambda sample: bearer(allow_md5=True),
    "database_instance_is_one_row": lambda sample: DatabaseInstance(singleton=False, number=1),
    "api_key_rate_is_positive": lambda sample: bearer(rate=0),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses(sample: SampleData, name: str) -> None:
    assert_the_database_refuses(VIOLATIONS[name](sample), name)


@pytest.mark.parametrize("name", VIOLATIONS)
def test_validation_says_what_the_rule_asks(sample: SampleData, name: str) -> None:
    assert_validation_refuses(VIOLATIONS[name](sample), name)


@pytest.mark.parametrize(
    "fields",
    [
        {"secret_hash": ""},
        {"kind": "signed"},
        {"kind": "signed", "secret_hash": ""},
        {"kind": "signed", "private_key_encrypted": "x"},
        {"kind": "other"},
    ],
)
def test_a_key_has_the_secret_of_its_kind_and_no_other(sample: SampleData, fields: dict[str, str]) -> None:
    assert_the_database_refuses(bearer(**fields), "api_key_has_the_secret_of_its_kind")


@pytest.mark.parametrize("audience", ["public", "campus"])
def test_reflections_are_for_no_audience_but_staff(sample: SampleData, audience: str) -> None:
    key = bearer(may_read_reflections=True, audience=audience)

    assert_the_database_refuses(key, "api_key_reflections_are_for_staff")


def test_a_bearer_key_is_bound_to_no_address(sample: SampleData) -> None:
    assert_the_database_refuses(bearer(bound_to="192.0.2.1"), "api_key_signing_options_need_signing")
