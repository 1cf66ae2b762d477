"""`rlid`: the members as one resource link sees them."""

import uuid

import pytest

from lti.models import Context, Deployment, ResourceLink, Tool
from organizations.models import Organization
from tests.lti.tools import MEMBER, access_token, ask, deploy, ids, links, make_tool, path_of, roster, user_ids, walk
from tests.sample_data import SampleData, membership

pytestmark = pytest.mark.both_databases

TYPE = "https://purl.imsglobal.org/spec/lti/claim/message_type"
CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"


def link_in(organization: Organization, deployment: Deployment, **fields: object) -> ResourceLink:
    context = Context.objects.of(organization)
    made: ResourceLink = ResourceLink.objects.create(deployment=deployment, context=context, **fields)
    return made


@pytest.fixture
def link(sample: SampleData, deployment: Deployment) -> ResourceLink:
    custom = {"greeting": "Hello", "who": "$Person.name.full", "mail": "$Person.email.primary", "else": "$Who.knows"}
    return link_in(sample.chess_club, deployment, title="Weekly poll", custom=custom)


def test_members_carry_what_a_launch_from_there_says(sample: SampleData, poll: Tool, link: ResourceLink) -> None:
    answer = roster(poll, sample.chess_club, rlid=str(link.uuid))

    assert user_ids(answer) == ids(poll, sample.amara, sample.farid)
    assert answer.body["members"][1]["message"] == [
        {
            TYPE: "LtiResourceLinkRequest",
            CUSTOM: {
                "greeting": "Hello",
                "who": "Farid Haddad-Lowe",
                "mail": "farid.haddad-lowe@example.edu",
                "else": "$Who.knows",
            },
        }
    ]


def test_other_answers_carry_no_message(sample: SampleData, poll: Tool, link: ResourceLink) -> None:
    assert not any("message" in row for row in roster(poll, sample.chess_club).body["members"])


def test_variables_know_context_link_and_roles(sample: SampleData, poll: Tool, deployment: Deployment) -> None:
    names = {
        "context": "$Context.id",
        "title": "$Context.title",
        "label": "$Context.label",
        "type": "$Context.type",
        "link": "$ResourceLink.id",
        "link_title": "$ResourceLink.title",
        "role": "$Membership.role",
        "user": "$User.id",
        "target": "$Message.documentTarget",
        "locale": "$Message.locale",
        "product": "$ToolPlatform.productFamilyCode",
        "guid": "$ToolPlatformInstance.guid",
        "name": "$ToolPlatformInstance.name",
        "url": "$ToolPlatformInstance.url",
    }
    link = link_in(sample.chess_club, deployment, custom=names)

    row = roster(poll, sample.chess_club, rlid=str(link.uuid)).body["members"][0]

    assert row["message"][0][CUSTOM] == {
        "context": str(link.context.uuid),
        "title": "Chess Club",
        "label": "CHESS",
        "type": "http://purl.imsglobal.org/vocab/lis/v2/course#Group",
        "link": str(link.uuid),
        "link_title": "Poll",
        "role": MEMBER,
        "user": poll.subject_of(sample.amara.pk),
        "target": "window",
        "locale": "en-US",
        "product": "campus-roster",
        "guid": "https://testserver",
        "name": "Campus Roster",
        "url": "https://testserver",
    }


@pytest.mark.parametrize(
    "variable",
    ["$User.username", "$Person.phone.mobile", "$Person.email.personal", "$CourseSection.title", "$context.id", "$"],
)
def test_other_variables_stay(sample: SampleData, poll: Tool, deployment: Deployment, variable: str) -> None:
    link = link_in(sample.chess_club, deployment, custom={"x": variable})

    row = roster(poll, sample.chess_club, rlid=str(link.uuid)).body["members"][0]

    assert row["message"][0][CUSTOM] == {"x": variable}


def test_variables_tell_nothing_that_is_withheld(sample: SampleData) -> None:
    tool = make_tool(disclosure="name", audience="public")
    link = link_in(
        sample.chess_club,
        deploy(tool),
        custom={"mail": "$Person.email.primary", "sis": "$Person.sourcedId", "picture": "$User.image"},
    )

    row = roster(tool, sample.chess_club, rlid=str(link.uuid)).body["members"][0]

    assert row["message"][0][CUSTOM] == link.custom


def test_the_parameters_of_the_tool_are_sent_too(sample: SampleData, poll: Tool, link: ResourceLink) -> None:
    poll.custom = {"greeting": "Hi", "campus": "main"}
    poll.save()

    message = roster(poll, sample.chess_club, rlid=str(link.uuid)).body["members"][0]["message"][0]

    assert (message[CUSTOM]["greeting"], message[CUSTOM]["campus"]) == ("Hello", "main")


def test_the_next_page_and_the_differences_are_of_the_same_link(
    sample: SampleData, poll: Tool, link: ResourceLink
) -> None:
    first = roster(poll, sample.chess_club, rlid=str(link.uuid), limit=1)
    membership(sample.nadia, sample.chess_member, "2025-05-01")

    second = ask(access_token(poll), links(first)["next"])
    changed = ask(access_token(poll), links(second)["differences"])

    assert all("message" in row for row in second.body["members"])
    assert all("message" in row for row in changed.body["members"] if row["status"] != "Deleted")
    assert poll.subject_of(sample.nadia.pk) in user_ids(changed)


def test_rlid_goes_with_role_and_limit(sample: SampleData, poll: Tool, link: ResourceLink) -> None:
    members = walk(poll, path_of(sample.chess_club), rlid=str(link.uuid), role="Member", limit=1)

    assert [row["user_id"] for row in members] == ids(poll, sample.amara, sample.farid)


def test_a_link_of_another_tool_is_denied(sample: SampleData, poll: Tool) -> None:
    other = make_tool("Forum")
    theirs = link_in(sample.chess_club, deploy(other))

    assert roster(poll, sample.chess_club, rlid=str(theirs.uuid)).status == 403


def test_a_link_in_another_context_is_denied(sample: SampleData, poll: Tool, link: ResourceLink) -> None:
    assert roster(poll, sample.chess_club_downtown, rlid=str(link.uuid)).status == 403


def test_a_link_of_a_deployment_that_ended_is_denied(sample: SampleData, poll: Tool) -> None:
    ended = link_in(sample.chess_club, deploy(poll, is_active=False))

    assert roster(poll, sample.chess_club, rlid=str(ended.uuid)).status == 403


@pytest.mark.parametrize("rlid", [str(uuid.UUID(int=0)), "1", "%", "weekly poll", "ñ"])
def test_a_link_that_is_not_there_is_denied_alike(sample: SampleData, poll: Tool, rlid: str) -> None:
    answer = roster(poll, sample.chess_club, rlid=rlid)

    assert answer.status == 403
    assert answer.body["detail"] == "This resource link is not one of this tool in this context."


def test_a_link_is_denied_once_it_is_gone(sample: SampleData, poll: Tool, link: ResourceLink) -> None:
    second = links(roster(poll, sample.chess_club, rlid=str(link.uuid), limit=1))["next"]
    link.delete()

    assert ask(access_token(poll), second).status == 403
