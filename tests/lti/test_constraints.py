"""The rules of tools and their keys hold in the database, and say what they ask."""

from typing import Any

import pytest
from django.utils import timezone

from lti.models import Context, Deployment, Disclosed, PlatformKey, Tool
from tests.cast import Cast
from tests.constraints import Violations, assert_the_database_refuses, assert_validation_refuses
from tests.lti.tools import make_tool

pytestmark = pytest.mark.both_databases


def tool(**fields: Any) -> Tool:
    url = "https://poll.example.org/launch"
    return Tool(**{"name": "Poll", "login_url": url, "target_link_url": url, "redirect_urls": [url], **fields})


def told_again(cast: Cast) -> Disclosed:
    whom = {"tool": make_tool(), "context": Context.objects.create(organization=cast.lead), "user": cast.amara}
    Disclosed.objects.create(**whom)
    return Disclosed(**whom)


def second_signing_key() -> PlatformKey:
    PlatformKey.objects.create(kid="one", public_jwk={"kty": "RSA"}, private_key_encrypted="x")
    return PlatformKey(kid="two", public_jwk={"kty": "RSA"}, private_key_encrypted="x")


VIOLATIONS: Violations = {
    "lti_tool_has_a_name": lambda cast: tool(name=""),
    "lti_tool_status_is_known": lambda cast: tool(status="retired"),
    "lti_tool_audience_is_public_or_campus": lambda cast: tool(audience="staff"),
    "lti_tool_disclosure_is_known": lambda cast: tool(disclosure="more"),
    "lti_tool_sourcedid_is_for_campus": lambda cast: tool(may_read_sourcedid=True, audience="public"),
    "lti_deployment_has_an_id": lambda cast: Deployment(tool=make_tool(), deployment_id=""),
    "lti_disclosed_once": told_again,
    "lti_one_platform_key_signs": lambda cast: second_signing_key(),
    "lti_platform_key_signs_until_it_is_retired": lambda cast: PlatformKey(
        kid="one", public_jwk={"kty": "RSA"}, private_key_encrypted="x", retired_at=timezone.now()
    ),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses(cast: Cast, name: str) -> None:
    assert_the_database_refuses(VIOLATIONS[name](cast), name)


@pytest.mark.parametrize("name", VIOLATIONS)
def test_validation_says_what_the_rule_asks(cast: Cast, name: str) -> None:
    assert_validation_refuses(VIOLATIONS[name](cast), name)
