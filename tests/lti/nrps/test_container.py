"""What a roster answers: the container, its members and their fields."""

import pytest

from lti.models import Context, Tool
from tests.cast import Cast
from tests.lti.tools import (
    CHAIR,
    CONTAINER,
    MANAGER,
    OFFICER,
    TREASURER,
    access_token,
    ask,
    deploy,
    ids,
    links,
    make_tool,
    path_of,
    roster,
    user_ids,
)

pytestmark = pytest.mark.both_databases


def test_it_answers_the_members_of_an_organization(cast: Cast, poll: Tool) -> None:
    context = Context.objects.of(cast.student_government)

    answer = roster(poll, cast.student_government)

    assert answer.status == 200
    assert answer.body == {
        "id": f"https://testserver/lti/contexts/{context.uuid}/memberships",
        "context": {"id": str(context.uuid), "label": "SG", "title": "Student Government"},
        "members": [
            {
                "status": "Active",
                "name": "Amara Okafor",
                "picture": "https://www.example.edu/pictures/amara.okafor.jpg",
                "given_name": "Amara",
                "family_name": "Okafor",
                "middle_name": "Ngozi",
                "email": "amara.okafor@example.edu",
                "user_id": poll.subject_of(cast.amara.pk),
                "roles": [OFFICER, CHAIR],
            },
            {
                "status": "Active",
                "name": "Ben Whitlock",
                "given_name": "Ben",
                "family_name": "Whitlock",
                "email": "benjamin.whitlock@example.edu",
                "user_id": poll.subject_of(cast.ben.pk),
                "roles": [OFFICER, TREASURER],
            },
            {
                "status": "Active",
                "name": "Jolene Abernathy",
                "given_name": "Jolene",
                "family_name": "Abernathy",
                "email": "jolene.abernathy@example.edu",
                "user_id": poll.subject_of(cast.jolene.pk),
                "roles": [MANAGER],
            },
        ],
    }


@pytest.mark.parametrize("accept", [CONTAINER, "*/*", "application/*", f"text/html, {CONTAINER};q=0.5"])
def test_its_type_is_the_container_of_the_standard(cast: Cast, poll: Tool, accept: str) -> None:
    assert roster(poll, cast.chess_club, accept=accept).headers["Content-Type"] == CONTAINER


def test_it_answers_plain_json_to_those_who_ask_for_that(cast: Cast, poll: Tool) -> None:
    answer = roster(poll, cast.chess_club, accept="application/json")

    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


def test_it_refuses_a_type_that_it_does_not_have(cast: Cast, poll: Tool) -> None:
    assert roster(poll, cast.chess_club, accept="text/html").status == 406


def test_an_answer_is_not_for_shared_caches(cast: Cast, poll: Tool) -> None:
    answer = roster(poll, cast.chess_club)

    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in answer.headers["Vary"]


def test_an_organization_without_members_is_an_empty_list(cast: Cast, poll: Tool) -> None:
    answer = roster(poll, cast.guild)

    assert answer.body["members"] == []
    assert list(links(answer)) == ["differences"]


def test_an_organization_without_a_short_name_has_no_label(cast: Cast, poll: Tool) -> None:
    context = Context.objects.of(cast.guild)

    assert roster(poll, cast.guild).body["context"] == {"id": str(context.uuid), "title": "Typewriter Guild"}


def test_a_head_request_has_the_headers_and_no_body(cast: Cast, poll: Tool) -> None:
    answer = ask(access_token(poll), path_of(cast.chess_club), method="HEAD")

    assert (answer.status, answer.body) == (200, None)


def test_each_tool_knows_a_person_by_another_id(cast: Cast, poll: Tool) -> None:
    forum = make_tool("Forum")
    deploy(forum)

    assert user_ids(roster(poll, cast.chess_club)) == ids(poll, cast.amara, cast.farid)
    assert user_ids(roster(forum, cast.chess_club)) == ids(forum, cast.amara, cast.farid)
    assert not set(ids(poll, cast.amara, cast.farid)) & set(ids(forum, cast.amara, cast.farid))


def test_no_id_or_name_of_an_account_is_told(cast: Cast, poll: Tool) -> None:
    text = str(roster(poll, cast.student_government).body).replace("@example.edu", "@")

    assert "benjamin.whitlock'" not in text
    assert "Benjamin" not in text
    assert f"'{cast.ben.pk}'" not in text
