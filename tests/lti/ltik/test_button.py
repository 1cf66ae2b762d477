"""The launch button: the tool that is opened finds the ltik among the custom parameters of its id_token."""

import pytest

from lti.models import Deployment, Launch, Tool
from tests.lti.launches import claims, launch
from tests.lti.ltik.ltik_api import key_of, request_with_ltik
from tests.lti.tools import ids
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"


def test_it_hands_an_ltik_to_a_tool_with_an_api_key(
    sample: SampleData, poll: Tool, deployment: Deployment, key: str
) -> None:
    token = claims(launch(sample.amara, sample.chess_club, deployment))[CUSTOM]["ltik"]

    assert [row["user_id"] for row in request_with_ltik(token, key).body["members"]] == ids(
        poll, sample.amara, sample.farid
    )
    assert request_with_ltik(token, key, "/api/idtoken").body["launch"]["id"] == str(Launch.objects.get().uuid)
    assert request_with_ltik(token, key, resourceLinkId="true").status == 200


def test_a_tool_without_an_api_key_gets_none(sample: SampleData, deployment: Deployment) -> None:
    assert "ltik" not in claims(launch(sample.amara, sample.chess_club, deployment))[CUSTOM]


def test_a_custom_parameter_of_that_name_stays_the_tools_own(
    sample: SampleData, poll: Tool, deployment: Deployment
) -> None:
    key_of(poll)
    poll.custom = {"ltik": "mine"}
    poll.save()

    assert claims(launch(sample.amara, sample.chess_club, deployment))[CUSTOM]["ltik"] == "mine"


def test_an_ltik_is_no_id_token(sample: SampleData, poll: Tool, deployment: Deployment, key: str) -> None:
    fields = launch(sample.amara, sample.chess_club, deployment)

    assert request_with_ltik(fields["id_token"], key).status == 401
