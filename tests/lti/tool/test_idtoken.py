"""`GET /api/idtoken` for a launch from a course: what the LMS sent, cut to what the tool may know."""

from typing import Any

import pytest
from django.test import Client

from lti import claims
from lti.models import CourseLaunch, PlatformDeployment, ServiceKey, Tool
from tests.lti.ltik.ltik_api import request_with_ltik, service_key_of
from tests.lti.tool.launching import launch
from tests.lti.tool.lms import INSTRUCTOR, LEARNER, ROSTER, Lms

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

PATH = "/api/idtoken"

SENT = {
    "given_name": "Ann",
    "family_name": "Lee",
    claims.TARGET_LINK_URI: "https://testserver/lti/course/launch?poll=7",
    claims.RESOURCE_LINK: {"id": "link-1", "title": "Poll of the week", "description": "Vote\nby Friday."},
    claims.TOOL_PLATFORM: {
        "guid": "lms.example.com",
        "name": "Campus  LMS",
        "version": "2025041400",
        "description": "Courses of the campus",
        "contact_email": "lms@example.com",
        "product_family_code": "moodle",
        "url": "https://lms.example.com",
    },
    claims.LAUNCH_PRESENTATION: {
        "locale": "de-CH",
        "return_url": "https://lms.example.com/return?course=2#top",
        "document_target": "iframe",
        "width": 800,
    },
    claims.CUSTOM: {"page": "7", "sis": "S-7", "canvas_course_id": 12, "is_open": True, "nothing": None, "list": ["x"]},
}
"""What an LMS says that says much."""

CUSTOM = {"page": "7", "sis": "S-7", "canvas_course_id": 12, "is_open": True}

NAME = {"name", "given_name", "family_name", "givenName", "familyName"}


def opened(lms: Lms, browser: Client, **changes: Any) -> str:
    """The ltik of a launch."""
    response = launch(browser, lms, **{**SENT, **changes})
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"].partition("ltik=")[2])


@pytest.fixture
def reads_everything(tool: Tool) -> None:
    Tool.objects.update(may_read_sourcedid=True)


@pytest.mark.usefixtures("reads_everything")
def test_it_tells_what_the_lms_sent(lms: Lms, browser: Client, deployment: PlatformDeployment, key: str) -> None:
    body = request_with_ltik(opened(lms, browser), key, PATH).body

    launched = CourseLaunch.objects.get()
    context = {"id": "chem-101", "label": "CHEM 101", "title": "Chemistry", "type": ["CourseOffering"]}
    assert len(body["platform"].pop("id")) == 32
    assert body["services"].pop("serviceKey") == service_key_of(launched)
    assert body == {
        "ltiVersion": "1.3.0",
        "user": {
            "id": "lms-user-7",
            "name": "Ann Lee",
            "given_name": "Ann",
            "family_name": "Lee",
            "email": "ann@example.com",
            "givenName": "Ann",
            "familyName": "Lee",
            "lis_person_sourcedid": "S-7",
            "roles": [INSTRUCTOR, LEARNER],
        },
        "platform": {
            "url": lms.url,
            "clientId": "campus-roster",
            "deploymentId": "1",
            "productFamilyCode": "moodle",
            "guid": "lms.example.com",
            "name": "Campus LMS",
            "version": "2025041400",
            "description": "Courses of the campus",
            "contactEmail": "lms@example.com",
        },
        "context": context,
        "launch": {
            "id": str(launched.uuid),
            "type": "LtiResourceLinkRequest",
            "target": "https://testserver/lti/course/launch?poll=7",
            "context": context,
            "resourceLink": {"id": "link-1", "title": "Poll of the week", "description": "Vote by Friday."},
            "presentation": {"locale": "de-CH", "returnUrl": "https://lms.example.com/return?course=2#top"},
            "custom": CUSTOM,
        },
        "services": {
            "namesAndRoles": {"available": True},
            "assignmentAndGrades": {"available": False},
            "deepLinking": {"available": False},
        },
    }


@pytest.mark.usefixtures("reads_everything")
def test_raw_it_is_the_claims_of_the_lms(lms: Lms, browser: Client, deployment: PlatformDeployment, key: str) -> None:
    assert request_with_ltik(opened(lms, browser), key, PATH, raw="true").body == {
        "iss": lms.url,
        "aud": "campus-roster",
        "azp": "campus-roster",
        "sub": "lms-user-7",
        "name": "Ann Lee",
        "given_name": "Ann",
        "family_name": "Lee",
        "email": "ann@example.com",
        claims.MESSAGE_TYPE: "LtiResourceLinkRequest",
        claims.VERSION: "1.3.0",
        claims.DEPLOYMENT_ID: "1",
        claims.TARGET_LINK_URI: "https://testserver/lti/course/launch?poll=7",
        claims.RESOURCE_LINK: {"id": "link-1", "title": "Poll of the week", "description": "Vote by Friday."},
        claims.ROLES: [INSTRUCTOR, LEARNER],
        claims.CONTEXT_CLAIM: {
            "id": "chem-101",
            "label": "CHEM 101",
            "title": "Chemistry",
            "type": ["CourseOffering"],
        },
        claims.CUSTOM: CUSTOM,
        claims.TOOL_PLATFORM: {
            "guid": "lms.example.com",
            "name": "Campus LMS",
            "version": "2025041400",
            "description": "Courses of the campus",
            "contact_email": "lms@example.com",
            "product_family_code": "moodle",
        },
        claims.LAUNCH_PRESENTATION: {"locale": "de-CH", "return_url": "https://lms.example.com/return?course=2#top"},
        claims.NAMES_AND_ROLES: {"context_memberships_url": lms.url + ROSTER, "service_versions": ["2.0"]},
        claims.LIS: {"person_sourcedid": "S-7"},
    }


def test_it_tells_little_where_the_lms_says_little(
    lms: Lms, browser: Client, deployment: PlatformDeployment, key: str
) -> None:
    absent = (*SENT, "name", "email", claims.LIS, claims.NAMES_AND_ROLES)
    changes = {**dict.fromkeys(absent), claims.RESOURCE_LINK: {"id": "link-1"}, claims.CONTEXT_CLAIM: {"id": "c"}}
    token = opened(lms, browser, **changes)

    body = request_with_ltik(token, key, PATH).body

    assert body["user"] == {"id": "lms-user-7", "roles": [INSTRUCTOR, LEARNER]}
    assert body["platform"].keys() == {"id", "url", "clientId", "deploymentId"}
    assert body["launch"] == {
        "id": str(CourseLaunch.objects.get().uuid),
        "type": "LtiResourceLinkRequest",
        "context": {"id": "c"},
        "resourceLink": {"id": "link-1"},
        "presentation": {},
        "custom": {},
    }
    assert body["services"] == {
        "namesAndRoles": {"available": False},
        "assignmentAndGrades": {"available": False},
        "deepLinking": {"available": False},
    }
    assert not ServiceKey.objects.exists()
    raw = request_with_ltik(token, key, PATH, raw="true").body
    assert raw.keys().isdisjoint({claims.CUSTOM, claims.LIS, claims.TOOL_PLATFORM, claims.NAMES_AND_ROLES, "name"})


@pytest.mark.parametrize(
    "fields, disclosed, custom",
    [
        ({"disclosure": "none"}, set(), {}),
        ({"disclosure": "name"}, NAME, {}),
        ({"disclosure": "email"}, NAME | {"email"}, {}),
        ({"disclosure": "all"}, NAME | {"email"}, {}),
        ({"disclosure": "email", "audience": "public"}, NAME, {}),
        ({"disclosure": "none", "may_read_sourcedid": True}, {"lis_person_sourcedid"}, {}),
        ({"disclosure": "email", "may_read_sourcedid": True}, NAME | {"email", "lis_person_sourcedid"}, {}),
        ({"disclosure": "all", "may_read_sourcedid": True}, NAME | {"email", "lis_person_sourcedid"}, CUSTOM),
    ],
)
@pytest.mark.parametrize("is_changed_later", [False, True])
def test_it_tells_as_much_as_the_tool_may_know(
    lms: Lms,
    browser: Client,
    deployment: PlatformDeployment,
    key: str,
    fields: dict[str, Any],
    disclosed: set[str],
    custom: dict[str, Any],
    is_changed_later: bool,
) -> None:
    """Whether the tool may read so much when it is launched, or later only as much."""
    Tool.objects.update(**({"disclosure": "all", "may_read_sourcedid": True} if is_changed_later else fields))
    token = opened(lms, browser)
    Tool.objects.update(**{"may_read_sourcedid": False, **fields})

    body = request_with_ltik(token, key, PATH).body
    raw = request_with_ltik(token, key, PATH, raw="true").body

    assert body["user"].keys() == disclosed | {"id", "roles"}
    assert body["launch"]["custom"] == raw.get(claims.CUSTOM, {}) == custom
    of_person = {name for name in raw if not name.startswith("https://")} - {"iss", "aud", "azp", "sub"}
    assert of_person == disclosed - {"lis_person_sourcedid", "givenName", "familyName"}
    assert (claims.LIS in raw) == ("lis_person_sourcedid" in disclosed)


def test_of_an_erased_person_the_id_is_left(launched: CourseLaunch, token: str, key: str) -> None:
    CourseLaunch.objects.update(person=None, roles=[])

    user = request_with_ltik(token, key, PATH).body["user"]
    assert user == {"id": "u1", "roles": ["http://purl.imsglobal.org/vocab/lis/v2/system/person#User"]}


def test_it_asks_the_lms_for_nothing(lms: Lms, launched: CourseLaunch, token: str, key: str) -> None:
    assert request_with_ltik(token, key, PATH).status == 200
    assert lms.asked == []


# What is stored of what the LMS sends


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://lms.example.com/return",
        "//lms.example.com/return",
        "https://user@lms.example.com/return",
        "https://lms.example.com/re turn",
        "https://lms.example.com/\0",
        "https://lms.example.com/\ud800",
        "https://lms.example.com/" + "x" * 2000,
        "https://[",
        "",
        7,
        ["https://lms.example.com/return"],
    ],
)
def test_a_return_url_that_no_browser_should_open_is_not_passed_on(
    lms: Lms, browser: Client, deployment: PlatformDeployment, key: str, url: Any
) -> None:
    changes = {claims.LAUNCH_PRESENTATION: {"return_url": url}, claims.TARGET_LINK_URI: url}
    body = request_with_ltik(opened(lms, browser, **changes), key, PATH).body

    assert body["launch"]["presentation"] == {}
    assert "target" not in body["launch"]


@pytest.mark.usefixtures("reads_everything")
def test_long_texts_are_cut(lms: Lms, browser: Client, deployment: PlatformDeployment, key: str) -> None:
    long = "x" * 3000
    names = ("guid", "name", "version", "description", "contact_email")
    changes = {
        claims.TOOL_PLATFORM: dict.fromkeys(names, long),
        claims.LAUNCH_PRESENTATION: {"locale": long},
        claims.RESOURCE_LINK: {"id": "link-1", "description": long},
        claims.CUSTOM: {"long": long, "x" * 256: "a long name", "": "no name", **{f"p{n}": "1" for n in range(150)}},
    }
    body = request_with_ltik(opened(lms, browser, **changes), key, PATH).body

    lengths = {name: len(text) for name, text in body["platform"].items() if text.startswith("x")}
    assert lengths == {"guid": 255, "name": 255, "version": 100, "description": 500, "contactEmail": 254}
    assert len(body["launch"]["presentation"]["locale"]) == 50
    assert len(body["launch"]["resourceLink"]["description"]) == 2000
    custom = body["launch"]["custom"]
    assert custom.keys() == {"long", *(f"p{n}" for n in range(99))}
    assert len(custom["long"]) == 2000


@pytest.mark.usefixtures("reads_everything")
@pytest.mark.parametrize("value", [2**53, -(2**53), 1e300, float("nan"), float("inf"), "\0", "\ud800", {}, [], None])
def test_a_custom_parameter_that_cannot_be_stored_is_left_out(
    lms: Lms, browser: Client, deployment: PlatformDeployment, key: str, value: Any
) -> None:
    token = opened(lms, browser, **{claims.CUSTOM: {"bad": value, "number": 2**53 - 1, "part": -0.5, "off": False}})

    assert request_with_ltik(token, key, PATH).body["launch"]["custom"] == {
        "number": 2**53 - 1,
        "part": -0.5,
        "off": False,
    }


@pytest.mark.parametrize("claim", [claims.CUSTOM, claims.TOOL_PLATFORM, claims.LAUNCH_PRESENTATION])
@pytest.mark.parametrize("value", [None, "x", 7, [], [{}], {"guid": {}, "locale": 5, "return_url": {}}])
@pytest.mark.usefixtures("reads_everything")
def test_a_claim_of_another_type_does_not_stop_a_launch(
    lms: Lms, browser: Client, deployment: PlatformDeployment, key: str, claim: str, value: Any
) -> None:
    assert request_with_ltik(opened(lms, browser, **{claim: value}), key, PATH).status == 200


def test_custom_parameters_that_the_tool_may_not_read_are_not_stored(
    lms: Lms, browser: Client, deployment: PlatformDeployment
) -> None:
    opened(lms, browser)

    assert CourseLaunch.objects.get().custom == {}


def test_without_a_tool_nothing_of_the_person_is_stored(
    lms: Lms, browser: Client, deployment: PlatformDeployment
) -> None:
    deployment.platform.tool = None
    deployment.platform.save()

    launch(browser, lms, **SENT)

    stored = CourseLaunch.objects.get()
    assert (stored.person, stored.custom, stored.return_url) == (None, {}, "")
