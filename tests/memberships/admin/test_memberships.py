"""Memberships on their own pages: whose, what, when, who may see it, and the reflection."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from memberships.models import Membership, Reflection
from roster import days
from roster.models import User
from tests.pages import opened, signed_in
from tests.sample_data import MODIFIED, SampleData, person

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def client(sample: SampleData) -> Client:
    return signed_in(User.objects.create_superuser("root"))


def clerk(*rights: str) -> Client:
    user = person("clerk", "Casey", "Clerk", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return signed_in(user)


def added(client: Client, user: User, position: Any, **fields: Any) -> Membership:
    held = {"user": str(user.pk), "position": str(position.pk), "recorded_start": "2025-01-31"}
    opened(client, Membership, "add").send(**{**held, **fields})
    made: Membership = Membership.objects.get(user=user, position=position)
    return made


def test_a_link_fills_in_whose_and_what(client: Client, sample: SampleData) -> None:
    page = opened(client, Membership, "add", user=sample.nadia.pk, position=sample.senator.pk)

    assert (page.form.data["user"], page.form.data["position"]) == ([str(sample.nadia.pk)], [str(sample.senator.pk)])


@pytest.mark.parametrize("value", ["x", "-1", "99999999999999999999", "\x00"])
def test_a_link_with_something_that_is_no_id_fills_in_nothing(client: Client, value: str) -> None:
    assert opened(client, Membership, "add", user=value).status == 200


@pytest.mark.parametrize("position_name, flags", [("sg_president", (True, True)), ("senator", (True, False))])
def test_flags_left_open_take_the_defaults_of_the_template(
    client: Client, sample: SampleData, position_name: str, flags: tuple[bool, bool]
) -> None:
    made = added(client, sample.nadia, getattr(sample, position_name))

    assert (made.shown_on_campus, made.shown_on_public) == flags
    assert (made.recorded_start, made.recorded_end, made.deleted_at) == (dt.date(2025, 1, 31), None, None)


def test_flags_that_are_given_are_kept(client: Client, sample: SampleData) -> None:
    made = added(client, sample.nadia, sample.sg_president, shown_on_campus="false", shown_on_public="false")

    assert (made.shown_on_campus, made.shown_on_public) == (False, False)


def test_a_flag_can_be_given_back_to_the_template(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.ben_treasurer)
    assert (page.form.data["shown_on_campus"], page.form.data["shown_on_public"]) == (["true"], ["false"])
    sample.treasurer_kind.default_shown_on_public = True
    sample.treasurer_kind.save()

    page.send(shown_on_public="unknown")

    sample.ben_treasurer.refresh_from_db()
    assert sample.ben_treasurer.shown_on_public is True


def test_a_new_membership_begins_today_unless_another_day_is_given(client: Client) -> None:
    assert opened(client, Membership, "add").form.data["recorded_start"] == [days.today().isoformat()]


def test_reported_days_are_kept_beside_the_recorded_ones(client: Client, sample: SampleData) -> None:
    made = added(client, sample.nadia, sample.senator, reported_start="2024-12-24", reported_end="2025-02-28")

    assert (made.reported_start, made.reported_end) == (dt.date(2024, 12, 24), dt.date(2025, 2, 28))
    assert (made.recorded_start, made.recorded_end) == (dt.date(2025, 1, 31), None)


def test_the_same_person_may_hold_the_same_position_again_and_for_one_day(client: Client, sample: SampleData) -> None:
    held = {"user": str(sample.amara.pk), "position": str(sample.chess_member.pk)}
    day = {"recorded_start": "2024-09-05", "recorded_end": "2024-09-05"}

    opened(client, Membership, "add").send(**held, **day)

    assert Membership.objects.filter(user=sample.amara, position=sample.chess_member).count() == 3


@pytest.mark.parametrize(
    "fields, error",
    [
        ({"recorded_end": "2025-01-30"}, "A membership does not end before it starts."),
        ({"recorded_start": ""}, "This field is required."),
        ({"recorded_start": "31.01.2025"}, "Write the day as year-month-day, such as 2026-11-28."),
        ({"recorded_start": "2025-02-30"}, "Write the day as year-month-day, such as 2026-11-28."),
        ({"recorded_end": "99999-01-01"}, "Write the day as year-month-day, such as 2026-11-28."),
        ({"user": ""}, "This field is required."),
        ({"position": ""}, "This field is required."),
        ({"user": "0"}, "Select a valid choice. That choice is not one of the available choices."),
        ({"user": "99999999999999999999"}, "Select a valid choice. That choice is not one of the available choices."),
    ],
)
def test_a_membership_that_breaks_a_rule_is_not_added(
    client: Client, sample: SampleData, fields: dict[str, str], error: str
) -> None:
    held = {"user": str(sample.nadia.pk), "position": str(sample.senator.pk), "recorded_start": "2025-01-31"}

    page = opened(client, Membership, "add").send(**{**held, **fields})

    assert page.errors == [error]
    assert not Membership.objects.filter(user=sample.nadia).exists()


def test_a_membership_does_not_come_to_end_before_it_starts(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.ben_chair).send(recorded_end="2024-05-31")

    assert page.errors == ["A membership does not end before it starts."]


def test_a_membership_is_ended_and_counts_as_modified(client: Client, sample: SampleData) -> None:
    opened(client, sample.ben_chair).send(recorded_end="2025-04-30")

    sample.ben_chair.refresh_from_db()
    assert sample.ben_chair.recorded_end == dt.date(2025, 4, 30)
    assert sample.ben_chair.modified_at > MODIFIED


def test_a_page_sent_back_as_it_was_changes_nothing(client: Client, sample: SampleData) -> None:
    opened(client, sample.ben_chair).send()

    sample.ben_chair.refresh_from_db()
    assert sample.ben_chair.modified_at == MODIFIED


def test_the_history_tells_what_was_changed(client: Client, sample: SampleData) -> None:
    opened(client, sample.ben_chair).send(recorded_end="2025-04-30")

    assert "Changed Recorded end." in opened(client, sample.ben_chair, "history").text


# Reflections


def test_who_may_change_reflections_writes_one(client: Client, sample: SampleData) -> None:
    opened(client, sample.ben_treasurer).send(reflection_text="Sums are poems.")

    sample.ben_treasurer.refresh_from_db()
    assert sample.ben_treasurer.reflection.text == "Sums are poems."
    assert sample.ben_treasurer.modified_at == MODIFIED


def test_a_reflection_that_is_emptied_is_taken_away(client: Client, sample: SampleData) -> None:
    opened(client, sample.ben_chair).send(reflection_text="  ")

    sample.ben_chair.refresh_from_db()
    assert not Reflection.objects.filter(membership=sample.ben_chair).exists()
    assert sample.ben_chair.modified_at == MODIFIED


def test_who_may_only_see_reflections_reads_them(sample: SampleData) -> None:
    page = opened(clerk("view_membership", "change_membership", "view_reflection"), sample.ben_chair)
    assert "Every club wants a bus." in page.text

    page.send(reflection_text="Mine.", recorded_end="2025-04-30")

    sample.ben_chair.refresh_from_db()
    assert sample.ben_chair.recorded_end == dt.date(2025, 4, 30)
    assert sample.ben_chair.reflection.text.startswith("Every club")


def test_no_reflection_is_shown_to_others(sample: SampleData) -> None:
    page = opened(clerk("view_membership", "change_membership"), sample.ben_chair)
    assert "bus" not in page.response.content.decode()

    page.send(reflection_text="Mine.", recorded_end="2025-04-30")

    assert Reflection.objects.get(membership=sample.ben_chair).text.startswith("Every club")


def test_who_may_only_look_at_memberships_reads_reflections_with_the_permission(sample: SampleData) -> None:
    page = opened(clerk("view_membership", "change_reflection"), sample.ben_chair)

    assert "Every club wants a bus." in page.text
    assert "reflection_text" not in page.form.data


# The list


@pytest.mark.parametrize(
    "parameters, names",
    [
        ({"period": "upcoming"}, ["amara_future"]),
        ({"user": "marisol", "period": "current"}, ["marisol_senator", "marisol_actor"]),
        ({"organization": "lead"}, ["amara_one_day"]),
        ({"position": "lighting"}, ["ignacio_lights", "ignacio_lights_again"]),
        ({"position": "lighting", "period": "past"}, ["ignacio_lights"]),
        ({"roster": "none"}, ["lin_finance"]),
        ({"roster": "public"}, ["chloe_senator", "dalia_chess"]),
        ({"organization": "chess_club", "roster": "campus"}, ["amara_chess", "amara_chess_again"]),
        ({"user": "amara", "q": "chess"}, ["amara_chess", "amara_chess_again"]),
        ({"deleted": "yes"}, ["farid_deleted", "lin_deleted"]),
        ({"position": "actor", "deleted": "all"}, ["lin_deleted", "marisol_actor"]),
        ({"position": "actor"}, ["marisol_actor"]),
    ],
)
def test_the_list_is_narrowed(client: Client, sample: SampleData, parameters: dict[str, str], names: list[str]) -> None:
    asked = {name: getattr(getattr(sample, value, value), "pk", value) for name, value in parameters.items()}

    listed = opened(client, Membership, **asked).listed

    assert sorted(row.pk for row in listed) == sorted(getattr(sample, name).pk for name in names)


def test_unknown_words_narrow_nothing(client: Client) -> None:
    everything = len(opened(client, Membership).listed)

    assert len(opened(client, Membership, period="x", roster="x", deleted="x").listed) == everything


def test_a_list_of_deleted_ones_tells_when(client: Client) -> None:
    assert "deleted_at" in opened(client, Membership, deleted="yes").response.context["cl"].list_display
    assert "deleted_at" not in opened(client, Membership).response.context["cl"].list_display
