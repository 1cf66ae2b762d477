"""Other hosts are asked in one way, which has a deadline; a command that copies a site has another."""

import ast

import pytest

from tests.repository.import_order import ROOT
from tests.repository.outgoing import asking_modules, clients_in, imported


def test_one_module_asks_other_hosts_for_requests_and_one_for_a_command() -> None:
    asking = asking_modules()

    assert asking.pop("config/probe.py") == {"urllib.request"}  # a container asks itself whether it is alive
    assert asking == {"lti/core/http_client.py": {"httpx"}, "memberships/importing/engage/site_client.py": {"httpx"}}


def test_the_site_that_is_copied_is_asked_by_the_import_only() -> None:
    asked_by = [
        str(path.relative_to(ROOT))
        for package in ("config", "lti", "memberships", "organizations", "roster")
        for path in (ROOT / package).rglob("*.py")
        if any(
            name.startswith("memberships.importing.engage.site_client")
            for name in imported(ast.parse(path.read_text()))
        )
    ]

    assert asked_by
    assert all(
        name.startswith(("memberships/importing/engage/", "memberships/management/commands/")) for name in asked_by
    )


@pytest.mark.parametrize(
    "source, client",
    [
        ("import httpx", "httpx"),
        ("import requests as r", "requests"),
        ("from urllib.request import urlopen", "urllib.request"),
        ("from urllib import request", "urllib.request"),
        ("from http import client", "http.client"),
        ("def f():\n    from pylti1p3.names_roles import NamesRolesProvisioningService", "pylti1p3.names_roles"),
        ("from authlib.integrations.httpx_client import OAuth2Client", "authlib.integrations.httpx_client"),
    ],
)
def test_the_check_finds_what_it_looks_for(source: str, client: str) -> None:
    assert clients_in(source) == {client}


@pytest.mark.parametrize("source", ["from urllib.parse import urlsplit", "import http", "import requests_not"])
def test_the_check_leaves_the_rest_alone(source: str) -> None:
    assert clients_in(source) == set()
