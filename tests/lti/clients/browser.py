"""Somebody with a browser, who signs in and opens a tool from an organization's page."""

import html
import re

import httpx

from organizations.models import Organization
from roster.models import User
from tests.lti.launches import posted
from tests.serving import Site

PASSWORD = "correct horse battery staple"


class Page:
    """A page, as `posted` reads one."""

    def __init__(self, response: httpx.Response) -> None:
        self.content = response.content


def submit(browser: httpx.Client, page: httpx.Response, **fields: str) -> httpx.Response:
    """Send the first form of a page, with what a person types into it."""
    assert page.status_code == 200, page.text
    url, hidden = posted(Page(page))
    return browser.post(httpx.URL(str(page.url)).join(url), data={**hidden, **fields})


def sign_in(browser: httpx.Client, site: Site, person: User, organization: Organization) -> httpx.Response:
    """Sign in at an organization's page; that page."""
    person.set_password(PASSWORD)
    person.save()
    page = browser.get(f"{site.url}/lti/organizations/{organization.pk}/")
    assert page.url.path == "/lti/sign-in"
    form = {"username": person.username, "password": PASSWORD, "next": page.url.params["next"]}
    return browser.post(page.url, data={"csrfmiddlewaretoken": browser.cookies["csrftoken"], **form})


def open_first_tool(site: Site, person: User, organization: Organization) -> httpx.Response:
    """Sign in at an organization's page and press its first button; what the tool answers at the end of the launch."""
    with httpx.Client(follow_redirects=True, timeout=60) as browser:
        page = sign_in(browser, site, person, organization)
        opening = submit(browser, page)  # the button; the tool's login URL; back here to authorize
        return submit(browser, opening)  # which a browser does by itself


def choose_in_tool(site: Site, person: User, organization: Organization) -> httpx.Response:
    """Sign in and let the one tool choose a link; what this site answers when the tool has returned it."""
    with httpx.Client(follow_redirects=True, timeout=60) as browser:
        page = sign_in(browser, site, person, organization)
        assert "Choose in Poll" in page.text
        _, fields = posted(Page(page))
        opening = browser.post(httpx.URL(str(page.url)).join("deep-linking"), data=fields)
        chosen = submit(browser, opening)
    form = re.search(
        r'<form [^>]*action="([^"]*)"[^>]*>\s*<input type="hidden" name="JWT" value="([^"]*)" />', chosen.text
    )
    assert form, chosen.text
    return httpx.post(html.unescape(form[1]), data={"JWT": form[2]})  # without a cookie, as from another site
