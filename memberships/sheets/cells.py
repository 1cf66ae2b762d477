"""How the cells of a file are read: each reader takes a text and gives what the database is sent."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator, URLValidator
from django.db import models

from roster.api.parameters import LARGEST_ID

Reader = Callable[[str], Any]

FLAGS = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}
MOST_REMEMBERED = 20_000
"""Texts of a column of which it is remembered what they say."""

LENIENT = (EmailValidator, URLValidator, MaxLengthValidator)
"""Real rosters hold odd addresses, and they are kept; lengths are checked here for SQLite, which does not."""


class Unreadable(ValueError):
    """A cell that cannot be taken. Its text is a sentence that says what would do."""


def reader_of(field: Any) -> Reader:
    """What reads the cells of a column. An empty one is nothing, or where there must be something, an empty text."""
    if isinstance(field, models.CharField | models.TextField):
        return Text(field)
    read = by_kind(field)

    def read_or_nothing(text: str) -> Any:
        if text:
            return read(text)
        if field.null:
            return None
        raise Unreadable("It is needed, and this cell is empty.")

    return read_or_nothing


class Column:
    """Reads many cells of a column, each text that they repeat but once."""

    def __init__(self, field: Any) -> None:
        self.read = reader_of(field)
        self._known: dict[str, Any] = {}

    def all(self, texts: Sequence[str]) -> list[Any]:
        """The values of these cells. Unreadable if one cannot be taken, whichever."""
        known, read = self._known, self.read
        for text in set(texts).difference(known):
            known[text] = read(text)
        values = [known[text] for text in texts]
        if len(known) > MOST_REMEMBERED:
            known.clear()
        return values


def by_kind(field: Any) -> Reader:
    if isinstance(field, models.BooleanField):
        return a_flag
    if isinstance(field, models.DateTimeField):
        return an_instant
    if isinstance(field, models.DateField):
        return a_day
    return Json(field) if isinstance(field, models.JSONField) else an_id


def an_id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LARGEST_ID):
        raise Unreadable(f"A whole number from 1 to {LARGEST_ID} is needed, not {text!r}.")
    return int(text)


def a_flag(text: str) -> bool:
    try:
        return FLAGS[text.lower()]
    except KeyError:
        raise Unreadable(f"true or false is needed, not {text!r}.") from None


def a_day(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise Unreadable(f"A day like 2026-10-01 is needed, not {text!r}.") from None


def an_instant(text: str) -> str:
    """A moment in UTC, as both databases read it; one that names no zone is in UTC already."""
    try:
        instant = dt.datetime.fromisoformat(text)
        if instant.tzinfo is not None:
            instant = instant.astimezone(dt.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise Unreadable(f"A moment like 2026-10-01 12:00:00+00 is needed, not {text!r}.") from None
    return instant.isoformat(sep=" ")


class Text:
    """A text of a column, checked as a form checks it but for addresses that are merely odd."""

    def __init__(self, field: Any) -> None:
        self.longest: int | None = field.max_length
        self.may_be_empty = field.blank
        self.codes = {code for code, _ in field.choices or ()}
        self.validators = [each for each in field.validators if not isinstance(each, LENIENT)]

    def __call__(self, text: str) -> str:
        if not text and self.may_be_empty:
            return text
        if not text:
            raise Unreadable("It is needed, and this cell is empty.")
        if self.codes and text not in self.codes:
            raise Unreadable(f"One of {', '.join(sorted(self.codes))} is needed, not {text!r}.")
        if self.longest is not None and len(text) > self.longest:
            raise Unreadable(f"At most {self.longest} characters are kept, and this has {len(text):,}.")
        if "\x00" in text:
            raise Unreadable("A text without null characters is needed.")
        check(self.validators, text)
        return text


class Json:
    """A list or an object, as JSON."""

    def __init__(self, field: Any) -> None:
        self.validators = field.validators

    def __call__(self, text: str) -> str:
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise Unreadable(f"JSON is needed ({error}).") from error
        check(self.validators, value)
        return text


def check(validators: Any, value: Any) -> None:
    for validator in validators:
        try:
            validator(value)
        except ValidationError as error:
            raise Unreadable(" ".join(error.messages)) from error
