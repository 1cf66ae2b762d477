"""A walk with a real browser from registering a tool to opening it: `make browser-test`.

With PICTURES=FOLDER it takes the pictures of docs/lti/administrators.md on its way.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from lti.models import Deployment
from roster.models import User
from tests.lti.clients.conftest import people, site  # noqa: F401 (fixtures)
from tests.lti.clients.pylti import Tool, configuration, running_tool
from tests.lti.tools import private_key
from tests.sample_data import SampleData
from tests.serving import Site

PASSWORD = "correct horse battery staple"


@pytest.fixture
def tool() -> Iterator[Tool]:
    with running_tool() as tool:
        yield tool


@pytest.fixture
def window(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    yield page
    page.close()


def picture(page: Page, name: str, *, whole: bool = True) -> None:
    """Take the whole page, or as much of it as the window shows."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole)


def fill(page: Page, **fields: Any) -> None:
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)


def test_a_tool_is_registered_deployed_and_opened(site: Site, people: SampleData, window: Page, tool: Tool) -> None:
    page = window
    root = User.objects.create_superuser("root", PASSWORD)
    people.amara.set_password(PASSWORD)
    people.amara.save()
    page.goto(site.url + reverse("admin:lti_tool_add"))
    fill(page, username=root.username, password=PASSWORD)
    page.get_by_role("button", name="Log in").click()
    public_key = private_key().as_pem(private=False).decode()
    fill(page, name="Election", login_url=f"{tool.url}/login", target_link_url=f"{tool.url}/launch")
    fill(page, redirect_urls=f"{tool.url}/launch", new_key=public_key)
    page.locator("[name=audience]").select_option("campus")
    page.locator("[name=disclosure]").select_option("name")
    picture(page, "1-tool")
    page.get_by_role("button", name="Save", exact=True).click()

    page.goto(site.url + reverse("admin:lti_deployment_add"))
    page.locator(".field-tool .select2-selection").click()
    page.get_by_role("option", name="Election").click()
    page.locator("[name=is_campus_wide]").check()
    picture(page, "2-deployment")
    page.get_by_role("button", name="Save", exact=True).click()
    deployment = Deployment.objects.get()
    page.goto(site.url + reverse("admin:lti_deployment_change", args=[deployment.pk]))
    expect(page.get_by_text(deployment.tool.client_id)).to_be_visible()
    picture(page, "3-values")

    tool.configuration = configuration(site.url, deployment)
    page.context.clear_cookies()
    page.goto(f"{site.url}/lti/organizations/{people.student_government.pk}/")
    fill(page, username="amara.okafor", password=PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.set_viewport_size({"width": 800, "height": 320})
    picture(page, "4-organization")
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Open Election").click()

    expect(popup.value).to_have_url(re.compile(re.escape(tool.url)))
    expect(popup.value.get_by_text("opened")).to_be_visible()
    assert tool.launched is not None
    assert tool.launched.get_launch_data()["name"] == "Amara Okafor"
