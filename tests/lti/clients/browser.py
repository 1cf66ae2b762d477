"""Somebody with a browser, who signs in and opens a tool from an organization's page."""

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


def open_first_tool(site: Site, person: User, organization: Organization) -> httpx.Response:
    """Sign in at an organization's page and press its first button; what the tool answers at the end of the launch."""
    person.set_password(PASSWORD)
    person.save()
    with httpx.Client(follow_redirects=True, timeout=60) as browser:
        page = browser.get(f"{site.url}/lti/organizations/{organization.pk}/")
        assert page.url.path == "/lti/sign-in"
        form = {"username": person.username, "password": PASSWORD, "next": page.url.params["next"]}
        page = browser.post(page.url, data={"csrfmiddlewaretoken": browser.cookies["csrftoken"], **form})
        opening = submit(browser, page)  # the button; the tool's login URL; back here to authorize
        return submit(browser, opening)  # which a browser does by itself
