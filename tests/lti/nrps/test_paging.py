"""Pages of a roster: `limit`, the link to the next page, and rows that come and go between pages."""

import re

import pytest

from lti.models import Tool
from memberships.models import Membership
from roster.models import User
from tests.lti.many_members import join
from tests.lti.tools import access_token, ask, ids, links, path_of, roster, user_ids, walk
from tests.sample_data import SampleData, membership

pytestmark = pytest.mark.both_databases


@pytest.fixture
def crowd(sample: SampleData) -> list[User]:
    """205 more members of the chess club."""
    return join(sample.chess_member, 205)


def test_a_page_has_100_members_unless_asked(sample: SampleData, poll: Tool, crowd: list[User]) -> None:
    assert len(roster(poll, sample.chess_club).body["members"]) == 100


@pytest.mark.parametrize("limit", [1, 2, 99, 100, 101, 207])
def test_limit_is_the_size_of_a_page(sample: SampleData, poll: Tool, crowd: list[User], limit: int) -> None:
    answer = roster(poll, sample.chess_club, limit=limit)

    assert len(answer.body["members"]) == limit
    assert ("next" in links(answer)) == (limit < 207)


def test_a_limit_over_500_is_served_as_500(sample: SampleData, poll: Tool) -> None:
    join(sample.chess_member, 500)

    assert len(roster(poll, sample.chess_club, limit=9_999_999_999).body["members"]) == 500


@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "ten", "", " ", "１", "1\x00"])
def test_it_refuses_a_limit_that_is_no_number_from_one(sample: SampleData, poll: Tool, limit: str) -> None:
    answer = roster(poll, sample.chess_club, limit=limit)

    assert answer.status == 400
    assert list(answer.refused) == ["limit"]


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_a_walk_finds_everybody_once_in_order(sample: SampleData, poll: Tool, crowd: list[User], limit: int) -> None:
    if limit == 1:
        Membership.objects.filter(user__in=crowd[10:]).delete()
        crowd = crowd[:10]

    members = walk(poll, path_of(sample.chess_club), limit=limit)

    assert [member["user_id"] for member in members] == ids(poll, sample.amara, sample.farid, *crowd)


def test_the_next_page_keeps_the_limit_and_the_role(sample: SampleData, poll: Tool, crowd: list[User]) -> None:
    membership(crowd[0], sample.chess_president, "2024-09-01")
    first = roster(poll, sample.chess_club, limit=10, role="Member")

    second = ask(access_token(poll), links(first)["next"])

    assert len(second.body["members"]) == 10
    assert user_ids(first) + user_ids(second) == ids(poll, sample.amara, sample.farid, *crowd)[:20]


def test_a_limit_beside_a_link_counts_from_there_on(sample: SampleData, poll: Tool, crowd: list[User]) -> None:
    link = links(roster(poll, sample.chess_club, limit=2))["next"]

    assert len(ask(access_token(poll), f"{link}&limit=7").body["members"]) == 7


def test_those_who_come_and_go_between_pages_neither_repeat_nor_push_anyone_out(
    sample: SampleData, poll: Tool, crowd: list[User]
) -> None:
    first = roster(poll, sample.chess_club)
    join(sample.chess_member, 5, first=300)
    sample.amara_chess_again.delete()  # told of already
    Membership.objects.filter(user=crowd[150]).delete()  # not told of yet
    membership(crowd[3], sample.chess_president, "2024-09-01")  # told of already, and now in an earlier position
    membership(crowd[160], sample.chess_president, "2024-09-01")

    rest = walk(poll, links(first)["next"])

    seen_ids = user_ids(first) + [member["user_id"] for member in rest]
    assert len(seen_ids) == len(set(seen_ids))
    stayed = [person for person in crowd if person != crowd[150]]
    assert set(ids(poll, sample.amara, sample.farid, *stayed)) <= set(seen_ids)
    assert poll.subject_of(crowd[150].pk) not in seen_ids


def test_the_next_link_comes_first_in_double_quotes(sample: SampleData, poll: Tool) -> None:
    header = roster(poll, sample.chess_club, limit=1).headers["Link"]

    assert re.match(r'<[^<>" ]+>; rel="next", <[^<>" ]+>; rel="differences"$', header)


def test_links_survive_being_written_in_lower_case(sample: SampleData, poll: Tool, crowd: list[User]) -> None:
    header = roster(poll, sample.chess_club, limit=1).headers["Link"]

    assert header == header.lower()
    assert user_ids(ask(access_token(poll), links_of(header.lower())["next"])) == ids(poll, sample.farid)


def links_of(header: str) -> dict[str, str]:
    return {relation: url for url, relation in re.findall(r'<([^>]*)>; rel="(\w+)"', header)}


def test_links_are_short_however_long_the_role(sample: SampleData, poll: Tool) -> None:
    role = "http://purl.imsglobal.org/vocab/lis/v2/membership#".ljust(255, "x")
    sample.member_kind.lti_roles = [role]
    sample.member_kind.save()

    answer = roster(poll, sample.chess_club, limit=1, role=role)

    assert "next" in links(answer)
    assert len(answer.headers["Link"]) < 1500


def test_links_are_sealed(sample: SampleData, poll: Tool) -> None:
    sealed = bytes.fromhex(links(roster(poll, sample.chess_club, limit=1))["next"].partition("?page=")[2])

    assert b"after" not in sealed
    assert (
        links(roster(poll, sample.chess_club, limit=1))["next"]
        != links(roster(poll, sample.chess_club, limit=1))["next"]
    )


def test_the_context_stands_in_the_path_for_clients_that_replace_the_query(sample: SampleData, poll: Tool) -> None:
    url = roster(poll, sample.chess_club).body["id"]

    assert "?" not in url
    assert user_ids(ask(access_token(poll), url, limit=1)) == ids(poll, sample.amara)
