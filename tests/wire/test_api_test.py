"""GET /api/test: what the vendor's clients ask first (docs/api.md, “Spelling”)."""

import json

import pytest
from pytest_django.fixtures import Settings

from tests.client import ask
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("name", ["public", "campus", "staff", "reflections", "limited_campus", "limited_staff"])
def test_every_valid_key_receives_success(sample: SampleData, name: str) -> None:
    answer = ask(getattr(sample, f"{name}_key"), "/api/test")

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.dumps(answer.body) == json.dumps(
        {
            "pageNumber": 1,
            "pageSize": 100,
            "totalItems": 0,
            "totalPages": 0,
            "items": [{"messages": ["Success"]}],
        }
    )


def test_a_signed_in_person_receives_success(sample: SampleData) -> None:
    assert ask(sample.nadia, "/api/test").status == 200


def test_an_anonymous_caller_receives_nothing_even_where_the_public_audience_is_open(
    sample: SampleData, settings: Settings
) -> None:
    settings.PUBLIC_API = True

    assert ask(None, "/api/test").status == 401
    assert ask("nonsense", "/api/test").status == 401


def test_another_parameter_is_refused(sample: SampleData) -> None:
    answer = ask(sample.staff_key, "/api/test", page=1, cursor="x", username="ben")

    known = "This parameter is not known here. page, pageSize are accepted."
    assert answer.refused == {"cursor": known, "username": known}
