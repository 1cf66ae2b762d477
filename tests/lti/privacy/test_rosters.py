"""Every kind of tool, by every door, is told of every kind of member exactly what it may know."""

from typing import Any

import pytest

from tests.lti.privacy import oracle
from tests.lti.privacy.asking import DOORS, TOOLS, Asking, tokens, whole, whole_at_the_door
from tests.lti.privacy.campus import Member, SampleGroup
from tests.lti.privacy.oracle import Row, ToolAccess

CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"
TYPE = "https://purl.imsglobal.org/spec/lti/claim/message_type"

every_tool = pytest.mark.parametrize("access", TOOLS, ids=str)


def disclosed_rows(asking: Asking) -> list[tuple[Member, Row]]:
    """Whom the tool may know of, with their rows, in the order of the ids."""
    rows = [(member, oracle.row(asking.access, member)) for member in asking.group.members]
    return [(member, {**row, "user_id": asking.id_of(member)}) for member, row in rows if row]


@pytest.mark.both_databases
@every_tool
def test_a_roster_tells_exactly_what_the_tool_may_know(group: SampleGroup, access: ToolAccess) -> None:
    asking = Asking(access, group)
    wanted = [row for _, row in disclosed_rows(asking)]

    for name, door in DOORS.items():
        assert door(asking) == wanted, name
    assert wanted != []
    assert asking.shown <= tokens(wanted) | group.tokens


@every_tool
def test_the_members_as_a_resource_link_sees_them_tell_no_more(group: SampleGroup, access: ToolAccess) -> None:
    asking = Asking(access, group)
    wanted = [{**row, "message": [message(asking, member, row)]} for member, row in disclosed_rows(asking)]

    assert whole(asking, rlid=str(asking.link.uuid)) == wanted
    assert whole_at_the_door(asking, resourceLinkId="true") == wanted
    assert asking.shown <= tokens(wanted) | group.tokens


def message(asking: Asking, member: Member, row: Row) -> dict[str, Any]:
    custom = oracle.custom(asking.access, asking.group, member, row, asking.id_of(member))
    return {TYPE: "LtiResourceLinkRequest", CUSTOM: custom}


@pytest.mark.parametrize(
    "access", [access for access in TOOLS if access.disclosure == "none" and not access.reads_sis_id], ids=str
)
def test_a_filter_by_role_finds_nobody_by_a_role_that_is_not_shown(group: SampleGroup, access: ToolAccess) -> None:
    asking = Asking(access, group)

    for role in (oracle.MEMBER, oracle.OFFICER, oracle.CHAIR):
        wanted = [row for _, row in disclosed_rows(asking) if role in row["roles"]]
        assert whole(asking, role=role) == wanted
        assert whole_at_the_door(asking, role=role) == wanted


@every_tool
def test_a_hidden_organization_is_not_there(hidden: SampleGroup, access: ToolAccess) -> None:
    asking = Asking(access, hidden)
    link = str(asking.link.uuid)

    answers = [asking.by_service(), asking.by_service(rlid=link), asking.by_door(), asking.by_door(url="x")]
    answers += [asking.by_job(), asking.by_job(url="x")]

    assert [answer.status for answer in answers] == [404, 404, 401, 401, 401, 401]
    assert asking.shown == set()
