"""An ltik in the URL is good only where the campus allows it, and with an API key in a header. Nothing is cached."""

from typing import Any

import pytest

from lti.models import Launch
from tests.client import ask
from tests.lti.ltik.ltik_api import (
    LTIK_MEMBERSHIPS,
    refusal,
    request_with_ltik,
    request_with_service_key,
    service_key_of,
)
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

NO_LTIK = (401, "NO_LTIK_OR_IDTOKEN_FOUND")

PATHS = [LTIK_MEMBERSHIPS, "/api/idtoken"]
both_paths = pytest.mark.parametrize("path", PATHS)


@pytest.fixture
def allowed(settings: Any) -> None:
    settings.LTIK_IN_QUERY = True


@both_paths
@pytest.mark.parametrize("name", ["ltik", "Ltik", "LTIK"])
def test_it_is_refused_unless_the_campus_allows_it(path: str, token: str, key: str, name: str) -> None:
    answer = ask(key, path, **{name: token})

    assert refusal(answer) == NO_LTIK
    assert answer.body["details"]["description"].startswith("An ltik in the URL is not accepted here. Send")


def test_it_stays_refused_where_the_public_may_ask(settings: Any, token: str) -> None:
    settings.PUBLIC_API = True

    assert refusal(ask(None, LTIK_MEMBERSHIPS, ltik=token)) == NO_LTIK


def test_any_other_credential_beside_it_is_answered_as_ltiaas_would(sample: SampleData) -> None:
    for credential in (None, sample.staff_key, "x"):
        assert refusal(ask(credential, LTIK_MEMBERSHIPS, ltik="x")) == NO_LTIK


@both_paths
@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("name", ["ltik", "LTIK"])
def test_it_works_where_the_campus_allows_it(path: str, token: str, key: str, name: str) -> None:
    answer = ask(key, path, **{name: token})

    assert answer.status == 200
    assert answer.body.keys() == request_with_ltik(token, key, path).body.keys()
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Authorization" in answer.headers["Vary"]


@pytest.mark.usefixtures("allowed")
def test_the_other_parameters_work_beside_it(token: str, key: str) -> None:
    url = ask(key, LTIK_MEMBERSHIPS, ltik=token, limit=1).body["next"]

    assert token not in url
    assert len(ask(key, LTIK_MEMBERSHIPS, ltik=token, url=url).body["members"]) == 1


@both_paths
@pytest.mark.usefixtures("allowed")
def test_it_needs_the_key_of_its_tool(sample: SampleData, path: str, token: str) -> None:
    assert refusal(ask(None, path, ltik=token)) == (401, "NO_API_KEY_FOUND")
    assert refusal(ask("x", path, ltik=token)) == (401, "INVALID_API_KEY")
    assert refusal(ask(sample.staff_key, path, ltik=token)) == (401, "INVALID_API_KEY")


@both_paths
@pytest.mark.usefixtures("allowed")
def test_a_bad_one_is_refused(path: str, key: str) -> None:
    assert refusal(ask(key, path, ltik="x")) == (401, "INVALID_LTIK")
    assert refusal(ask(key, path, ltik="")) == NO_LTIK


@both_paths
@pytest.mark.usefixtures("allowed")
def test_two_are_one_too_many(path: str, token: str, key: str) -> None:
    assert refusal(ask(key, f"{path}?ltik={token}&LTIK={token}")) == (401, "INVALID_LTIK")
    assert refusal(request_with_ltik(token, key, path, ltik=token)) == (401, "INVALID_LTIK")


@pytest.mark.usefixtures("allowed")
def test_beside_a_service_key_it_is_one_too_many(launch: Launch, token: str, key: str) -> None:
    answer = request_with_service_key(service_key_of(launch), key, ltik=token)

    assert refusal(answer) == (401, "INVALID_SERVICE_KEY")


@both_paths
def test_beside_an_ltik_in_the_header_it_is_ignored_and_the_answer_not_stored(path: str, token: str, key: str) -> None:
    answer = request_with_ltik(token, key, path, ltik="x")

    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_one_membership_of_the_roster_api_is_not_under_the_ltik_api(sample: SampleData, token: str) -> None:
    answer = ask(sample.staff_key, f"{LTIK_MEMBERSHIPS}/{sample.amara_chess_again.pk}", ltik=token)

    assert answer.status == 400
    assert list(answer.refused) == ["ltik"]
