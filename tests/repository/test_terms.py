"""Identifiers use the terms of docs/glossary.md; the words that they replaced do not return."""

import io
import keyword
import re
import tokenize
from collections.abc import Iterator

import pytest

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


def parts(identifier: str) -> str:
    """The words of an identifier, joined by underscores. `CacheEntry`, `cacheEntry` and `_cache_entry` are alike."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", identifier).strip("_").lower()


def retired_in(source: str) -> Iterator[str]:
    """The identifiers of a source that contain a retired word, each with the term to use."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and not keyword.iskeyword(token.string) and token.string not in STORED:
            for pattern, term in RETIRED.items():
                if re.search(rf"(?:^|_)(?:{pattern})(?:_|$)", parts(token.string)):
                    yield f"{token.string}: {term}"


def test_no_identifier_has_a_retired_word() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {identifier}"
        for package in ORDER
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts
        for identifier in retired_in(path.read_text(encoding="utf-8"))
    }
    names = {path.stem for package in ORDER for path in (ROOT / package).rglob("*.py")}

    assert sorted(found) == []
    assert sorted(name for name in names if list(retired_in(f"{name} = 1"))) == []


@pytest.mark.parametrize("source", ["horizon = 1", "class CsvSheet: pass", "def throttles_of(): pass", "a.dice.roll()"])
def test_a_retired_word_is_found(source: str) -> None:
    assert list(retired_in(source)) != []


@pytest.mark.parametrize("source", ["spreadsheet = 1", "wished = 1", "artifacts = 1", "'horizon'", "# horizon"])
def test_parts_of_other_words_and_texts_are_none(source: str) -> None:
    assert list(retired_in(source)) == []
