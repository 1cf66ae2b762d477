"""What an id_token says: of the person what the roster says, and no more."""

import time

import pytest

from lti.models import Context, Deployment, Disclosed, ResourceLink, Tool
from tests.lti.launches import claims, launch
from tests.lti.tools import CHAIR, MEMBER, OFFICER, deploy, make_tool
from tests.sample_data import SampleData, membership

pytestmark = pytest.mark.both_databases

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
NOBODY_IN_PARTICULAR = ["http://purl.imsglobal.org/vocab/lis/v2/system/person#User"]
PERSONAL = {"name", "given_name", "family_name", "middle_name", "email", "picture", f"{LTI}lis"}


def test_it_says_who_opens_what_where(sample: SampleData, poll: Tool, deployment: Deployment) -> None:
    message = claims(launch(sample.amara, sample.student_government, deployment))

    context, link = Context.objects.get(), ResourceLink.objects.get()
    assert abs(message.pop("iat") - time.time()) < 60
    assert 0 < message.pop("exp") - time.time() <= 600
    assert len(message.pop("jti")) == 36
    assert message == {
        "iss": "https://testserver",
        "aud": poll.client_id,
        "azp": poll.client_id,
        "sub": poll.subject_of(sample.amara.pk),
        "nonce": "n-0S6_WzA2Mj",
        "name": "Amara Okafor",
        "given_name": "Amara",
        "family_name": "Okafor",
        "middle_name": "Ngozi",
        "email": "amara.okafor@example.edu",
        "picture": "https://www.example.edu/pictures/amara.okafor.jpg",
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": deployment.deployment_id,
        f"{LTI}target_link_uri": "https://poll.example.org/launch",
        f"{LTI}resource_link": {"id": str(link.uuid), "title": "Poll"},
        f"{LTI}roles": [OFFICER, CHAIR],
        f"{LTI}context": {
            "id": str(context.uuid),
            "label": "SG",
            "title": "Student Government",
            "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#Group"],
        },
        f"{LTI}custom": {},
        f"{LTI}tool_platform": {
            "guid": "https://testserver",
            "name": "Campus Roster",
            "url": "https://testserver",
            "product_family_code": "campus-roster",
        },
        f"{LTI}launch_presentation": {"document_target": "window", "locale": "en-US"},
        "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {
            "context_memberships_url": f"https://testserver/lti/contexts/{context.uuid}/memberships",
            "service_versions": ["2.0"],
        },
    }


@pytest.mark.parametrize(
    "disclosure, fields",
    [
        ("none", set()),
        ("name", {"name", "given_name", "family_name", "middle_name"}),
        ("email", {"name", "given_name", "family_name", "middle_name", "email"}),
        ("all", {"name", "given_name", "family_name", "middle_name", "email", "picture"}),
    ],
)
def test_it_tells_as_much_as_the_level_discloses(sample: SampleData, disclosure: str, fields: set[str]) -> None:
    tool = make_tool(disclosure=disclosure)

    message = claims(launch(sample.amara, sample.student_government, deploy(tool)))

    assert PERSONAL & message.keys() == fields


def test_a_public_tool_is_shown_what_the_public_may_read(sample: SampleData) -> None:
    tool = make_tool(audience="public")

    message = claims(launch(sample.amara, sample.student_government, deploy(tool)))

    assert PERSONAL & message.keys() == {"name", "given_name", "family_name"}


def test_the_sis_id_is_shown_where_it_is_granted(sample: SampleData) -> None:
    tool = make_tool(may_read_sourcedid=True)

    message = claims(launch(sample.amara, sample.student_government, deploy(tool)))

    assert message[f"{LTI}lis"] == {"person_sourcedid": "S730000"}


def test_somebody_who_is_no_member_has_no_name_and_no_role(sample: SampleData, deployment: Deployment) -> None:
    message = claims(launch(sample.nadia, sample.chess_club, deployment))

    assert not PERSONAL & message.keys()
    assert message[f"{LTI}roles"] == NOBODY_IN_PARTICULAR


def test_a_confidential_member_has_no_name_and_no_role(sample: SampleData, poll: Tool, deployment: Deployment) -> None:
    message = claims(launch(sample.marisol, sample.student_government, deployment))

    assert not PERSONAL & message.keys()
    assert (message["sub"], message[f"{LTI}roles"]) == (poll.subject_of(sample.marisol.pk), NOBODY_IN_PARTICULAR)


def test_a_member_off_the_roster_has_no_name_and_no_role(sample: SampleData, deployment: Deployment) -> None:
    message = claims(launch(sample.dalia, sample.chess_club, deployment))

    assert not PERSONAL & message.keys()
    assert message[f"{LTI}roles"] == NOBODY_IN_PARTICULAR


def test_with_consent_a_member_off_the_roster_has_the_role_and_no_name(
    sample: SampleData, deployment: Deployment
) -> None:
    deployment.tells_bare_members = True
    deployment.save()

    message = claims(launch(sample.dalia, sample.chess_club, deployment))

    assert not PERSONAL & message.keys()
    assert message[f"{LTI}roles"] == [MEMBER]


def test_a_role_to_come_is_not_shown(sample: SampleData, deployment: Deployment) -> None:
    membership(sample.nadia, sample.chess_president, "2076-05-01")

    assert claims(launch(sample.nadia, sample.chess_club, deployment))[f"{LTI}roles"] == NOBODY_IN_PARTICULAR


def test_custom_parameters_are_filled_in(sample: SampleData, poll: Tool, deployment: Deployment) -> None:
    poll.custom = {"who": "$Person.name.given", "sis": "$Person.sourcedId"}
    poll.save()

    message = claims(launch(sample.amara, sample.student_government, deployment))

    assert message[f"{LTI}custom"] == {"who": "Amara", "sis": "$Person.sourcedId"}


def test_a_launch_of_a_member_is_stored_as_telling_of_them(
    sample: SampleData, poll: Tool, deployment: Deployment
) -> None:
    launch(sample.amara, sample.student_government, deployment)
    launch(sample.nadia, sample.student_government, deployment)

    assert [fields.user for fields in Disclosed.objects.all()] == [sample.amara]
