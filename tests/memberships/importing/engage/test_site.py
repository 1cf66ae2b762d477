"""A live site is asked with patience, and with care about what it sends."""

import logging
from typing import Any

import httpx
import pytest

from memberships.importing.engage import site_client as module
from memberships.importing.engage.credentials import BearerCredential, SignedCredential
from memberships.importing.engage.site_client import PAUSES, ListForbidden, Site, SiteFailed, SitePage, base_address
from tests.memberships.importing.engage.fake_site import KEY, FakeSite, problem
from tests.memberships.importing.engage.records import a_user

FIRST = {"page": "1", "pageSize": "500"}


def open_site(fake: FakeSite, **options: Any) -> Site:
    options = {"credential": BearerCredential(KEY), "transport": fake.transport, "sleep": fake.slept.append, **options}
    return Site("https://campus.example.edu", **options)


def first_page(fake: FakeSite, **options: Any) -> SitePage:
    with open_site(fake, **options) as site:
        return site.page("users", FIRST)


@pytest.mark.parametrize(
    "url, base",
    [
        ("https://campus.example.edu", "https://campus.example.edu/api"),
        ("https://campus.example.edu/", "https://campus.example.edu/api"),
        ("https://campus.example.edu/engage", "https://campus.example.edu/engage/api"),
        ("https://campus.example.edu/engage/API/", "https://campus.example.edu/engage/API"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/api"),
        ("http://localhost", "http://localhost/api"),
        ("http://[::1]:8000", "http://[::1]:8000/api"),
    ],
)
def test_the_address_of_the_api_is(url: str, base: str) -> None:
    assert base_address(url) == base


@pytest.mark.parametrize(
    "url, sentence",
    [
        ("http://campus.example.edu", "--url must begin with https://"),
        ("http://localhost.example.edu", "--url must begin with https://"),
        ("campus.example.edu", "--url must be the URL of a site"),
        ("ftp://campus.example.edu", "--url must be the URL of a site"),
        ("https://name:secret@campus.example.edu", "must have no username, password or parameters"),
        ("https://campus.example.edu?key=secret", "must have no username, password or parameters"),
        ("https://campus.example.edu:port", "--url is not a valid URL"),
    ],
)
def test_it_refuses_the_address(url: str, sentence: str) -> None:
    with pytest.raises(SiteFailed, match=sentence) as refusal:
        base_address(url)
    assert "secret" not in str(refusal.value)


def test_it_asks_with_the_key_in_a_header() -> None:
    fake = FakeSite(users=[a_user()])

    page = first_page(fake)

    (request,) = fake.asked
    assert str(request.url) == "https://campus.example.edu/api/users?page=1&pageSize=500"
    assert request.headers["X-Engage-Api-Key"] == KEY
    assert (page.items, page.total, page.next) == (1, 1, None)


def test_it_waits_for_the_seconds_of_retry_after() -> None:
    fake = FakeSite(users=[a_user()])
    fake.failures = [problem(429, Retry_After="17"), problem(429, Retry_After="1"), problem(503, Retry_After="90")]

    assert first_page(fake).items == 1
    assert fake.slept == [17, 1, 90]


def test_it_waits_until_the_date_of_retry_after() -> None:
    fake = FakeSite()
    fake.failures = [problem(429, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT")]

    first_page(fake)

    assert fake.slept == [1]


def test_it_does_not_wait_for_days() -> None:
    fake = FakeSite()
    fake.failures = [problem(429, Retry_After="999999")]

    first_page(fake)

    assert fake.slept == [3600]


@pytest.mark.parametrize(
    "failure",
    [
        *(problem(429), problem(500), problem(502), problem(503), problem(504)),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("silent"),
        httpx.RemoteProtocolError("closed"),
        httpx.Response(200, content=b'{"items": [{"userId": 1'),
        problem(429, Retry_After="soon"),
    ],
    ids=repr,
)
def test_it_tries_again_after(failure: httpx.Response | Exception) -> None:
    fake = FakeSite(users=[a_user()])
    fake.failures = [failure, httpx.ConnectError("refused")]

    assert first_page(fake).items == 1
    assert fake.slept == [1, 2]


def test_it_gives_up_after_longer_and_longer_pauses() -> None:
    fake = FakeSite()
    fake.failures = [httpx.ConnectError("refused")] * 20

    with pytest.raises(SiteFailed, match="users fails repeatedly: the connection failed"):
        first_page(fake)
    assert fake.slept == list(PAUSES)


def test_it_tells_of_every_wait() -> None:
    fake, reports = FakeSite(), list[str]()
    fake.failures = [problem(429, Retry_After="17")]

    first_page(fake, report_progress=reports.append)

    assert reports == ["https://campus.example.edu/api/users: it responded 429. Trying again in 17 seconds."]


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_is_not_asked_again(status: int) -> None:
    fake = FakeSite()
    fake.refused = {"users": status}

    with pytest.raises(ListForbidden) as refusal:
        first_page(fake)
    assert (refusal.value.status, len(fake.asked)) == (status, 1)


def test_it_follows_no_redirect() -> None:
    fake = FakeSite()
    fake.failures = [problem(301, Location="https://other.example.edu/api/users?hash=abc")]

    with pytest.raises(SiteFailed, match=r"redirects to https://other\.example\.edu/api/users\. Set --url"):
        first_page(fake)
    assert len(fake.asked) == 1


@pytest.mark.parametrize(
    "answer, sentence",
    [
        (httpx.Response(200, html="<html>Sign in</html>"), "responds with a web page"),
        (httpx.Response(200, json=[]), "is not a page of a list"),
        (httpx.Response(200, json={"items": []}), "is not a page of a list"),
        (httpx.Response(200, json={"items": {}, "totalItems": 1, "totalPages": 1}), "is not a page of a list"),
        (httpx.Response(410, json={}), "responded 410"),
    ],
)
def test_it_refuses_an_answer_that_is_no_page(answer: httpx.Response, sentence: str) -> None:
    fake = FakeSite()
    fake.failures = [answer]

    with pytest.raises(SiteFailed, match=sentence):
        first_page(fake)


def test_it_refuses_an_answer_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ANSWER", 1_000)
    fake = FakeSite(users=[a_user(cardId="x" * 1_000)])

    with pytest.raises(SiteFailed, match="sent more than 1,000 bytes in one response"):
        first_page(fake)


def test_the_next_page_is_the_one_of_the_link() -> None:
    fake = FakeSite(users=[a_user()] * 3)
    fake.links = lambda resource, number: f"/api/{resource}?pageSize=500&cursor={number}"

    assert first_page(fake).next == {"pageSize": "500", "cursor": "2"}


def test_a_link_leads_to_no_other_host_and_carries_no_credential() -> None:
    fake = FakeSite(users=[a_user()] * 3)
    fake.links = lambda resource, number: f"https://other.example.edu/?cursor={number}&apikey=a&hash=b&Key=c"

    with open_site(fake) as site:
        following = site.page("users", FIRST).next
        assert following == {"cursor": "2"}
        site.page("users", following)

    assert {request.url.host for request in fake.asked} == {"campus.example.edu"}


def test_a_link_to_the_same_page_ends_the_list() -> None:
    fake = FakeSite(users=[a_user()] * 3)
    fake.links = lambda resource, number: f"/api/{resource}?page=1&pageSize=500"

    assert first_page(fake).next is None


def test_without_links_pages_are_counted() -> None:
    fake = FakeSite(users=[a_user()] * 3)

    with open_site(fake) as site:
        assert site.page("users", FIRST).next == {"page": "2", "pageSize": "500"}
        assert site.page("users", {"page": "2", "pageSize": "500"}).next is None


@pytest.mark.parametrize(
    "credential", [BearerCredential(KEY), SignedCredential("public", KEY)], ids=["key", "signature"]
)
def test_no_key_and_no_hash_is_logged(
    credential: BearerCredential | SignedCredential, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake = FakeSite()
    fake.failures = [problem(429, Retry_After="1")]

    first_page(fake, credential=credential)

    assert len(fake.asked) == 2
    assert KEY not in caplog.text
    assert "hash=" not in caplog.text
    assert KEY not in repr(credential)
