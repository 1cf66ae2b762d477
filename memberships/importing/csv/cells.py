"""Readers of the cells of a file: each converts a text to the value that is sent to the database."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator, URLValidator
from django.db import models

from memberships.importing.csv import formulas
from roster import days
from roster.api.parameters import MAX_ID
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
"""Surrogates for bytes that are not UTF-8: files are read with `surrogateescape`, so that the cell can be reported."""

FLAGS = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}
MAX_CACHED_TEXTS = 20_000
"""Maximum number of cached values for each column."""

LENIENT = (EmailValidator, URLValidator, MaxLengthValidator)
"""Validators that are not applied: real rosters contain invalid addresses, which are kept; lengths are checked below,
because SQLite does not check them."""


class InvalidCell(ValueError):
    """An invalid cell. The message is a sentence about what is needed."""


def reader_of(field: Any) -> Reader:
    """The reader for the cells of a column. An empty cell is None, or an empty text in a text column."""
    if is_text_field(field):
        return TextCell(field)
    read = by_kind(field)

    def read_or_nothing(text: str) -> Any:
        if text:
            return read(text)
        if field.null:
            return None
        raise InvalidCell("It is needed, and this cell is empty.")

    return read_or_nothing


class ColumnReader:
    """Reads many cells of a column: ids and instants all at once, and each different text of other columns once."""

    def __init__(self, field: Any) -> None:
        self.read = reader_of(field)
        self._read_all = (
            None if field.null else COLUMN_READERS.get(by_kind(field)) if not is_text_field(field) else None
        )
        self._read_before: dict[str, Any] = {}

    def all(self, texts: Sequence[str]) -> list[Any]:
        """The values of these cells. InvalidCell if at least one is invalid."""
        if self._read_all is not None and (values := self._read_all(texts)) is not None:
            return values
        known, read = self._read_before, self.read
        for text in set(texts).difference(known):
            known[text] = read(text)
        values = [known[text] for text in texts]
        if len(known) > MAX_CACHED_TEXTS:
            known.clear()
        return values


def is_text_field(field: Any) -> bool:
    return isinstance(field, models.CharField | models.TextField)


def by_kind(field: Any) -> Reader:
    if isinstance(field, models.BooleanField):
        return parse_flag
    if isinstance(field, models.DateTimeField):
        return parse_instant
    if isinstance(field, models.DateField):
        return parse_day
    return JsonCell(field) if isinstance(field, models.JSONField) else parse_id


def parse_id(text: str) -> int:
    if not ID.fullmatch(text) or int(text) > MAX_ID:
        raise InvalidCell(f"A whole number from 1 to {MAX_ID} is needed, not {truncated(text)}.")
    return int(text)


def parse_flag(text: str) -> bool:
    try:
        return FLAGS[text.lower()]
    except KeyError:
        raise InvalidCell(f"true or false is needed, not {truncated(text)}.") from None


def parse_day(text: str) -> str:
    try:
        day = dt.date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise InvalidCell(f"A day like 2026-10-01 is needed, not {truncated(text)}.")
    if not days.FIRST_DAY <= day <= days.LAST_DAY:
        raise InvalidCell(DAYS_SENTENCE)
    return text


def parse_instant(text: str) -> str:
    """An instant in UTC, in a format that both databases accept. Without a time zone it counts as UTC."""
    try:
        instant = dt.datetime.fromisoformat(text) if INSTANT.fullmatch(text) else None
    except ValueError:
        instant = None
    if instant is None:
        raise InvalidCell(f"An instant like 2026-10-01 12:00:00+00 is needed, not {truncated(text)}.")
    instant = instant.replace(tzinfo=instant.tzinfo or dt.UTC)
    if not days.EARLIEST <= instant <= days.LATEST:
        raise InvalidCell(INSTANTS_SENTENCE)
    return instant.astimezone(dt.UTC).replace(tzinfo=None).isoformat(sep=" ")


def parse_ids(texts: Sequence[str]) -> list[Any] | None:
    """The ids of a whole column if all have the usual form; otherwise None."""
    return list(map(int, texts)) if SHORT_IDS.fullmatch("\n".join(texts)) else None


def parse_instants(texts: Sequence[str]) -> list[Any] | None:
    """The instants of a whole column if all have the format of `export_roster`; otherwise None."""
    if not EXPORTED_INSTANTS.fullmatch("\n".join(texts)):
        return None
    try:
        found = [dt.date.fromisoformat(day) for day in {text[:10] for text in texts}]
    except ValueError:
        return None
    in_range = days.EARLIEST.date() <= min(found) <= max(found) <= days.LATEST.date()
    return [text[:-3].removesuffix(".000000") for text in texts] if in_range else None


COLUMN_READERS: dict[Any, Callable[[Sequence[str]], list[Any] | None]] = {
    parse_id: parse_ids,
    parse_instant: parse_instants,
}
"""Fast readers of whole columns."""


def truncated(text: str) -> str:
    """A cell in the form for messages."""
    return repr(text) if len(text) <= 60 else f"{text[:57]!r}..."


class TextCell:
    """Reads a text and validates it as a form does, except that invalid addresses are accepted."""

    def __init__(self, field: Any) -> None:
        self.longest: int | None = field.max_length
        self.may_be_empty = field.blank
        self.is_identifier = is_identifier(field)
        self.codes = {code for code, _ in field.choices or ()}
        self.validators = [each for each in field.validators if not isinstance(each, LENIENT)]

    def __call__(self, cell: str) -> str:
        text = formulas.unescaped(cell)
        text = text.strip() if self.is_identifier else text
        if not text and self.may_be_empty:
            return text
        if not text:
            raise InvalidCell("It is needed, and this cell is empty.")
        if not text.isascii() and BYTES.search(text):
            raise InvalidCell("It is not in UTF-8.")
        if self.codes and text not in self.codes:
            raise InvalidCell(f"One of {', '.join(sorted(self.codes))} is needed, not {truncated(text)}.")
        if self.longest is not None and len(text) > self.longest:
            raise InvalidCell(f"At most {self.longest} characters are allowed, and this has {len(text):,}.")
        if "\x00" in text:
            raise InvalidCell("A text without null characters is needed.")
        run_validators(self.validators, text)
        return text


class JsonCell:
    """Reads a list or an object in JSON."""

    def __init__(self, field: Any) -> None:
        self.validators = field.validators

    def __call__(self, text: str) -> str:
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise InvalidCell(f"JSON is needed ({error}).") from error
        run_validators(self.validators, value)
        return text


def run_validators(validators: Any, value: Any) -> None:
    for validator in validators:
        try:
            validator(value)
        except ValidationError as error:
            raise InvalidCell(" ".join(error.messages)) from error
