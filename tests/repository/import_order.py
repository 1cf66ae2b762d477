"""The one direction of imports, read from the sources: `python -m tests.repository.import_order`.

Between packages it is the order below. Inside a package no cycle is allowed: neither between the modules and folders of
any folder, however deep the imports stand, nor by imports inside functions or for types.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from django.db.models import Model
from django.db.models.base import ModelBase

ROOT = Path(__file__).resolve().parents[2]

# A package may know itself and those to its right.
ORDER = ("config", "lti", "memberships", "organizations", "roster")

# Files and folders that may not import what their package may: reading lists knows no view and no request.
FORBIDDEN = {
    "roster/privacy.py": ("rest_framework",),
    "roster/reads/": (
        *("django.http", "rest_framework.generics", "rest_framework.request", "rest_framework.response"),
        *("rest_framework.views", "rest_framework.viewsets"),
    ),
}

# "memberships.Membership", "lti.urls": how foreign keys, get_model, import_string and include name things.
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


@dataclass(frozen=True)
class Arrow:
    """A line that names something which it must not depend on."""

    file: str
    line: int
    target: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} may not know {self.target}"


def above(package: str) -> tuple[str, ...]:
    """The packages that this one may not know; the tests are above all of them."""
    return ("tests", *ORDER[: ORDER.index(package)])


def backward_arrows(root: Path = ROOT) -> list[Arrow]:
    """All lines in the packages below `root` that depend on a higher layer."""
    return [
        arrow
        for package in ORDER
        for path in sorted((root / package).rglob("*.py"))
        for arrow in _arrows_of(path, root, package)
    ]


def _arrows_of(path: Path, root: Path, package: str) -> Iterator[Arrow]:
    file = path.relative_to(root).as_posix()
    libraries = [name for layer, names in FORBIDDEN.items() if file.startswith(layer) for name in names]
    forbidden = (*above(package), *libraries)
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=file)
    module = path.relative_to(root).with_suffix("").parts
    for node in ast.walk(tree):
        for target in _targets(node, module):
            if any(f"{target}.".startswith(f"{name}.") for name in forbidden):
                yield Arrow(file, getattr(node, "lineno", 0), target)


def import_cycles(root: Path = ROOT) -> list[str]:
    """A cycle of imports for each folder whose modules and folders import each other in one."""
    modules = {_module_name(path, root): path for package in ORDER for path in (root / package).rglob("*.py")}
    imports: dict[tuple[str, ...], dict[str, set[str]]] = {}
    for path in modules.values():
        for target in _imported_modules(path, root, modules):
            importer, imported = path.relative_to(root).parts, target.relative_to(root).parts
            depth = next(
                depth for depth, (one, other) in enumerate(zip(importer, imported, strict=False)) if one != other
            )
            siblings = imports.setdefault(importer[:depth], {})
            siblings.setdefault(importer[depth], set()).add(imported[depth])
    cycles = []
    for folder, siblings in sorted(imports.items()):
        try:
            TopologicalSorter({name: sorted(siblings[name]) for name in sorted(siblings)}).prepare()
        except CycleError as error:
            cycles.append(f"{'/'.join(folder)}: {' <- '.join(error.args[1])}")
    return cycles


def _module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported_modules(path: Path, root: Path, modules: dict[str, Path]) -> set[Path]:
    """The files below `root` that a file imports, but for itself."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in _targets(node, path.relative_to(root).with_suffix("").parts):
                parts = name.split(".")
                module = next(
                    (it for end in range(len(parts), 0, -1) if (it := ".".join(parts[:end])) in modules), None
                )
                if module:
                    found.add(modules[module])
    return found - {path}


def _targets(node: ast.AST, module: tuple[str, ...]) -> Iterable[str]:
    """The dotted names that this node refers to."""
    match node:
        case ast.Import(names=names):
            return [name.name for name in names]
        case ast.ImportFrom(module=name, level=level):
            parts = [*(module[:-level] if level else ()), *([name] if name else ())]
            # `from .. import lti` at the top names packages by what it imports
            return [".".join([*parts, alias.name]) for alias in node.names]
        case ast.Constant(value=str(text)) if DOTTED.fullmatch(text):
            return [text]
        case ast.Call(args=[ast.Constant(value=str(app)), ast.Constant(value=str(name)), *_]) if _is_get_model(node):
            return [f"{app}.{name}"]
        case ast.Call(args=[ast.Constant(value=str(app))]) if _is_import(node):
            return [app]
        case ast.Tuple(elts=[ast.Constant(value=str(app)), ast.Constant(value=str(name))]) if re.match(r"\d{4}_", name):
            return [f"{app}.{name}"]  # a migration that another one depends on
    return []


def _is_get_model(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr in {"get_model", "get_registered_model"}


def _is_import(node: ast.Call) -> bool:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return called in {"import_module", "__import__", "get_app_config"}


def backward_relations(models: Iterable[type[Model]]) -> list[str]:
    """The forward relations of these models that point to a package which theirs may not know."""
    found = []
    for model in models:
        if model._meta.app_label not in ORDER:
            continue
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            target = field.related_model
            if isinstance(target, ModelBase) and target._meta.app_label in above(model._meta.app_label):
                found.append(f"{model._meta.label}.{field.name} may not point to {target._meta.label}")
    return found


if __name__ == "__main__":
    sys.exit("\n".join([*map(str, backward_arrows()), *import_cycles()]) or None)
