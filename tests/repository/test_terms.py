"""Identifiers use the terms of docs/glossary.md; the words that they replaced do not return."""

import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from functools import cache

import pytest

from tests.repository.files import tracked_files
from tests.repository.import_order import ORDER, ROOT

RETIRED = {
    "admissions?": "authentication query",
    "believed": "max age",
    "clubs?": "organization",
    "complaints?": "errors",
    "dice": "rng, seeded random",
    "facts": "cache entry",
    "gathering": "extraction",
    "handover": "tool configuration",
    "horizon": "xmin",
    "house": "project",
    "knocks?": "request with an ltik",
    "let_in": "authenticate",
    "loot": "secrets",
    "noting": "change tracking",
    "said": "message, value",
    "seats?": "position",
    "sheets?": "CSV table",
    "shows_keys?": "JWKS cache",
    "sieved?": "key cache",
    "spools?": "download checkpoint",
    "spots?": "keyset position",
    "strangers?": "unknown",
    "throttles": "rate limit",
    "(un)?told": "disclosed, shown",
    "unt(ie|ied|ies)": "release references",
    "watched": "change tracking",
    "wish": "desired",
}
"""Patterns of parts of identifiers, each with the term to use."""

STORED = {"first_told_at"}
"""Columns of release 0.1.0 that keep their names."""

PROPER_NAMES = {"chess_club", "chess_club_downtown"}
"""The organizations called Chess Club in the sample data."""

CHECKED = (*ORDER, "bench", "tests")
"""The folders whose identifiers are checked."""


def parts(identifier: str) -> str:
    """The words of an identifier, joined by underscores. `CacheEntry`, `cacheEntry` and `_cache_entry` are alike."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", identifier).strip("_").lower()


@cache
def terms_for(identifier: str) -> tuple[str, ...]:
    """The terms to use instead of the retired words in an identifier."""
    if identifier in STORED | PROPER_NAMES:
        return ()
    words = parts(identifier)
    return tuple(term for pattern, term in RETIRED.items() if re.search(rf"(?:^|_)(?:{pattern})(?:_|$)", words))


def retired_in(source: str) -> Iterator[str]:
    """The identifiers of a source that contain a retired word, each with the term to use."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
            yield from (f"{token.string}: {term}" for term in terms_for(token.string))


def test_no_identifier_has_a_retired_word() -> None:
    paths = [path for path in tracked_files() if path.suffix == ".py" and path.parts[0] in CHECKED]
    found = {
        f"{path}: {identifier}"
        for path in paths
        if "migrations" not in path.parts
        for identifier in retired_in((ROOT / path).read_text(encoding="utf-8"))
    }

    assert {path.parts[0] for path in paths} == {*CHECKED}
    assert sorted(found) == []
    assert sorted(path.stem for path in paths if list(retired_in(f"{path.stem} = 1"))) == []


@pytest.mark.parametrize("source", ["horizon = 1", "class CsvSheet: pass", "def throttles_of(): pass", "a.dice.roll()"])
def test_a_retired_word_is_found(source: str) -> None:
    assert list(retired_in(source)) != []


@pytest.mark.parametrize("source", ["spreadsheet = 1", "wished = 1", "artifacts = 1", "'horizon'", "# horizon"])
def test_parts_of_other_words_and_texts_are_none(source: str) -> None:
    assert list(retired_in(source)) == []
