"""How names are compared, searched and ordered everywhere: by their search keys.

A search key is the name in NFKD, without combining marks, casefolded, and compared by byte (docs/decisions/0001 and
0002). It is stored beside the name, because SQLite's LOWER supports only ASCII and collations differ among databases.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

MAX_SEARCH_KEY_LENGTH = 320
"""The maximum length of one search key. Two of them and an id still fit into a PostgreSQL index entry (2,704 bytes)."""

SEPARATOR = "\x01"
"""Separates the parts of a search key of several names; sorts before every character that a name may contain."""


IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
"""Letters, marks and symbols that are invisible: fillers, blanks and variation selectors."""

BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks, embeddings, overrides and isolates, which change the direction of the text beside them."""

WRITTEN_FORMAT = re.compile(
    "[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u180e\u200c\u200d"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U000e0020-\U000e007f]"
)
"""The format characters that are allowed in names: visible signs, joiners of scripts, and the letters of flags."""

DANGLING_JOINER = re.compile(r"(?<!\S)[\u200c\u200d]|[\u200c\u200d](?!\S)")


def search_key(name: str) -> str:
    """The form in which names are compared: without letter case, accents and compatibility forms.

    >>> search_key("Čeština ﬁlm Club")
    'cestina film club'
    """
    if name.isascii():
        return name.casefold()  # most names: nothing to decompose
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def email_key(address: str) -> str:
    """The form in which e-mail addresses are compared: without letter case; accents stay.

    >>> email_key("Strauß@Example.edu")
    'strauß@example.edu'
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", address).lower())


def is_invisible(char: str) -> bool:
    """Is a character invisible: a control character, a format character, a filler? Spaces do not count."""
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"} or bool(IGNORABLE.match(char))


def validate_identifier(text: str) -> None:
    """Refuse an identifier with spaces around it or invisible characters: it looks the same as another identifier."""
    if text.isascii() and text.isprintable() and text == text.strip() and "  " not in text:
        return  # most identifiers
    if text != text.strip():
        raise ValidationError("Spaces before or after it are not allowed.", code="spaces_around")
    if "  " in text or any(is_invisible(char) or (char.isspace() and char != " ") for char in text):
        raise ValidationError(
            "It contains an invisible character or an unusual space. Type it again.",
            code="invisible",
        )


def is_identifier(field: Any) -> bool:
    """Is the text of this column an identifier, from which all input removes surrounding spaces?"""
    return validate_identifier in field.validators


def validate_name(name: str) -> None:
    """Refuse a name that cannot be printed on one line or whose search key is too long to index."""
    if name.isascii() and name.isprintable() and name.strip() and len(name) <= MAX_SEARCH_KEY_LENGTH:
        return  # most names
    if any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in name):
        raise ValidationError("A name has no control characters, line breaks or tabs.", code="control_character")
    if BIDI_CONTROLS.search(name):
        raise ValidationError("A name may not contain characters that change the direction of text.", code="direction")
    if any(unicodedata.category(char) == "Cf" and not WRITTEN_FORMAT.match(char) for char in name):
        raise ValidationError(
            "A name may not contain zero-width spaces, soft hyphens or other invisible characters. Type it again.",
            code="invisible",
        )
    if DANGLING_JOINER.search(name):
        raise ValidationError("In a name, a joiner is allowed only between two letters.", code="joiner")
    if name and all(is_invisible(char) or not search_key(char).strip() for char in name):
        raise ValidationError("A name needs more than spaces and accents.", code="blank")
    if len(search_key(name)) > MAX_SEARCH_KEY_LENGTH:
        raise ValidationError(
            f"Without accents and ligatures this name is longer than {MAX_SEARCH_KEY_LENGTH} characters.", code="long"
        )


class ByteOrderField(models.CharField):
    """Text that is compared by byte on every database, independent of the database's collation."""

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters: dict[str, Any] = super().db_parameters(connection)
        parameters["collation"] = "C" if connection.vendor == "postgresql" else None
        return parameters


class SearchKeyField(ByteOrderField):
    """The search key of other text fields of the same row, computed whenever the row is saved.

    `of` names the fields, most significant first; their search keys are joined with `SEPARATOR`. Of alternatives such
    as `"preferred_first_name|first_name"`, the first that is not blank is used.
    """

    def __init__(self, *args: Any, of: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.of = tuple(of)
        kwargs.setdefault("max_length", (MAX_SEARCH_KEY_LENGTH + 1) * max(len(self.of), 1))
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    @property
    def sources(self) -> frozenset[str]:
        """Names of the fields from which this one is computed."""
        return frozenset(name for part in self.of for name in part.split("|"))

    def search_key_of(self, values: Any) -> str:
        """The search key of `values`, a mapping of every source field to its text."""
        parts = (next((values[name] for name in part.split("|") if values[name]), "") for part in self.of)
        return SEPARATOR.join(search_key(part) for part in parts)

    def search_keys_of(self, columns: Mapping[str, Sequence[str]]) -> list[str]:
        """The search keys of many rows, given by columns. The key of a repeated name is computed only once."""
        parts = []
        for part in self.of:
            alternatives = zip(*(columns[name] for name in part.split("|")), strict=True)
            texts = [next(filter(None, each), "") for each in alternatives]
            known = {text: search_key(text) for text in set(texts)}
            parts.append([known[text] for text in texts])
        return list(map(SEPARATOR.join, zip(*parts, strict=True)))

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.search_key_of({name: getattr(model_instance, name) for name in self.sources})
        setattr(model_instance, self.attname, value)
        return value
