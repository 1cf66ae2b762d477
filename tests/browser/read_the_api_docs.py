"""/api/docs/ read and tried out in a real browser: `make browser-test`.

Not a part of `make test`, see tests/browser/conftest.py.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.sample_data import SampleData


@pytest.fixture
def asked() -> list[str]:
    """Every URL that the page asked for."""
    return []


@pytest.fixture
def docs(browser: Browser, live_server: LiveServer, asked: list[str]) -> Iterator[Page]:
    """The page as somebody sees it who is not signed in. It must not complain, not even of its own policy."""
    errors: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("console", lambda line: errors.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/api/docs/")
    yield page
    page.close()
    assert errors == []


def test_it_shows_every_resource_and_asks_no_other_host(docs: Page, live_server: LiveServer, asked: list[str]) -> None:
    for path in ("/api/memberships", "/api/organizations", "/api/positions", "/api/users", "/api/test"):
        expect(docs.locator(f'[data-path="{path}"]')).to_be_visible()

    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
    assert f"{live_server.url}/api/schema/" in asked


def test_a_pasted_key_asks_the_api(docs: Page, asked: list[str], transactional_db: None) -> None:
    sample = SampleData()
    docs.get_by_role("button", name="Authorize").click()
    docs.locator(".auth-container input").first.fill(sample.campus_key)
    docs.locator(".auth-container").first.get_by_role("button", name="Apply credentials").click()
    docs.get_by_role("button", name="Close", exact=True).last.click()

    docs.locator("#operations-about-getTest .opblock-summary-control").click()
    docs.get_by_role("button", name="Try it out").click()
    docs.get_by_role("button", name="Execute").click()

    expect(docs.locator(".live-responses-table")).to_contain_text("Success")
    assert sample.campus_key not in "".join(asked)
