"""Identifiers are trimmed wherever they come in, and refused with anything that cannot be seen; names keep joiners."""

import sys
import unicodedata
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from memberships.importing.csv.cells import ColumnReader
from memberships.importing.csv.cells import InvalidCell as BadCell
from memberships.importing.engage.values import TextReader as EngageText
from memberships.importing.errors import InvalidValue
from roster.models import User
from roster.names import is_identifier, validate_identifier, validate_name
from tests.client import ask
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases]

FIELDS = [field for model in apps.get_models() for field in model._meta.fields if is_identifier(field)]
SPACES = [" ", "\u00a0", "\u2009", "\u3000", "\t"]
INVISIBLE = ["\u200b", "\ufeff", "\u00ad", "\u200e", "\u202e", "\u2060", "\u115f", "\u3164", "\ufe0f", "\U000e0001"]


def as_text(char: str) -> str:
    return f"a{char}b@example.edu"


def test_the_identifiers_are_those_by_which_people_are_distinguished() -> None:
    assert {field.name for field in FIELDS if field.model is User} == {
        *("username", "campus_email", "preferred_email", "card_id", "sis_id"),
    }


def test_nothing_invisible_of_all_of_unicode_is_accepted() -> None:
    categories = {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}
    chars = map(chr, range(sys.maxunicode + 1))
    invisible = [char for char in chars if char != " " and unicodedata.category(char) in categories]
    accepted = []
    for char in [*invisible, *INVISIBLE, "  "]:
        try:
            validate_identifier(as_text(char))
        except ValidationError:
            continue
        accepted.append(char)

    assert accepted == []
    assert len(invisible) > 2000


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.model.__name__}.{field.name}")
def test_every_way_in_trims_and_refuses_alike(field: Any) -> None:
    for space in SPACES:
        assert field.formfield().clean(f"{space}a@example.edu{space}") == "a@example.edu"
        assert ColumnReader(field).all([f"{space}a@example.edu{space}"]) == ["a@example.edu"]
        assert EngageText(field)(f"{space}a@example.edu{space}") == "a@example.edu"
    for char in INVISIBLE:
        with pytest.raises(ValidationError):
            field.run_validators(as_text(char))
        with pytest.raises(BadCell):
            ColumnReader(field).all([as_text(char)])
        with pytest.raises(InvalidValue):
            EngageText(field)(as_text(char))


@pytest.mark.parametrize("value", ["amara.okafor ", " Amara.Okafor", "amara.okafor\u00a0"])
def test_a_username_is_found_with_spaces_around_it(sample: SampleData, value: str) -> None:
    assert ask(sample.staff_key, "/api/users", username=value).ids == [sample.amara.pk]
    assert User.objects.get_by_natural_key(value) == sample.amara


def test_a_card_and_a_sis_id_are_found_with_spaces_around_them(sample: SampleData) -> None:
    User.objects.filter(pk=sample.amara.pk).update(card_id="600912", sis_id="S730000")

    assert ask(sample.staff_key, "/api/users", cardId=" 600912 ").ids == [sample.amara.pk]
    assert ask(sample.staff_key, "/api/users", sisId="S730000\u00a0").ids == [sample.amara.pk]


@pytest.mark.django_db
def test_an_account_is_made_without_spaces_and_not_with_what_cannot_be_seen() -> None:
    assert User.objects.create_user(" jsmith\u00a0").username == "jsmith"
    for name in ("jsmith\u200b", "j\u00adsmith", "\ufeffjsmith"):
        with pytest.raises(ValidationError):
            User.objects.create_user(name)


@pytest.mark.parametrize("name", ["می‌خواهم", "क्‍ष", "Teatro Ñandú", "O\u2019Brien", "👩‍💻 Club"])
def test_a_name_keeps_joiners_between_letters(name: str) -> None:
    validate_name(name)


@pytest.mark.parametrize(
    "name", ["\u202eClub", "Cl\u2066ub", "\u200b", "\u3164", "\u2800 ", "Club\u200d", "\u200cClub", "a \u200d b"]
)
def test_a_name_turns_no_direction_and_shows_something(name: str) -> None:
    with pytest.raises(ValidationError):
        validate_name(name)


def test_of_all_that_formats_text_a_name_holds_what_scripts_need_and_nothing_else() -> None:
    accepted = []
    for char in filter(lambda char: unicodedata.category(char) == "Cf", map(chr, range(sys.maxunicode + 1))):
        try:
            validate_name(f"Club{char}house")
        except ValidationError:
            continue
        accepted.append(char)

    joiners, flags = {"\u200c", "\u200d"}, {chr(number) for number in range(0xE0020, 0xE0080)}
    assert joiners | flags <= set(accepted)
    names = {unicodedata.name(char).split()[0] for char in set(accepted) - joiners - flags}
    assert names == {"ARABIC", "SYRIAC", "MONGOLIAN", "KAITHI", "EGYPTIAN"}


@pytest.mark.parametrize("char", ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u200f", "\u061c"])
def test_a_name_has_nothing_hidden_in_it(char: str) -> None:
    for name in (f"Chess{char}Club", f"{char}Chess Club", f"Chess Club{char}"):
        with pytest.raises(ValidationError):
            validate_name(name)
    validate_name("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f Club")
