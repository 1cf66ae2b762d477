"""Platform storage for tools that an organization's page opens, with a real Chromium over TLS: `make browser-test`.

This site is at roster.test, its tool at tool.test, and a page that is none of its tools at lms.test.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lti.models import Launch
from tests.browser.tls import address, lms_over_tls, profile, serving_over_tls
from tests.lti.clients.browser import PASSWORD
from tests.lti.clients.conftest import people  # noqa: F401 (a fixture)
from tests.lti.tool.conftest import lms  # noqa: F401 (a fixture)
from tests.lti.tool.lms import Asked, Lms, Reply
from tests.lti.tools import deploy, make_tool
from tests.sample_data import SampleData

ASK = """
function ask(message) {
  return new Promise((resolve) => {
    addEventListener("message", ({ data, origin }) => {
      if (origin === ROSTER && data.subject === `${message.subject}.response`) resolve(data)
    }, { once: true })
    opener.postMessage(message, ROSTER)
  })
}
"""
"""The tool's side of the storage."""

LOGIN = """
ask({ subject: "lti.put_data", message_id: "m-1", key: "state-1", value: "nonce-1" })
  .then((answer) => { location.href = document.body.dataset.next })
"""

LAUNCH = """
ask({ subject: "lti.get_data", message_id: "m-2", key: "state-1" })
  .then((answer) => { document.querySelector("h1").textContent = `The tool has ${answer.value}` })
"""


@pytest.fixture(scope="module")
def roster(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of this site."""
    with serving_over_tls(tmp_path_factory.mktemp("site")) as url:
        yield url


@pytest.fixture
def port(lms: Lms, tmp_path: Path) -> Iterator[int]:  # noqa: F811 (the fixture)
    with lms_over_tls(tmp_path, lms) as port:
        yield port


@pytest.fixture
def organization_page(
    roster: str,
    people: SampleData,  # noqa: F811 (the fixture)
    lms: Lms,  # noqa: F811 (the fixture)
    port: int,
) -> str:
    """The URL of the page of an organization with a tool at tool.test; the tool needs scripts unless `?plain`."""
    launch_url = address("tool.test", port, "/launch")
    script = f"<script>const ROSTER = '{roster}'; {ASK}"

    def login(asked: Asked) -> Reply:
        given = dict(parse_qsl(urlsplit(asked.path).query))
        assert given["lti_storage_target"] == "_parent"
        query = {
            **{name: given[name] for name in ("client_id", "login_hint", "lti_message_hint")},
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "nonce": "nonce-1",
            "state": "state-1",
            "redirect_uri": launch_url,
        }
        url = f"{roster}/lti/authorize?{urlencode(query)}"
        if "plain" in given:
            return Reply(b"", 302, {"Location": url})
        escaped = url.replace("&", "&amp;")
        return shown(f'<body data-next="{escaped}">{script} {LOGIN}</script>')

    def launch(asked: Asked) -> Reply:
        assert asked.form["lti_storage_target"] == "_parent"
        assert asked.form["id_token"]
        return shown(f"<h1>The tool</h1>{script} {LAUNCH}</script>")

    lms.replies.update({"/login": login, "/launch": launch, "/other": shown(f"{script}</script>")})
    tool = make_tool(
        login_url=address("tool.test", port, "/login"), target_link_url=launch_url, redirect_urls=[launch_url]
    )
    deploy(tool, people.student_government)
    people.amara.set_password(PASSWORD)
    people.amara.save()
    return f"{roster}/lti/organizations/{people.student_government.pk}/"


def shown(text: str) -> Reply:
    return Reply(f"<!doctype html>{text}".encode(), headers={"Content-Type": "text/html; charset=utf-8"})


@pytest.fixture
def window(tmp_path: Path, organization_page: str) -> Iterator[Page]:
    """The organization's page, as Amara sees it."""
    with profile(tmp_path / "profile", cookie_controls_mode=1) as context:
        yield signed_in(context, organization_page)


def signed_in(context: BrowserContext, url: str) -> Page:
    page = context.pages[0]
    page.goto(url)
    page.locator("[name=username]").fill("amara.okafor")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Open Poll")).to_be_visible()
    return page


def opened(page: Page) -> Page:
    """The tool's window at the end of a launch."""
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Open Poll").click()
    tool = popup.value
    expect(tool.get_by_role("heading")).to_have_text("The tool has nonce-1")
    return tool


def ask(page: Page, **message: Any) -> Any:
    """What the storage answers to a message from a window."""
    return page.evaluate("(message) => ask(message)", message)


def error_of(answer: Any) -> Any:
    assert set(answer) == {"subject", "message_id", "error"}
    return answer["error"]["code"]


def test_a_tool_finds_at_its_launch_what_it_stored_at_its_login(window: Page) -> None:
    if folder := os.environ.get("PICTURES"):
        window.screenshot(path=Path(folder) / "organization.png")

    tool = opened(window)

    assert Launch.objects.get().completed_at
    assert ask(tool, subject="lti.get_data", message_id="m-3", key="state-1") == {
        "subject": "lti.get_data.response",
        "message_id": "m-3",
        "key": "state-1",
        "value": "nonce-1",
    }


def test_the_page_says_what_it_can_do(window: Page) -> None:
    subjects = ["lti.capabilities", "lti.put_data", "lti.get_data"]

    assert ask(opened(window), subject="lti.capabilities", message_id="m-3") == {
        "subject": "lti.capabilities.response",
        "message_id": "m-3",
        "supported_messages": [{"subject": subject, "frame": "_parent"} for subject in subjects],
    }


def test_another_window_of_the_tool_reads_the_same(window: Page) -> None:
    ask(opened(window), subject="lti.put_data", message_id="m-3", key="k", value="v")

    assert ask(opened(window), subject="lti.get_data", message_id="m-4", key="k")["value"] == "v"


def test_a_key_that_is_not_there_or_deleted_is_null(window: Page) -> None:
    tool = opened(window)
    ask(tool, subject="lti.put_data", message_id="m-3", key="k", value="v")

    assert ask(tool, subject="lti.put_data", message_id="m-4", key="k", value=None)["value"] is None
    assert ask(tool, subject="lti.get_data", message_id="m-5", key="k")["value"] is None
    assert ask(tool, subject="lti.get_data", message_id="m-6", key="toString")["value"] is None


def test_other_origins_are_refused(window: Page, port: int) -> None:
    opened(window)
    with window.expect_popup() as popup:
        window.evaluate("(url) => { window.open(url) }", address("lms.test", port, "/other"))
    popup.value.wait_for_load_state()

    for subject in ("lti.get_data", "lti.put_data", "lti.capabilities"):
        answer = ask(popup.value, subject=subject, message_id="m-3", key="state-1", value="x")
        assert error_of(answer) == "wrong_origin"


def test_requests_that_are_not_right_are_refused(window: Page) -> None:
    tool = opened(window)

    assert error_of(ask(tool, subject="lti.frameResize", message_id="m", height=9)) == "unsupported_subject"
    assert error_of(ask(tool, subject="lti.get_data", message_id="m")) == "bad_request"
    assert error_of(ask(tool, subject="lti.get_data", message_id="m", key=7)) == "bad_request"
    assert error_of(ask(tool, subject="lti.put_data", message_id="m", key="", value="v")) == "bad_request"
    assert error_of(ask(tool, subject="lti.put_data", message_id="m", key="k", value=7)) == "bad_request"
    assert ask(tool, subject="lti.put_data", key="k", value="v")["error"]["code"] == "bad_request"
    assert ask(tool, subject="lti.get_data", message_id="m", key="k")["value"] is None


def test_the_storage_is_limited(window: Page) -> None:
    tool = opened(window)
    put = {"subject": "lti.put_data", "message_id": "m"}

    assert ask(tool, **put, key="k", value="v" * 4095)["value"] == "v" * 4095
    assert error_of(ask(tool, **put, key="k", value="v" * 4096)) == "storage_exhaustion"
    for number in range(98):  # with those of the login and of the line above, a hundred
        assert "error" not in ask(tool, **put, key=f"k-{number}", value="v")
    assert error_of(ask(tool, **put, key="one more", value="v")) == "storage_exhaustion"
    assert ask(tool, **put, key="k", value="again")["value"] == "again"


def test_without_scripts_the_tool_opens_by_its_cookies(
    tmp_path: Path,
    organization_page: str,
    people: SampleData,  # noqa: F811 (the fixture)
    port: int,
) -> None:
    tool = make_tool("Quiz", kid="quiz-1", login_url=address("tool.test", port, "/login?plain=1"))
    tool.redirect_urls = [address("tool.test", port, "/launch")]
    tool.save()
    deploy(tool, people.student_government)
    with profile(tmp_path / "profile", scripts=False) as context:
        page = signed_in(context, organization_page)
        with page.expect_popup() as popup:
            page.get_by_role("button", name="Open Quiz").click()
        popup.value.get_by_role("button", name="Continue to the tool").click()

        expect(popup.value.get_by_role("heading", name="The tool")).to_be_visible()
