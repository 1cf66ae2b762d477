"""A launch says of its person what the roster does, and not more, whoever begins it."""

from itertools import product
from typing import Any

import pytest

from roster.models import User
from tests.client import Answer, new_client
from tests.lti.launches import asked_by, claims, launched, posted
from tests.lti.ltik.ltik_api import request_with_ltik
from tests.lti.privacy import oracle
from tests.lti.privacy.asking import Asking, tokens, whole_at_the_door
from tests.lti.privacy.campus import Member, SampleGroup
from tests.lti.privacy.oracle import Row, ToolAccess

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
PERSON = ("name", "given_name", "family_name", "middle_name", "email", "picture")

TOOLS = [
    *(
        ToolAccess(audience, level, has_consent=True)
        for audience, level in product(("public", "campus"), oracle.LEVELS)
    ),
    *(
        ToolAccess("public", "all"),
        ToolAccess("campus", "all", reads_sis_id=True),
        ToolAccess("campus", "none", True, True),
    ),
]

every_tool = pytest.mark.parametrize("access", TOOLS, ids=str)


def alone(group: SampleGroup) -> list[Member]:
    """Somebody with each kind of membership; of the confidential, those who are shown most."""
    return [it for it in group.members if it.is_alone and (not it.person.is_confidential or it.holdings[0].to_public)]


@every_tool
def test_an_id_token_tells_exactly_what_the_tool_may_know(group: SampleGroup, access: ToolAccess) -> None:
    asking = Asking(access, group)
    for member in alone(group):
        wanted = oracle.launching(access, member)
        user_id = asking.id_of(member)

        shown = id_token(asking, member)

        assert shown["sub"] == user_id
        assert {**content_of(shown), "roles": shown[f"{CLAIM}roles"]} == wanted
        custom = {name: value for name, value in shown[f"{CLAIM}custom"].items() if name != "ltik"}
        assert custom == oracle.custom(access, group, member, wanted, user_id)
        assert tokens(shown) <= tokens(wanted) | group.tokens


def id_token(asking: Asking, member: Member) -> dict[str, Any]:
    """What the tool is posted when this person opens it."""
    launch = launched(asking.link, member.person.id, is_complete=False)
    browser = new_client()
    browser.force_login(User.objects.get(pk=member.person.id))
    hints = {
        "client_id": asking.tool.client_id,
        "target_link_uri": asking.tool.target_link_url,
        "login_hint": asking.id_of(member),
        "lti_message_hint": str(launch.uuid),
    }
    return claims(posted(browser.get("/lti/authorize", asked_by(hints)))[1])


def content_of(shown: dict[str, Any]) -> Row:
    """What an id_token tells of its person, named as in a roster."""
    sis_id = shown.get(f"{CLAIM}lis", {}).get("person_sourcedid")
    access = {name: shown[name] for name in PERSON if name in shown}
    return {**access, "lis_person_sourcedid": sis_id} if sis_id else access


@every_tool
def test_a_portal_launches_for_those_on_the_roster_and_is_shown_what_the_tool_may_know(
    group: SampleGroup, access: ToolAccess
) -> None:
    asking = Asking(access, group)
    for member in alone(group):
        answer = by_portal(asking, member)

        if not oracle.may_be_launched_for(access, group, member):
            assert answer.status == 404
            continue
        assert (answer.status, answer.body["user"]) == (201, asking.id_of(member))
        body = asking.kept(request_with_ltik(answer.body["ltik"], asking.key, "/api/idtoken")).body
        wanted = oracle.launching(access, member)
        assert {"id": asking.id_of(member), **wanted, **oracle.other_names(wanted)} == body["user"]
        assert tokens(asking.answers.pop().body) <= tokens(wanted) | group.tokens


@every_tool
def test_the_idtoken_tells_the_claims_of_the_id_token(group: SampleGroup, access: ToolAccess) -> None:
    asking = Asking(access, group)
    for member in alone(group):
        sent = id_token(asking, member)
        ltik = sent[f"{CLAIM}custom"].pop("ltik")
        for name in ("iat", "exp", "nonce", "jti"):
            sent.pop(name)

        raw = request_with_ltik(ltik, asking.key, "/api/idtoken", raw="true").body
        body = request_with_ltik(ltik, asking.key, "/api/idtoken").body

        assert raw == sent
        assert body["launch"]["custom"] == sent[f"{CLAIM}custom"]
        assert tokens([raw, body]) <= tokens(oracle.launching(access, member)) | group.tokens


def by_portal(asking: Asking, member: Member) -> Answer:
    """A portal launches for somebody."""
    body = {"userId": member.person.id, "organizationId": asking.group.row.pk}
    headers = {"Authorization": f"Bearer {asking.key}"}
    response = new_client().post("/api/launches", body, content_type="application/json", headers=headers)
    answer = Answer(response.status_code, response.headers, response.json())
    assert tokens(response.content) == set()
    return answer


@every_tool
def test_the_ltik_of_a_portal_opens_the_roster_that_the_tool_may_read(group: SampleGroup, access: ToolAccess) -> None:
    asking = Asking(access, group)
    member = next(member for member in alone(group) if oracle.may_be_launched_for(access, group, member))
    asking.ltik = by_portal(asking, member).body["ltik"]

    rows = [(member, oracle.row(access, member)) for member in group.members]
    assert whole_at_the_door(asking) == [{**row, "user_id": asking.id_of(member)} for member, row in rows if row]


@pytest.mark.parametrize("access", TOOLS[-2:], ids=str)
def test_nobody_is_launched_for_in_a_hidden_organization(hidden: SampleGroup, access: ToolAccess) -> None:
    asking = Asking(access, hidden)

    assert {by_portal(asking, member).status for member in alone(hidden)} == {404}
