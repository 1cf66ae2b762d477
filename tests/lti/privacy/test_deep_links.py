"""A deep linking request says of its person what a launch does; links in courses show what the public may see."""

import re

import pytest
from django.test import Client

from lti.tool.deep_linking import Choice
from lti.tool.linked_organizations import signed_link
from roster.models import User
from tests.client import new_client
from tests.lti.deep_links import choosing_tool, may_add_links, requested, signed_in
from tests.lti.privacy import oracle
from tests.lti.privacy.asking import Asking, tokens
from tests.lti.privacy.campus import SampleGroup
from tests.lti.privacy.oracle import ToolAccess
from tests.lti.privacy.test_launches import CLAIM, alone, content_of
from tests.lti.tool.choosing import CHOOSE
from tests.lti.tool.platforms import make_course
from tests.privacy.campus import token

pytestmark = pytest.mark.both_databases

CONTENT_DEVELOPER = "http://purl.imsglobal.org/vocab/lis/v2/membership#ContentDeveloper"

TOOLS = [
    ToolAccess("public", "all", has_consent=True),
    ToolAccess("public", "none"),
    ToolAccess("campus", "name"),
    ToolAccess("campus", "all", has_consent=True, reads_sis_id=True),
]


@pytest.mark.parametrize("access", TOOLS, ids=str)
def test_a_request_tells_exactly_what_the_tool_may_know(group: SampleGroup, access: ToolAccess) -> None:
    asking = Asking(access, group)
    choosing_tool(asking.tool)
    for member in alone(group):
        wanted = oracle.launching(access, member)
        staff = may_add_links(User.objects.get(pk=member.person.id))

        shown = requested(staff, group.row, asking.deployment)

        assert shown["sub"] == asking.id_of(member)
        assert content_of(shown) == {name: value for name, value in wanted.items() if name != "roles"}
        assert shown[f"{CLAIM}roles"] == [*wanted["roles"], CONTENT_DEVELOPER]
        assert tokens(shown) <= tokens(wanted) | group.tokens


def test_no_request_is_begun_in_a_hidden_organization(hidden: SampleGroup) -> None:
    asking = Asking(TOOLS[-1], hidden)
    choosing_tool(asking.tool)
    staff = may_add_links(User.objects.get(pk=hidden.members[0].person.id))

    form = {"deployment": asking.deployment.deployment_id}
    response = signed_in(staff).post(f"/lti/organizations/{hidden.row.pk}/deep-linking", form)

    assert response.status_code == 404
    assert tokens(response.content) == set()


def test_a_linked_organization_shows_its_public_roster(group: SampleGroup) -> None:
    public = ToolAccess("public", "name")
    shown = [
        f"{member.person.known_as} {member.person.last}, {token(holding.place, 'pn')}"
        for member in group.members
        for holding in oracle.sees(public, member)
        if holding.period == "current"
    ]
    found: list[str] = []
    text = "Next"
    while "Next" in text:
        number = len(found) // 100 + 1
        asked = {"link": signed_link(group.row), "page": str(number)}
        text = new_client().get("/lti/course/organization", asked).content.decode()
        found += re.findall("<li>(.*)</li>", text)
        access = tokens("".join(re.findall("<li>(.*)</li>", text)).encode())
        assert tokens(text.encode()) - access == {token(group.number, "on")}

    assert sorted(found) == sorted(shown)


def test_a_hidden_organization_is_not_shown(hidden: SampleGroup) -> None:
    response = new_client().get("/lti/course/organization", {"link": signed_link(hidden.row)})

    assert response.status_code == 404
    assert tokens(response.content) == set()


def test_only_organizations_that_the_public_may_see_are_offered(group: SampleGroup, hidden: SampleGroup) -> None:
    course = make_course()
    choice = Choice(course.deployment_id, course.context_id, "https://lms.example.com/return", {}).signed
    name, hidden_name = token(group.number, "on"), token(hidden.number, "on")
    every: set[str] = group.tokens  # the name and the short name
    for search, offered in (("", every), ("qz", every), (name, every), (hidden_name, set())):
        text = Client().post(CHOOSE, {"choice": choice, "search": search}).content.decode()
        buttons = "".join(re.findall('<button type="submit" name="organization".*', text))
        assert tokens(buttons.encode()) == offered
