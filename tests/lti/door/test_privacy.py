"""The door tells exactly what Names and Roles tells the same tool, for every flag, audience, level and consent."""

from itertools import product
from typing import Any

import pytest

from tests.cast import Cast, membership
from tests.lti.door.doors import key_of, knock, launch_of, ltik_of
from tests.lti.tools import access_token, ask, deploy, links, make_tool, path_of

pytestmark = pytest.mark.both_databases

MATRIX = list(product(("campus", "public"), ("none", "name", "email", "all"), (False, True)))


def by_service(tool: Any, organization: Any) -> tuple[Any, Any]:
    """The members of a normal answer and of the differences, by Names and Roles."""
    token = access_token(tool)
    answer = ask(token, path_of(organization))
    return answer.body["members"], ask(token, links(answer)["differences"]).body["members"]


def by_door(tool: Any, launch: Any) -> tuple[Any, Any]:
    """The same by the door."""
    token, key = ltik_of(launch), key_of(tool)
    body = knock(token, key).body
    return body["members"], knock(token, key, url=body["differences"]).body["members"]


@pytest.mark.parametrize("audience, disclosure, consent", MATRIX)
def test_both_doors_tell_the_same(cast: Cast, audience: str, disclosure: str, consent: bool) -> None:
    tool = make_tool(audience=audience, disclosure=disclosure)
    deployment = deploy(tool, tells_bare_members=consent)
    people = (cast.amara, cast.ben, cast.chloe, cast.dalia, cast.marisol)
    for person, flags in zip(people, ("CP", "C", "P", "", "CP"), strict=True):
        membership(person, cast.downtown_member, "2024-09-01", flags=flags)
    membership(cast.nadia, cast.downtown_member, "2076-05-01", flags="CP")  # to come
    launch = launch_of(cast.amara, cast.chess_club_downtown, deployment)

    told = by_door(tool, launch)

    assert told == by_service(tool, cast.chess_club_downtown)
    assert told[0] != []
    assert tool.subject_of(cast.marisol.pk) not in {row["user_id"] for row in (*told[0], *told[1])}


@pytest.mark.parametrize("audience, disclosure", list(product(("campus", "public"), ("none", "name", "email", "all"))))
def test_a_flag_flipped_to_hidden_shows_up_in_the_differences(cast: Cast, audience: str, disclosure: str) -> None:
    tool = make_tool(audience=audience, disclosure=disclosure)
    launch = launch_of(cast.amara, cast.chess_club_downtown, deploy(tool))
    made = membership(cast.ben, cast.downtown_member, "2024-09-01", flags="CP")
    token, key = ltik_of(launch), key_of(tool)
    url = knock(token, key).body["differences"]
    made.shown_on_campus = made.shown_on_public = False
    made.save()

    members = knock(token, key, url=url).body["members"]

    assert {"status": "Deleted", "user_id": tool.subject_of(cast.ben.pk), "roles": []} in members


@pytest.mark.parametrize("disclosure", ["none", "name", "email", "all"])
def test_the_launchs_user_is_told_of_as_their_row_is(cast: Cast, disclosure: str) -> None:
    tool = make_tool(disclosure=disclosure, may_read_sourcedid=True)
    launch = launch_of(cast.amara, cast.chess_club, deploy(tool))
    token, key = ltik_of(launch), key_of(tool)

    user = knock(token, key, "/api/idtoken").body["user"]

    [row] = [row for row in knock(token, key).body["members"] if row["user_id"] == user["id"]]
    assert {"user_id": user.pop("id"), **user} == {name: value for name, value in row.items() if name != "status"}


def test_where_two_deployments_cover_an_organization_both_doors_go_by_the_same(cast: Cast) -> None:
    tool = make_tool(disclosure="none")
    of_the_launch = deploy(tool)
    deploy(tool, cast.chess_club, adds_course_roles=True)
    launch = launch_of(cast.amara, cast.chess_club, of_the_launch)

    assert by_door(tool, launch)[0] == by_service(tool, cast.chess_club)[0]
