"""An LMS asks for a link: the page on which a teacher chooses, and the answer to the LMS."""

import json
import time
from typing import Any
from unittest import mock

import pytest
from django.core import signing
from django.test import Client

from lti import claims
from lti.claims import CLAIM, CONTENT_ITEMS, DATA
from lti.models import Course, CourseLaunch, CourseLink, PlatformDeployment, Tool
from organizations.models import Organization
from tests.lti.tool.choosing import CHOOSE, RETURN, answer, asks, choice_in, offered, opened, press
from tests.lti.tool.launching import assert_refused, launch, launch_claims, sent_to, signed
from tests.lti.tool.launching import login as begin_login
from tests.lti.tool.launching import post as post_launch
from tests.lti.tool.lms import INSTRUCTOR, LEARNER, Lms
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

LAUNCH_URL = "https://testserver/lti/course/launch"


@pytest.fixture
def chess(sample: SampleData) -> Organization:
    return sample.chess_club


def test_the_page_may_be_embedded_and_offers_the_tool_and_organizations(
    browser: Client, lms: Lms, deployment: PlatformDeployment, chess: Organization
) -> None:
    page = opened(browser, lms)

    text = page.content.decode()
    assert page.status_code == 200
    assert '<button type="submit" name="tool" value="yes">Poll</button>' in text
    assert f'value="{chess.pk}">{chess.name}</button> {chess.short_name}</li>' in text
    assert "frame-ancestors *" in page["Content-Security-Policy"]
    assert "X-Frame-Options" not in page
    assert page["Cache-Control"] == "no-store"
    assert not Course.objects.exists()
    assert not CourseLaunch.objects.exists()


def test_an_organization_is_chosen(
    browser: Client, lms: Lms, deployment: PlatformDeployment, chess: Organization
) -> None:
    now = int(time.time())
    sent = press(opened(browser, lms), organization=str(chess.pk))
    url, content = answer(sent)

    assert url == RETURN
    assert "frame-ancestors *" in sent["Content-Security-Policy"]
    assert "form-action" not in sent["Content-Security-Policy"]
    nonce, issued, expires = content.pop("nonce"), content.pop("iat"), content.pop("exp")
    assert len(nonce) == 48
    assert now <= issued < expires <= now + 600
    assert content == {
        "iss": "campus-roster",
        "aud": [lms.url],
        f"{CLAIM}message_type": "LtiDeepLinkingResponse",
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}deployment_id": "1",
        CONTENT_ITEMS: [
            {
                "type": "ltiResourceLink",
                "title": chess.name,
                "url": LAUNCH_URL,
                "custom": {"organization_id": str(chess.pk)},
            }
        ],
        DATA: "csrf 7",
    }


def test_the_tool_is_chosen(browser: Client, lms: Lms, deployment: PlatformDeployment) -> None:
    _, content = answer(press(opened(browser, lms), tool="yes"))

    assert content[CONTENT_ITEMS] == [{"type": "ltiResourceLink", "title": "Poll", "url": LAUNCH_URL, "custom": {}}]


def test_nothing_is_chosen(browser: Client, lms: Lms, deployment: PlatformDeployment) -> None:
    _, content = answer(press(opened(browser, lms), cancel="yes"))

    assert content[CONTENT_ITEMS] == []


@pytest.mark.parametrize("data", [None, "", "é\n", {"x": [1]}])
def test_data_comes_back_as_it_was(browser: Client, lms: Lms, deployment: PlatformDeployment, data: Any) -> None:
    _, content = answer(press(opened(browser, lms, {"data": data}), cancel="yes"))

    assert content.get(DATA) == data
    assert (DATA in content) == (data is not None)


@pytest.mark.parametrize(
    "data", [2**64, "\ud800", {"\udfff": 1}, json.loads("[" * 300 + "]" * 300)], ids=["large", "half", "key", "deep"]
)
def test_data_that_cannot_be_sent_back_is_refused(
    browser: Client, lms: Lms, deployment: PlatformDeployment, data: Any
) -> None:
    response = opened(browser, lms, {"data": data})

    assert_refused(response, 400, "data is no JSON value that this server can send back.")


def test_a_platform_without_a_tool_offers_organizations_only(
    browser: Client, lms: Lms, deployment: PlatformDeployment, chess: Organization
) -> None:
    Tool.objects.update(status="disabled")
    page = opened(browser, lms)

    assert str(chess.pk) in offered(page)
    assert 'name="tool"' not in page.content.decode()
    assert press(page, tool="yes").status_code == 404


def test_organizations_that_the_public_may_not_see_are_not_offered(
    browser: Client, lms: Lms, deployment: PlatformDeployment, sample: SampleData
) -> None:
    hidden, inactive = sample.student_government, sample.teatro
    Organization.objects.filter(pk=hidden.pk).update(directory_visibility="hidden")
    Organization.objects.filter(pk=inactive.pk).update(status="inactive")

    page = opened(browser, lms)

    visible = Organization.objects.filter(directory_visibility="visible").exclude(status="inactive")
    assert offered(page) == [str(pk) for pk in visible.order_by("name_folded", "id").values_list("pk", flat=True)]
    assert offered(press(page, search=hidden.name)) == []
    for text in (str(hidden.pk), str(inactive.pk), "0", "x", "", "9" * 30, "٣"):
        assert press(page, organization=text).status_code == 404


def test_the_organization_of_the_course_comes_first(
    browser: Client, lms: Lms, deployment: PlatformDeployment, chess: Organization, sample: SampleData
) -> None:
    launch(browser, lms)
    CourseLink.objects.create(organization=chess, course=Course.objects.get())

    assert offered(opened(browser, lms))[0] == str(chess.pk)
    Organization.objects.filter(pk=chess.pk).update(directory_visibility="hidden")
    assert str(chess.pk) not in offered(opened(browser, lms))


def test_a_search_by_name_and_its_pages(browser: Client, lms: Lms, deployment: PlatformDeployment) -> None:
    made = [Organization.objects.create(name=f"Élan {number:03}") for number in range(51)]
    Organization.objects.create(name="Plan")
    page = opened(browser, lms)

    first = press(page, search="  eLAN ")
    second = press(first, search="elan", page="2")

    assert offered(first) == [str(one.pk) for one in made[:50]]
    assert offered(second) == [str(made[50].pk)]
    assert 'value="elan"' in second.content.decode()
    assert offered(press(page, search="elan", page="99")) == offered(second)
    assert offered(press(page, search="elan", page="x")) == offered(first)
    assert "No organization has this in its name." in press(page, search="<b>%").content.decode()
    assert press(page, search="\0").status_code == 200


@pytest.mark.parametrize(
    "role",
    [
        INSTRUCTOR,
        "Instructor",
        "http://purl.imsglobal.org/vocab/lis/v2/membership#ContentDeveloper",
        "http://purl.imsglobal.org/vocab/lis/v2/membership#Administrator",
        "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",
        "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor",
        "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
    ],
)
def test_who_may_choose(browser: Client, lms: Lms, deployment: PlatformDeployment, role: str) -> None:
    assert opened(browser, lms, **{claims.ROLES: [LEARNER, role]}).status_code == 200


@pytest.mark.parametrize(
    "roles",
    [
        [],
        [LEARNER],
        [7, None],
        ["http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor"],
        ["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student"],
        ["https://evil.example.org/#Instructor"],
    ],
)
def test_others_may_not_choose(browser: Client, lms: Lms, deployment: PlatformDeployment, roles: list[Any]) -> None:
    assert_refused(opened(browser, lms, **{claims.ROLES: roles}), 403, "Only instructors, administrators and content")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"deep_link_return_url": None}, "deep_link_return_url: "),
        ({"deep_link_return_url": 7}, "deep_link_return_url: "),
        ({"deep_link_return_url": "javascript:alert(1)"}, "deep_link_return_url: "),
        ({"deep_link_return_url": "http://lms.example.com/return"}, "deep_link_return_url: "),
        ({"deep_link_return_url": f"https://lms.example.com/{'x' * 5000}"}, "deep_link_return_url has more than"),
        ({"accept_types": None}, "accept_types: "),
        ({"accept_types": "ltiResourceLink"}, "accept_types: "),
        ({"accept_types": ["file"]}, "accept_types: "),
        ({"data": "x" * 20_000}, "data has more than 16 kB."),
    ],
)
def test_settings_that_cannot_be_answered(
    browser: Client, lms: Lms, deployment: PlatformDeployment, settings: dict[str, Any], words: str
) -> None:
    assert_refused(opened(browser, lms, settings), 400, words)


@pytest.mark.parametrize("settings", [None, 7, []])
def test_a_request_without_settings(browser: Client, lms: Lms, deployment: PlatformDeployment, settings: Any) -> None:
    response = opened(browser, lms, **{claims.DEEP_LINKING_SETTINGS: settings})

    assert_refused(response, 400, "deep_linking_settings is missing")


def test_with_https_the_answer_goes_to_https_only(
    browser: Client, lms: Lms, deployment: PlatformDeployment, settings: Any
) -> None:
    local = {"deep_link_return_url": "http://localhost:8000/return"}
    assert opened(browser, lms, local).status_code == 200
    settings.HTTPS = True

    assert_refused(opened(browser, lms, local), 400, "does not begin with https://")


def test_a_request_is_checked_as_a_launch_is(browser: Client, lms: Lms, deployment: PlatformDeployment) -> None:
    asked = sent_to(begin_login(browser, lms))
    good = launch_claims(lms, asked, **asks())

    assert_refused(post_launch(browser, signed({**good, "exp": 1}), asked["state"]), 401, "it has expired")
    assert_refused(post_launch(Client(), signed(good), asked["state"]), 401, "did not start in this browser")
    assert post_launch(browser, signed(good), asked["state"]).status_code == 200


def test_outside_of_a_course_a_link_can_be_chosen_too(
    browser: Client, lms: Lms, deployment: PlatformDeployment, chess: Organization
) -> None:
    assert str(chess.pk) in offered(opened(browser, lms, **{claims.CONTEXT_CLAIM: None}))


@pytest.mark.parametrize("text", ["", "x", "a:b:c"])
def test_a_form_of_another_origin_is_refused(text: str) -> None:
    response = Client().post(CHOOSE, {"choice": text, "tool": "yes"})

    assert_refused(response, 400, "more than ten minutes ago, or elsewhere")
    assert Client().get(CHOOSE).status_code == 405


def test_a_choice_ends_after_ten_minutes(browser: Client, lms: Lms, deployment: PlatformDeployment) -> None:
    page = opened(browser, lms)
    text = choice_in(page)
    assert signing.loads(text, salt="lti.tool.deep_linking")["return_url"] == RETURN
    now = time.time()
    with mock.patch("django.core.signing.time.time", return_value=now + 601):
        assert_refused(press(page, tool="yes"), 400, "more than ten minutes ago")


def test_a_search_does_not_prolong_it(browser: Client, lms: Lms, deployment: PlatformDeployment) -> None:
    page = opened(browser, lms)
    now = time.time()
    with mock.patch("django.core.signing.time.time", return_value=now + 590):
        page = press(page, search="Chess", page="1")
        assert page.status_code == 200
    with mock.patch("django.core.signing.time.time", return_value=now + 601):
        assert_refused(press(page, tool="yes"), 400, "more than ten minutes ago")


def test_a_platform_that_was_disabled_meanwhile_gets_no_answer(
    browser: Client, lms: Lms, deployment: PlatformDeployment
) -> None:
    page = opened(browser, lms)
    PlatformDeployment.objects.update(status="disabled")

    assert_refused(press(page, tool="yes"), 403, "does not work with this learning platform any more")
