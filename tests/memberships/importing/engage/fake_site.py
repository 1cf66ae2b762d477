"""A site of this API in memory, which fails on request."""

from collections.abc import Callable
from typing import Any

import httpx
import orjson

KEY = "a-key-of-the-fake-site"
Answer = httpx.Response | BaseException


class FakeSite:
    """Answers lists page by page; the answers in `failures` are given before, one for each request."""

    def __init__(self, **lists: list[Any]) -> None:
        self.lists: dict[str, list[Any]] = {
            "users": [],
            "organizations": [],
            "positions": [],
            "memberships": [],
        } | lists
        self.asked: list[httpx.Request] = []
        self.failures: list[Answer] = []
        self.fails_after = 0
        """How many requests are answered well before the failures."""
        self.refused: dict[str, int] = {}
        """Statuses by the names of resources, or of parameters of them."""
        self.page_size = 2
        self.links: Callable[[str, int], str] | None = None
        self.transport = httpx.MockTransport(self.answer)
        self.slept: list[float] = []

    @property
    def paths(self) -> list[str]:
        """What was asked, as `memberships?page=1`, of the parameters only page and cursor."""
        return [
            f"{request.url.path.rpartition('/')[2]}?"
            + "&".join(f"{name}={value}" for name, value in request.url.params.items() if name in {"page", "cursor"})
            for request in self.asked
        ]

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.failures and len(self.asked) > self.fails_after:
            failure = self.failures.pop(0)
            if isinstance(failure, BaseException):
                raise failure
            return failure
        resource, parameters = request.url.path.rpartition("/")[2], request.url.params
        for name, status in self.refused.items():
            if name == resource or name in parameters:
                return problem(status)
        number = int(parameters.get("page") or parameters["cursor"])
        records = self.lists[resource]
        pages = -(-len(records) // self.page_size)
        envelope = {
            "pageNumber": number,
            "pageSize": self.page_size,
            "totalItems": len(records),
            "totalPages": pages,
            "items": records[(number - 1) * self.page_size : number * self.page_size],
        }
        headers = {}
        if self.links and number < pages:
            headers["Link"] = f'<{self.links(resource, number + 1)}>; rel="next"'
        return httpx.Response(200, content=orjson.dumps(envelope), headers=headers)


def problem(status: int, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"status": status}, headers={k.replace("_", "-"): v for k, v in headers.items()})
