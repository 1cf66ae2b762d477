"""Memberships as records have them."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from memberships.models import Membership, Reflection
from organizations.models import PositionTemplate
from roster import days
from tests.memberships.importing.engage.conftest import Importer
from tests.memberships.importing.engage.records import (
    CREATED,
    FIRST_DAY,
    LAST_DAY,
    MEMBERSHIP,
    TEMPLATE,
    a_membership,
    new_york,
    without,
)

pytestmark = pytest.mark.both_databases


def test_it_keeps_the_ids_and_days(run_import: Importer) -> None:
    run_import(
        a_membership(
            positionRecordedEndDate=LAST_DAY,
            positionReportedStartDate=new_york(2012, 11, 4),
            positionReportedEndDate=new_york(2013, 3, 10),
        )
    )

    membership = Membership.objects.get()
    assert membership.pk == MEMBERSHIP
    assert (membership.recorded_start, membership.recorded_end) == (dt.date(2012, 10, 25), dt.date(2013, 5, 31))
    assert (membership.reported_start, membership.reported_end) == (dt.date(2012, 11, 4), dt.date(2013, 3, 10))


def test_a_period_may_be_one_day(run_import: Importer) -> None:
    run_import(a_membership(positionRecordedEndDate=FIRST_DAY))

    membership = Membership.objects.get()
    assert membership.recorded_start == membership.recorded_end == dt.date(2012, 10, 25)


@pytest.mark.parametrize(
    "value, kept", [("True", True), ("False", False), ("true", True), ("FALSE", False), (True, True), (False, False)]
)
def test_flags_are_booleans_or_their_words(run_import: Importer, value: Any, kept: bool) -> None:
    run_import(a_membership(userShownOnCampusRoster=value, userShownOnPublicRoster=value))

    membership = Membership.objects.get()
    assert (membership.shown_on_campus, membership.shown_on_public) == (kept, kept)


def test_flags_that_are_not_given_are_the_templates(run_import: Importer) -> None:
    PositionTemplate.objects.create(
        pk=TEMPLATE, name="Member", default_shown_on_campus=False, default_shown_on_public=True
    )

    run_import(without(a_membership(userShownOnCampusRoster=None), "userShownOnPublicRoster"))

    membership = Membership.objects.get()
    assert (membership.shown_on_campus, membership.shown_on_public) == (False, True)


def test_flags_that_are_not_given_later_stay(run_import: Importer) -> None:
    run_import(a_membership(userShownOnCampusRoster=False, userShownOnPublicRoster=True))

    run_import(without(a_membership(), "userShownOnCampusRoster", "userShownOnPublicRoster"))

    membership = Membership.objects.get()
    assert (membership.shown_on_campus, membership.shown_on_public) == (False, True)


def test_a_deleted_record_is_marked(run_import: Importer) -> None:
    before = timezone.now()

    run_import(a_membership(deleted=True))

    deleted_at = Membership.objects.get().deleted_at
    assert deleted_at is not None
    assert before <= deleted_at <= timezone.now()


def test_a_record_that_is_deleted_later_is_marked_then(run_import: Importer) -> None:
    run_import(a_membership(deleted=False))

    run_import(a_membership(deleted="true"))

    assert Membership.objects.get().is_deleted


def test_a_deleted_record_that_comes_back_is_restored(run_import: Importer) -> None:
    run_import(a_membership(deleted=True))

    run_import(a_membership(deleted=False))

    assert not Membership.objects.get().is_deleted


def test_a_record_that_does_not_tell_leaves_a_deleted_one_deleted(run_import: Importer) -> None:
    run_import(a_membership(deleted=True))

    run_import(a_membership())

    assert Membership.objects.get().is_deleted


def test_a_reflection_is_kept(run_import: Importer) -> None:
    run_import(a_membership(reflection="I learned to tie knots.\nAll of them."))

    assert Reflection.objects.get().text == "I learned to tie knots.\nAll of them."


def test_a_reflection_changes(run_import: Importer) -> None:
    run_import(a_membership(reflection="I learned to tie knots."))
    modified_at = Membership.objects.get().modified_at

    run_import(a_membership(reflection="I learned to untie knots."))

    assert Reflection.objects.get().text == "I learned to untie knots."
    assert Membership.objects.get().modified_at == modified_at


@pytest.mark.parametrize("blank", ["", None, " "])
def test_a_blank_reflection_takes_none_away(run_import: Importer, blank: str | None) -> None:
    run_import(a_membership(reflection="I learned to tie knots."))

    run_import(a_membership(reflection=blank))

    assert Reflection.objects.get().text == "I learned to tie knots."


def test_the_time_it_was_created_is_kept_to_the_millisecond(run_import: Importer) -> None:
    run_import(a_membership(createdOn=CREATED))

    assert days.milliseconds(Membership.objects.get().created_at) == CREATED


def test_the_time_it_was_modified_is_that_of_the_import(run_import: Importer) -> None:
    before = timezone.now()

    run_import(a_membership(createdOn=CREATED, modifiedOn=CREATED))

    assert before <= Membership.objects.get().modified_at <= timezone.now()


def test_a_record_changes_what_it_says_and_nothing_else(run_import: Importer) -> None:
    run_import(a_membership(createdOn=CREATED, reflection="Knots."))
    before = Membership.objects.get()

    output = run_import(a_membership(positionRecordedEndDate=LAST_DAY))

    after = Membership.objects.get()
    assert after.recorded_end == dt.date(2013, 5, 31)
    assert after.modified_at > before.modified_at
    assert (after.created_at, after.recorded_start, after.shown_on_campus) == (
        *(before.created_at, before.recorded_start),
        before.shown_on_campus,
    )
    assert [line.split() for line in output.splitlines() if line.startswith("memberships")] == [
        ["memberships", "0", "1", "0", "0"]
    ]


def test_an_end_that_is_taken_back_is_taken_back(run_import: Importer) -> None:
    run_import(a_membership(positionRecordedEndDate=LAST_DAY))

    run_import(a_membership(positionRecordedEndDate=None))

    assert Membership.objects.get().recorded_end is None


def test_an_answer_that_withholds_the_username_takes_no_reported_dates_away(run_import: Importer) -> None:
    run_import(a_membership(positionReportedEndDate=LAST_DAY))

    run_import(a_membership(username="", userCampusEmail=""))

    membership = Membership.objects.select_related("user").get()
    assert membership.reported_end == dt.date(2013, 5, 31)
    assert (membership.user.username, membership.user.campus_email) == ("204518", "wexley.tran@example.edu")


def test_the_same_person_may_hold_the_same_position_again(run_import: Importer) -> None:
    again = a_membership(membershipId=MEMBERSHIP + 1, positionRecordedStartDate=LAST_DAY)

    run_import([a_membership(positionRecordedEndDate=LAST_DAY), again])

    assert [(each.pk, each.position_id) for each in Membership.objects.order_by("pk")] == [
        (MEMBERSHIP, again["positionId"]),
        (MEMBERSHIP + 1, again["positionId"]),
    ]
