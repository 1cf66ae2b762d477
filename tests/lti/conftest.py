"""Fixtures of the LTI tests."""

import socket
import urllib.request
from typing import Any

import pytest

from lti.core import http_client, jwks
from lti.models import Deployment, Tool
from tests.lti.tools import deploy, make_tool
from tests.sample_data import SampleData


@pytest.fixture(autouse=True)
def _no_failures_of_other_tests() -> None:
    """Ports are used again: what failed in one test may answer in the next."""
    http_client.failures.clear()
    jwks.failures.clear()


@pytest.fixture
def poll(sample: SampleData) -> Tool:
    """A campus tool that is told all, used on the whole campus."""
    tool = make_tool()
    deploy(tool)
    return tool


@pytest.fixture
def deployment(poll: Tool) -> Deployment:
    """The one deployment of `poll`."""
    return poll.deployments.get()


@pytest.fixture
def no_requests(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Whoever opens a connection or asks for an address fails, and is remembered."""
    asked: list[Any] = []

    def fail(*args: Any, **kwargs: Any) -> Any:
        asked.append(args)
        raise AssertionError("A request left the server.")

    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, fail)
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, fail)
    monkeypatch.setattr(urllib.request, "urlopen", fail)
    return asked
