"""Requests to learning platforms: no redirects, limited in time and size, and failing in words."""

import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
import orjson

from lti.course.unavailable import CourseUnavailable

TIMEOUT = httpx.Timeout(5.0)
"""Seconds to wait for a connection, and for each piece of an answer."""

LONGEST = 20.0
"""Seconds that an answer may take altogether."""

LARGEST = 8 * 1024 * 1024
"""Bytes of the largest answer that is read: a page of 5000 members has about 3 million."""


@dataclass(frozen=True)
class Fetched:
    """An answer of a learning platform, its body as it came."""

    status: int
    headers: httpx.Headers
    links: dict[str, str]
    """The URLs of its Link header, by their relation."""
    body: bytes

    def json(self) -> Any:
        """The body as JSON. CourseUnavailable for what is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise CourseUnavailable("The learning platform's answer is not JSON.") from error


@cache
def certificates() -> Any:
    return httpx.create_ssl_context()


def fetch(method: str, url: str, *, headers: dict[str, str] | None = None, **sent: Any) -> Fetched:
    """What a learning platform answers. CourseUnavailable when there is no whole answer.

    A compressed answer is none: a few bytes could stand for any number.
    """
    sent["headers"] = {"Accept": "application/json", **(headers or {}), "Accept-Encoding": "identity"}
    until = time.monotonic() + LONGEST
    try:
        with (
            httpx.Client(timeout=TIMEOUT, verify=certificates(), follow_redirects=False) as client,
            client.stream(method, url, **sent) as response,
        ):
            body = read(response, until=until)
            links = {str(relation): str(link["url"]) for relation, link in response.links.items() if "url" in link}
            return Fetched(response.status_code, response.headers, links, body)
    except httpx.TimeoutException as error:
        raise CourseUnavailable("The learning platform did not answer in time.", timed_out=True) from error
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise CourseUnavailable(f"The learning platform cannot be reached ({type(error).__name__}).") from error


def read(response: httpx.Response, *, until: float) -> bytes:
    """The body of an answer, as far as it may go and as long as it may take."""
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise CourseUnavailable("The learning platform's answer is compressed, which was not asked for.")
    body = bytearray()
    for piece in response.iter_raw():
        body += piece
        if len(body) > LARGEST:
            raise CourseUnavailable(f"The learning platform's answer is larger than {LARGEST // 1024 // 1024} MB.")
        if time.monotonic() > until:
            raise CourseUnavailable("The learning platform did not answer in time.", timed_out=True)
    return bytes(body)
