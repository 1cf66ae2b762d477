"""What one launch has opens nothing of another: every combination of two tools and two organizations."""

from dataclasses import dataclass
from itertools import product

import pytest
from django.utils import timezone

from lti.models import Context, Launch, Tool
from lti.nrps import links
from lti.nrps.links import Place
from organizations.models import Organization
from tests.cast import Cast
from tests.lti.door.doors import key_of, knock, launch_of, ltik_of, refusal
from tests.lti.tools import deploy, make_tool

pytestmark = pytest.mark.both_databases

NAMES = list(product(("Poll", "Forum"), ("chess", "government")))
PAIRS = list(product(NAMES, NAMES))


@dataclass
class Side:
    """One tool in one organization, with all that it has there."""

    tool: Tool
    organization: Organization
    launch: Launch
    token: str
    key: str

    @property
    def context(self) -> Context:
        context: Context = self.launch.resource_link.context
        return context

    def urls(self) -> list[str]:
        body = knock(self.token, self.key, limit=1).body
        return [body["next"], body["differences"]]


@pytest.fixture
def sides(cast: Cast) -> dict[tuple[str, str], Side]:
    """Both tools are used in both organizations."""
    organizations = {"chess": cast.chess_club, "government": cast.student_government}
    found = {}
    for name in ("Poll", "Forum"):
        tool = make_tool(name)
        deployment, key = deploy(tool), key_of(tool)
        for where, organization in organizations.items():
            launch = launch_of(cast.amara, organization, deployment)
            found[name, where] = Side(tool, organization, launch, ltik_of(launch), key)
    return found


@pytest.mark.parametrize("ours, theirs", PAIRS)
def test_an_ltik_is_good_with_a_key_of_its_own_tool_only(
    sides: dict[tuple[str, str], Side], ours: tuple[str, str], theirs: tuple[str, str]
) -> None:
    for path in ("/api/memberships", "/api/idtoken"):
        answer = knock(sides[ours].token, sides[theirs].key, path)
        if sides[ours].tool == sides[theirs].tool:
            assert answer.body["context"]["title"] == sides[ours].organization.name
        else:
            assert refusal(answer) == (401, "INVALID_LTIK")


@pytest.mark.parametrize("ours, theirs", PAIRS)
def test_a_url_is_good_for_its_own_tool_and_organization_only(
    sides: dict[tuple[str, str], Side], ours: tuple[str, str], theirs: tuple[str, str]
) -> None:
    for url in sides[theirs].urls():
        answer = knock(sides[ours].token, sides[ours].key, url=url)
        if ours == theirs:
            assert answer.status == 200
        else:
            assert refusal(answer) == (400, "INVALID_PARAMETERS")


@pytest.mark.parametrize("ours, theirs", PAIRS)
def test_the_address_of_one_with_the_place_of_the_other_opens_nothing(
    sides: dict[tuple[str, str], Side], ours: tuple[str, str], theirs: tuple[str, str]
) -> None:
    for here, there in zip(sides[ours].urls(), sides[theirs].urls(), strict=True):
        mixed = here.partition("=")[0] + "=" + there.partition("=")[2]
        answer = knock(sides[ours].token, sides[ours].key, url=mixed)
        assert answer.status == (200 if ours == theirs else 400)


@pytest.mark.parametrize("ours, theirs", PAIRS)
def test_a_resource_link_is_seen_by_its_own_tool_and_organization_only(
    sides: dict[tuple[str, str], Side], ours: tuple[str, str], theirs: tuple[str, str]
) -> None:
    mine, rlid = sides[ours], str(sides[theirs].launch.resource_link.uuid)
    url = links.url(Place(begun=1, after=1, rlid=rlid), mine.tool, mine.context)  # the best forgery there can be

    answer = knock(mine.token, mine.key, url=url)

    if ours == theirs:
        assert answer.status == 200
    else:
        assert refusal(answer) == (403, "FORBIDDEN")


@pytest.mark.parametrize("ours, theirs", PAIRS)
def test_revoking_one_launch_ends_no_other(
    sides: dict[tuple[str, str], Side], ours: tuple[str, str], theirs: tuple[str, str]
) -> None:
    sides[theirs].launch.revoke(on=timezone.now())

    assert knock(sides[ours].token, sides[ours].key).status == (401 if ours == theirs else 200)


def test_a_tool_that_is_not_used_in_an_organization_gets_nothing_of_it(cast: Cast) -> None:
    tool = make_tool()
    deploy(tool, cast.chess_club)
    launch = launch_of(cast.amara, cast.student_government, tool.deployments.get())

    assert refusal(knock(ltik_of(launch), key_of(tool))) == (401, "INVALID_LTIK")
