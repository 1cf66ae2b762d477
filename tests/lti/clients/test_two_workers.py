"""What two workers of a running site must agree on."""

import threading
from collections import Counter
from collections.abc import Callable

import httpx
import pytest

from lti.claims import NRPS_SCOPE
from lti.models import AccessToken, Context, Deployment, Launch, PlatformKey, ResourceLink
from tests.lti.assertions import ASSERTION_TYPE, assertion
from tests.lti.ltik.ltik_api import key_of
from tests.sample_data import SampleData
from tests.serving import Site

pytestmark = pytest.mark.both_databases

TRIES = 16


def at_once(call: Callable[[], httpx.Response], number: int) -> list[httpx.Response]:
    """Answers to `number` calls that begin at the same moment."""
    barrier = threading.Barrier(number)
    answers: list[httpx.Response] = []

    def ask() -> None:
        barrier.wait()
        answers.append(call())

    threads = [threading.Thread(target=ask) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_an_assertion_sent_many_times_at_once_gets_one_token(site: Site, deployed: Deployment) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion(deployed.tool, aud=f"{site.url}/lti/token"),
        "scope": NRPS_SCOPE,
    }

    answers = at_once(lambda: httpx.post(f"{site.url}/lti/token", data=form, timeout=60), TRIES)

    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: TRIES - 1}
    assert {answer.json()["error"] for answer in answers if answer.status_code == 400} == {"invalid_client"}
    assert AccessToken.objects.count() == 1


def test_the_first_platform_key_is_one(site: Site, people: SampleData) -> None:
    answers = at_once(lambda: httpx.get(f"{site.url}/lti/jwks", timeout=60), TRIES)

    assert Counter(answer.status_code for answer in answers) == {200: TRIES}
    assert PlatformKey.objects.count() == 1
    assert {answer.json()["keys"][0]["kid"] for answer in answers} == {PlatformKey.objects.get().kid}


def test_the_first_launches_of_a_deployment_are_from_one_link(
    site: Site, deployed: Deployment, people: SampleData
) -> None:
    body = {"userId": people.amara.pk, "organizationId": people.chess_club.pk}
    headers = {"Authorization": f"Bearer {key_of(deployed.tool, may_launch=True)}"}

    answers = at_once(lambda: httpx.post(f"{site.url}/api/launches", json=body, headers=headers, timeout=60), TRIES)

    assert Counter(answer.status_code for answer in answers) == {201: TRIES}
    assert (Context.objects.count(), ResourceLink.objects.count(), Launch.objects.count()) == (1, 1, TRIES)
