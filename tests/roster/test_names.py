"""Names compare by one folding, and in byte order on every database."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organizations.models import Category, PositionTemplate
from roster.names import MAX_SEARCH_KEY_LENGTH, SEPARATOR, SearchKeyField, search_key, validate_name

names = st.text(st.characters(exclude_categories=["Cs"]))
printable = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@pytest.mark.parametrize(
    "name, folded",
    [
        ("Chess Club", "chess club"),
        ("TEATRO ÑANDÚ", "teatro nandu"),
        ("Straße", "strasse"),
        ("ﬁlm", "film"),
        ("Ελλάς", "ελλασ"),
        ("Łódź", "łodz"),  # the stroke is part of the letter
        ("İstanbul", "istanbul"),
        ("²", "2"),
        ("*LEAD*", "*lead*"),
        ("한국", unicodedata.normalize("NFD", "한국")),
        ("अध्यक्ष", "अधयकष"),  # the virama is a combining mark, the vowel signs are not
        ("", ""),
    ],
)
def test_a_name_folds(name: str, folded: str) -> None:
    assert search_key(name) == folded


@given(names)
def test_normalizing_twice_changes_nothing(name: str) -> None:
    assert search_key(search_key(name)) == search_key(name)


@given(names, names)
def test_the_search_key_of_a_whole_is_that_of_its_parts(one: str, other: str) -> None:
    assert search_key(one + other) == search_key(one) + search_key(other)


@given(names)
def test_the_way_accents_are_encoded_makes_no_difference(name: str) -> None:
    forms = {search_key(unicodedata.normalize(form, name)) for form in ("NFC", "NFD", "NFKC", "NFKD")}

    assert forms == {search_key(name)}


@given(names)
def test_no_combining_mark_is_left(name: str) -> None:
    assert not any(unicodedata.combining(char) for char in search_key(name))


@given(names)
def test_lower_case_makes_no_difference(name: str) -> None:
    assert search_key(name.lower()) == search_key(name)


def test_upper_case_makes_no_difference_but_to_two_letters_that_share_a_capital() -> None:
    """The dotless i has the capital of the dotted one; the Greek iota below a vowel becomes a letter beside it."""
    everything = (chr(number) for number in range(0x110000) if not 0xD800 <= number < 0xE000)
    with_capital = (char for char in everything if char.upper() != char)
    different = "".join(char for char in with_capital if search_key(char.upper()) != search_key(char))

    assert [char for char in different if char != "ı" and "\u0345" not in unicodedata.normalize("NFD", char)] == []


@pytest.mark.parametrize("name", ["tab\there", "line\nbreak", "nul\x00", "escape\x1b", SEPARATOR, "half\ud800"])
def test_a_name_that_cannot_be_printed_on_a_line_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="control characters"):
        validate_name(name)


@pytest.mark.parametrize("name", [" ", "\u0301", " \u0301 ", "´"])
def test_a_name_of_nothing_but_spaces_and_accents_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="more than spaces and accents"):
        validate_name(name)


def test_a_name_whose_search_key_is_too_long_to_index_is_refused() -> None:
    ligature = "\ufdfa"  # one character, 18 when it is folded
    validate_name("x" * MAX_SEARCH_KEY_LENGTH)
    validate_name(ligature * (MAX_SEARCH_KEY_LENGTH // 18))

    with pytest.raises(ValidationError, match="longer than 320"):
        validate_name(ligature * (MAX_SEARCH_KEY_LENGTH // 18 + 1))


def test_the_key_of_several_names_joins_them_most_significant_first() -> None:
    field = SearchKeyField(of=("last", "preferred|first"))

    assert field.sources == {"last", "preferred", "first"}
    assert field.search_key_of({"last": "Ek", "preferred": "", "first": "Åse"}) == "ek\x01ase"
    assert field.search_key_of({"last": "Ek", "preferred": "Å", "first": "Åse"}) == "ek\x01a"


def test_many_rows_are_normalized_as_each_by_itself() -> None:
    field = SearchKeyField(of=("last", "preferred|first"))
    rows = [
        {"last": last, "preferred": preferred, "first": first}
        for last, preferred, first in [("Ek", "", "Åse"), ("Ek", "Å", "Åse"), ("", "", ""), ("Šimek", "", "")]
    ]
    columns = {name: [row[name] for row in rows] for name in ("last", "preferred", "first")}

    assert field.search_keys_of(columns) == [field.search_key_of(row) for row in rows]


@given(st.lists(st.tuples(printable, printable)))
def test_keys_of_several_names_compare_as_the_names_do_one_after_the_other(pairs: list[tuple[str, str]]) -> None:
    def key(pair: tuple[str, str]) -> bytes:
        return SEPARATOR.join(map(search_key, pair)).encode()

    assert sorted(pairs, key=key) == sorted(
        pairs, key=lambda pair: (search_key(pair[0]).encode(), search_key(pair[1]).encode())
    )


@pytest.mark.both_databases
@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.lists(printable, min_size=2, max_size=30))
def test_every_database_sorts_search_keys_by_byte(names: list[str]) -> None:
    Category.objects.all().delete()
    Category.objects.bulk_create(Category(name=f"{name}.") for name in names)
    sorted_there = list(Category.objects.order_by("name_folded").values_list("name_folded", flat=True))

    assert sorted_there == sorted((search_key(f"{name}.") for name in names), key=str.encode)


@pytest.mark.both_databases
@pytest.mark.django_db
def test_every_database_finds_a_name_without_regard_to_case_and_accents() -> None:
    names = ["Trésorier", "TRESORIER", "Trésorière", "Tre\u0301sorier"]
    for name in names:
        PositionTemplate.objects.create(name=name)
    found = PositionTemplate.objects.named("tRÉsOrIeR").order_by("id")

    assert [template.name for template in found] == ["Trésorier", "TRESORIER", "Tre\u0301sorier"]
