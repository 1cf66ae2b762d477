"""`POST /api/launches`: a portal launches for somebody whom it has signed in."""

import uuid
from typing import Any

import orjson
import pytest
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import OctKey

from lti.core import ltik_token
from lti.models import Context, Deployment, Launch, ResourceLink, Tool
from roster import secrets
from roster.models import User
from tests.client import Answer
from tests.lti.ltik.ltik_api import key_of, launch_of, request_with_ltik
from tests.lti.tools import deploy, ids, make_tool
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

PATH = "/api/launches"


@pytest.fixture
def portal(poll: Tool) -> str:
    """A key of the tool by which a portal may launch."""
    return key_of(poll, may_launch=True)


def post(api_key: str | None, body: Any, path: str = PATH) -> Answer:
    data = body if isinstance(body, bytes) else orjson.dumps(body)
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    response = Client().post(path, data, content_type="application/json", headers=headers)
    return Answer(response.status_code, response.headers, response.json())


def for_amara(sample: SampleData, **changes: Any) -> dict[str, Any]:
    """A good body; a change to ... leaves a field out."""
    body = {"userId": sample.amara.pk, "organizationId": sample.chess_club.pk, **changes}
    return {name: value for name, value in body.items() if value is not ...}


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(
        token, OctKey.import_key(secrets.derived_keys(ltik_token.PURPOSE)[0]), algorithms=["HS256"]
    ).claims


def test_it_answers_with_an_ltik(sample: SampleData, poll: Tool, portal: str) -> None:
    answer = post(portal, for_amara(sample))

    launch = Launch.objects.get()
    assert (answer.status, answer.headers["Cache-Control"]) == (201, "no-store")
    assert answer.body == {
        "ltik": answer.body["ltik"],
        "expiresIn": 28800,
        "launchId": str(launch.uuid),
        "contextId": str(Context.objects.get(organization=sample.chess_club).uuid),
        "user": poll.subject_of(sample.amara.pk),
    }
    assert (launch.user, launch.resource_link.deployment.tool) == (sample.amara, poll)
    assert launch.completed_at is not None


def test_the_ltik_opens_the_roster(sample: SampleData, poll: Tool, portal: str) -> None:
    token = post(portal, for_amara(sample)).body["ltik"]

    assert [row["user_id"] for row in request_with_ltik(token, portal).body["members"]] == ids(
        poll, sample.amara, sample.farid
    )
    assert request_with_ltik(token, portal, "/api/idtoken").body["user"]["name"] == "Amara Okafor"


def test_the_claims_of_an_ltik_have_the_names_of_ltijs(sample: SampleData, poll: Tool, portal: str) -> None:
    before = int(timezone.now().timestamp())
    answer = post(portal, for_amara(sample)).body

    claims = claims_of(answer["ltik"])
    assert claims.keys() == {
        *("platformUrl", "clientId", "deploymentId", "platformCode", "contextId", "user", "s"),
        *("iat", "exp", "jti", "aud"),
    }
    assert (claims["platformUrl"], claims["aud"]) == ("https://testserver", "https://testserver")
    assert (claims["clientId"], claims["deploymentId"]) == (poll.client_id, poll.deployments.get().deployment_id)
    assert (claims["contextId"], claims["user"]) == (answer["contextId"], answer["user"])
    assert claims["jti"] == answer["launchId"]
    assert claims["exp"] - claims["iat"] == 8 * 3600
    assert before <= claims["iat"] <= timezone.now().timestamp()


def test_it_may_name_a_resource_link(sample: SampleData, deployment: Deployment, portal: str) -> None:
    other = launch_of(sample.ben, sample.chess_club, deployment).resource_link
    link = launch_of(sample.ben, sample.chess_club, deployment).resource_link

    answer = post(portal, for_amara(sample, resourceLinkId=str(link.uuid)))

    launch = Launch.objects.get(uuid=answer.body["launchId"])
    assert launch.resource_link == link != other
    assert request_with_ltik(answer.body["ltik"], portal, resourceLinkId="true").status == 200


@pytest.mark.parametrize("left_out", [..., None])
def test_without_one_there_is_no_resource_link_level_membership(sample: SampleData, portal: str, left_out: Any) -> None:
    token = post(portal, for_amara(sample, resourceLinkId=left_out)).body["ltik"]

    assert request_with_ltik(token, portal, resourceLinkId="true").status == 400


def test_launching_again_makes_no_more_links(sample: SampleData, portal: str) -> None:
    answers = [post(portal, for_amara(sample)) for _ in range(2)]

    assert answers[0].body["launchId"] != answers[1].body["launchId"]
    assert ResourceLink.objects.count() == 1


@pytest.mark.parametrize("path", ["/api/launches/", "/API/Launches", "/engage/api/launches"])
def test_every_spelling_of_the_path_is_good(sample: SampleData, portal: str, path: str) -> None:
    assert post(portal, for_amara(sample), path).status == 201


def test_the_key_may_stand_in_the_other_header(sample: SampleData, portal: str) -> None:
    response = Client().post(
        PATH, for_amara(sample), content_type="application/json", headers={"X-Engage-Api-Key": portal}
    )

    assert response.status_code == 201


@pytest.mark.parametrize("key", [None, "cr_unknown_key"])
def test_it_needs_a_good_key(sample: SampleData, key: str | None) -> None:
    assert post(key, for_amara(sample)).status == 401


def test_a_browser_session_is_no_key(sample: SampleData, poll: Tool) -> None:
    client = Client()
    client.force_login(sample.jolene)

    assert client.post(PATH, for_amara(sample), content_type="application/json").status_code == 401


def test_a_key_without_the_right_may_not_launch(sample: SampleData, key: str) -> None:
    answer = post(key, for_amara(sample))

    assert (answer.status, answer.body["title"]) == (403, "Forbidden")
    assert not Launch.objects.exists()


def test_a_key_of_the_roster_api_may_not_launch(sample: SampleData, poll: Tool) -> None:
    for key in (sample.public_key, sample.campus_key, sample.staff_key):
        assert post(key, for_amara(sample)).status == 403


@pytest.mark.parametrize("status", ["pending", "disabled"])
def test_a_tool_that_is_not_active_may_not_launch(sample: SampleData, portal: str, status: str) -> None:
    Tool.objects.update(status=status)

    assert post(portal, for_amara(sample)).status == 403


def test_the_right_is_asked_before_the_fields(key: str) -> None:
    assert post(key, {"nonsense": 1}).status == 403


def test_launches_count_toward_the_rate_of_the_key(sample: SampleData, poll: Tool) -> None:
    hurried = key_of(poll, may_launch=True, rate=1)

    assert [post(hurried, for_amara(sample)).status for _ in range(2)] == [201, 429]


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"null", b'"text"', b"\xff", b"{" * 1000, b'{"a":' + b" " * 20_000])
def test_it_refuses_a_body_that_is_no_object(portal: str, body: bytes) -> None:
    answer = post(portal, body)

    assert answer.status == 400
    assert "userId and organizationId" in answer.body["detail"]


@pytest.mark.parametrize("field", ["userId", "organizationId"])
@pytest.mark.parametrize("value", [..., None, "1", 0, -1, 1.0, True, [], {}, 2**31, "x"])
def test_it_refuses_a_field_that_is_no_id(sample: SampleData, portal: str, field: str, value: Any) -> None:
    answer = post(portal, for_amara(sample, **{field: value}))

    assert (answer.status, list(answer.refused)) == (400, [field])


@pytest.mark.parametrize("value", ["", "x", 1, True, [], {}, "\x00"])
def test_it_refuses_a_resource_link_that_is_no_id(sample: SampleData, portal: str, value: Any) -> None:
    answer = post(portal, for_amara(sample, resourceLinkId=value))

    assert (answer.status, list(answer.refused)) == (400, ["resourceLinkId"])


def test_it_names_every_field_that_is_wrong(portal: str) -> None:
    assert list(post(portal, {"userId": "x", "surprise": 1}).refused) == ["organizationId", "userId", "surprise"]


def test_it_takes_no_parameters(sample: SampleData, portal: str) -> None:
    answer = post(portal, for_amara(sample), f"{PATH}?userId=1")

    assert (answer.status, list(answer.refused)) == (400, ["userId"])


def test_somebody_whom_the_audience_does_not_see_is_404(sample: SampleData, portal: str) -> None:
    unknown = post(portal, for_amara(sample, userId=2**31 - 1))
    for person in (sample.marisol, sample.nadia, sample.lin):  # confidential; in nothing; off both rosters
        answer = post(portal, for_amara(sample, userId=person.pk))
        assert (answer.status, answer.body["detail"]) == (unknown.status, unknown.body["detail"])
    assert unknown.status == 404
    assert not Launch.objects.exists()


def test_a_public_tool_launches_for_those_on_the_public_roster(sample: SampleData) -> None:
    tool = make_tool(audience="public")
    deploy(tool)
    portal = key_of(tool, may_launch=True)

    statuses = [post(portal, for_amara(sample, userId=person.pk)).status for person in (sample.amara, sample.kofi)]

    assert statuses == [201, 404]


@pytest.mark.parametrize("status", ["inactive", "unregistered"])
def test_somebody_inactive_is_404(sample: SampleData, portal: str, status: str) -> None:
    User.objects.filter(pk=sample.amara.pk).update(status=status)

    assert post(portal, for_amara(sample)).status == 404


def test_an_organization_that_no_deployment_covers_is_404(sample: SampleData) -> None:
    tool = make_tool()
    deploy(tool, sample.chess_club, sample.night_owls)
    portal = key_of(tool, may_launch=True)

    missing = [
        post(portal, for_amara(sample, organizationId=pk))
        for pk in (sample.student_government.pk, sample.night_owls.pk, 2**31 - 1)  # not covered; hidden; not there
    ]

    assert [answer.status for answer in missing] == [404, 404, 404]
    assert len({answer.body["detail"] for answer in missing}) == 1
    assert post(portal, for_amara(sample)).status == 201
    assert not Context.objects.filter(organization=sample.student_government).exists()


def test_a_resource_link_of_another_tool_or_organization_is_404(
    sample: SampleData, deployment: Deployment, portal: str
) -> None:
    other = make_tool("Forum")
    elsewhere = launch_of(sample.amara, sample.student_government, deployment).resource_link
    of_another = launch_of(sample.amara, sample.chess_club, deploy(other)).resource_link

    for link_id in (elsewhere.uuid, of_another.uuid, uuid.uuid4()):
        assert post(portal, for_amara(sample, resourceLinkId=str(link_id))).status == 404


def test_no_other_method_is_answered(portal: str) -> None:
    response = Client().get(PATH, headers={"Authorization": f"Bearer {portal}"})

    assert (response.status_code, response["Allow"]) == (405, "POST")
