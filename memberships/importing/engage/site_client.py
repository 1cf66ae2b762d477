"""A client of a live site of this API, page by page. It waits when asked to and retries failed requests."""

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
"""Seconds that a connection may take, and that an answer may be silent."""

MAX_ANSWER_LENGTH = 300
"""Seconds that one answer may take altogether."""

MAX_ANSWER = 64 * 1024 * 1024
"""Bytes of one answer: 500 records of 100 kB each would fit."""

PAUSES = (1, 2, 4, 8, 16, 32)
"""Seconds to wait after each failure in a row; after one more the pull stops."""

MAX_WAITS, LONGEST_WAIT = 30, 3600
"""How often in a row a site may ask to wait, and for how many seconds at most."""

TRY_AGAIN = frozenset({429, 500, 502, 503, 504})
CREDENTIAL_PARAMETERS = frozenset({"apikey", "time", "random", "hash", "ip", "ipaddress", "key"})


class SiteFailed(Exception):
    """The site does not answer as this API does. The text is a sentence that says what to do, without any key."""


class ListForbidden(Exception):
    """The site does not give this resource to this key. `status` says how it put it."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class SitePage(NamedTuple):
    """One page of a list."""

    content: bytes
    items: int
    """How many records it holds."""
    total: int
    """How many the site counts in the whole list."""
    next: dict[str, str] | None
    """The query of the page after it."""


class TransientError(Exception):
    """A try that did not bring a page, and after how many seconds the site wants the next."""

    def __init__(self, sentence: str, wait: float | None = None) -> None:
        super().__init__(sentence)
        self.wait = wait


class Site:
    """Asks a site's lists. Use it as a context manager."""

    def __init__(
        self,
        url: str,
        credential: SiteCredential,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        report_progress: Callable[[str], object] = str,
    ) -> None:
        """`report` is called with a sentence for every wait and every failed attempt."""
        self.base = base_address(url)
        self.credential = credential
        self.sleep = sleep
        self.report_progress = report_progress
        for name in ("httpx", "httpcore"):  # they log whole addresses, in which a signed query has its hash
            logging.getLogger(name).setLevel(logging.WARNING)
        self.client = httpx.Client(
            timeout=TIMEOUT,
            transport=transport,
            trust_env=not is_loopback(self.base),  # no proxy stands between this machine and itself
            headers={"Accept": "application/json", "User-Agent": "campus-roster-import"},
        )

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *exception: object) -> None:
        self.client.close()

    def page(self, resource: str, query: Mapping[str, str]) -> SitePage:
        """A page of a list. Withheld, or SiteFailed when it does not come after several tries."""
        pauses, waits = list(PAUSES), [0] * MAX_WAITS
        while True:
            try:
                return self._try(resource, query)
            except TransientError as broken:
                left = pauses if broken.wait is None else waits
                if not left:
                    raise SiteFailed(f"{self.base}/{resource} fails again and again: {broken}") from broken
                seconds = max(left.pop(0), broken.wait or 0)
                self.report_progress(f"{self.base}/{resource}: {broken} Asking again in {seconds:.0f} seconds.")
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
            raise TransientError(f"the connection broke ({type(error).__name__}).") from error
        return self._page(content, response, query, url)

    def _check_status(self, response: httpx.Response, resource: str) -> None:
        url, status = f"{self.base}/{resource}", response.status_code
        if status in TRY_AGAIN:
            raise TransientError(f"it answered {status}.", wait=retry_after(response.headers.get("Retry-After")))
        if response.has_redirect_location:
            target = urlsplit(str(response.headers["Location"]))
            named = f"{target.scheme}://{target.hostname}{target.path}" if target.hostname else target.path
            raise SiteFailed(f"{url} redirects to {named}. Name the address that answers with --url.")
        if status in {400, 401, 403, 404}:
            raise ListForbidden(status)
        if status != 200:
            raise SiteFailed(f"{url} answered {status}, which this API does not.")

    def _content(self, response: httpx.Response) -> bytes:
        ends = time.monotonic() + MAX_ANSWER_LENGTH
        content = bytearray()
        for part in response.iter_bytes():
            content += part
            if len(content) > MAX_ANSWER:
                raise SiteFailed(f"{self.base} sent more than {MAX_ANSWER:,} bytes in one answer.")
            if time.monotonic() > ends:
                raise TransientError(f"an answer took more than {MAX_ANSWER_LENGTH} seconds.")
        return bytes(content)

    def _page(self, content: bytes, response: httpx.Response, query: Mapping[str, str], url: str) -> SitePage:
        try:
            envelope = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            if "html" in response.headers.get("Content-Type", "").lower():
                raise SiteFailed(f"{url} answers with a web page. Is --url the address of the API?") from error
            raise TransientError("its answer was not whole.") from error
        envelope = envelope if isinstance(envelope, dict) else {}
        items, total, pages = (envelope.get(name) for name in ("items", "totalItems", "totalPages"))
        if not isinstance(items, list) or not isinstance(total, int) or not isinstance(pages, int):
            raise SiteFailed(f"{url} answers with no page of a list. Is --url the address of the API?")
        return SitePage(content, len(items), total, next_query(response, query, pages if items else 0))


def next_query(response: httpx.Response, query: Mapping[str, str], pages: int) -> dict[str, str] | None:
    """What asks for the page after an answer: what its link says, else the next number.

    Of the link only the query is used, and never a credential: so no answer leads away from the site.
    """
    link = response.links.get("next", {}).get("url")
    if link:
        pairs = parse_qsl(urlsplit(link).query, keep_blank_values=True)
        following = {name: value for name, value in pairs if name.lower() not in CREDENTIAL_PARAMETERS}
        return None if following == dict(query) else following
    page = int(query.get("page", "0"))
    return {**query, "page": str(page + 1)} if 0 < page < pages else None


def retry_after(header: str | None) -> float | None:
    """Seconds to wait that a Retry-After header asks for: a number of seconds or a date."""
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
    """The address of the API of a site, without a slash at its end. SiteFailed for one that may not be used."""
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SiteFailed("--url is the address of a site: https://campus.example.edu")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise SiteFailed("--url is an address without names, passwords and parameters: https://campus.example.edu")
    path = parts.path.rstrip("/")
    address = f"{parts.scheme}://{parts.netloc}{path if path.lower().endswith('/api') else f'{path}/api'}"
    try:
        httpx.URL(address)
    except httpx.InvalidURL as error:
        raise SiteFailed(f"--url is no address: {error}") from error
    if parts.scheme == "http" and not is_loopback(address):
        raise SiteFailed("--url must begin with https://, so that nobody on the way reads the key and the answers.")
    return address


def is_loopback(address: str) -> bool:
    """Is this an address of this machine itself?"""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
