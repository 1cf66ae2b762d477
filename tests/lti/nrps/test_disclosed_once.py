"""Who is gone is reported once, and a change of what the tool may not read is no difference."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth import user_logged_in
from django.utils import timezone

from lti.models import Deployment, Disclosed, Tool
from lti.nrps import differences
from memberships.models import Membership, Reflection
from roster.models import User
from tests.lti.tools import CHAIR, OFFICER, access_token, ask, deploy, ids, links, make_tool, roster, walk
from tests.sample_data import SampleData, membership

pytestmark = pytest.mark.both_databases


class Chain:
    """A tool that read a roster, and follows its differences from one answer to the next."""

    def __init__(self, tool: Tool, sample: SampleData, **asked: Any) -> None:
        self.tool = tool
        for model in (Tool, Deployment):
            model.objects.update(modified_at=timezone.now() - dt.timedelta(days=1))
        self.url = links(roster(tool, sample.chess_club, **asked))["differences"]

    def next(self) -> list[dict[str, Any]]:
        """What the next differences report."""
        members, self.url = self.ask(self.url)
        return members

    def ask(self, url: str) -> tuple[list[dict[str, Any]], str]:
        answer = ask(access_token(self.tool), url)
        return answer.body["members"], links(answer)["differences"]


@pytest.fixture(params=[differences.MAX_CHANGED, -1], ids=["few changed", "anybody may have changed"])
def chain(sample: SampleData, poll: Tool, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Chain:
    monkeypatch.setattr(differences, "MAX_CHANGED", request.param)
    return Chain(poll, sample)


def gone(tool: Tool, *people: User) -> list[dict[str, Any]]:
    return [{"status": "Deleted", "user_id": user_id, "roles": []} for user_id in ids(tool, *people)]


def hide(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_confidential=True)


def test_a_confidential_person_is_reported_once_and_never_again(sample: SampleData, poll: Tool, chain: Chain) -> None:
    hide(sample.farid)
    assert chain.next() == gone(poll, sample.farid)

    user_logged_in.send(sender=User, request=None, user=sample.farid)
    sample.farid.refresh_from_db()
    sample.farid.mobile_phone = "555-0100"
    sample.farid.save()
    membership(sample.farid, sample.chess_president, "2025-05-01")

    assert [chain.next() for _ in range(3)] == [[], [], []]


def test_the_same_url_reports_her_again_and_later_ones_do_not(sample: SampleData, poll: Tool, chain: Chain) -> None:
    first = chain.url
    hide(sample.farid)

    reported, later = chain.ask(first)
    again, later_again = chain.ask(first)
    after, _ = chain.ask(later)
    after_again, _ = chain.ask(later_again)

    assert reported == again == gone(poll, sample.farid)
    assert after == []
    assert after_again == []


def test_somebody_who_is_back_is_disclosed_and_may_go_again(sample: SampleData, poll: Tool, chain: Chain) -> None:
    hide(sample.farid)
    chain.next()
    User.objects.filter(pk=sample.farid.pk).update(is_confidential=False)
    assert [row["user_id"] for row in chain.next()] == ids(poll, sample.farid)

    hide(sample.farid)

    assert chain.next() == gone(poll, sample.farid)
    assert chain.next() == []


def test_two_readers_of_one_tool_are_each_shown_once(sample: SampleData, poll: Tool) -> None:
    one, other = Chain(poll, sample), Chain(poll, sample)
    hide(sample.farid)

    assert one.next() == gone(poll, sample.farid)
    assert one.next() == []
    assert other.next() == gone(poll, sample.farid)
    assert other.next() == []
    assert one.next() == []


def test_a_walk_that_began_before_finds_a_change_for_all(sample: SampleData, poll: Tool) -> None:
    first = roster(poll, sample.chess_club, limit=1)
    reader = Chain(poll, sample)  # begins later, and reads what is about to change
    sample.farid.last_name = "Haddad"
    sample.farid.save()

    second = ask(access_token(poll), links(first)["next"])

    assert [row["family_name"] for row in second.body["members"]] == ["Haddad"]
    assert [row["family_name"] for row in reader.next()] == ["Haddad"]
    assert reader.next() == []
    assert ask(access_token(poll), links(second)["differences"]).body["members"] == []


def test_a_listing_says_who_is_gone_by_leaving_them_out(sample: SampleData, poll: Tool, chain: Chain) -> None:
    hide(sample.farid)
    listing = Chain(poll, sample)

    assert listing.next() == []
    assert chain.next() == gone(poll, sample.farid), "the other reader has to be told"


def test_the_last_page_of_a_listing_says_it_too(sample: SampleData, poll: Tool, chain: Chain) -> None:
    hide(sample.farid)  # the last of all
    pages = roster(poll, sample.chess_club, limit=1)

    assert links(pages).keys() == {"differences"}
    assert ask(access_token(poll), links(pages)["differences"]).body["members"] == []


def test_a_listing_by_role_says_nothing_of_others(sample: SampleData, poll: Tool, chain: Chain) -> None:
    hide(sample.farid)
    roster(poll, sample.chess_club, role="Officer")

    assert chain.next() == gone(poll, sample.farid)


UNREAD: dict[str, dict[str, Any]] = {
    "mobile_phone": {"mobile_phone": "555-0100"},
    "card_id": {"card_id": "c-99"},
    "last_login": {"last_login": timezone.now()},
    "affiliation": {"affiliation": "Alumni"},
    "sis_id": {"sis_id": "s-99"},
    "preferred_email": {"preferred_email": "f@example.org"},
}


@pytest.mark.parametrize("changes", UNREAD.values(), ids=UNREAD)
def test_a_change_of_what_no_tool_reads_is_no_difference(
    sample: SampleData, chain: Chain, changes: dict[str, Any]
) -> None:
    User.objects.filter(pk=sample.farid.pk).update(**changes)

    assert chain.next() == []


@pytest.mark.parametrize(
    "disclosure, names", [("none", []), ("name", []), ("email", ["Farid Haddad-Lowe"]), ("all", ["Farid Haddad-Lowe"])]
)
def test_a_change_beyond_the_disclosure_is_no_difference(sample: SampleData, disclosure: str, names: list[str]) -> None:
    tool = make_tool(disclosure=disclosure)
    deploy(tool)
    chain = Chain(tool, sample)
    User.objects.filter(pk=sample.farid.pk).update(campus_email="new@example.edu")

    assert [row["name"] for row in chain.next()] == names


def test_a_reflection_and_reported_dates_are_no_difference(sample: SampleData, chain: Chain) -> None:
    Reflection.objects.write(sample.farid_chess, "It was a good year.")
    Membership.objects.filter(pk=sample.farid_chess.pk).update(reported_start="2024-09-02", shown_on_public=True)

    assert chain.next() == []


def test_a_second_position_with_the_same_role_is_no_difference(sample: SampleData, chain: Chain) -> None:
    membership(sample.farid, sample.chess_member, "2025-05-01")

    assert chain.next() == []


def test_a_tool_that_is_renamed_changes_nobody(sample: SampleData, poll: Tool, chain: Chain) -> None:
    poll.name = "Poll of the week"
    poll.save()

    assert chain.next() == []


def test_people_of_a_launch_are_disclosed_as_gone(sample: SampleData, poll: Tool) -> None:
    reader = Chain(poll, sample)
    context = Disclosed.objects.all()[0].context
    membership(sample.nadia, sample.chess_member, "2025-05-01")
    Disclosed.objects.record_launch(poll, context, sample.nadia.pk)
    hide(sample.nadia)

    assert reader.next() == gone(poll, sample.nadia)
    assert reader.next() == []


def test_when_much_changed_elsewhere_everybody_here_is_compared(
    sample: SampleData, poll: Tool, chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(differences, "MAX_CHANGED", 1)
    User.objects.update(affiliation="Student")
    membership(sample.nadia, sample.chess_president, "2025-05-01")
    hide(sample.farid)

    farid, nadia = chain.next()

    assert [farid] == gone(poll, sample.farid)
    assert (nadia["user_id"], nadia["roles"]) == (poll.subject_of(sample.nadia.pk), [OFFICER, CHAIR])
    assert chain.next() == []


def test_an_answer_compares_a_number_of_people_at_most_and_links_to_the_rest(
    sample: SampleData, poll: Tool, chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(differences, "MAX_CHANGED", 0)
    monkeypatch.setattr(differences, "MAX_COMPARED", 1)
    hide(sample.farid)

    first = ask(access_token(poll), f"{chain.url}&limit=1")

    assert first.body["members"] == []
    assert walk(poll, f"{chain.url}&limit=1") == gone(poll, sample.farid)


@pytest.mark.parametrize("tools", [1, 3])
def test_each_tool_is_shown_for_itself(sample: SampleData, tools: int) -> None:
    chains = []
    for number in range(tools):
        tool = make_tool(f"Tool {number}")
        deploy(tool)
        chains.append(Chain(tool, sample))
    hide(sample.farid)

    assert [chain.next() for chain in chains] == [gone(chain.tool, sample.farid) for chain in chains]
    assert [chain.next() for chain in chains] == [[]] * tools
