"""`modifiedOn` of those who may not read every column does not change when only the others change."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from memberships.models import Membership
from organizations.models import CustomField, Organization
from roster.models import User
from tests.client import ask
from tests.pages import opened, signed_in
from tests.sample_data import MODIFIED, MODIFIED_MS, SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

DAY = dt.date(2024, 9, 1)


def times(row: Any) -> tuple[bool, bool]:
    """Did the time of modification move, and that of what everybody may read?"""
    row = type(row).objects.get(pk=row.pk)
    return row.modified_at != MODIFIED, row.shown_modified_at != MODIFIED


def save_whole(row: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def save_part(row: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=[*values])


def update(row: Any, **values: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(**values)


def bulk_update(row: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    type(row).objects.bulk_update([row], [*values])


def bulk_create(row: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    type(row).objects.bulk_create([row], update_conflicts=True, update_fields=[*values], unique_fields=["id"])


@pytest.mark.parametrize("write", [save_whole, save_part, update, bulk_update, bulk_create])
def test_private_columns_move_the_time_of_those_who_read_them(sample: SampleData, write: Any) -> None:
    write(sample.farid_chess, reported_start=DAY)
    write(sample.chess_club, parent=sample.student_government, primary_contact=sample.farid)

    assert [times(row) for row in (sample.farid_chess, sample.chess_club)] == [(True, False)] * 2


@pytest.mark.parametrize("write", [save_whole, save_part, update, bulk_update, bulk_create])
def test_any_other_column_moves_both(sample: SampleData, write: Any) -> None:
    write(sample.farid_chess, reported_start=DAY, recorded_start=DAY)
    write(sample.chess_club, parent=sample.student_government, summary="Plays.")

    assert [times(row) for row in (sample.farid_chess, sample.chess_club)] == [(True, True)] * 2


def test_an_old_object_saved_whole_keeps_the_time_that_is_stored(sample: SampleData) -> None:
    old = Membership.objects.get(pk=sample.farid_chess.pk)
    update(sample.farid_chess, shown_on_campus=False)
    stored = Membership.objects.get(pk=old.pk)

    with CaptureQueriesContext(connection) as statements:
        save_whole(old, shown_on_campus=False, reported_end=DAY)

    assert len([each for each in statements if "memberships_membership" in each["sql"]]) == 1
    assert old.shown_modified_at == Membership.objects.get(pk=old.pk).shown_modified_at == stored.shown_modified_at


def test_each_audience_reads_and_filters_by_its_own_time(sample: SampleData) -> None:
    update(sample.farid_chess, reported_start=DAY)
    number = sample.farid_chess.pk

    since = {"ModifiedOnStart": MODIFIED_MS + 1}
    until = {"ModifiedOnEnd": MODIFIED_MS + 1, "membershipId": number}
    assert ask(sample.public_key, "/api/memberships", **since).ids == []
    assert ask(sample.public_key, "/api/memberships", **until).ids == [number]
    assert ask(sample.public_key, f"/api/memberships/{number}").body["modifiedOn"] == MODIFIED_MS
    for credential in (sample.campus_key, sample.staff_key):
        assert ask(credential, "/api/memberships", **since).ids == [number]
        assert ask(credential, "/api/memberships", **until).ids == []
        assert ask(credential, f"/api/memberships/{number}").body["modifiedOn"] > MODIFIED_MS


def test_a_parent_moves_an_organization_for_staff_alone(sample: SampleData) -> None:
    update(sample.chess_club, parent=sample.night_owls)
    number = sample.chess_club.pk

    since = {"ModifiedOnStart": MODIFIED_MS + 1}
    assert ask(sample.staff_key, "/api/organizations", **since).ids == [number]
    for credential in (sample.public_key, sample.campus_key, sample.farid):
        assert ask(credential, "/api/organizations", **since).ids == []
        assert ask(credential, f"/api/organizations/{number}").body["modifiedOn"] == MODIFIED_MS


@pytest.mark.parametrize("is_public", [True, False])
def test_a_custom_field_edited_in_the_admin_moves_the_time_of_those_who_read_it(
    sample: SampleData, is_public: bool
) -> None:
    field = CustomField.objects.get(organization=sample.chess_club, is_public=is_public)
    sample.jolene.user_permissions.add(*Permission.objects.filter(content_type__app_label="organizations"))

    opened(signed_in(User.objects.get(pk=sample.jolene.pk)), field).send(values="Another")

    assert times(sample.chess_club) == (True, is_public)


def test_an_export_carries_both_and_a_folder_without_it_takes_the_other(sample: SampleData, tmp_path: Path) -> None:
    update(sample.farid_chess, reported_start=DAY)
    update(sample.chess_club, primary_contact=sample.farid)
    call_command("export_roster", str(tmp_path / "out"), verbosity=0)

    for file, shown in (("memberships.csv", sample.farid_chess), ("organizations.csv", sample.chess_club)):
        heading, *rows = (tmp_path / "out" / file).read_text(encoding="utf-8-sig").splitlines()
        modified, last = (heading.split(",").index(name) for name in ("modified_at", "shown_modified_at"))
        (row,) = (row.split(",") for row in rows if row.startswith(f"{shown.pk},"))
        assert row[last] != row[modified]
        assert row[last].startswith(f"{MODIFIED:%Y-%m-%d %H:%M:%S}")
    assert Organization.objects.count() > 1
