"""Texts inside JSON columns are texts that every database takes."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from roster.json_text import validate_custom_fields, validate_texts


@pytest.mark.parametrize("values", [[], ["Tuesday"], ["Tuesday", "", "two\nlines", "Æ 🎻"]])
def test_values_are_a_list_of_texts(values: Any) -> None:
    validate_texts(values)


@pytest.mark.parametrize("values", ["Tuesday", {"Tuesday": 1}, [1], [None], [["Tuesday"]], ["\x00"], ["\ud83c"]])
def test_other_values_are_refused(values: Any) -> None:
    with pytest.raises(ValidationError, match="Values are a list of texts"):
        validate_texts(values)


def test_custom_fields_are_names_with_values() -> None:
    validate_custom_fields([{"name": "Hall", "value": ["Alder House"]}, {"name": "", "value": []}])


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Hall", "value": []},
        ["Hall"],
        [{"name": "Hall"}],
        [{"name": "Hall", "value": "Alder House"}],
        [{"name": "Hall", "value": [1]}],
        [{"name": 1, "value": []}],
        [{"name": "Hall", "value": [], "more": 1}],
        [{"name": "a\x00b", "value": []}],
    ],
)
def test_custom_fields_of_another_shape_are_refused(fields: Any) -> None:
    with pytest.raises(ValidationError, match="Custom fields are a list"):
        validate_custom_fields(fields)
