"""Every pair of flags, audience, level of disclosure and consent, in a normal answer and in differences."""

import datetime as dt
from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from lti.models import Deployment, Tool
from memberships.models import Membership
from organizations.models import Organization
from roster.models import User
from tests.cast import Cast, membership
from tests.lti.tools import MEMBER, access_token, ask, deploy, links, make_tool, path_of

pytestmark = pytest.mark.both_databases

FLAGS = ("CP", "C", "P", "")
AUDIENCES = {"campus": "C", "public": "P"}
"""The flag that each audience goes by."""

NAMES = {"name", "given_name", "family_name", "status"}
TOLD = {
    ("public", "none"): set(),
    ("public", "name"): NAMES,
    ("public", "email"): NAMES,
    ("public", "all"): NAMES,
    ("campus", "none"): set(),
    ("campus", "name"): NAMES | {"middle_name"},
    ("campus", "email"): NAMES | {"middle_name", "email"},
    ("campus", "all"): NAMES | {"middle_name", "email", "picture"},
}
"""What a tool is told of an active member beside user_id and roles: what audience and level both allow."""

MATRIX = list(product(FLAGS, AUDIENCES, ("none", "name", "email", "all"), (False, True)))


@pytest.fixture
def full(cast: Cast) -> User:
    """Somebody with a value in every field."""
    cast.amara.preferred_email = "private@mail.example.org"
    cast.amara.save()
    Membership.objects.filter(user=cast.amara).delete()
    return cast.amara


def asked(tool: Tool, organization: Organization, differences: bool) -> list[dict[str, Any]]:
    """The members of a normal answer; or of the differences since before anything was there, by an older link."""
    token = access_token(tool)
    answer = ask(token, path_of(organization))
    if differences:
        answer = ask(token, links(answer)["differences"])
    members: list[dict[str, Any]] = answer.body["members"]
    return members


@pytest.mark.parametrize("differences", [False, True])
@pytest.mark.parametrize("flags, audience, disclosure, consent", MATRIX)
def test_a_tool_is_told_what_audience_level_and_consent_allow(
    cast: Cast, full: User, flags: str, audience: str, disclosure: str, consent: bool, differences: bool
) -> None:
    tool = make_tool(audience=audience, disclosure=disclosure)
    deploy(tool, tells_bare_members=consent)
    membership(full, cast.downtown_member, "2024-09-01", flags=flags)

    told = [row for row in asked(tool, cast.chess_club_downtown, differences) if is_of(row, tool, full)]

    if AUDIENCES[audience] in flags:
        fields = {"user_id", "roles"} | TOLD[audience, disclosure]
    elif consent:
        fields = {"user_id", "roles"}
    else:
        assert told == []
        return
    values = {
        "status": "Active",
        "name": "Amara Okafor",
        "given_name": "Amara",
        "family_name": "Okafor",
        "middle_name": "Ngozi",
        "email": "amara.okafor@example.edu",
        "picture": "https://www.example.edu/pictures/amara.okafor.jpg",
        "user_id": tool.subject_of(full.pk),
        "roles": [MEMBER],
    }
    assert told == [{name: value for name, value in values.items() if name in fields}]


def is_of(row: dict[str, Any], tool: Tool, person: User) -> bool:
    return bool(row["user_id"] == tool.subject_of(person.pk))


@pytest.mark.parametrize("differences", [False, True])
@pytest.mark.parametrize("flags, audience", list(product(FLAGS, AUDIENCES)))
def test_a_confidential_person_is_never_told_of(cast: Cast, flags: str, audience: str, differences: bool) -> None:
    tool = make_tool(audience=audience)
    deploy(tool, tells_bare_members=True)
    membership(cast.marisol, cast.downtown_member, "2024-09-01", flags=flags)

    members = asked(tool, cast.chess_club_downtown, differences)

    assert not [row for row in members if is_of(row, tool, cast.marisol)]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_hidden_organization_is_not_there(cast: Cast, audience: str) -> None:
    tool = make_tool(audience=audience)
    deploy(tool, cast.night_owls, tells_bare_members=True)

    assert ask(access_token(tool), path_of(cast.night_owls)).status == 404


@pytest.mark.parametrize("flags, audience", [(flags, audience) for flags, audience in product(FLAGS, AUDIENCES)])
def test_the_differences_after_a_flag_flips_tell_no_more_than_that_somebody_is_gone(
    cast: Cast, full: User, flags: str, audience: str
) -> None:
    tool = make_tool(audience=audience)
    deploy(tool)
    made = membership(full, cast.downtown_member, "2024-09-01", flags=flags)
    for model in (Tool, Deployment, Membership):
        model.objects.update(modified_at=timezone.now() - dt.timedelta(days=1))
    since = links(ask(access_token(tool), path_of(cast.chess_club_downtown)))["differences"]
    Membership.objects.filter(pk=made.pk).update(shown_on_campus=False, shown_on_public=False)

    members = ask(access_token(tool), since).body["members"]

    was_told = AUDIENCES[audience] in flags
    gone = [{"status": "Deleted", "user_id": tool.subject_of(full.pk), "roles": []}]
    assert members == (gone if was_told else [])


@pytest.mark.parametrize("disclosure", ["none", "name", "email", "all"])
def test_the_sis_id_needs_a_grant_of_its_own(cast: Cast, full: User, disclosure: str) -> None:
    membership(full, cast.downtown_president, "2024-09-01", flags="CP")
    without, granted = make_tool(disclosure=disclosure), make_tool(disclosure=disclosure, may_read_sourcedid=True)
    deploy(without)
    deploy(granted)

    told = [asked(tool, cast.chess_club_downtown, False)[0].get("lis_person_sourcedid") for tool in (without, granted)]

    assert told == [None, "S730000"]


def test_without_the_level_for_status_only_somebody_to_come_has_one(cast: Cast) -> None:
    tool = make_tool(disclosure="none")
    deploy(tool)
    membership(cast.nadia, cast.downtown_member, "2076-05-01")

    statuses = {row["user_id"]: row.get("status") for row in asked(tool, cast.chess_club_downtown, False)}

    assert statuses[tool.subject_of(cast.nadia.pk)] == "Inactive"  # else a tool would take it for a member
    assert statuses[tool.subject_of(cast.kofi.pk)] is None


def test_somebody_off_the_roster_who_is_to_come_is_not_told_of(cast: Cast) -> None:
    tool = make_tool()
    deploy(tool, tells_bare_members=True)
    membership(cast.nadia, cast.downtown_member, "2076-05-01", flags="P")

    assert not [row for row in asked(tool, cast.chess_club_downtown, False) if is_of(row, tool, cast.nadia)]


def test_a_name_on_the_roster_does_not_carry_roles_that_are_off_it(cast: Cast) -> None:
    tool = make_tool()
    deploy(tool, tells_bare_members=True)
    membership(cast.kofi, cast.downtown_president, "2024-09-05", flags="P")

    row = next(row for row in asked(tool, cast.chess_club_downtown, False) if is_of(row, tool, cast.kofi))

    assert (row["name"], row["roles"]) == ("Kofi Mensah-Boyd", [MEMBER])
