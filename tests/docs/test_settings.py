"""docs/settings.md against the code, both ways: every variable, its default, its example, and every check."""

import ast
import re
import runpy
from typing import Any

import pytest

from tests.docs.tables import table_under
from tests.repository.import_order import ROOT

PAGE = "docs/settings.md"
SECTIONS = ("Network", "Campus policy", "Secrets", "Database and load")
ROWS = {row[0].strip("`"): row for section in SECTIONS for row in table_under(section, PAGE)}
FILES = ("config/settings.py", "config/gunicorn.py")


def variables() -> dict[str, Any]:
    """Every variable that the code reads, with its default as the page writes it; None where the page explains it."""
    found = {}
    for file in FILES:
        for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("env."):
                (name, *_) = (argument.value for argument in node.args if isinstance(argument, ast.Constant))
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                found[str(name)] = written(given.get("default"))
    return found


def written(default: ast.expr | None) -> str | None:
    try:
        value = eval(ast.unparse(default), {}) if default else ""  # noqa: S307 (our own sources)
    except NameError:
        return None
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"`{text}`" if text else "none"


def test_the_page_has_every_variable_and_no_other() -> None:
    assert sorted(ROWS) == sorted(variables())


@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_default_is_that_of_the_code(name: str) -> None:
    default = ROWS[name][2]

    assert variables()[name] in {None, default} or (name, default) == ("SECRET_KEY", "none, and needed")


@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_example_is_accepted(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, ROWS[name][3].strip("`"))

    for file in FILES:
        runpy.run_path(str(ROOT / file))


def test_the_page_has_every_check_and_no_other() -> None:
    packages = ("roster", "roster/database", "lti")
    sources = "".join((ROOT / package / "checks.py").read_text(encoding="utf-8") for package in packages)

    assert [row[0].strip("`") for row in table_under("Checks", PAGE)] == sorted(
        set(re.findall(r'id="(\w+\.[EW]\d+)"', sources)), key=lambda name: (name.startswith("lti"), name)
    )


def test_the_five_lines_of_a_campus_name_variables() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    (block,) = re.findall(r"^```sh\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)

    assert {line.partition("=")[0] for line in block.splitlines()} <= set(ROWS)
