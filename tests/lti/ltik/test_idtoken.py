"""`GET /api/idtoken`: who launched, from which platform, where."""

import re

import pytest
from django.test import Client

from lti.models import Deployment, Launch, Tool
from tests.lti.launches import claims
from tests.lti.launches import launch as posted_launch
from tests.lti.ltik.ltik_api import (
    key_of,
    launch_of,
    ltik_of,
    refusal,
    request_with_ltik,
    service_key_of,
    v1,
    v2,
)
from tests.lti.tools import MEMBER, deploy, make_tool
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

PATH = "/api/idtoken"


GROUP = "http://purl.imsglobal.org/vocab/lis/v2/course#Group"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"


def test_it_tells_the_launch(sample: SampleData, poll: Tool, launch: Launch, token: str, key: str) -> None:
    link = launch.resource_link
    link.custom = {"who": "$Person.name.full", "page": "7"}
    link.save()
    context = {"id": str(link.context.uuid), "label": "CHESS", "title": "Chess Club", "type": [GROUP]}

    body = request_with_ltik(token, key, PATH).body

    platform_id, service_key = body["platform"].pop("id"), body["services"].pop("serviceKey")
    assert body == {
        "ltiVersion": "1.3.0",
        "user": {
            "id": poll.subject_of(sample.amara.pk),
            "name": "Amara Okafor",
            "given_name": "Amara",
            "family_name": "Okafor",
            "middle_name": "Ngozi",
            "email": "amara.okafor@example.edu",
            "picture": "https://www.example.edu/pictures/amara.okafor.jpg",
            "givenName": "Amara",
            "familyName": "Okafor",
            "roles": [MEMBER],
        },
        "platform": {
            "url": "https://testserver",
            "clientId": poll.client_id,
            "deploymentId": link.deployment.deployment_id,
            "productFamilyCode": "campus-roster",
            "guid": "https://testserver",
            "name": "Campus Roster",
        },
        "context": context,
        "launch": {
            "id": str(launch.uuid),
            "type": "LtiResourceLinkRequest",
            "target": "https://poll.example.org/launch",
            "context": context,
            "resourceLink": {"id": str(link.uuid), "title": "Weekly poll"},
            "presentation": {"locale": "en-US"},
            "custom": {"who": "Amara Okafor", "page": "7"},
        },
        "services": {
            "namesAndRoles": {"available": True},
            "assignmentAndGrades": {"available": False},
            "deepLinking": {"available": False},
        },
    }
    assert re.fullmatch("[0-9a-f]{32}", platform_id)
    assert service_key == service_key_of(launch)


def test_the_id_of_the_platform_is_one_for_each_registration(
    sample: SampleData, launch: Launch, token: str, key: str
) -> None:
    other = make_tool("Forum")
    by_other = ltik_of(launch_of(sample.amara, sample.chess_club, deploy(other)))
    asked = [(token, key), (ltik_of(launch), key), (by_other, key_of(other))]

    first, again, of_other = [request_with_ltik(*shown, PATH).body["platform"]["id"] for shown in asked]

    assert first == again != of_other


def test_raw_it_is_the_claims_of_the_id_token(sample: SampleData, poll: Tool, deployment: Deployment, key: str) -> None:
    poll.may_read_sourcedid, poll.custom = True, {"who": "$Person.name.full"}
    poll.save()
    sent = claims(posted_launch(sample.amara, sample.chess_club, deployment))
    token = sent[f"{CLAIM}custom"].pop("ltik")

    raw = request_with_ltik(token, key, PATH, raw="true").body

    for name in ("iat", "exp", "nonce", "jti"):
        sent.pop(name)
    assert raw == sent
    assert raw[f"{CLAIM}custom"] == {"who": "Amara Okafor"}
    assert raw["sub"] == poll.subject_of(sample.amara.pk)


def test_raw_a_launch_from_no_resource_link_names_none(launch: Launch, key: str) -> None:
    raw = request_with_ltik(ltik_of(launch, has_resource_link=False), key, PATH, raw="1").body

    assert f"{CLAIM}resource_link" not in raw
    assert f"{CLAIM}context" in raw


@pytest.mark.parametrize("raw", ["false", "0", "FALSE"])
def test_raw_may_be_off(token: str, key: str, raw: str) -> None:
    assert request_with_ltik(token, key, PATH, raw=raw).body == request_with_ltik(token, key, PATH).body


@pytest.mark.parametrize("query", ["raw=yes", "raw=", "raw=true&raw=false", "raw=%00"])
def test_a_raw_that_is_not_understood_is_refused(token: str, key: str, query: str) -> None:
    answer = request_with_ltik(token, key, f"{PATH}?{query}")

    assert refusal(answer) == (400, "INVALID_PARAMETERS")
    assert answer.body["details"]["description"].startswith("raw: ")


def test_unknown_parameters_are_ignored(token: str, key: str) -> None:
    assert request_with_ltik(token, key, PATH, limit=1, x="").body == request_with_ltik(token, key, PATH).body


@pytest.mark.parametrize("form", [v1, v2])
@pytest.mark.parametrize("path", [PATH, "/api/idtoken/", "/API/IdToken", "/engage/api/idtoken"])
def test_both_forms_of_the_header_and_every_spelling_are_good(form, path: str, token: str, key: str) -> None:
    response = Client().get(path, headers={"Authorization": form(token, key)})

    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-cache")
    assert "Authorization" in response["Vary"]


def test_a_launch_from_no_resource_link_names_none(launch: Launch, key: str) -> None:
    assert "resourceLink" not in request_with_ltik(ltik_of(launch, has_resource_link=False), key, PATH).body["launch"]


def test_the_user_is_shown_as_far_as_the_tool_may_know(sample: SampleData) -> None:
    tool = make_tool(disclosure="none")
    launch = launch_of(sample.amara, sample.chess_club, deploy(tool))

    user = request_with_ltik(ltik_of(launch), key_of(tool), PATH).body["user"]

    assert user == {"id": tool.subject_of(sample.amara.pk), "roles": [MEMBER]}


def test_somebody_whom_the_tool_may_not_know_of_is_anybody(sample: SampleData, poll: Tool, key: str) -> None:
    launch = launch_of(sample.marisol, sample.student_government, poll.deployments.get())

    user = request_with_ltik(ltik_of(launch), key, PATH).body["user"]

    anybody = "http://purl.imsglobal.org/vocab/lis/v2/system/person#User"
    assert user == {"id": poll.subject_of(sample.marisol.pk), "roles": [anybody]}
