"""`GET /api/idtoken`: who launched, from which platform, where."""

import pytest
from django.test import Client

from lti.models import Launch, Tool
from tests.lti.ltik.ltik_api import key_of, launch_of, ltik_of, refusal, request_with_ltik, v1, v2
from tests.lti.tools import MEMBER, deploy, make_tool
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

PATH = "/api/idtoken"


def test_it_tells_the_launch(sample: SampleData, poll: Tool, launch: Launch, token: str, key: str) -> None:
    link = launch.resource_link

    assert request_with_ltik(token, key, PATH).body == {
        "user": {
            "id": poll.subject_of(sample.amara.pk),
            "name": "Amara Okafor",
            "given_name": "Amara",
            "family_name": "Okafor",
            "middle_name": "Ngozi",
            "email": "amara.okafor@example.edu",
            "picture": "https://www.example.edu/pictures/amara.okafor.jpg",
            "roles": [MEMBER],
        },
        "platform": {
            "url": "https://testserver",
            "clientId": poll.client_id,
            "deploymentId": link.deployment.deployment_id,
            "productFamilyCode": "campus-roster",
        },
        "context": {
            "id": str(link.context.uuid),
            "label": "CHESS",
            "title": "Chess Club",
            "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#Group"],
        },
        "launch": {
            "id": str(launch.uuid),
            "type": "LtiResourceLinkRequest",
            "resourceLink": {"id": str(link.uuid), "title": "Weekly poll"},
        },
    }


@pytest.mark.parametrize("form", [v1, v2])
@pytest.mark.parametrize("path", [PATH, "/api/idtoken/", "/API/IdToken", "/engage/api/idtoken"])
def test_both_forms_of_the_header_and_every_spelling_are_good(form, path: str, token: str, key: str) -> None:
    response = Client().get(path, headers={"Authorization": form(token, key)})

    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-cache")
    assert "Authorization" in response["Vary"]


def test_a_launch_from_no_resource_link_names_none(launch: Launch, key: str) -> None:
    assert "resourceLink" not in request_with_ltik(ltik_of(launch, has_resource_link=False), key, PATH).body["launch"]


def test_the_user_is_told_as_far_as_the_tool_may_know(sample: SampleData) -> None:
    tool = make_tool(disclosure="none")
    launch = launch_of(sample.amara, sample.chess_club, deploy(tool))

    user = request_with_ltik(ltik_of(launch), key_of(tool), PATH).body["user"]

    assert user == {"id": tool.subject_of(sample.amara.pk), "roles": [MEMBER]}


def test_somebody_whom_the_tool_may_not_know_of_is_anybody(sample: SampleData, poll: Tool, key: str) -> None:
    launch = launch_of(sample.marisol, sample.student_government, poll.deployments.get())

    user = request_with_ltik(ltik_of(launch), key, PATH).body["user"]

    anybody = "http://purl.imsglobal.org/vocab/lis/v2/system/person#User"
    assert user == {"id": poll.subject_of(sample.marisol.pk), "roles": [anybody]}


def test_it_takes_no_parameters(token: str, key: str) -> None:
    assert refusal(request_with_ltik(token, key, PATH, limit=1)) == (400, "INVALID_PARAMETERS")
