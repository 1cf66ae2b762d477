"""What is used of libraries beyond their documented interfaces is listed, is there, and is used in one module each."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.tables import table_under
from tests.repository.import_order import ORDER, ROOT

PAGE = "docs/private-apis.md"
NAMES = [(name.strip("`"), module) for name, module, _ in table_under("Names", PAGE)]

DOCUMENTED = {"_meta", "_state", "_default_manager", "_base_manager", "_db", "_request", "_asdict", "_replace"}
"""Names that begin with an underscore and are in the documentation of Django, DRF and Python."""


def is_there(name: str) -> bool:
    """Does a module or class define this name, or does its code set it on itself?"""
    path, _, attribute = name.rpartition(".")
    try:
        owner = importlib.import_module(path)
    except ModuleNotFoundError:
        module, _, cls = path.rpartition(".")
        owner = getattr(importlib.import_module(module), cls)
    if hasattr(owner, attribute) or not inspect.isclass(owner):
        return hasattr(owner, attribute)
    classes = inspect.getmro(owner)[:-1]
    return any(re.search(rf"\bself\.{attribute}\b", inspect.getsource(each)) for each in classes)


@pytest.mark.parametrize("name", [name for name, _ in NAMES])
def test_a_listed_name_is_still_there(name: str) -> None:
    assert is_there(name)


@pytest.mark.parametrize("name", ["django.forms.ModelForm._gone", "psycopg.errors._Gone"])
def test_a_name_that_is_gone_is_noticed(name: str) -> None:
    assert not is_there(name)


@pytest.mark.parametrize("library, version", table_under("Versions", PAGE))
def test_the_lock_file_has_the_version_that_was_checked(library: str, version: str) -> None:
    assert f"\n{library}=={version} " in (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.mark.parametrize("name, module", NAMES)
def test_a_listed_name_is_used_in_its_module(name: str, module: str) -> None:
    assert re.search(rf"\b{name.rpartition('.')[2]}\b", (ROOT / module).read_text(encoding="utf-8"))


def private_names(source: str) -> set[str]:
    """Names with a leading underscore that a module uses of something else, and those of its own methods."""
    tree = ast.parse(source)
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    return {name for name in names if re.match(r"_[a-zA-Z]", name)}


def own_names(source: str) -> set[str]:
    """What a module itself defines: functions, classes, variables, attributes; not what it overrides with super()."""
    tree = ast.parse(source)
    found = set(re.findall(r"\bsuper\(\)\.(_\w+)", source))
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    defined |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    defined |= {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self"
    }
    return defined - found


def sources() -> Iterator[tuple[str, str]]:
    for package in ORDER:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def test_the_code_uses_no_private_name_that_is_not_listed() -> None:
    own = {name for _, source in sources() for name in own_names(source)}
    listed = {(module, name.rpartition(".")[2]) for name, module in NAMES}
    used = {
        (module, name)
        for module, source in sources()
        for name in private_names(source) - own - DOCUMENTED
        if "/migrations/" not in module
    }

    assert sorted(used - listed) == []


@pytest.mark.parametrize(
    "source, names",
    [
        ("query._lookups", {"_lookups"}),
        ("from library import _name", {"_name"}),
        ("class A:\n    def _own(self): ...\n    def b(self): self._own()", set()),
        ("class A(B):\n    def _given(self): super()._given()", {"_given"}),
        ("self._kept = other._kept", set()),
    ],
)
def test_private_names_are_found(source: str, names: set[str]) -> None:
    assert private_names(source) - own_names(source) == names


def test_each_name_is_listed_once() -> None:
    assert len({name for name, _ in NAMES}) == len(NAMES)
    assert all(Path(ROOT / module).is_file() for _, module in NAMES)
