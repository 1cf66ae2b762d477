"""Which modules open connections to other hosts, read from the sources."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.repository.import_order import ORDER, ROOT

CLIENTS = (
    *("httpx", "httpcore", "requests", "urllib3", "aiohttp", "urllib.request", "http.client", "ftplib", "smtplib"),
    *("xmlrpc", "telnetlib", "poplib", "imaplib", "django.core.mail"),
    # libraries that fetch by one of these
    *("pylti1p3.service_connector", "pylti1p3.names_roles", "pylti1p3.assignments_grades", "pylti1p3.course_groups"),
    *("authlib.integrations.requests_client", "authlib.integrations.httpx_client", "jwt"),
)
"""Modules that ask other hosts."""


def imported(tree: ast.AST) -> Iterator[str]:
    """All that a module imports, at its top and inside of functions, by its full name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def clients_in(source: str) -> set[str]:
    """The modules named in a source that ask other hosts."""
    found = set()
    for name in imported(ast.parse(source)):
        found |= {client for client in CLIENTS if name == client or name.startswith(f"{client}.")}
    return found


def asking_modules(root: Path = ROOT) -> dict[str, set[str]]:
    """The modules of the packages that ask other hosts, and by what."""
    sources = [path for package in ORDER for path in sorted((root / package).rglob("*.py"))]
    found = {str(path.relative_to(root)): clients_in(path.read_text()) for path in sources}
    return {name: clients for name, clients in found.items() if clients}
