"""The launch button: the tool that is opened finds the ltik among the custom parameters of its id_token."""

import pytest

from lti.models import Deployment, Launch, Tool
from tests.cast import Cast
from tests.lti.door.doors import key_of, knock
from tests.lti.launches import claims, launch
from tests.lti.tools import ids

pytestmark = pytest.mark.both_databases

CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"


def test_it_hands_an_ltik_to_a_tool_with_an_api_key(cast: Cast, poll: Tool, deployment: Deployment, key: str) -> None:
    token = claims(launch(cast.amara, cast.chess_club, deployment))[CUSTOM]["ltik"]

    assert [row["user_id"] for row in knock(token, key).body["members"]] == ids(poll, cast.amara, cast.farid)
    assert knock(token, key, "/api/idtoken").body["launch"]["id"] == str(Launch.objects.get().uuid)
    assert knock(token, key, resourceLinkId="true").status == 200


def test_a_tool_without_an_api_key_gets_none(cast: Cast, deployment: Deployment) -> None:
    assert "ltik" not in claims(launch(cast.amara, cast.chess_club, deployment))[CUSTOM]


def test_a_custom_parameter_of_that_name_stays_the_tools_own(cast: Cast, poll: Tool, deployment: Deployment) -> None:
    key_of(poll)
    poll.custom = {"ltik": "mine"}
    poll.save()

    assert claims(launch(cast.amara, cast.chess_club, deployment))[CUSTOM]["ltik"] == "mine"


def test_an_ltik_is_no_id_token(cast: Cast, poll: Tool, deployment: Deployment, key: str) -> None:
    fields = launch(cast.amara, cast.chess_club, deployment)

    assert knock(fields["id_token"], key).status == 401
