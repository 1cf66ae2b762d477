"""Platform storage for tools: what the pages say of it. tests/browser/storage_for_tools.py tries it in a browser."""

import re
from typing import Any

import pytest
from django.test import Client

from lti.core.web_origin import web_origin
from lti.models import Context, ResourceLink, Tool
from lti.platform.storage import origins_of
from tests.lti.launches import asked_by, click, posted
from tests.lti.tools import deploy, make_tool
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


@pytest.fixture
def browser(sample: SampleData) -> Client:
    client = Client()
    client.force_login(sample.nadia)
    return client


def page_of(browser: Client, sample: SampleData) -> Any:
    return browser.get(f"/lti/organizations/{sample.chess_club.pk}/")


def test_the_page_names_the_origins_of_its_tools_only(browser: Client, sample: SampleData) -> None:
    tool = make_tool(
        login_url="https://Login.example.org/x",
        target_link_url="https://poll.example.org:443/launch",
        redirect_urls=["https://poll.example.org/launch", "http://127.0.0.1:9000/launch"],
    )
    deployment = deploy(tool, sample.chess_club)
    context = Context.objects.of(sample.chess_club)
    ResourceLink.objects.create(
        deployment=deployment, context=context, title="Vote", target_link_url="https://vote.example.org/1"
    )
    deploy(make_tool("Elsewhere", kid="e-1", login_url="https://elsewhere.example.org/x"), sample.teatro)

    text = page_of(browser, sample).content.decode()

    found = re.search(r'<div id="storage-for-tools" data-origins="([^"]*)">', text)
    assert found
    assert found[1].split() == [
        "http://127.0.0.1:9000",
        "https://login.example.org",
        "https://poll.example.org",
        "https://vote.example.org",
    ]
    assert "lti/storage_for_tools.js" in text
    assert '/launch" target="_blank" rel="opener">' in text


def test_a_page_without_tools_has_no_storage(browser: Client, sample: SampleData) -> None:
    assert "storage-for-tools" not in page_of(browser, sample).content.decode()


def test_login_and_launch_carry_the_storage_target(browser: Client, sample: SampleData, poll: Tool) -> None:
    hints = click(browser, sample.chess_club, deploy(poll, sample.chess_club))
    assert hints["lti_storage_target"] == "_parent"

    _, fields = posted(browser.get("/lti/authorize", asked_by(hints)))

    assert fields["lti_storage_target"] == "_parent"


def test_every_response_on_the_way_keeps_the_opener(browser: Client, sample: SampleData, poll: Tool) -> None:
    deployment = deploy(poll, sample.chess_club)
    launch_url = f"/lti/organizations/{sample.chess_club.pk}/launch"
    hints = click(browser, sample.chess_club, deployment)

    on_the_way = [
        page_of(browser, sample),
        browser.post(launch_url, {"deployment": deployment.deployment_id}),
        browser.post("/lti/authorize", asked_by(hints)),
        browser.get("/lti/authorize", asked_by(hints)),
        browser.get("/lti/authorize", {**asked_by(hints), "nonce": ""}),
    ]

    assert [response.status_code for response in on_the_way] == [200, 302, 303, 200, 200]
    assert {response["Cross-Origin-Opener-Policy"] for response in on_the_way} == {"unsafe-none"}
    assert browser.get("/lti/sign-in")["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://poll.example.org/launch?x=1", "https://poll.example.org"),
        ("HTTPS://Poll.Example.org:443", "https://poll.example.org"),
        ("https://poll.example.org:8443/", "https://poll.example.org:8443"),
        ("http://127.0.0.1:80/x", "http://127.0.0.1"),
        ("http://127.0.0.1:8000/x", "http://127.0.0.1:8000"),
        ("http://[::1]:9000/x", "http://[::1]:9000"),
    ],
)
def test_origins_are_those_that_browsers_write(url: str, origin: str) -> None:
    assert web_origin(url) == origin
    assert origins_of([], url, url) == [origin]
