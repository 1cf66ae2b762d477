"""Every response has headers that decide who may cache it (docs/api.md, “Errors”)."""

from typing import Any

import pytest

from tests.client import Answer, ask
from tests.roster.api.signing import signer
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

PATHS = ["/api/memberships", "/api/organizations", "/api/positions", "/api/test"]
VARY = ["Authorization", "X-Engage-Api-Key", "Cookie", "origin"]
"""What an answer depends on; the last because of the CORS headers for a portal of another origin."""


def cache_headers(answer: Answer) -> tuple[str, list[str]]:
    named = answer.headers["Vary"].split(", ")
    return answer.headers["Cache-Control"], [name for name in named if name != "Accept-Encoding"]  # of large ones only


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_to_a_key_is_private(sample: SampleData, path: str) -> None:
    for key in (sample.public_key, sample.campus_key, sample.staff_key):
        assert cache_headers(ask(key, path)) == ("private, no-cache", VARY)


def test_an_answer_to_a_signed_in_person_is_private(sample: SampleData) -> None:
    assert cache_headers(ask(sample.jolene, "/api/memberships")) == ("private, no-cache", VARY)


def test_an_answer_to_anybody_may_be_kept_but_not_given_away_unasked(settings: Any, sample: SampleData) -> None:
    settings.PUBLIC_API = True

    assert cache_headers(ask(None, "/api/memberships")) == ("public, no-cache", VARY)


@pytest.mark.usefixtures("clock", "behind_a_proxy")
def test_an_answer_to_a_signed_url_is_never_kept(sample: SampleData) -> None:
    client = signer()

    assert cache_headers(client.ask("/api/memberships", client.parameters())) == ("no-store", VARY)


def test_an_answer_to_a_keyed_url_is_never_kept(settings: Any, sample: SampleData) -> None:
    settings.KEY_IN_QUERY = True

    assert cache_headers(ask(None, "/api/memberships", key=sample.staff_key)) == ("no-store", VARY)


def test_a_detail_is_private_too(sample: SampleData) -> None:
    path = f"/api/organizations/{sample.chess_club.pk}"

    assert cache_headers(ask(sample.staff_key, path)) == ("private, no-cache", VARY)


@pytest.mark.parametrize(
    "path, status",
    [
        ("/api/memberships?page=0", 400),
        ("/api/users", 403),
        ("/api/organizations/999999", 404),
        ("/api/nothing", 404),
    ],
)
def test_an_error_is_never_kept(sample: SampleData, path: str, status: int) -> None:
    answer = ask(sample.public_key, path)

    assert (answer.status, answer.headers["Cache-Control"]) == (status, "no-store")
