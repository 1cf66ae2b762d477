"""Launches in a frame of an LMS's page, with a real Chromium over TLS between different sites: `make browser-test`.

The LMS is at lms.test, this site at roster.test, the tool at tool.test. With PICTURES=FOLDER it takes pictures of the
pages that people see on the way.
"""

import html
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from joserfc.util import urlsafe_b64decode
from playwright.sync_api import FrameLocator, Page, expect

from lti.claims import CONTENT_ITEMS, CUSTOM
from lti.models import CourseLaunch, PlatformDeployment
from tests.browser.tls import address, lms_over_tls, profile, serving_over_tls
from tests.lti.clients.conftest import people  # noqa: F401 (a fixture)
from tests.lti.tool.choosing import asks
from tests.lti.tool.conftest import lms  # noqa: F401 (a fixture)
from tests.lti.tool.launching import launch_claims, publish_keys, signed
from tests.lti.tool.lms import Asked, Lms, Reply
from tests.lti.tools import make_tool
from tests.sample_data import SampleData

COOKIES: dict[str, dict[str, Any]] = {
    "third-party cookies allowed": {"cookie_controls_mode": 0},
    "third-party cookies blocked": {"cookie_controls_mode": 1},
    "no cookies in the frame": {
        "cookie_controls_mode": 1,
        "content_settings": {
            "exceptions": {"cookies": {"https://[*.]roster.test,https://[*.]lms.test": {"setting": 2}}}
        },
    },
}
"""Preferences of the browser. The last one stands for browsers without partitioned cookies."""

STORAGE = """
const stored = {}
window.subjects = []
addEventListener("message", ({ data, origin, source }) => {
  if (origin !== ROSTER || !data.subject) return
  window.subjects.push(data.subject)
  if (data.subject === "lti.put_data") stored[data.key] = data.value
  const { key, message_id } = data
  source.postMessage({ subject: `${data.subject}.response`, message_id, key, value: stored[key] }, origin)
})
"""
"""The platform's storage."""


@pytest.fixture(scope="module")
def roster(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of this site."""
    with serving_over_tls(tmp_path_factory.mktemp("site")) as url:
        yield url


@pytest.fixture
def port(lms: Lms, tmp_path: Path) -> Iterator[int]:  # noqa: F811 (the fixture)
    with lms_over_tls(tmp_path, lms) as port:
        yield port


def shows(lms: Lms, path: str, text: str) -> None:  # noqa: F811 (the fixture)
    lms.replies[path] = Reply(text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


Course = Callable[..., str]
"""The URL of a course's page with the tool in a frame, by the LMS's storage and changes to its message."""


@pytest.fixture
def course(roster: str, people: SampleData, lms: Lms, port: int) -> Course:  # noqa: F811 (the fixtures)
    publish_keys(lms)
    shows(lms, "/tool", "<!doctype html><h1>The tool</h1>")
    shows(lms, "/cookie", "<!doctype html><script>document.write(document.cookie || 'no cookie')</script>")
    lms.replies["/cookie"].headers["Set-Cookie"] = "plain=1; Secure; SameSite=None"  # type: ignore[union-attr]

    def auth(asked: Asked) -> Reply:
        query = dict(parse_qsl(urlsplit(asked.path).query))
        target = {"lti_storage_target": offered} if offered else {}
        fields = {"id_token": signed(launch_claims(lms, query, **message)), "state": query["state"], **target}
        inputs = "".join(f'<input name="{name}" value="{html.escape(value)}">' for name, value in fields.items())
        form = f'<form method="post" action="{roster}/lti/course/launch">{inputs}</form>'
        text = f"<!doctype html>{form}<script>document.forms[0].submit()</script>"
        return Reply(text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})

    lms.replies["/auth"] = auth
    platform = lms.platform(
        tool=make_tool(target_link_url=address("tool.test", port, "/tool")),
        authorization_url=address("lms.test", port, "/auth"),
    )
    PlatformDeployment.objects.create(platform=platform, deployment_id="1")
    offered, message = "", {}

    def make(storage: str, changes: dict[str, Any] | None = None) -> str:
        nonlocal offered, message
        offered, message = storage, changes or {}
        query = {"iss": lms.url, "login_hint": "7", "client_id": "campus-roster"}
        if storage:
            query["lti_storage_target"] = storage
        script = f"<script>const ROSTER = '{roster}'; {STORAGE}</script>"
        shows(lms, "/storage", f"<!doctype html>{script}")
        here = {"_parent": script, "lms-storage": '<iframe name="lms-storage" src="/storage" hidden></iframe>'}
        login = html.escape(f"{roster}/lti/course/login?{urlencode(query)}")
        frame = f'<iframe name="tool" src="{login}" width="900" height="500"></iframe>'
        shows(lms, "/course", f"<!doctype html><title>Course</title>{here.get(storage, '')}{frame}")
        return address("lms.test", port, "/course")

    return make


@pytest.fixture
def window(tmp_path: Path, cookies: str) -> Iterator[Page]:
    with profile(tmp_path / "profile", **COOKIES[cookies]) as context:
        yield context.pages[0]


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def tool_frame(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[name=tool]")


def asked_of_storage(page: Page, storage: str) -> list[str]:
    """The subjects of the messages that the platform's storage got."""
    frame = page.frame(name="lms-storage") if storage == "lms-storage" else page.main_frame
    assert frame
    subjects: list[str] = frame.evaluate("window.subjects")
    return subjects


@pytest.mark.parametrize("cookies", COOKIES)
def test_the_browser_is_as_the_tests_name_it(
    window: Page,
    course: Course,
    cookies: str,
    lms: Lms,  # noqa: F811 (the fixture)
    port: int,
) -> None:
    """A cookie without Partitioned is stored in a frame only where third-party cookies are allowed."""
    shows(lms, "/course", f'<!doctype html><iframe name="tool" src="{address("tool.test", port, "/cookie")}"></iframe>')

    window.goto(address("lms.test", port, "/course"))

    found = "plain=1" if cookies == "third-party cookies allowed" else "no cookie"
    expect(tool_frame(window).get_by_text(found)).to_be_visible()


@pytest.mark.parametrize("storage", ["", "_parent", "lms-storage"])
@pytest.mark.parametrize("cookies", ["third-party cookies allowed", "third-party cookies blocked"])
def test_a_partitioned_cookie_launches_in_the_frame(window: Page, course: Course, cookies: str, storage: str) -> None:
    window.goto(course(storage))

    expect(tool_frame(window).get_by_role("heading", name="The tool")).to_be_visible()
    assert CourseLaunch.objects.count() == 1
    if storage:
        assert asked_of_storage(window, storage) == []


@pytest.mark.parametrize("storage", ["_parent", "lms-storage"])
@pytest.mark.parametrize("cookies", ["no cookies in the frame"])
def test_without_cookies_the_platform_s_storage_launches_in_the_frame(
    window: Page, course: Course, cookies: str, storage: str
) -> None:
    window.goto(course(storage))

    expect(tool_frame(window).get_by_role("heading", name="The tool")).to_be_visible()
    assert CourseLaunch.objects.count() == 1
    assert asked_of_storage(window, storage) == ["lti.put_data", "lti.get_data"]


@pytest.mark.parametrize(
    ("cookies", "storage"), [("third-party cookies blocked", ""), ("no cookies in the frame", "_parent")]
)
def test_a_teacher_chooses_an_organization_in_the_frame_and_its_link_opens_there(
    window: Page,
    course: Course,
    cookies: str,
    storage: str,
    people: SampleData,  # noqa: F811 (the fixture)
    lms: Lms,  # noqa: F811 (the fixture)
    port: int,
) -> None:
    shows(lms, "/return", "<!doctype html><h1>Chosen</h1>")
    chess = people.chess_club
    window.goto(course(storage, asks(deep_link_return_url=address("lms.test", port, "/return"))))
    frame = tool_frame(window)
    frame.get_by_label("Name of an organization").fill(chess.name)
    frame.get_by_role("button", name="Search").click()
    picture(window, "choice-in-a-frame")
    frame.get_by_role("button", name=chess.name).first.click()

    expect(frame.get_by_role("heading", name="Chosen")).to_be_visible()
    answer = next(asked for asked in lms.asked if asked.path == "/return")
    item = json.loads(urlsafe_b64decode(answer.form["JWT"].split(".")[1].encode()))[CONTENT_ITEMS][0]
    assert item["custom"] == {"organization_id": str(chess.pk)}

    window.goto(course(storage, {CUSTOM: item["custom"]}))

    expect(tool_frame(window).get_by_role("heading", name=chess.name)).to_be_visible()
    expect(tool_frame(window).get_by_role("heading", name="Public roster")).to_be_visible()
    picture(window, "organization-in-a-frame")


@pytest.mark.parametrize("storage", ["", "nowhere"])
@pytest.mark.parametrize("cookies", ["no cookies in the frame"])
def test_without_cookies_and_storage_a_button_launches_in_a_new_window(
    window: Page, course: Course, cookies: str, storage: str
) -> None:
    """`nowhere`: the LMS names a frame that is not there."""
    window.goto(course(storage))
    button = tool_frame(window).get_by_role("link", name="Continue in a new window")
    expect(button).to_be_visible()
    picture(window, f"frame-without-cookies{'-' * bool(storage)}{storage}")
    assert not CourseLaunch.objects.exists()

    with window.expect_popup() as popup:
        button.click()

    expect(popup.value.get_by_role("heading", name="The tool")).to_be_visible()
    assert CourseLaunch.objects.count() == 1


@pytest.mark.parametrize("cookies", ["no cookies in the frame"])
def test_a_storage_that_does_not_answer_leads_to_the_button(
    window: Page,
    course: Course,
    cookies: str,
    lms: Lms,  # noqa: F811 (the fixture)
) -> None:
    url = course("_parent")
    page = lms.replies["/course"]
    assert isinstance(page, Reply)
    shows(lms, "/course", page.bytes.decode().replace("lti.put_data", "silent").replace("source.postMessage", "void "))
    window.goto(url)

    with window.expect_popup() as popup:
        tool_frame(window).get_by_role("link", name="Continue in a new window").click()

    expect(popup.value.get_by_role("heading", name="The tool")).to_be_visible()
    assert CourseLaunch.objects.count() == 1
