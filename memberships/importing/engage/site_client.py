"""A client of a live site with this API, which reads pages, respects Retry-After and retries failed requests."""

import datetime as dt
import email.utils
import ipaddress
import logging
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import httpx
import orjson

from memberships.importing.engage.credentials import SiteCredential

TIMEOUT = httpx.Timeout(60, connect=15)
"""Timeouts in seconds, for connecting and between two parts of a response."""

MAX_ANSWER_LENGTH = 300
"""Maximum duration of one response in seconds."""

MAX_ANSWER = 64 * 1024 * 1024
"""Maximum size of one response in bytes: 500 records of 100 kB each would fit."""

PAUSES = (1, 2, 4, 8, 16, 32)
"""Seconds to wait after each consecutive failure; after one more failure the download stops."""

MAX_WAITS, LONGEST_WAIT = 30, 3600
"""Maximum number of consecutive responses with Retry-After, and the longest accepted wait in seconds."""

TRY_AGAIN = frozenset({429, 500, 502, 503, 504})
CREDENTIAL_PARAMETERS = frozenset({"apikey", "time", "random", "hash", "ip", "ipaddress", "key"})


class SiteFailed(Exception):
    """The site does not respond as this API does. The message says what to do, and contains no key."""


class ListForbidden(Exception):
    """The site does not return this resource with this key; `status` is the HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class SitePage(NamedTuple):
    """One page of a list."""

    content: bytes
    items: int
    """Number of its records."""
    total: int
    """Number of records in the whole list."""
    next: dict[str, str] | None
    """The query parameters of the next page; None for the last page."""


class TransientError(Exception):
    """A failed attempt to read a page that can be retried; `wait` is the Retry-After in seconds, if any."""

    def __init__(self, sentence: str, wait: float | None = None) -> None:
        super().__init__(sentence)
        self.wait = wait


class Site:
    """Reads the lists of a site. Use it as a context manager."""

    def __init__(
        self,
        url: str,
        credential: SiteCredential,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        report_progress: Callable[[str], object] = str,
    ) -> None:
        """`report_progress` is called with a sentence for every wait and every failed attempt."""
        self.base = base_address(url)
        self.credential = credential
        self.sleep = sleep
        self.report_progress = report_progress
        for name in ("httpx", "httpcore"):  # they log whole URLs, which contain the hash of a signed query
            logging.getLogger(name).setLevel(logging.WARNING)
        self.client = httpx.Client(
            timeout=TIMEOUT,
            transport=transport,
            trust_env=not is_loopback(self.base),  # no proxy for this machine itself
            headers={"Accept": "application/json", "User-Agent": "campus-roster-import"},
        )

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *exception: object) -> None:
        self.client.close()

    def page(self, resource: str, query: Mapping[str, str]) -> SitePage:
        """Read a page of a list. ListForbidden if the site refuses it, SiteFailed after several failed attempts."""
        pauses, waits = list(PAUSES), [0] * MAX_WAITS
        while True:
            try:
                return self._try(resource, query)
            except TransientError as error:
                left = pauses if error.wait is None else waits
                if not left:
                    raise SiteFailed(f"{self.base}/{resource} fails repeatedly: {error}") from error
                seconds = max(left.pop(0), error.wait or 0)
                self.report_progress(f"{self.base}/{resource}: {error} Trying again in {seconds:.0f} seconds.")
                self.sleep(seconds)

    def _try(self, resource: str, query: Mapping[str, str]) -> SitePage:
        url = f"{self.base}/{resource}"
        try:
            with self.client.stream(
                "GET",
                url,
                params={**query, **self.credential.parameters()},
                headers=self.credential.headers(),
            ) as response:
                self._check_status(response, resource)
                content = self._content(response)
        except httpx.RequestError as error:
            raise TransientError(f"the connection failed ({type(error).__name__}).") from error
        return self._page(content, response, query, url)

    def _check_status(self, response: httpx.Response, resource: str) -> None:
        url, status = f"{self.base}/{resource}", response.status_code
        if status in TRY_AGAIN:
            raise TransientError(f"it responded {status}.", wait=retry_after(response.headers.get("Retry-After")))
        if response.has_redirect_location:
            target = urlsplit(str(response.headers["Location"]))
            named = f"{target.scheme}://{target.hostname}{target.path}" if target.hostname else target.path
            raise SiteFailed(f"{url} redirects to {named}. Set --url to the final address.")
        if status in {400, 401, 403, 404}:
            raise ListForbidden(status)
        if status != 200:
            raise SiteFailed(f"{url} responded {status}, which this API never does.")

    def _content(self, response: httpx.Response) -> bytes:
        ends = time.monotonic() + MAX_ANSWER_LENGTH
        content = bytearray()
        for part in response.iter_bytes():
            content += part
            if len(content) > MAX_ANSWER:
                raise SiteFailed(f"{self.base} sent more than {MAX_ANSWER:,} bytes in one response.")
            if time.monotonic() > ends:
                raise TransientError(f"a response took more than {MAX_ANSWER_LENGTH} seconds.")
        return bytes(content)

    def _page(self, content: bytes, response: httpx.Response, query: Mapping[str, str], url: str) -> SitePage:
        try:
            envelope = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            if "html" in response.headers.get("Content-Type", "").lower():
                raise SiteFailed(f"{url} responds with a web page. Is --url the address of the API?") from error
            raise TransientError("its response was incomplete.") from error
        envelope = envelope if isinstance(envelope, dict) else {}
        items, total, pages = (envelope.get(name) for name in ("items", "totalItems", "totalPages"))
        if not isinstance(items, list) or not isinstance(total, int) or not isinstance(pages, int):
            raise SiteFailed(f"The response of {url} is not a page of a list. Is --url the address of the API?")
        return SitePage(content, len(items), total, next_query(response, query, pages if items else 0))


def next_query(response: httpx.Response, query: Mapping[str, str], pages: int) -> dict[str, str] | None:
    """The query parameters for the next page: from the Link header, or else the next page number.

    Only the query of the link is used, without credentials, so that no response can lead to another site.
    """
    link = response.links.get("next", {}).get("url")
    if link:
        pairs = parse_qsl(urlsplit(link).query, keep_blank_values=True)
        following = {name: value for name, value in pairs if name.lower() not in CREDENTIAL_PARAMETERS}
        return None if following == dict(query) else following
    page = int(query.get("page", "0"))
    return {**query, "page": str(page + 1)} if 0 < page < pages else None


def retry_after(header: str | None) -> float | None:
    """The seconds to wait from a Retry-After header, which is a number of seconds or a date."""
    if not header:
        return None
    if header.strip().isdecimal():
        seconds = float(header)
    else:
        try:
            date = email.utils.parsedate_to_datetime(header)
        except ValueError:
            return None
        date = date if date.tzinfo else date.replace(tzinfo=dt.UTC)
        seconds = (date - dt.datetime.now(dt.UTC)).total_seconds()
    return min(max(seconds, 1.0), LONGEST_WAIT)


def base_address(url: str) -> str:
    """The URL of the API of a site, without a trailing slash. SiteFailed if the URL is not acceptable."""
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SiteFailed("--url must be the URL of a site: https://campus.example.edu")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise SiteFailed("--url must have no username, password or parameters: https://campus.example.edu")
    path = parts.path.rstrip("/")
    address = f"{parts.scheme}://{parts.netloc}{path if path.lower().endswith('/api') else f'{path}/api'}"
    try:
        httpx.URL(address)
    except httpx.InvalidURL as error:
        raise SiteFailed(f"--url is not a valid URL: {error}") from error
    if parts.scheme == "http" and not is_loopback(address):
        raise SiteFailed("--url must begin with https://, so that the key and the responses are encrypted.")
    return address


def is_loopback(address: str) -> bool:
    """Is this a URL of this machine itself (loopback)?"""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
