"""How the cells of a file are read: each reader takes a text and gives what the database is sent."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator, URLValidator
from django.db import models

from memberships.sheets import formulas
from roster import days
from roster.api.parameters import LARGEST_ID
from roster.names import is_identifier
from roster.ranges import DAYS_SENTENCE, INSTANTS_SENTENCE

Reader = Callable[[str], Any]

ID = re.compile("0{0,20}[1-9][0-9]{0,9}")
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?"
)
SHORT_IDS = re.compile("[1-9][0-9]{0,8}(?:\n[1-9][0-9]{0,8})*+")
EXPORTED = r"[0-9]{4}-[0-9]{2}-[0-9]{2} (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}\+00"
EXPORTED_INSTANTS = re.compile(rf"{EXPORTED}(?:\n{EXPORTED})*+")
BYTES = re.compile("[\ud800-\udfff]")
"""What stands for bytes that are no UTF-8: files are read with `surrogateescape`, so that the cell can be told."""

FLAGS = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}
MOST_REMEMBERED = 20_000
"""Texts of a column of which it is remembered what they say."""

LENIENT = (EmailValidator, URLValidator, MaxLengthValidator)
"""Real rosters hold odd addresses, and they are kept; lengths are checked here for SQLite, which does not."""


class Unreadable(ValueError):
    """A cell that cannot be taken. Its text is a sentence that says what would do."""


def reader_of(field: Any) -> Reader:
    """What reads the cells of a column. An empty one is nothing, or where there must be something, an empty text."""
    if is_text(field):
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
    """Reads many cells of a column: ids and instants, which seldom repeat, all at once; others each text but once."""

    def __init__(self, field: Any) -> None:
        self.read = reader_of(field)
        self._read_all = None if field.null else ALL_AT_ONCE.get(by_kind(field)) if not is_text(field) else None
        self._known: dict[str, Any] = {}

    def all(self, texts: Sequence[str]) -> list[Any]:
        """The values of these cells. Unreadable if one cannot be taken, whichever."""
        if self._read_all is not None and (values := self._read_all(texts)) is not None:
            return values
        known, read = self._known, self.read
        for text in set(texts).difference(known):
            known[text] = read(text)
        values = [known[text] for text in texts]
        if len(known) > MOST_REMEMBERED:
            known.clear()
        return values


def is_text(field: Any) -> bool:
    return isinstance(field, models.CharField | models.TextField)


def by_kind(field: Any) -> Reader:
    if isinstance(field, models.BooleanField):
        return a_flag
    if isinstance(field, models.DateTimeField):
        return an_instant
    if isinstance(field, models.DateField):
        return a_day
    return Json(field) if isinstance(field, models.JSONField) else an_id


def an_id(text: str) -> int:
    if not ID.fullmatch(text) or int(text) > LARGEST_ID:
        raise Unreadable(f"A whole number from 1 to {LARGEST_ID} is needed, not {shortened(text)}.")
    return int(text)


def a_flag(text: str) -> bool:
    try:
        return FLAGS[text.lower()]
    except KeyError:
        raise Unreadable(f"true or false is needed, not {shortened(text)}.") from None


def a_day(text: str) -> str:
    try:
        day = dt.date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise Unreadable(f"A day like 2026-10-01 is needed, not {shortened(text)}.")
    if not days.FIRST_DAY <= day <= days.LAST_DAY:
        raise Unreadable(DAYS_SENTENCE)
    return text


def an_instant(text: str) -> str:
    """An instant in UTC, as both databases read it; one that names no zone is in UTC already."""
    try:
        instant = dt.datetime.fromisoformat(text) if INSTANT.fullmatch(text) else None
    except ValueError:
        instant = None
    if instant is None:
        raise Unreadable(f"A moment like 2026-10-01 12:00:00+00 is needed, not {shortened(text)}.")
    instant = instant.replace(tzinfo=instant.tzinfo or dt.UTC)
    if not days.EARLIEST <= instant <= days.LATEST:
        raise Unreadable(INSTANTS_SENTENCE)
    return instant.astimezone(dt.UTC).replace(tzinfo=None).isoformat(sep=" ")


def ids_at_once(texts: Sequence[str]) -> list[Any] | None:
    """The ids of a whole column, where all have the usual form; else None."""
    return list(map(int, texts)) if SHORT_IDS.fullmatch("\n".join(texts)) else None


def instants_at_once(texts: Sequence[str]) -> list[Any] | None:
    """The instants of a whole column, where all are written as `export_roster` writes them; else None."""
    if not EXPORTED_INSTANTS.fullmatch("\n".join(texts)):
        return None
    try:
        found = [dt.date.fromisoformat(day) for day in {text[:10] for text in texts}]
    except ValueError:
        return None
    in_range = days.EARLIEST.date() <= min(found) <= max(found) <= days.LATEST.date()
    return [text[:-3].removesuffix(".000000") for text in texts] if in_range else None


ALL_AT_ONCE: dict[Any, Callable[[Sequence[str]], list[Any] | None]] = {
    an_id: ids_at_once,
    an_instant: instants_at_once,
}
"""Quick readers of whole columns."""


def shortened(text: str) -> str:
    """A cell as a message shows it."""
    return repr(text) if len(text) <= 60 else f"{text[:57]!r}..."


class Text:
    """A text of a column, checked as a form checks it but for addresses that are merely odd."""

    def __init__(self, field: Any) -> None:
        self.longest: int | None = field.max_length
        self.may_be_empty = field.blank
        self.is_identifier = is_identifier(field)
        self.codes = {code for code, _ in field.choices or ()}
        self.validators = [each for each in field.validators if not isinstance(each, LENIENT)]

    def __call__(self, cell: str) -> str:
        text = formulas.taken_back(cell)
        text = text.strip() if self.is_identifier else text
        if not text and self.may_be_empty:
            return text
        if not text:
            raise Unreadable("It is needed, and this cell is empty.")
        if not text.isascii() and BYTES.search(text):
            raise Unreadable("It is not in UTF-8.")
        if self.codes and text not in self.codes:
            raise Unreadable(f"One of {', '.join(sorted(self.codes))} is needed, not {shortened(text)}.")
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
