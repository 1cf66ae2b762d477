"""A tiny client of the API: `ask(key, "/api/memberships", pageSize=10)`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from django.test import Client

from roster.models import User


@dataclass(frozen=True)
class Answer:
    """What the server said."""

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
        """What a 400 says of each parameter."""
        return {error["parameter"]: error["detail"] for error in self.body["errors"]}


def ask(
    credential: str | User | Client | None, path: str, /, *, method: Any = "GET", headers: Any = None, **parameters: Any
) -> Answer:
    """Ask with a key's text, as a user who signs in for it, in a browser (a Client), or as nobody (None).

    The path may carry a query of its own.
    """
    client = credential if isinstance(credential, Client) else Client(raise_request_exception=False)
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
