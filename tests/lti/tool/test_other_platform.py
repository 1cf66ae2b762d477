"""A learning platform that others wrote, lti1p3platform: launched from its course, and its roster read."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.test import Client

from lti.claims import DATA
from lti.models import Course, CourseLaunch, LearningPlatform, PlatformDeployment, Tool
from lti.tool.course_roster import members
from lti.tool.unavailable import CourseUnavailable
from organizations.models import Organization
from roster import secrets
from tests.lti.launches import posted
from tests.lti.ltik.ltik_api import refusal, request_with_ltik
from tests.lti.tool.choosing import answer, press
from tests.lti.tool.launching import IN_WINDOW
from tests.lti.tool.lms import INSTRUCTOR, LEARNER
from tests.lti.tool.other_platform import (
    CHOOSING,
    CLIENT_ID,
    DEPLOYMENT_ID,
    LINK_ID,
    OtherPlatform,
    member,
    running_platform,
)

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def other(db: None) -> Iterator[OtherPlatform]:
    """The platform, which has read our published keys."""
    with running_platform(Client().get("/lti/jwks").json()) as other:
        yield other


@pytest.fixture
def registered(other: OtherPlatform, tool: Tool) -> LearningPlatform:
    platform: LearningPlatform = LearningPlatform.objects.create(
        name="Other",
        issuer=other.url,
        client_id=CLIENT_ID,
        authorization_url=f"{other.url}/auth",
        token_url=f"{other.url}/token",
        key_set_url=f"{other.url}/keys",
        tool=tool,
    )
    PlatformDeployment.objects.create(platform=platform, deployment_id=DEPLOYMENT_ID)
    return platform


def launched_from(other: OtherPlatform, browser: Client, hint: str = LINK_ID) -> Any:
    """What this server answers at the end of a whole launch."""
    login = browser.get(other.opens("u0", hint).removeprefix("https://testserver"), headers=IN_WINDOW)
    form = httpx.get(login["Location"]).json()
    assert form.pop("launch_url") == "https://testserver/lti/course/launch"
    return browser.post("/lti/course/launch", form)


@pytest.fixture
def ltik(other: OtherPlatform, registered: LearningPlatform) -> str:
    """The ltik of a launch from its course."""
    return str(launched_from(other, Client())["Location"].partition("ltik=")[2])


def ids(body: Any) -> list[str]:
    return [member["user_id"] for member in body["members"]]


def test_a_whole_launch(other: OtherPlatform, registered: LearningPlatform) -> None:
    response = launched_from(other, Client())

    assert response["Location"].startswith("https://poll.example.org/launch?ltik=")
    course, launch = Course.objects.get(), CourseLaunch.objects.get()
    assert (course.context_id, course.label, course.title, course.types) == (
        "bio-1",
        "BIO 1",
        "Biology",
        ["CourseSection"],
    )
    assert (launch.subject, launch.roles) == ("u0", [INSTRUCTOR])
    assert launch.person == {"name": "Ann Lee", "email": "a@x.edu"}


def test_a_teacher_chooses_a_link(other: OtherPlatform, registered: LearningPlatform) -> None:
    choir = Organization.objects.create(name="Choir")

    page = press(launched_from(other, Client(), CHOOSING), organization=str(choir.pk))

    url, fields = posted(page)
    assert url == f"{other.url}/chosen"
    assert other.configuration().validate_deeplinking_resp(fields) == [
        {
            "type": "ltiResourceLink",
            "title": "Choir",
            "url": "https://testserver/lti/course/launch",
            "custom": {"organization_id": str(choir.pk)},
        }
    ]
    assert answer(page)[1][DATA] == {"course": "bio-1"}


def test_its_id_token_is_good_once(other: OtherPlatform, registered: LearningPlatform) -> None:
    browser = Client()
    login = browser.get(other.opens("u0").removeprefix("https://testserver"), headers=IN_WINDOW)
    form = httpx.get(login["Location"]).json()
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    assert browser.post("/lti/course/launch", form).status_code == 302
    browser.cookies.load(cookies)

    assert browser.post("/lti/course/launch", form).status_code == 401


def test_its_whole_roster(other: OtherPlatform, ltik: str, key: str) -> None:
    answer = request_with_ltik(ltik, key)

    assert answer.body == {
        "id": f"{other.url}/rosters/bio-1",
        "context": {"id": "bio-1", "label": "BIO 1", "title": "Biology"},
        "members": [
            {
                "status": "Active",
                "name": f"Person {number}",
                "email": f"{number}@x",
                "user_id": f"u{number}",
                "roles": [LEARNER if number else INSTRUCTOR],
            }
            for number in range(7)
        ],
    }


def test_page_by_page_while_somebody_joins(other: OtherPlatform, ltik: str, key: str) -> None:
    first = request_with_ltik(ltik, key, limit=3).body
    other.members.append(member(7))

    second = request_with_ltik(ltik, key, url=first["next"]).body
    third = request_with_ltik(ltik, key, url=second["next"]).body

    assert [ids(page) for page in (first, second, third)] == [["u0", "u1", "u2"], ["u3", "u4", "u5"], ["u6", "u7"]]
    assert "next" not in third


def test_by_role(other: OtherPlatform, ltik: str, key: str) -> None:
    assert ids(request_with_ltik(ltik, key, role="Instructor").body) == ["u0"]
    assert ids(request_with_ltik(ltik, key, role=LEARNER, limit=2).body) == ["u1", "u2"]


def test_by_resource_link(other: OtherPlatform, ltik: str, key: str) -> None:
    assert len(request_with_ltik(ltik, key, resourceLinkId="true").body["members"]) == 7
    CourseLaunch.objects.update(resource_link_id="another")

    assert refusal(request_with_ltik(ltik, key, resourceLinkId="true")) == (502, "BAD_GATEWAY")


def test_everybody_without_a_launch(other: OtherPlatform, ltik: str) -> None:
    found = list(members(Course.objects.with_parts().get()))

    assert [(member.user_id, member.name) for member in found] == [(f"u{n}", f"Person {n}") for n in range(7)]


def test_it_refuses_whom_it_does_not_know(other: OtherPlatform, ltik: str, monkeypatch: pytest.MonkeyPatch) -> None:
    other.tool_keys = {"keys": []}

    with pytest.raises(CourseUnavailable) as error:
        list(members(Course.objects.with_parts().get()))

    assert str(error.value) == "The learning platform gives this server no access token (invalid_client)."


def test_a_token_that_it_does_not_take_is_replaced(other: OtherPlatform, ltik: str, key: str) -> None:
    LearningPlatform.objects.update(
        access_token_encrypted=secrets.encrypt("not.a.token"), access_token_expires_at="2099-01-01T00:00:00Z"
    )

    assert len(request_with_ltik(ltik, key).body["members"]) == 7
