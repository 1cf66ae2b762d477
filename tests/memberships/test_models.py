"""What changes a membership: deleting and restoring, its default flags, reflections."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from memberships.models import Membership, Reflection
from organizations.models import PositionTemplate
from tests.sample_data import MODIFIED, SampleData, position

pytestmark = pytest.mark.both_databases

DAY = dt.date(2025, 5, 1)


def stored(membership: Membership) -> Membership:
    """The membership as the database has it."""
    found: Membership = Membership.objects.get(pk=membership.pk)
    return found


def test_deleting_keeps_the_row_and_marks_it(sample: SampleData) -> None:
    sample.ben_chair.delete()

    assert stored(sample.ben_chair).is_deleted
    assert stored(sample.ben_chair).modified_at > MODIFIED


def test_deleting_keeps_the_reflection(sample: SampleData) -> None:
    sample.ben_chair.delete()

    assert stored(sample.ben_chair).reflection.text == "Every club wants a bus. There is one bus."


def test_deleting_says_what_it_deleted(sample: SampleData) -> None:
    assert sample.ben_chair.delete() == (1, {"memberships.Membership": 1})
    assert sample.ben_chair.delete() == (0, {"memberships.Membership": 0})


def test_deleting_again_keeps_the_first_time(sample: SampleData) -> None:
    first = stored(sample.farid_deleted)
    sample.farid_deleted.delete()

    assert stored(sample.farid_deleted).deleted_at == first.deleted_at
    assert stored(sample.farid_deleted).modified_at == first.modified_at


def test_saving_a_deleted_membership_does_not_restore_it(sample: SampleData) -> None:
    sample.ben_chair.delete()
    sample.ben_chair.save()

    assert stored(sample.ben_chair).is_deleted


def test_deleting_many_is_soft_too(sample: SampleData) -> None:
    ben = Membership.objects.filter(user=sample.ben)

    assert ben.delete() == (2, {"memberships.Membership": 2})
    assert ben.not_deleted().count() == 0
    assert all(membership.is_deleted and membership.modified_at > MODIFIED for membership in ben)


def test_restoring_undoes_a_deletion(sample: SampleData) -> None:
    sample.farid_deleted.restore()

    assert not sample.farid_deleted.is_deleted
    assert not stored(sample.farid_deleted).is_deleted
    assert stored(sample.farid_deleted).modified_at > MODIFIED


def test_restoring_what_is_not_deleted_changes_nothing(sample: SampleData) -> None:
    sample.ben_chair.restore()

    assert stored(sample.ben_chair).modified_at == MODIFIED


def test_restoring_many_says_how_many_there_were(sample: SampleData) -> None:
    assert Membership.objects.restore() == 2
    assert Membership.objects.exclude(deleted_at=None).count() == 0


def test_ending_many_ends_those_that_have_begun_and_are_held_longer(sample: SampleData) -> None:
    before = stored(sample.amara_chess), stored(sample.amara_future)

    assert Membership.objects.filter(user=sample.amara).end(on=DAY) == 2

    ended = (sample.amara_president, sample.amara_chess_again)
    assert [stored(membership).recorded_end for membership in ended] == [DAY, DAY]
    assert all(stored(membership).modified_at > MODIFIED for membership in ended)
    after = stored(sample.amara_chess), stored(sample.amara_future)
    assert [row.recorded_end for row in after] == [row.recorded_end for row in before]
    assert [row.modified_at for row in after] == [MODIFIED, MODIFIED]


def test_ending_twice_on_a_day_ends_nothing_more(sample: SampleData) -> None:
    Membership.objects.end(on=DAY)

    assert Membership.objects.end(on=DAY) == 0


@pytest.mark.parametrize(
    "campus, public, expected",
    [
        (None, None, (True, False)),
        (False, None, (False, False)),
        (None, True, (True, True)),
        (False, True, (False, True)),
        (True, False, (True, False)),
    ],
)
def test_a_new_membership_takes_the_default_flags_of_its_template(
    sample: SampleData, campus: bool | None, public: bool | None, expected: tuple[bool, bool]
) -> None:
    kind = PositionTemplate.objects.create(
        name="Webmaster",
        default_type=sample.officer,
        default_shown_on_campus=campus,
        default_shown_on_public=public,
    )
    held = position(sample.chess_club, "Webmaster", kind)
    made = Membership.objects.create(user=sample.nadia, position=held, recorded_start=DAY)

    assert (made.shown_on_campus, made.shown_on_public) == expected
    assert (stored(made).shown_on_campus, stored(made).shown_on_public) == expected


def test_a_flag_that_is_set_wins_over_the_default(sample: SampleData) -> None:
    made = Membership.objects.create(
        user=sample.nadia, position=sample.sg_president, recorded_start=DAY, shown_on_campus=False
    )

    assert (made.shown_on_campus, made.shown_on_public) == (False, True)


def test_validation_takes_the_default_flags_first(sample: SampleData) -> None:
    made = Membership(user=sample.nadia, position=sample.sg_president, recorded_start=DAY)
    made.full_clean()

    assert (made.shown_on_campus, made.shown_on_public) == (True, True)


def test_validation_of_a_membership_without_a_position_says_so(sample: SampleData) -> None:
    with pytest.raises(ValidationError) as error:
        Membership(user=sample.nadia, recorded_start=DAY).full_clean()

    assert "position" in error.value.message_dict


def test_changing_a_template_leaves_the_memberships_there_are(sample: SampleData) -> None:
    PositionTemplate.objects.filter(pk=sample.president_kind.pk).update(default_shown_on_public=False)
    sample.amara_president.save()

    assert stored(sample.amara_president).shown_on_public


def test_the_same_person_may_hold_the_same_position_again_and_on_one_day(sample: SampleData) -> None:
    again = Membership.objects.create(
        user=sample.amara, position=sample.participant, recorded_start=DAY, recorded_end=DAY
    )
    twice = Membership.objects.create(
        user=sample.amara, position=sample.participant, recorded_start=DAY, recorded_end=DAY
    )

    assert again.pk != twice.pk


def test_saving_some_fields_moves_the_modification(sample: SampleData) -> None:
    sample.ben_chair.recorded_end = DAY
    sample.ben_chair.save(update_fields=["recorded_end"])

    assert stored(sample.ben_chair).recorded_end == DAY
    assert stored(sample.ben_chair).modified_at > MODIFIED


def test_a_bulk_change_moves_the_modification(sample: SampleData) -> None:
    Membership.objects.filter(pk=sample.ben_chair.pk).update(shown_on_public=False)

    assert stored(sample.ben_chair).modified_at > MODIFIED
    assert stored(sample.ben_treasurer).modified_at == MODIFIED


def test_reflecting_writes_the_text_and_is_no_modification_of_the_membership(sample: SampleData) -> None:
    Reflection.objects.write(sample.ben_treasurer, "Ledgers are honest.")

    assert stored(sample.ben_treasurer).reflection.text == "Ledgers are honest."
    assert stored(sample.ben_treasurer).modified_at == MODIFIED


def test_reflecting_again_replaces_the_text_and_moves_the_time_of_the_reflection(sample: SampleData) -> None:
    before = stored(sample.ben_chair).reflection.modified_at
    Reflection.objects.write(sample.ben_chair, "Two buses now.")

    assert stored(sample.ben_chair).reflection.text == "Two buses now."
    assert stored(sample.ben_chair).reflection.modified_at > before
    assert stored(sample.ben_chair).modified_at == MODIFIED


def test_a_blank_reflection_takes_the_text_away(sample: SampleData) -> None:
    Reflection.objects.write(sample.ben_chair, "  \n")

    assert not Reflection.objects.filter(membership=sample.ben_chair).exists()
    assert stored(sample.ben_chair).modified_at == MODIFIED
