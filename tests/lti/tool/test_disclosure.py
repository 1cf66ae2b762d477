"""What a tool is told of the members of a course: what the LMS tells, cut to what the tool may know."""

import pytest

from lti.models import CourseLaunch, Tool
from tests.lti.ltik.ltik_api import request_with_ltik, request_with_service_key, service_key_of
from tests.lti.tool.lms import LEARNER, Lms

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

EVERYTHING = {
    "name": "Ann Lee",
    "given_name": "Ann",
    "family_name": "Lee",
    "middle_name": "B.",
    "email": "ann@example.com",
    "picture": "https://example.com/1.png",
    "lis_person_sourcedid": "S-1",
}
NAMES = {"status", "name", "given_name", "family_name", "middle_name"}
PUBLIC_NAMES = NAMES - {"middle_name"}


@pytest.mark.parametrize(
    "audience, disclosure, sourcedid, message",
    [
        ("campus", "none", False, set()),
        ("campus", "name", False, NAMES),
        ("campus", "email", False, NAMES | {"email"}),
        ("campus", "all", False, NAMES | {"email", "picture"}),
        ("campus", "none", True, {"lis_person_sourcedid"}),
        ("campus", "all", True, NAMES | {"email", "picture", "lis_person_sourcedid"}),
        ("public", "all", False, PUBLIC_NAMES),
        ("public", "none", False, set()),
    ],
)
def test_fields_are_cut_to_what_the_tool_may_know(
    lms: Lms,
    launched: CourseLaunch,
    token: str,
    key: str,
    audience: str,
    disclosure: str,
    sourcedid: bool,
    message: set[str],
) -> None:
    Tool.objects.update(audience=audience, disclosure=disclosure, may_read_sourcedid=sourcedid)
    lms.tells({"user_id": "u1", "roles": [LEARNER], **EVERYTHING})

    [member] = request_with_ltik(token, key).body["members"]

    assert member.keys() == message | {"user_id", "roles"}
    assert request_with_service_key(service_key_of(launched), key).body["members"] == [member]


def test_somebody_inactive_is_shown_as_such_at_any_level(
    lms: Lms, launched: CourseLaunch, token: str, key: str
) -> None:
    Tool.objects.update(disclosure="none")
    lms.tells({"user_id": "u1", "roles": [LEARNER], "status": "Inactive", **EVERYTHING})

    assert request_with_ltik(token, key).body["members"] == [
        {"status": "Inactive", "user_id": "u1", "roles": [LEARNER]}
    ]
