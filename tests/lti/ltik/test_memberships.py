"""`GET /api/memberships` with an ltik: the roster of where the tool was launched."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from lti.models import Launch, Tool
from roster.models import User
from tests.lti.ltik.ltik_api import LTIK_MEMBERSHIPS, ltik_of, refusal, request_with_ltik, v1, v2, walk
from tests.lti.many_members import join
from tests.lti.tools import MEMBER, access_token, ask, deploy, ids, links, path_of, roster, user_ids
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"


@pytest.fixture
def crowd(sample: SampleData) -> list[User]:
    """205 more members of the chess club."""
    return join(sample.chess_member, 205)


def test_it_answers_with_the_roster_of_the_launch(
    sample: SampleData, poll: Tool, launch: Launch, token: str, key: str
) -> None:
    body = request_with_ltik(token, key).body

    assert list(body) == ["id", "context", "members", "differences"]
    assert body["id"] == f"https://testserver/lti/contexts/{launch.resource_link.context.uuid}/memberships"
    assert body["context"] == {"id": str(launch.resource_link.context.uuid), "label": "CHESS", "title": "Chess Club"}
    assert body["members"] == roster(poll, sample.chess_club).body["members"]
    assert [row["user_id"] for row in body["members"]] == ids(poll, sample.amara, sample.farid)


def test_it_is_for_this_caller_only(token: str, key: str) -> None:
    answer = request_with_ltik(token, key)

    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in answer.headers["Vary"].split(", ")


@pytest.mark.parametrize(
    "form",
    [
        "LTIK-AUTH-V1 Token={ltik}, Additional=Bearer {key}",
        "LTIK-AUTH-V1 Token={ltik},Additional=Bearer {key}",
        "LTIK-AUTH-V1 Additional=Bearer {key}, Token={ltik}",
        "ltik-auth-v1 token={ltik}, additional=bearer {key}",
        "LTIK-AUTH-V2 {key}:{ltik}",
        "ltik-auth-v2  {key} : {ltik} ",
    ],
)
def test_both_forms_of_the_header_are_good_in_any_case(form: str, token: str, key: str) -> None:
    response = Client().get(LTIK_MEMBERSHIPS, headers={"Authorization": form.format(ltik=token, key=key)})

    assert (response.status_code, len(response.json()["members"])) == (200, 2)


@pytest.mark.parametrize(
    "path", ["/api/memberships/", "/API/Memberships", "/engage/api/memberships", LTIK_MEMBERSHIPS.upper()]
)
@pytest.mark.parametrize("form", [v1, v2])
def test_every_spelling_of_the_path_leads_to_the_ltik_api(path: str, form: Any, token: str, key: str) -> None:
    headers = {"Authorization": form(token, key)}
    response = Client().generic("GET", "/", headers=headers, PATH_INFO=path)

    assert (response.status_code, "members" in response.json()) == (200, True)


def test_any_other_scheme_gets_the_roster_api(sample: SampleData, token: str, key: str) -> None:
    def answer(authorization: str) -> dict[str, Any]:
        body: dict[str, Any] = Client().get(LTIK_MEMBERSHIPS, headers={"Authorization": authorization}).json()
        return body

    assert "items" in answer(f"Bearer {sample.campus_key}")
    assert answer(f"Bearer {key}")["items"] == []
    assert answer(f"LTIK-AUTH-V3 {key}:{token}")["title"] == "Unauthorized"


def test_one_membership_of_the_roster_api_is_not_under_the_ltik_api(sample: SampleData, token: str, key: str) -> None:
    answer = request_with_ltik(token, key, f"{LTIK_MEMBERSHIPS}/{sample.amara_chess_again.pk}")

    assert (answer.status, answer.body["title"]) == (401, "Unauthorized")


def test_head_is_answered_without_a_body(token: str, key: str) -> None:
    response = Client().head(LTIK_MEMBERSHIPS, headers={"Authorization": v2(token, key)})

    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("role", [MEMBER, "Member", "mEMBER", "Officer", "Nobody"])
def test_role_is_as_in_names_and_roles(sample: SampleData, poll: Tool, token: str, key: str, role: str) -> None:
    body = request_with_ltik(token, key, role=role).body

    assert body["members"] == roster(poll, sample.chess_club, role=role).body["members"]
    assert "differences" not in body


def test_100_members_are_answered_unless_asked(crowd: list[User], token: str, key: str) -> None:
    assert len(request_with_ltik(token, key).body["members"]) == 100


@pytest.mark.parametrize("limit", [1, 99, 207])
def test_there_is_a_next_only_when_more_remain(crowd: list[User], token: str, key: str, limit: int) -> None:
    body = request_with_ltik(token, key, limit=limit).body

    assert len(body["members"]) == limit
    assert ("next" in body) == (limit < 207)


@pytest.mark.parametrize("limit", ["500", "501", "1000", "0001000", "9" * 30])
def test_500_is_the_largest_limit(sample: SampleData, token: str, key: str, limit: str) -> None:
    join(sample.chess_member, 500)

    body = request_with_ltik(token, key, limit=limit).body

    assert len(body["members"]) == 500
    assert "next" in body


def test_a_roster_of_1001_is_complete_with_a_limit_of_1000(
    sample: SampleData, poll: Tool, token: str, key: str
) -> None:
    people = join(sample.chess_member, 999)

    listed, pages = walk(token, key, limit=1000)

    assert listed == ids(poll, sample.amara, sample.farid, *people)
    assert pages == 3


def test_the_url_of_the_next_page_goes_on(
    sample: SampleData, poll: Tool, crowd: list[User], token: str, key: str
) -> None:
    listed, pages = walk(token, key, limit=80, role="member")

    assert listed == ids(poll, sample.amara, sample.farid, *crowd)
    assert pages == 3


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_url_that_was_encoded_twice_is_decoded_once_more(
    sample: SampleData, poll: Tool, token: str, key: str, settings: Any, scheme: str
) -> None:
    settings.SITE_URL = f"{scheme}://testserver"
    token = ltik_of(Launch.objects.get())
    url = request_with_ltik(token, key, limit=1).body["next"]
    encoded = quote(url, safe="")
    assert encoded.startswith(f"{scheme}%3A")

    for spelling in (encoded, encoded.replace("%3A", "%3a")):
        answer = request_with_ltik(token, key, url=spelling)
        assert user_ids(answer) == ids(poll, sample.farid)


def test_a_url_that_was_encoded_three_times_is_refused(token: str, key: str) -> None:
    url = request_with_ltik(token, key, limit=1).body["next"]

    assert refusal(request_with_ltik(token, key, url=quote(quote(url, safe=""), safe=""))) == (
        400,
        "INVALID_PARAMETERS",
    )


def test_every_other_parameter_is_ignored_beside_a_url(sample: SampleData, poll: Tool, token: str, key: str) -> None:
    url = request_with_ltik(token, key, limit=1).body["next"]

    answer = request_with_ltik(token, key, url=url, limit="none", role="Nobody", resourceLinkId="x", unknown="1")

    assert user_ids(answer) == ids(poll, sample.farid)


def test_the_url_of_the_differences_tells_what_changed(sample: SampleData, poll: Tool, token: str, key: str) -> None:
    url = request_with_ltik(token, key).body["differences"]
    sample.farid_chess.shown_on_campus = False
    sample.farid_chess.save()

    body = request_with_ltik(token, key, url=url).body

    gone = {"status": "Deleted", "user_id": poll.subject_of(sample.farid.pk), "roles": []}
    assert gone in body["members"]
    assert "differences" in body


def test_where_two_deployments_cover_an_organization_the_ltik_api_goes_by_the_one_that_names_and_roles_does(
    sample: SampleData, poll: Tool, token: str, key: str
) -> None:
    deploy(poll, sample.chess_club, adds_course_roles=True)  # it names the organization, the launch's does not

    members = request_with_ltik(token, key).body["members"]

    assert members == roster(poll, sample.chess_club).body["members"]
    assert [row["roles"][-1].partition("#")[2] for row in members] == ["Learner", "Learner"]


def test_urls_are_those_of_names_and_roles(sample: SampleData, poll: Tool, token: str, key: str) -> None:
    by_door = request_with_ltik(token, key, limit=1).body
    by_service = links(roster(poll, sample.chess_club, limit=1))

    assert user_ids(ask(access_token(poll), by_door["next"])) == ids(poll, sample.farid)
    assert user_ids(request_with_ltik(token, key, url=by_service["next"])) == ids(poll, sample.farid)
    assert ask(access_token(poll), by_door["differences"]).status == 200
    assert by_door["id"] == f"https://testserver{path_of(sample.chess_club)}"


def test_resource_link_id_asks_for_members_as_the_resource_link_sees_them(launch: Launch, token: str, key: str) -> None:
    launch.resource_link.custom = {"who": "$Person.name.full"}
    launch.resource_link.save()

    rows = request_with_ltik(token, key, resourceLinkId="true").body["members"]

    assert [row["message"][0][CUSTOM]["who"] for row in rows] == ["Amara Okafor", "Farid Haddad-Lowe"]


@pytest.mark.parametrize("asked", [{}, {"resourceLinkId": "false"}])
def test_without_it_nobody_carries_a_message(token: str, key: str, asked: dict[str, str]) -> None:
    assert not any("message" in row for row in request_with_ltik(token, key, **asked).body["members"])


def test_it_is_refused_to_a_launch_from_no_resource_link(launch: Launch, key: str) -> None:
    token = ltik_of(launch, has_resource_link=False)

    answer = request_with_ltik(token, key, resourceLinkId="true")

    assert refusal(answer) == (400, "INVALID_PARAMETERS")
    assert "resourceLinkId" in answer.body["details"]["description"]
    assert request_with_ltik(token, key, resourceLinkId="false").status == 200


@pytest.mark.parametrize(
    "parameter, value",
    [
        *(("limit", value) for value in ("0", "-1", "1.5", "ten", "", "１", "1\x00")),
        *(("resourceLinkId", value) for value in ("yes", "", "2")),
        *(("role", value) for value in ("", " ", "\x00")),
        *(("url", value) for value in ("", " ", "\x00", "x")),
    ],
)
def test_what_is_malformed_is_refused_by_name(token: str, key: str, parameter: str, value: str) -> None:
    answer = request_with_ltik(token, key, **{parameter: value})

    assert refusal(answer) == (400, "INVALID_PARAMETERS")
    assert f"{parameter.lower()}: " in answer.body["details"]["description"].lower()


@pytest.mark.parametrize(
    "query", ["rlid=x", "page=1", "pageSize=x", "key=x", "groups=true&groups=1", "x=", "https://x.example/ext=%00"]
)
def test_an_unknown_parameter_is_ignored(token: str, key: str, query: str) -> None:
    answer = request_with_ltik(token, key, f"{LTIK_MEMBERSHIPS}?limit=1&{query}")

    assert answer.status == 200
    assert answer.body["members"] == request_with_ltik(token, key, limit=1).body["members"]


def test_a_repeated_parameter_is_refused(token: str, key: str) -> None:
    assert refusal(request_with_ltik(token, key, f"{LTIK_MEMBERSHIPS}?limit=1&Limit=2")) == (400, "INVALID_PARAMETERS")


def test_another_method_is_refused(token: str, key: str) -> None:
    response = Client().post(LTIK_MEMBERSHIPS, headers={"Authorization": v2(token, key)})

    assert (response.status_code, response.json()["details"]["message"]) == (405, "METHOD_NOT_ALLOWED")
    assert response["Allow"] == "GET, HEAD"
