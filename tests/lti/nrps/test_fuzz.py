"""Whatever stands in the parameters, the answer is one of the service, and of nothing that the tool may not know."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti.models import Context, ResourceLink, Tool
from tests.cast import Cast
from tests.lti.tools import access_token, ask, deploy, links, make_tool, path_of

pytestmark = pytest.mark.both_databases

TEXTS = st.text(max_size=40) | st.sampled_from(
    ["", "0", "-1", "\x00", "%00", "Officer", "ab" * 120, "null", "[]", "../.."]
)


@pytest.fixture
def loot(cast: Cast) -> list[str]:
    """What another tool has: its links between pages, and its resource link, in the organization and elsewhere."""
    other = make_tool("Other")
    deployment = deploy(other)
    token = access_token(other)
    found = []
    for organization in (cast.chess_club, cast.student_government):
        url = links(ask(token, path_of(organization), limit=1))["next"]
        context = Context.objects.of(organization)
        found += [url, url.partition("=")[2], str(context.uuid)]
        found.append(str(ResourceLink.objects.create(deployment=deployment, context=context).uuid))
    return found


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_parameter_opens_more_or_breaks(cast: Cast, loot: list[str], data: Any) -> None:
    tool = Tool.objects.filter(name="Poll").first() or make_tool()
    if not tool.deployments.exists():
        deploy(tool, cast.chess_club)
    names = data.draw(st.lists(st.sampled_from(["role", "limit", "rlid", "page", "since"]), unique=True, min_size=1))
    parameters = {name: data.draw(TEXTS | st.sampled_from(loot)) for name in names}

    answer = ask(access_token(tool), path_of(cast.chess_club), **parameters)

    assert answer.status in {200, 400, 403}
    if answer.status == 200:
        allowed = {tool.subject_of(person.pk) for person in (cast.amara, cast.farid)}
        assert {member["user_id"] for member in answer.body["members"]} <= allowed
        assert not {"page", "since", "rlid"} & parameters.keys()
