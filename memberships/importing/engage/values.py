"""Readers of values: each converts a JSON value to the value of a column. InvalidValue says what is needed."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator, URLValidator
from django.db import models

from memberships.importing.errors import InvalidValue
from roster import days
from roster.api.parameters import MAX_ID
from roster.names import is_identifier
from roster.ranges import DAYS_SENTENCE, INSTANTS_SENTENCE

Reader = Callable[[Any], Any]

MAX_CACHED_VALUES = 100_000
"""Maximum number of values in the cache of a reader; a full cache is cleared."""

UNKNOWN_SCHEME = re.compile(r"\s*(?!(?:https?|ftp|mailto|webcal):)[a-z][a-z0-9+-]*:(?!\d)", re.IGNORECASE)
"""The beginning of a URL with an unsupported scheme: `javascript:`, but not `example.edu:8080`."""


def read_id(value: Any) -> int:
    """An id: a whole number that fits in 32 bits."""
    if type(value) is not int or not 1 <= value <= MAX_ID:
        raise InvalidValue(f"A whole number from 1 to {MAX_ID} is needed, not {truncated(value)}.")
    return value


def read_optional_id(value: Any) -> int | None:
    return None if value is None else read_id(value)


def read_flag(value: Any) -> bool | None:
    """A boolean, or its text as in responses of older sites; None if it is unknown."""
    if value is None or isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in {"true", "false"}:
        raise InvalidValue(f'true, false, "True" or "False" is needed, not {truncated(value)}.')
    return word == "true"


def milliseconds_or_none(value: Any) -> int | None:
    """Epoch milliseconds, in the years 1600 to 9999."""
    if value is None or value == "":
        return None
    if type(value) is not int:
        raise InvalidValue(f"Epoch milliseconds or null are needed, not {truncated(value)}.")
    if not days.FIRST_INSTANT <= value <= days.LAST_INSTANT:
        raise InvalidValue("Epoch milliseconds of the years 1600 to 9999 are needed.")
    if days.is_in_seconds(value):
        raise InvalidValue(f"An instant is {days.IN_MILLISECONDS}; {value} is in seconds.")
    return value


def read_instant(value: Any) -> dt.datetime | None:
    number = milliseconds_or_none(value)
    if number is None:
        return None
    instant = days.instant(number)
    if not days.EARLIEST <= instant <= days.LATEST:
        raise InvalidValue(INSTANTS_SENTENCE)
    return instant


class DayReader:
    """Reads a day from the epoch milliseconds of its midnight in `WIRE_TIME_ZONE`; with `floor`, of any instant."""

    def __init__(self, *, floor: bool) -> None:
        self.floor = floor
        self.read: dict[int, dt.date] = {}

    def __call__(self, value: Any) -> dt.date | None:
        number = milliseconds_or_none(value)
        if number is None:
            return None
        day = self.read.get(number)
        if day is None:
            day = days.day_of(number)
            if day < days.FIRST_DAY:
                raise InvalidValue(DAYS_SENTENCE)
            if not self.floor and days.midnight(day) != number:
                raise InvalidValue(
                    f"{number} is {days.instant(number):%Y-%m-%d %H:%M:%S} UTC, not midnight in WIRE_TIME_ZONE, "
                    f"{settings.WIRE_TIME_ZONE}: the day would shift. Set WIRE_TIME_ZONE to the zone that the site "
                    f"uses for dates, or give --floor-dates to use the day that contains the instant ({day})."
                )
            cache(self.read, number, day)
        return day


class TextReader:
    """Reads the text of a column and checks its length and validators; null counts as an empty text.

    Invalid e-mail and web addresses are stored unchanged, and counted in `odd` by the name of the column: real rosters
    contain them, and clients expect the same values.
    """

    def __init__(self, field: Any, odd: Counter[str] | None = None, *, needed: bool | None = None) -> None:
        self.column = str(field.name)
        self.needed = not field.blank if needed is None else needed
        self.is_identifier = is_identifier(field)
        self.odd = Counter[str]() if odd is None else odd
        self.is_web_address = isinstance(field, models.URLField)
        oddities = (EmailValidator, URLValidator)
        self.strict = [each for each in field.validators if not isinstance(each, (*oddities, MaxLengthValidator))]
        self.lenient = [each for each in field.validators if isinstance(each, oddities)]
        self.longest: int | None = field.max_length
        self.checked: dict[str, bool] = {}

    def __call__(self, value: Any) -> str:
        if value is None:
            text = ""
        elif isinstance(value, str):
            text = value
        elif type(value) is int:
            text = str(value)
        else:
            raise InvalidValue(f"A text is needed, not {truncated(value)}.")
        text = text.strip() if self.is_identifier else text
        is_odd = self.checked.get(text)
        if is_odd is None:
            is_odd = self._is_odd(text)
            cache(self.checked, text, is_odd)
        if is_odd:
            self.odd[self.column] += 1
        return text

    def _is_odd(self, text: str) -> bool:
        """Is it an invalid address? InvalidValue if it cannot be stored."""
        if self.needed and not text.strip():
            raise InvalidValue("A text is needed, not a blank one.")
        if "\x00" in text:
            raise InvalidValue("A text without NUL characters is needed.")
        if self.longest is not None and len(text) > self.longest:
            raise InvalidValue(f"At most {self.longest} characters are allowed, and this has {len(text):,}.")
        if self.is_web_address and UNKNOWN_SCHEME.match(text):
            raise InvalidValue(f"A web address is needed, not {truncated(text)}.")
        for validator in self.strict if text else ():
            try:
                validator(text)
            except ValidationError as error:
                raise InvalidValue(" ".join(error.messages)) from error
        return bool(text) and not all(is_valid(validator, text) for validator in self.lenient)


class ChoiceReader:
    """Reads a label of a closed list, in any letter case, as the stored code. Blank is unknown: None."""

    def __init__(self, choices: Iterable[tuple[str, Any]]) -> None:
        self.codes = {str(label).casefold(): code for code, label in choices}
        self.labels = ", ".join(str(label) for _, label in choices)

    def __call__(self, value: Any) -> str | None:
        if value is None or value == "":
            return None
        code = self.codes.get(value.strip().casefold()) if isinstance(value, str) else None
        if code is None:
            raise InvalidValue(f"One of {self.labels} is needed, not {truncated(value)}.")
        return code


def custom_fields(value: Any) -> list[dict[str, Any]]:
    """A list of `{"name": text, "value": [text, ...]}`; a single text counts as a list with one text."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise InvalidValue('A list of {"name": "...", "value": ["..."]} is needed.')
    return [{"name": read_plain_text(each.get("name")), "value": plain_texts(each.get("value"))} for each in value]


def plain_texts(value: Any) -> list[str]:
    """The values of a custom field."""
    if value is None:
        return []
    return [read_plain_text(each) for each in (value if isinstance(value, list) else [value])]


def read_plain_text(value: Any) -> str:
    if type(value) in {int, float, bool}:
        return str(value)
    if not isinstance(value, str) or "\x00" in value:
        raise InvalidValue(f"A text without NUL characters is needed in a custom field, not {truncated(value)}.")
    return value


def is_valid(validator: Callable[[Any], None], text: str) -> bool:
    try:
        validator(text)
    except ValidationError:
        return False
    return True


def cache(memory: dict[Any, Any], key: Any, value: Any) -> None:
    if len(memory) >= MAX_CACHED_VALUES:
        memory.clear()
    memory[key] = value


def truncated(value: Any) -> str:
    """A value in the form for messages."""
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
