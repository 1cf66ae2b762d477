"""A key in the URL works only where the campus allows it, and then no cache keeps the answer."""

from typing import Any

import pytest

from tests.client import ask
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


def test_it_is_refused_unless_the_campus_allows_it(sample: SampleData) -> None:
    answer = ask(None, "/api/organizations", key=sample.staff_key)

    assert answer.status == 401
    assert answer.body["detail"].startswith("A key in the URL is not accepted here. Send the key as")


def test_it_stays_refused_where_the_public_may_ask(settings: Any, sample: SampleData) -> None:
    settings.PUBLIC_API = True

    assert ask(None, "/api/organizations", key=sample.staff_key).status == 401


def test_beside_another_credential_it_is_a_parameter_that_is_not_known(sample: SampleData) -> None:
    answer = ask(sample.staff_key, "/api/organizations", key=sample.staff_key)

    assert answer.status == 400
    assert list(answer.refused) == ["key"]


@pytest.mark.parametrize("name", ["key", "Key", "KEY"])
def test_it_works_where_the_campus_allows_it(settings: Any, sample: SampleData, name: str) -> None:
    settings.KEY_IN_QUERY = True

    assert ask(None, "/api/users", **{name: sample.staff_key}).ids == ask(sample.staff_key, "/api/users").ids


def test_no_cache_keeps_the_answer(settings: Any, sample: SampleData) -> None:
    settings.KEY_IN_QUERY = True

    assert ask(None, "/api/organizations", key=sample.staff_key).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("key", ["", "wrong"])
def test_a_bad_one_is_refused_where_the_campus_allows_it(settings: Any, sample: SampleData, key: str) -> None:
    settings.KEY_IN_QUERY = settings.PUBLIC_API = True

    assert ask(None, "/api/organizations", key=key).status == 401


def test_a_repeated_one_is_refused(settings: Any, sample: SampleData) -> None:
    settings.KEY_IN_QUERY = True

    assert ask(None, f"/api/test?key={sample.staff_key}&KEY={sample.staff_key}").status == 401


def test_beside_a_key_in_a_header_it_is_refused(settings: Any, sample: SampleData) -> None:
    settings.KEY_IN_QUERY = True

    assert ask(sample.staff_key, "/api/test", key=sample.staff_key).status == 401


def test_the_link_to_the_next_page_does_not_carry_it(settings: Any, sample: SampleData) -> None:
    settings.KEY_IN_QUERY = True
    link = ask(None, "/api/organizations", key=sample.staff_key, pageSize=2).headers["Link"]

    assert "cursor=" in link
    assert "key=" not in link.lower()
    assert sample.staff_key not in link
