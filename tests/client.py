"""A tiny client of the API: `ask(key, "/api/memberships", pageSize=10)`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from django.dispatch import receiver
from django.test import Client
from django.test.client import ClientHandler
from django.test.signals import setting_changed

from roster.models import User


@dataclass(frozen=True)
class Answer:
    """An answer of the server."""

    status: int
    headers: Mapping[str, str]
    body: Any
    """The decoded JSON; None where there is no body."""

    @property
    def ids(self) -> list[int]:
        """The ids of the items, in their order: every item begins with its id."""
        return [next(iter(item.values())) for item in self.body["items"]]

    @property
    def refused(self) -> dict[str, str]:
        """The errors of each parameter in a 400 response."""
        return {error["parameter"]: error["detail"] for error in self.body["errors"]}


HANDLER = ClientHandler(enforce_csrf_checks=False)
"""One for all clients: to load the middleware takes longer than to answer."""


@receiver(setting_changed)
def load_middleware_again(**kwargs: Any) -> None:
    """Some of it reads settings when it is loaded."""
    HANDLER._middleware_chain = None  # type: ignore[attr-defined]  # as in a new one


def new_client() -> Client:
    """A client without cookies, to which a failure of the server is a 500."""
    client = Client(raise_request_exception=False)
    client.handler = HANDLER
    return client


def ask(
    credential: str | User | Client | None, path: str, /, *, method: Any = "GET", headers: Any = None, **parameters: Any
) -> Answer:
    """Ask with a key's text, as a user who signs in for it, in a browser (a Client), or as nobody (None).

    The path may carry a query of its own.
    """
    client = credential if isinstance(credential, Client) else new_client()
    sent = dict(headers or {})
    if isinstance(credential, User):
        client.force_login(credential)
    elif isinstance(credential, str):
        sent["Authorization"] = f"Bearer {credential}"
    url, _, query = path.partition("?")
    query = "&".join(part for part in (query, urlencode(parameters)) if part)
    response = client.generic(method, url, headers=sent, QUERY_STRING=query)
    body = orjson.loads(response.content) if response.content else None
    return Answer(response.status_code, response.headers, body)
