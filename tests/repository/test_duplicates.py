"""No block of six identical lines occurs twice in the product, apart from imports and migrations."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repository.import_order import ORDER, ROOT

LINES = 6


def blocks(source: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Every block of six lines that are neither blank nor comments nor imports, with the number of its first line."""
    imports = {
        number
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = [
        (number, line.strip())
        for number, line in enumerate(source.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#") and number not in imports
    ]
    for start in range(len(lines) - LINES + 1):
        block = lines[start : start + LINES]
        yield block[0][0], tuple(line for _, line in block)


def repeated(sources: dict[str, str]) -> list[str]:
    """Each block that occurs twice: its first and its second location."""
    seen: dict[tuple[str, ...], str] = {}
    found = []
    for file, source in sorted(sources.items()):
        for number, block in blocks(source):
            where = f"{file}:{number}"
            if block in seen:
                found.append(f"{seen[block]} and {where}")
            else:
                seen[block] = where
    return found


def product() -> Iterator[Path]:
    for package in ORDER:
        yield from (path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def test_no_six_lines_stand_twice() -> None:
    sources = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in product()}

    assert repeated(sources) == []


SIX = "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\n"


@pytest.mark.parametrize(
    "first, second, found",
    [
        (SIX, f"import os\n\n{SIX}", ["a.py:1 and b.py:3"]),
        (SIX, SIX.replace("f = 6", "f = 7"), []),
        ("from x import (\n a,\n b,\n c,\n d,\n e,\n)\n", "from x import (\n a,\n b,\n c,\n d,\n e,\n)\n", []),
    ],
)
def test_repeated_lines_are_found(first: str, second: str, found: list[str]) -> None:
    assert repeated({"a.py": first, "b.py": second}) == found
