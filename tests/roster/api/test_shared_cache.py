"""A shared cache in front of the site, keeping all that it may, never hands one caller's answer to another."""

from typing import Any

import pytest
from django.test import Client

from roster.models import User
from tests.roster.api.shared_cache import SharedCache, ask_site
from tests.roster.api.signing import signer
from tests.sample_data import SampleData

Caller = tuple[dict[str, str], dict[str, str]]
"""Headers and cookies."""


def signed_in(person: User) -> Caller:
    client = Client()
    client.force_login(person)
    return {}, {name: morsel.value for name, morsel in client.cookies.items()}


def callers_of(sample: SampleData) -> dict[str, Caller]:
    return {
        "nobody": ({}, {}),
        "the public": ({"Authorization": f"Bearer {sample.public_key}"}, {}),
        "campus": ({"Authorization": f"Bearer {sample.campus_key}"}, {}),
        "staff": ({"Authorization": f"Bearer {sample.staff_key}"}, {}),
        "staff by the vendor's header": ({"X-Engage-Api-Key": sample.staff_key}, {}),
        "the public by the vendor's header": ({"X-Engage-Api-Key": sample.public_key}, {}),
        "a limited key": ({"X-Engage-Api-Key": sample.limited_staff_key}, {}),
        "a bad key": ({"X-Engage-Api-Key": "wrong"}, {}),
        "a student": signed_in(sample.amara),
        "a staff member": signed_in(sample.jolene),
        "a portal": ({"Authorization": f"Bearer {sample.campus_key}", "Origin": "https://portal.example.edu"}, {}),
    }


def urls_of(sample: SampleData) -> list[str]:
    return [
        "/api/memberships",
        f"/api/memberships/{sample.farid_listener.pk}",
        "/api/organizations",
        f"/api/organizations/{sample.night_owls.pk}",
        "/api/users",
        f"/api/users/{sample.marisol.pk}",
        "/api/test",
        "/api/nothing",
        "/engage/api/memberships",
    ]


def response_without_request_id(response: Any) -> tuple[int, bytes, str | None]:
    """Status, body and CORS origin of a response, without its request id."""
    body = response.content
    if response.status_code >= 400:
        body = body.rpartition(b'"requestId"')[0]
    return response.status_code, body, response.headers.get("Access-Control-Allow-Origin")


@pytest.mark.parametrize("public", [False, True], ids=["closed", "open to the public"])
def test_the_cache_gives_everybody_the_response_of_the_site(settings: Any, sample: SampleData, public: bool) -> None:
    settings.PUBLIC_API = public
    settings.CORS_ALLOWED_ORIGINS = ["https://portal.example.edu"]
    callers = callers_of(sample)

    for url in urls_of(sample):
        alone = {name: response_without_request_id(ask_site(url, *caller)) for name, caller in callers.items()}
        for order in (list(callers), list(reversed(callers))):
            cache = SharedCache()
            assert {name: response_without_request_id(cache.get(url, *callers[name])) for name in order} == alone


@pytest.mark.usefixtures("clock")
def test_a_signed_or_keyed_url_is_answered_by_the_site_every_time(settings: Any, sample: SampleData) -> None:
    settings.KEY_IN_QUERY = True
    signature = "&".join(f"{name}={value}" for name, value in signer().parameters().items())
    cache = SharedCache()

    for url in (f"/api/memberships?{signature}", f"/api/memberships?key={sample.staff_key}"):
        for _ in range(2):
            assert cache.get(url, {}, {}).status_code == 200

    assert cache.hits == []
    assert cache.stored == {}


def test_the_cache_of_these_tests_does_keep_what_it_may(sample: SampleData) -> None:
    cache = SharedCache()

    for _ in range(2):
        assert cache.get("/api/schema/", {}, {}).status_code == 200

    assert cache.hits == ["/api/schema/"]
