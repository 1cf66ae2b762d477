"""What changes an account: folded names, times of change, the bulk ways and the partial ways."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F

from roster import days
from roster.models import User
from tests.sample_data import MODIFIED, SampleData

pytestmark = pytest.mark.both_databases

LONG_AGO = days.milliseconds(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))


def stored(user: User) -> User:
    """The account as the database has it."""
    found: User = User.objects.get(pk=user.pk)
    return found


def test_saving_moves_the_modification(sample: SampleData) -> None:
    sample.ben.save()

    assert stored(sample.ben).modified_at > MODIFIED


def test_saving_folds_the_names(sample: SampleData) -> None:
    sample.ben.last_name = "Wítlock"
    sample.ben.save()

    assert stored(sample.ben).name_key == "witlock\x01benjamin"
    assert stored(sample.ben).known_as_key == "witlock\x01ben"


def test_saving_some_fields_takes_their_search_keys_and_the_modification_along(sample: SampleData) -> None:
    sample.ben.preferred_first_name = "BÉNY"
    sample.ben.save(update_fields=["preferred_first_name"])

    assert stored(sample.ben).known_as_key == "whitlock\x01beny"
    assert stored(sample.ben).modified_at > MODIFIED


def test_saving_some_fields_leaves_the_others(sample: SampleData) -> None:
    sample.ben.last_name, sample.ben.school = "Other", "Nursing"
    sample.ben.save(update_fields=["school"])

    assert (stored(sample.ben).last_name, stored(sample.ben).name_key) == ("Whitlock", "whitlock\x01benjamin")
    assert stored(sample.ben).school_folded == "nursing"


def test_saving_no_fields_writes_nothing(sample: SampleData) -> None:
    sample.ben.save(update_fields=[])

    assert stored(sample.ben).modified_at == MODIFIED


def test_a_bulk_change_moves_search_keys_and_modification(sample: SampleData) -> None:
    User.objects.filter(pk=sample.ben.pk).update(affiliation="FACULTÉ")

    assert stored(sample.ben).affiliation_folded == "faculte"
    assert stored(sample.ben).modified_at > MODIFIED
    assert stored(sample.chloe).modified_at == MODIFIED


def test_a_bulk_change_of_all_parts_of_a_key_folds_it(sample: SampleData) -> None:
    names = {"first_name": "Åse", "last_name": "Ek", "preferred_first_name": ""}
    User.objects.filter(pk=sample.ben.pk).update(**names)

    assert (stored(sample.ben).name_key, stored(sample.ben).known_as_key) == ("ek\x01ase", "ek\x01ase")


def test_a_bulk_change_of_one_part_of_a_key_is_refused(sample: SampleData) -> None:
    with pytest.raises(TypeError, match=r"Change first_name and last_name with save\(\)"):
        User.objects.filter(pk=sample.ben.pk).update(last_name="Ek")


def test_a_bulk_change_to_another_column_is_refused_where_it_has_a_search_key(sample: SampleData) -> None:
    with pytest.raises(TypeError, match=r"Change affiliation with save\(\)"):
        User.objects.update(affiliation=F("school"))


def test_bulk_creation_folds_the_names(sample: SampleData) -> None:
    User.objects.bulk_create([User(username="ÅSE.EK", first_name="Åse", last_name="Ek")])
    made = User.objects.get(username_folded="ase.ek")

    assert made.name_key == "ek\x01ase"


def test_a_dated_attribute_that_changes_takes_the_time_of_now(sample: SampleData) -> None:
    ben = stored(sample.ben)
    before = days.milliseconds(ben.created_at)
    ben.school = "Nursing"
    ben.save()

    assert stored(ben).attribute_times.keys() == {"school"}
    assert stored(ben).attribute_times["school"] > before


def test_a_dated_attribute_that_does_not_change_keeps_its_time(sample: SampleData) -> None:
    ben = stored(sample.ben)
    ben.attribute_times = {"school": LONG_AGO}
    ben.save()
    ben.affiliation = "Alumni"
    ben.save()

    assert stored(ben).attribute_times["school"] == LONG_AGO
    assert stored(ben).attribute_times["affiliation"] > LONG_AGO


def test_a_partial_write_dates_what_it_writes(sample: SampleData) -> None:
    ben = stored(sample.ben)
    ben.school, ben.affiliation = "Nursing", "Alumni"
    ben.save(update_fields=["school"])

    assert stored(ben).attribute_times.keys() == {"school"}


def test_what_a_partial_write_left_is_dated_when_it_is_written(sample: SampleData) -> None:
    ben = stored(sample.ben)
    ben.school = "Nursing"
    ben.save(update_fields=["status"])
    ben.save()

    assert stored(ben).attribute_times.keys() == {"school"}


def test_reading_again_is_no_change(sample: SampleData) -> None:
    ben = stored(sample.ben)
    User.objects.filter(pk=ben.pk).update(school="Nursing")
    ben.refresh_from_db()
    ben.save()

    assert stored(ben).attribute_times == {}


def test_an_account_read_in_part_is_saved(sample: SampleData) -> None:
    ben = User.objects.only("school").get(pk=sample.ben.pk)
    ben.school = "Nursing"
    ben.save()

    assert stored(ben).school == "Nursing"
    assert stored(ben).attribute_times.keys() == {"school"}


def test_times_that_the_caller_sets_are_kept(sample: SampleData) -> None:
    ben = stored(sample.ben)
    ben.school, ben.attribute_times = "Nursing", {"school": LONG_AGO}
    ben.save()

    assert stored(ben).attribute_times == {"school": LONG_AGO}


def test_a_username_is_taken_in_other_letter_case_too(sample: SampleData) -> None:
    with pytest.raises(ValidationError) as error:
        User(username="Benjamin.WHITLOCK", password="!").full_clean()

    assert error.value.messages == ["Somebody has this username already, perhaps in other letter case."]


def test_a_username_keeps_the_case_it_is_written_in(sample: SampleData) -> None:
    made = User.objects.create_user("J.Doe")

    assert made.username == "J.Doe"
    assert User.objects.get_by_natural_key("j.dOE") == made


@pytest.mark.parametrize("username", ["", "   ", "a\x00b", "a\nb", "\ud800", "x" * 151])
def test_an_account_without_a_printable_username_is_not_made(sample: SampleData, username: str) -> None:
    with pytest.raises((ValueError, ValidationError)):
        User.objects.create_user(username)


def test_only_an_active_person_can_sign_in(sample: SampleData) -> None:
    assert [user.is_active for user in (sample.amara, sample.grace, sample.kofi)] == [True, False, False]
