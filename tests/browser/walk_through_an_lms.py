"""What only a real browser shows of launches and registrations inside of an LMS's page: `make browser-test`.

The LMS's pages are at `localhost`, this site at `127.0.0.1`: two sites, as browsers see it.
"""

import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from lti.models import Course, LearningPlatform, PlatformDeployment
from roster.models import User
from tests.lti.clients.conftest import people, site  # noqa: F401 (fixtures)
from tests.lti.tool.conftest import lms  # noqa: F401 (a fixture)
from tests.lti.tool.launching import launch_claims, publish_keys, signed
from tests.lti.tool.lms import Asked, Lms, Reply
from tests.lti.tool.test_registration import offers
from tests.lti.tools import make_tool
from tests.sample_data import SampleData
from tests.serving import Site

PASSWORD = "correct horse battery staple"

NOTES = "<script>addEventListener('message', (event) => { document.title = event.data.subject })</script>"
"""The title of a page with this script is the subject of the message that it received."""


@pytest.fixture
def window(browser: Browser) -> Any:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def shows(lms: Lms, path: str, text: str) -> None:
    lms.replies[path] = Reply(text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def page_of(lms: Lms, path: str) -> str:
    return f"http://localhost:{lms.server_port}{path}"


def answers_launches(lms: Lms, site: Site) -> None:
    """Let the LMS post an id_token by a form, as LMSs do."""
    publish_keys(lms)

    def auth(asked: Asked) -> Reply:
        query = dict(parse_qsl(urlsplit(asked.path).query))
        fields = {"id_token": signed(launch_claims(lms, query)), "state": query["state"]}
        inputs = "".join(f'<input name="{name}" value="{html.escape(value)}">' for name, value in fields.items())
        form = f'<form method="post" action="{site.url}/lti/course/launch">{inputs}</form>'
        text = f"<!doctype html>{form}<script>document.forms[0].submit()</script>"
        return Reply(text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})

    lms.replies["/auth"] = auth


@pytest.fixture
def login(site: Site, people: SampleData, lms: Lms) -> str:
    """What an LMS's link to this site opens, which leads to a tool."""
    answers_launches(lms, site)
    shows(lms, "/tool", "<!doctype html><h1>The tool</h1>")
    platform = lms.platform(tool=make_tool(target_link_url=f"{lms.url}/tool"), authorization_url=page_of(lms, "/auth"))
    PlatformDeployment.objects.create(platform=platform, deployment_id="1")
    return f"{site.url}/lti/course/login?{urlencode({'iss': lms.url, 'login_hint': '7', 'client_id': 'campus-roster'})}"


def test_a_launch_in_a_window_leads_to_the_tool(window: Page, lms: Lms, login: str) -> None:
    shows(lms, "/course", f'<!doctype html><a href="{html.escape(login)}">Open the tool</a>')
    window.goto(page_of(lms, "/course"))

    window.get_by_text("Open the tool").click()

    expect(window.get_by_role("heading", name="The tool")).to_be_visible()
    assert re.search(r"\?ltik=ey", window.url)
    assert Course.objects.count() == 1


def test_a_browser_that_stores_no_cookies_in_a_frame_shows_a_message_there(
    window: Page,
    lms: Lms,
    login: str,
) -> None:
    shows(lms, "/course", f'<!doctype html><iframe name="tool" src="{html.escape(login)}" width="800"></iframe>')

    window.goto(page_of(lms, "/course"))

    frame = window.frame_locator("iframe")
    expect(frame.get_by_text("Your browser stores no cookies on a page embedded in another site.")).to_be_visible()
    expect(frame.get_by_role("link", name="Continue in a new window")).to_be_visible()
    assert not Course.objects.exists()


def test_a_registration_begins_in_the_dialog_of_an_lms_and_closes_it(
    site: Site,
    people: SampleData,
    window: Page,
    lms: Lms,
) -> None:
    User.objects.create_superuser("root", PASSWORD)
    window.goto(site.url + reverse("admin:login"))
    window.locator("[name=username]").fill("root")
    window.locator("[name=password]").fill(PASSWORD)
    window.get_by_role("button", name="Log in").click()
    url = f"{site.url}/lti/course/register?{urlencode(offers(lms))}"
    shows(lms, "/dialog", f'<!doctype html>{NOTES}<iframe src="{html.escape(url)}"></iframe>')
    window.goto(page_of(lms, "/dialog"))

    with window.expect_popup() as opened:
        window.frame_locator("iframe").get_by_text("Go on in a new window").click()
    opened.value.get_by_role("button", name="Register").click()

    expect(opened.value.get_by_text("This window can be closed.")).to_be_visible()
    expect(window).to_have_title("org.imsglobal.lti.close")
    assert LearningPlatform.objects.get().client_id == "c-1"


def test_the_confirmation_does_not_show_in_a_frame(
    site: Site,
    people: SampleData,
    window: Page,
    lms: Lms,
) -> None:
    shows(lms, "/dialog", f'<!doctype html><iframe src="{site.url}{reverse("admin:login")}"></iframe>')

    window.goto(page_of(lms, "/dialog"))

    expect(window.frame_locator("iframe").locator("[name=password]")).to_have_count(0)
