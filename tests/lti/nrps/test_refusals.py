"""Who is turned away, with what words: 401, 403, 400, 404, in this order."""

import datetime as dt
import uuid

import pytest

from lti.models import AccessToken, Context, Tool
from roster.models import ApiKey
from tests.lti.tools import access_token, ask, deploy, links, make_tool, path_of, roster
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


def test_it_asks_for_a_token(sample: SampleData, poll: Tool) -> None:
    answer = ask(None, path_of(sample.chess_club))

    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="lti"')
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("token", ["", "nonsense", "\x00", "ñ", "a b"])
def test_it_refuses_a_bad_token(sample: SampleData, poll: Tool, token: str) -> None:
    answer = ask(token, path_of(sample.chess_club))

    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="lti", error="invalid_token"')


def test_it_refuses_an_expired_token(sample: SampleData, poll: Tool) -> None:
    token = access_token(poll)
    AccessToken.objects.update(expires_at=dt.datetime(2025, 5, 1, tzinfo=dt.UTC))

    assert ask(token, path_of(sample.chess_club)).status == 401


@pytest.mark.parametrize("status", ["disabled", "pending"])
def test_it_refuses_the_token_of_a_tool_that_is_not_active(sample: SampleData, poll: Tool, status: str) -> None:
    token = access_token(poll)
    poll.status = status
    poll.save()

    assert ask(token, path_of(sample.chess_club)).status == 401


def test_it_refuses_a_token_of_another_scope(sample: SampleData, poll: Tool) -> None:
    token = access_token(poll, scope="https://purl.imsglobal.org/spec/lti-ags/scope/score")

    assert ask(token, path_of(sample.chess_club)).status == 403


def test_it_refuses_keys_of_the_roster_api(sample: SampleData, poll: Tool) -> None:
    assert ask(sample.staff_key, path_of(sample.chess_club)).status == 401


def test_the_roster_api_refuses_access_tokens(sample: SampleData, poll: Tool) -> None:
    assert ask(access_token(poll), "/api/memberships", accept="*/*").status == 401


def test_the_api_key_of_a_tool_alone_reads_nothing_of_the_roster_api(sample: SampleData, poll: Tool) -> None:
    from lti.models import ToolApiKey

    _, text = ToolApiKey.create(poll)

    assert ask(text, "/api/memberships", accept="*/*").body["totalItems"] == 0
    assert ask(text, "/api/organizations", accept="*/*").body["totalItems"] == 0
    assert ask(text, "/api/users", accept="*/*").status == 403
    assert ApiKey.objects.get(lti_tool__tool=poll).is_limited


@pytest.mark.parametrize("query", ["rol=1", "Page_=1", "offset=", "groups=true&groups=false", "x=%00", "ltik=x"])
def test_it_ignores_a_parameter_that_it_does_not_know(sample: SampleData, poll: Tool, query: str) -> None:
    answer = ask(access_token(poll), f"{path_of(sample.chess_club)}?limit=1&{query}")

    assert answer.status == 200
    assert answer.body == roster(poll, sample.chess_club, limit=1).body


def test_it_ignores_one_beside_a_link(sample: SampleData, poll: Tool) -> None:
    url = links(roster(poll, sample.chess_club, limit=1))["next"]

    assert ask(access_token(poll), f"{url}&groups=true").body == ask(access_token(poll), url).body


@pytest.mark.parametrize("query", ["role=Member&role=Officer", "limit=1&limit=2", "role=", "rlid="])
def test_it_refuses_repeated_and_empty_parameters(sample: SampleData, poll: Tool, query: str) -> None:
    answer = ask(access_token(poll), f"{path_of(sample.chess_club)}?{query}")

    assert answer.status == 400
    assert list(answer.refused) == [query.partition("=")[0]]


@pytest.mark.parametrize("name", ["page", "since"])
@pytest.mark.parametrize("text", ["1", "zz", "00", "ab" * 80, "ñ", "'"])
def test_it_refuses_a_link_that_it_did_not_make(sample: SampleData, poll: Tool, name: str, text: str) -> None:
    answer = roster(poll, sample.chess_club, **{name: text})

    assert answer.status == 400
    assert answer.refused == {name: "The link of an earlier answer is accepted, whole and from the same organization."}


def test_it_refuses_a_link_that_was_tampered_with(sample: SampleData, poll: Tool) -> None:
    url = links(roster(poll, sample.chess_club, limit=1))["next"]
    changed = url[:-1] + ("0" if url[-1] != "0" else "1")

    assert ask(access_token(poll), changed).status == 400


@pytest.mark.parametrize("other", ["role=Member", "rlid=00000000-0000-0000-0000-000000000000"])
def test_a_link_is_sent_without_other_parameters(sample: SampleData, poll: Tool, other: str) -> None:
    url = links(roster(poll, sample.chess_club, limit=1))["next"]

    assert ask(access_token(poll), f"{url}&{other}").status == 400


def test_a_context_that_is_not_there_is_not_found(sample: SampleData, poll: Tool) -> None:
    assert ask(access_token(poll), f"/lti/contexts/{uuid.UUID(int=0)}/memberships").status == 404


def test_the_number_of_an_organization_is_no_context(sample: SampleData, poll: Tool) -> None:
    assert ask(access_token(poll), f"/lti/contexts/{sample.chess_club.pk}/memberships").status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_it_only_reads(sample: SampleData, poll: Tool, method: str) -> None:
    assert ask(access_token(poll), path_of(sample.chess_club), method=method).status == 405


def test_an_organization_that_no_deployment_covers_is_not_found(sample: SampleData) -> None:
    tool = make_tool()
    deploy(tool, sample.chess_club)

    assert roster(tool, sample.chess_club).status == 200
    assert roster(tool, sample.chess_club_downtown).status == 404


def test_a_tool_without_a_deployment_finds_nothing(sample: SampleData) -> None:
    assert roster(make_tool(), sample.chess_club).status == 404


def test_a_deployment_that_was_ended_covers_nothing(sample: SampleData, poll: Tool) -> None:
    poll.deployments.update(is_active=False)

    assert roster(poll, sample.chess_club).status == 404


def test_the_deployment_of_another_tool_covers_nothing_for_this_one(sample: SampleData) -> None:
    one, other = make_tool("One"), make_tool("Other")
    deploy(one, sample.chess_club)
    deploy(other, sample.teatro)

    assert roster(one, sample.teatro).status == 404
    assert roster(other, sample.chess_club).status == 404


def test_a_link_opens_nothing_for_another_tool_or_in_another_context(sample: SampleData, poll: Tool) -> None:
    forum = make_tool("Forum")
    deploy(forum)
    path = path_of(sample.chess_club)
    _, mark, sealed = links(roster(poll, sample.chess_club, limit=1))["next"].partition("?page=")

    assert ask(access_token(forum), f"{path}?page={sealed}").status == 400
    assert ask(access_token(poll), f"{path_of(sample.chess_club_downtown)}{mark}{sealed}").status == 400


def test_a_deployment_that_names_the_organization_answers_before_one_of_the_whole_campus(sample: SampleData) -> None:
    tool = make_tool()
    deploy(tool, tells_bare_members=True)
    deploy(tool, sample.chess_club)
    dalia = tool.subject_of(sample.dalia.pk)  # off the campus roster

    assert dalia not in str(roster(tool, sample.chess_club).body)
    assert Context.objects.count() == 1
