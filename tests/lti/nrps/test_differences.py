"""`rel="differences"`: what was added, changed or removed since a listing."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from lti.models import Deployment, Tool
from memberships.models import Membership
from organizations.models import Position
from roster import days
from roster.models import User
from tests.lti.tools import CHAIR, MEMBER, OFFICER, access_token, ask, ids, links, path_of, roster, walk
from tests.sample_data import SampleData, membership

pytestmark = pytest.mark.both_databases


@pytest.fixture
def since(sample: SampleData, poll: Tool) -> str:
    """The differences of the chess club's roster, which the tool has read; nothing changed lately before."""
    long_ago = timezone.now() - dt.timedelta(days=1)
    for model in (Tool, Deployment):
        model.objects.update(modified_at=long_ago)
    return links(roster(poll, sample.chess_club))["differences"]


def rows(tool: Tool, url: str) -> list[dict[str, Any]]:
    answer = ask(access_token(tool), url)
    assert answer.status == 200
    members: list[dict[str, Any]] = answer.body["members"]
    return members


def changes(tool: Tool, url: str) -> dict[str, str]:
    """The status of those who changed, by name where that is told."""
    return {row.get("name", row["user_id"]): row["status"] for row in rows(tool, url)}


def gone(tool: Tool, person: User) -> dict[str, Any]:
    return {"status": "Deleted", "user_id": tool.subject_of(person.pk), "roles": []}


def test_nothing_changed_is_an_empty_list(sample: SampleData, poll: Tool, since: str) -> None:
    assert rows(poll, since) == []


def test_somebody_who_joined(sample: SampleData, poll: Tool, since: str) -> None:
    membership(sample.nadia, sample.chess_member, "2025-05-01")

    assert changes(poll, since) == {"Nadia Farouk": "Active"}


def test_a_member_who_got_another_role(sample: SampleData, poll: Tool, since: str) -> None:
    membership(sample.farid, sample.chess_president, "2025-05-01")

    assert [(row["name"], row["roles"]) for row in rows(poll, since)] == [
        ("Farid Haddad-Lowe", [MEMBER, OFFICER, CHAIR])
    ]


def test_a_membership_that_was_deleted(sample: SampleData, poll: Tool, since: str) -> None:
    sample.farid_chess.delete()

    assert rows(poll, since) == [gone(poll, sample.farid)]


def test_a_membership_that_became_somebody_elses(sample: SampleData, poll: Tool, since: str) -> None:
    sample.farid_chess.user = sample.nadia
    sample.farid_chess.save()
    User.objects.update(modified_at=timezone.now() - dt.timedelta(days=1))

    assert [(row["user_id"], row["status"]) for row in rows(poll, since)] == [
        (poll.subject_of(sample.farid.pk), "Deleted"),
        (poll.subject_of(sample.nadia.pk), "Active"),
    ]
    assert len(rows(poll, since)) == 2


def test_a_membership_that_was_ended(sample: SampleData, poll: Tool, since: str) -> None:
    sample.farid_chess.recorded_end = dt.date(2025, 4, 30)
    sample.farid_chess.save()

    assert rows(poll, since) == [gone(poll, sample.farid)]


def test_a_flag_flipped_to_hidden(sample: SampleData, poll: Tool, since: str) -> None:
    sample.farid_chess.shown_on_campus = False
    sample.farid_chess.save()

    assert rows(poll, since) == [gone(poll, sample.farid)]


def test_a_flag_flipped_to_hidden_in_bulk(sample: SampleData, poll: Tool, since: str) -> None:
    Membership.objects.filter(pk=sample.farid_chess.pk).update(shown_on_campus=False)

    assert rows(poll, since) == [gone(poll, sample.farid)]


def test_a_flag_flipped_to_hidden_where_pseudonymous_rows_are_consented_to(sample: SampleData, poll: Tool) -> None:
    poll.deployments.update(tells_bare_members=True, modified_at=timezone.now() - dt.timedelta(days=1))
    Tool.objects.update(modified_at=timezone.now() - dt.timedelta(days=1))
    since = links(roster(poll, sample.chess_club))["differences"]
    Membership.objects.filter(pk=sample.farid_chess.pk).update(shown_on_campus=False)

    assert rows(poll, since) == [{"user_id": poll.subject_of(sample.farid.pk), "roles": [MEMBER]}]


def test_a_person_who_became_confidential(sample: SampleData, poll: Tool, since: str) -> None:
    User.objects.filter(pk=sample.farid.pk).update(is_confidential=True)

    assert rows(poll, since) == [gone(poll, sample.farid)]


def test_a_person_with_a_new_name(sample: SampleData, poll: Tool, since: str) -> None:
    sample.farid.preferred_first_name = "Fari"
    sample.farid.save()

    assert changes(poll, since) == {"Fari Haddad-Lowe": "Active"}


def test_a_template_with_other_roles(sample: SampleData, poll: Tool, since: str) -> None:
    sample.member_kind.lti_roles = [OFFICER]
    sample.member_kind.save()

    assert changes(poll, since) == {"Amara Okafor": "Active", "Farid Haddad-Lowe": "Active"}


def test_a_position_of_another_kind(sample: SampleData, poll: Tool, since: str) -> None:
    sample.chess_member.template = sample.president_kind
    sample.chess_member.save()

    assert [row["roles"] for row in rows(poll, since)] == [[OFFICER, CHAIR], [OFFICER, CHAIR]]


def test_a_membership_moved_to_another_organization(sample: SampleData, poll: Tool, since: str) -> None:
    sample.farid_chess.position = sample.downtown_member
    sample.farid_chess.save()

    assert rows(poll, since) == [gone(poll, sample.farid)]


def test_a_position_moved_to_another_organization(sample: SampleData, poll: Tool, since: str) -> None:
    sample.chess_member.organization = sample.chess_club_downtown
    sample.chess_member.save()

    assert rows(poll, since) == [gone(poll, person) for person in (sample.amara, sample.farid)]
    assert Position.objects.filter(organization=sample.chess_club).count() == 1


def test_an_end_by_date_needs_no_write(
    sample: SampleData, poll: Tool, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    today = timezone.localdate()
    Membership.objects.filter(pk=sample.farid_chess.pk).update(recorded_end=today, modified_at=sample.farid.modified_at)
    long_ago = timezone.now() - dt.timedelta(days=1)
    Tool.objects.update(modified_at=long_ago)
    Deployment.objects.update(modified_at=long_ago)
    since = links(roster(poll, sample.chess_club))["differences"]

    monkeypatch.setattr(days, "today", lambda: today + dt.timedelta(days=1))

    assert rows(poll, since) == [gone(poll, sample.farid)]


def test_a_beginning_by_date_needs_no_write(sample: SampleData, poll: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    made = membership(sample.nadia, sample.chess_member, tomorrow.isoformat())
    Membership.objects.filter(pk=made.pk).update(modified_at=sample.nadia.modified_at)
    long_ago = timezone.now() - dt.timedelta(days=1)
    Tool.objects.update(modified_at=long_ago)
    Deployment.objects.update(modified_at=long_ago)
    since = links(roster(poll, sample.chess_club))["differences"]

    monkeypatch.setattr(days, "today", lambda: tomorrow)

    assert changes(poll, since) == {"Nadia Farouk": "Active"}


def test_another_disclosure_changes_everybody(sample: SampleData, poll: Tool, since: str) -> None:
    poll.disclosure = "none"
    poll.save()

    assert rows(poll, since) == [
        {"user_id": user_id, "roles": [MEMBER]} for user_id in ids(poll, sample.amara, sample.farid)
    ]


def test_another_audience_changes_everybody(sample: SampleData, poll: Tool, since: str) -> None:
    poll.audience = "public"
    poll.save()

    assert {row["user_id"]: row["status"] for row in rows(poll, since)} == {
        poll.subject_of(sample.farid.pk): "Active",
        poll.subject_of(sample.amara.pk): "Deleted",
        poll.subject_of(sample.dalia.pk): "Active",
    }


def test_somebody_the_tool_was_never_disclosed_is_not_reported_as_gone(
    sample: SampleData, poll: Tool, since: str
) -> None:
    sample.dalia_chess.reported_end = dt.date(2025, 5, 1)  # she is on the public roster only
    sample.dalia_chess.save()
    hidden = membership(sample.nadia, sample.chess_member, "2025-05-01", flags="")
    hidden.delete()
    membership(sample.marisol, sample.chess_member, "2025-05-01", flags="CP")  # confidential

    assert rows(poll, since) == []


def test_somebody_disclosed_elsewhere_only_is_not_reported_as_gone_here(
    sample: SampleData, poll: Tool, since: str
) -> None:
    roster(poll, sample.student_government)
    membership(sample.ben, sample.chess_member, "2025-05-01", flags="P")

    assert rows(poll, since) == []


def test_what_the_listing_shown_is_not_reported_again(sample: SampleData, poll: Tool, since: str) -> None:
    Membership.objects.filter(pk=sample.farid_chess.pk).update(modified_at=timezone.now() - dt.timedelta(minutes=5))

    assert changes(poll, since) == {}


def test_a_change_that_was_committed_late_is_reported(sample: SampleData, poll: Tool, since: str) -> None:
    minutes_ago = timezone.now() - dt.timedelta(minutes=5)
    Membership.objects.filter(pk=sample.farid_chess.pk).update(shown_on_campus=False, modified_at=minutes_ago)

    assert rows(poll, since) == [gone(poll, sample.farid)]


def test_changes_come_in_pages(sample: SampleData, poll: Tool, since: str) -> None:
    newcomers = (sample.nadia, sample.lin, sample.hana)
    for person in newcomers:
        membership(person, sample.chess_member, "2025-05-01")
    sample.farid_chess.delete()

    members = walk(poll, f"{since}&limit=1")

    assert [member["user_id"] for member in members] == ids(poll, sample.farid, *newcomers)


def test_an_answer_of_differences_links_to_the_next_differences(sample: SampleData, poll: Tool, since: str) -> None:
    sample.farid_chess.delete()
    later = links(ask(access_token(poll), since))["differences"]
    Membership.objects.filter(pk=sample.farid_chess.pk).update(modified_at=timezone.now() - dt.timedelta(days=1))

    assert later != since
    assert rows(poll, later) == []


def test_every_page_of_a_walk_links_to_the_changes_since_its_beginning(
    sample: SampleData, poll: Tool, since: str
) -> None:
    first = roster(poll, sample.chess_club, limit=1)
    second = ask(access_token(poll), links(first)["next"])
    sample.amara_chess_again.delete()

    assert rows(poll, links(second)["differences"]) == [gone(poll, sample.amara)]


def test_a_listing_by_role_has_no_differences(sample: SampleData, poll: Tool) -> None:
    assert links(roster(poll, sample.chess_club, role="Member")) == {}


def test_the_path_of_differences_is_the_services_own(sample: SampleData, poll: Tool, since: str) -> None:
    assert since.startswith(f"https://testserver{path_of(sample.chess_club)}?since=")
    assert since == since.lower()
