"""Access tokens: how this server shows who it is, and how long it keeps what it gets."""

import datetime as dt
import time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import KeySet

from lti.models import LearningPlatform, PlatformKey
from lti.tool.course_roster import members
from tests.lti.tool.lms import Lms, Reply, person

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def tokens_asked(lms: Lms) -> list[dict[str, str]]:
    return [asked.form for asked in lms.asked if asked.path == "/token"]


def shown(lms: Lms) -> list[str]:
    return [asked.headers["Authorization"] for asked in lms.asked if asked.path != "/token"]


def claims_of(lms: Lms) -> dict[str, Any]:
    """What the last assertion says, its signature checked with the published keys."""
    keys = KeySet.import_key_set(Client().get("/lti/jwks").json())
    return jwt.decode(tokens_asked(lms)[-1]["client_assertion"], keys, algorithms=["RS256"]).claims


def test_it_asks_with_a_signed_assertion(lms: Lms) -> None:
    lms.tells()

    list(members(lms.course()))

    claims = claims_of(lms)
    jti, issued_at = claims.pop("jti"), claims.pop("iat")
    assert tokens_asked(lms)[0] == {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": tokens_asked(lms)[0]["client_assertion"],
        "scope": "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
    }
    assert len(jti) == 36
    assert abs(issued_at - time.time()) < 60
    assert claims == {"iss": "campus-roster", "sub": "campus-roster", "aud": f"{lms.url}/token", "exp": issued_at + 300}


def test_it_signs_for_the_audience_that_the_platform_wants(lms: Lms) -> None:
    lms.tells()

    list(members(lms.course(lms.platform(token_audience="https://lms.example.com/oauth2"))))

    assert claims_of(lms)["aud"] == "https://lms.example.com/oauth2"


def test_a_token_is_used_until_shortly_before_it_expires(lms: Lms) -> None:
    lms.tells()
    course = lms.course()

    for _ in range(2):
        list(members(course))
    LearningPlatform.objects.update(access_token_expires_at=timezone.now() + dt.timedelta(seconds=59))
    course.platform.refresh_from_db()
    list(members(course))

    assert len(tokens_asked(lms)) == 2
    assert shown(lms) == ["Bearer token-1"] * 3


def test_other_workers_use_the_same_token(lms: Lms) -> None:
    lms.tells()
    course = lms.course()
    list(members(course))

    list(members(type(course).objects.get(pk=course.pk)))

    assert len(tokens_asked(lms)) == 1


def test_a_token_is_stored_encrypted_and_changes_nothing_else(lms: Lms) -> None:
    lms.tells()
    course = lms.course()
    before = LearningPlatform.objects.get()

    list(members(course))

    after = LearningPlatform.objects.get()
    assert "token-1" not in after.access_token_encrypted
    assert after.access_token(on=timezone.now()) == "token-1"
    assert after.modified_at == before.modified_at


def test_a_token_that_the_roster_refuses_is_replaced_once(lms: Lms) -> None:
    lms.tells(person("u1"))
    good = lms.replies["/courses/chem-101/memberships"]
    assert isinstance(good, Reply)

    def roster(asked: Any) -> Reply:
        return good if asked.headers["Authorization"] == "Bearer token-2" else Reply(status=401)

    lms.replies["/courses/chem-101/memberships"] = roster
    course = lms.course()
    course.platform.store_access_token("token-1", until=timezone.now() + dt.timedelta(hours=1))
    lms.replies["/token"] = Reply({"access_token": "token-2", "token_type": "Bearer"})

    assert [member.user_id for member in members(course)] == ["u1"]
    assert shown(lms) == ["Bearer token-1", "Bearer token-2"]


@pytest.mark.parametrize("lifetime, seconds", [(600, 600), ("600", 600), (None, 3600), ("soon", 3600), (10**9, 86400)])
def test_how_long_a_token_is_trusted(lms: Lms, lifetime: Any, seconds: int) -> None:
    lms.tells()
    lms.replies["/token"] = Reply({"access_token": "t", "expires_in": lifetime})
    course = lms.course()

    list(members(course))

    until = LearningPlatform.objects.get().access_token_expires_at
    assert until
    assert abs((until - timezone.now()).total_seconds() - seconds) < 60


def test_a_new_signing_key_signs(lms: Lms) -> None:
    lms.tells()
    PlatformKey.signing()
    PlatformKey.rotate(on=timezone.now())

    list(members(lms.course()))

    assert claims_of(lms)["iss"] == "campus-roster"
