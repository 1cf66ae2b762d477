"""What a roster answers: the container, its members and their fields."""

import pytest

from lti.models import Context, Tool
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
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


def test_it_answers_the_members_of_an_organization(sample: SampleData, poll: Tool) -> None:
    context = Context.objects.of(sample.student_government)

    answer = roster(poll, sample.student_government)

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
                "user_id": poll.subject_of(sample.amara.pk),
                "roles": [OFFICER, CHAIR],
            },
            {
                "status": "Active",
                "name": "Ben Whitlock",
                "given_name": "Ben",
                "family_name": "Whitlock",
                "email": "benjamin.whitlock@example.edu",
                "user_id": poll.subject_of(sample.ben.pk),
                "roles": [OFFICER, TREASURER],
            },
            {
                "status": "Active",
                "name": "Jolene Abernathy",
                "given_name": "Jolene",
                "family_name": "Abernathy",
                "email": "jolene.abernathy@example.edu",
                "user_id": poll.subject_of(sample.jolene.pk),
                "roles": [MANAGER],
            },
        ],
    }


@pytest.mark.parametrize("accept", [CONTAINER, "*/*", "application/*", f"text/html, {CONTAINER};q=0.5"])
def test_its_type_is_the_container_of_the_standard(sample: SampleData, poll: Tool, accept: str) -> None:
    assert roster(poll, sample.chess_club, accept=accept).headers["Content-Type"] == CONTAINER


def test_it_answers_plain_json_to_those_who_ask_for_that(sample: SampleData, poll: Tool) -> None:
    answer = roster(poll, sample.chess_club, accept="application/json")

    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


def test_it_refuses_a_type_that_it_does_not_have(sample: SampleData, poll: Tool) -> None:
    assert roster(poll, sample.chess_club, accept="text/html").status == 406


def test_an_answer_is_not_for_shared_caches(sample: SampleData, poll: Tool) -> None:
    answer = roster(poll, sample.chess_club)

    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in answer.headers["Vary"]


def test_an_organization_without_members_is_an_empty_list(sample: SampleData, poll: Tool) -> None:
    answer = roster(poll, sample.guild)

    assert answer.body["members"] == []
    assert list(links(answer)) == ["differences"]


def test_an_organization_without_a_short_name_has_no_label(sample: SampleData, poll: Tool) -> None:
    context = Context.objects.of(sample.guild)

    assert roster(poll, sample.guild).body["context"] == {"id": str(context.uuid), "title": "Typewriter Guild"}


def test_a_head_request_has_the_headers_and_no_body(sample: SampleData, poll: Tool) -> None:
    answer = ask(access_token(poll), path_of(sample.chess_club), method="HEAD")

    assert (answer.status, answer.body) == (200, None)


def test_each_tool_knows_a_person_by_another_id(sample: SampleData, poll: Tool) -> None:
    forum = make_tool("Forum")
    deploy(forum)

    assert user_ids(roster(poll, sample.chess_club)) == ids(poll, sample.amara, sample.farid)
    assert user_ids(roster(forum, sample.chess_club)) == ids(forum, sample.amara, sample.farid)
    assert not set(ids(poll, sample.amara, sample.farid)) & set(ids(forum, sample.amara, sample.farid))


@pytest.mark.parametrize("account", ["inactive", "unregistered"])
def test_the_status_is_that_of_the_membership_not_of_the_account(sample: SampleData, poll: Tool, account: str) -> None:
    """The status of an account is for staff only; a tool would learn it from any other answer."""
    before = roster(poll, sample.student_government).body["members"]
    sample.amara.status = account
    sample.amara.save()
    assert not sample.amara.is_active

    assert roster(poll, sample.student_government).body["members"] == before
    assert before[0]["status"] == "Active"


def test_no_id_or_name_of_an_account_is_shown(sample: SampleData, poll: Tool) -> None:
    text = str(roster(poll, sample.student_government).body).replace("@example.edu", "@")

    assert "benjamin.whitlock'" not in text
    assert "Benjamin" not in text
    assert f"'{sample.ben.pk}'" not in text
