"""GET /api/docs/: a page that asks no other host."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

ASKING = {"src", "href", "action", "data-schema"}
"""Attributes that make a browser ask for something."""


class References(HTMLParser):
    """What a page refers to, tag by tag, and its inline scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.inline: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.found += [
            (tag, value) for name, value in attrs if name in {"src", "href", "action", "data-schema"} and value
        ]
        if tag == "style" or "style" in values or (tag == "script" and "src" not in values):
            self.inline.append(tag)


def page() -> References:
    return References(Client().get("/api/docs/").text)


def assets() -> list[Path]:
    paths = [url.removeprefix("/static/") for tag, url in page().found if tag in {"script", "link"}]
    return [Path(str(finders.find(path))) for path in paths]


def test_anybody_may_open_it() -> None:
    response = Client().get("/api/docs/")

    assert (response.status_code, response["Content-Type"]) == (200, "text/html; charset=utf-8")


def test_the_content_security_policy_allows_no_other_host() -> None:
    policy = Client().get("/api/docs/")["Content-Security-Policy"]
    sources = {word for rule in policy.split(";") for word in rule.split()[1:]}

    assert policy.startswith("default-src 'self'; ")
    assert sources == {"'self'", "'none'", "data:"}


def test_everything_it_names_is_on_this_host_and_there() -> None:
    urls = [url for _, url in page().found]

    assert len(urls) == 6
    assert [url for url in urls if not re.match(r"/(?!/)", url)] == []
    assert [path for path in assets() if not path.is_file()] == []


def test_it_has_no_inline_script_or_style() -> None:
    assert page().inline == []


def test_its_stylesheet_loads_nothing() -> None:
    [stylesheet] = [path.read_text() for path in assets() if path.suffix == ".css"]

    assert [url for url in re.findall(r"url\(\s*['\"]?([^)'\"]*)", stylesheet) if not url.startswith("data:")] == []
    assert "@import" not in stylesheet


def test_its_own_script_names_no_host_and_keeps_no_key() -> None:
    [script] = [path.read_text() for path in assets() if path.name == "docs.js"]

    assert re.findall(r"https?:|//[a-z]", script) == []
    assert re.search(r"validatorUrl: null", script)
    assert re.search(r"persistAuthorization: false", script)


@pytest.mark.parametrize("path", ["/api/docs", "/API/Docs/", "/engage/api/docs"])
def test_it_opens_under_every_spelling(path: str) -> None:
    assert Client().get(path).status_code == 200
