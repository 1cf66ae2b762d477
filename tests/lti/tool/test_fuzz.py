"""Whatever a learning platform signs or answers, or anybody posts, is taken or refused in words."""

import contextlib
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti import claims
from lti.models import Course, LearningPlatform, PlatformDeployment, Tool
from lti.tool.course_roster import members
from lti.tool.unavailable import CourseUnavailable
from tests.lti.ltik.ltik_api import request_with_ltik
from tests.lti.tool.launching import launch, login, post, said, sent_to, signed
from tests.lti.tool.lms import ROSTER, Lms, Reply

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db, pytest.mark.usefixtures("deployment")]

NAMES = (
    *("iss", "aud", "azp", "sub", "nonce", "iat", "exp", "nbf", "name", "email", "picture"),
    *(
        claims.MESSAGE_TYPE,
        claims.VERSION,
        claims.DEPLOYMENT_ID,
        claims.RESOURCE_LINK,
        claims.ROLES,
        claims.CONTEXT_CLAIM,
    ),
    *(claims.LIS, claims.TOOL_PLATFORM, claims.NAMES_AND_ROLES, claims.CUSTOM, claims.LAUNCH_PRESENTATION),
    claims.TARGET_LINK_URI,
)
PARTS = (
    *("id", "title", "label", "type", "person_sourcedid", "product_family_code", "context_memberships_url"),
    *("guid", "name", "version", "description", "contact_email", "locale", "return_url"),
)

texts = st.text(max_size=20) | st.sampled_from(["", "\0", "\ud800", "x" * 3000, "https://[", "campus-roster", "1"])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
values = scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.sampled_from(PARTS), scalars | st.lists(scalars))
fuzzed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@settings(fuzzed, max_examples=80)
@given(changes=st.dictionaries(st.sampled_from(NAMES), values, min_size=1, max_size=3))
def test_any_claims(lms: Lms, browser: Client, key: str, changes: dict[str, Any]) -> None:
    Tool.objects.update(may_read_sourcedid=True)

    response = launch(browser, lms, **changes)

    assert response.status_code in {302, 400, 401, 403}
    if response.status_code == 302:
        token = response["Location"].partition("ltik=")[2]
        assert [request_with_ltik(token, key, "/api/idtoken", raw=raw).status for raw in ("0", "1")] == [200, 200]
    browser.cookies.clear()


@settings(fuzzed, max_examples=30)
@given(token=st.text(max_size=60) | st.sampled_from(["..", "e30.e30.", "bnVsbA.bnVsbA.x", "W10.W10.x", "MQ.MQ.MQ"]))
def test_any_token(lms: Lms, browser: Client, token: str) -> None:
    asked = sent_to(login(browser, lms))

    assert post(browser, token, asked["state"]).status_code in {400, 401}
    browser.cookies.clear()


@settings(fuzzed, max_examples=20)
@given(body=values)
def test_any_key_set(lms: Lms, browser: Client, body: Any) -> None:
    LearningPlatform.objects.update(jwks=None, jwks_fetched_at=None)
    lms.replies["/keys"] = Reply({"keys": body})
    asked = sent_to(login(browser, lms))

    assert post(browser, signed(said(lms, asked)), asked["state"]).status_code in {401, 502}
    browser.cookies.clear()


rows = st.dictionaries(st.sampled_from(["user_id", "roles", "status", "name", "message"]), values)


@settings(fuzzed, max_examples=60)
@given(
    body=values | st.fixed_dictionaries({"members": values | st.lists(rows, max_size=3)}, optional={"context": values}),
    link=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40) | st.just("<>; rel=next"),
)
def test_any_roster(lms: Lms, deployment: PlatformDeployment, body: Any, link: str) -> None:
    course = Course(deployment=deployment, context_id="c", memberships_url=lms.url + ROSTER)
    lms.replies[ROSTER] = Reply(body, headers={"Link": link})

    with contextlib.suppress(CourseUnavailable):
        for member in members(course):
            assert member.user_id
            assert isinstance(member.name, str | None)
