"""A tool returns what was chosen in it: the links that are stored, and the responses that are refused."""

import time
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from lti.claims import CLAIM, DEEP_LINKING_CLAIM
from lti.models import Deployment, ResourceLink, Tool
from lti.platform.deep_linking_response import MAX_ITEMS
from roster.models import User
from tests.client import new_client
from tests.lti.deep_links import (
    DATA,
    ITEMS,
    POLL_ITEM,
    RETURN,
    answer_to,
    choosing_tool,
    may_add_links,
    requested,
    send,
    signed,
)
from tests.lti.launches import asked_by, claims, click, posted
from tests.lti.tool.conftest import _one_platform_key  # noqa: F401
from tests.lti.tool.launching import unsigned
from tests.lti.tools import deploy, make_tool
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def staff(sample: SampleData) -> User:
    return may_add_links(sample.amara)


@pytest.fixture
def request_claims(sample: SampleData, staff: User, poll: Tool, deployment: Deployment) -> dict[str, Any]:
    """A request that the tool got."""
    choosing_tool(poll)
    return requested(staff, sample.student_government, deployment)


def assert_refused(response: Any, words: str) -> None:
    text = response.content.decode()
    assert response.status_code == 400, text
    assert "<h1>No links were added</h1>" in text
    assert words in text
    assert not ResourceLink.objects.exists()
    assert not LogEntry.objects.exists()


def test_its_links_are_stored(
    sample: SampleData, staff: User, request_claims: dict[str, Any], deployment: Deployment
) -> None:
    items = [POLL_ITEM, {"type": "ltiResourceLink"}, {"type": "html", "html": "<b>"}, {"type": "html"}]

    response = send(signed(answer_to(request_claims, *items, **{f"{DEEP_LINKING_CLAIM}msg": "Two <polls>"})))

    text = response.content.decode()
    assert response.status_code == 200, text
    assert "Poll says: Two &lt;polls&gt;" in text
    assert "2 of type html" in text
    assert f'href="/lti/organizations/{sample.student_government.pk}/"' in text
    assert [
        (link.title, link.target_link_url, link.custom, link.deployment, link.context.organization)
        for link in ResourceLink.objects.order_by("id")
    ] == [
        *(
            ("Poll of May", POLL_ITEM["url"], POLL_ITEM["custom"], deployment, sample.student_government),
            ("Poll", "", {}, deployment, sample.student_government),
        )
    ]
    assert {(entry.user_id, entry.object_repr) for entry in LogEntry.objects.all()} == {
        (staff.pk, "Poll of May, Student Government"),
        (staff.pk, "Poll, Student Government"),
    }


def test_a_stored_link_opens_what_was_chosen(
    sample: SampleData, staff: User, request_claims: dict[str, Any], deployment: Deployment
) -> None:
    send(signed(answer_to(request_claims, POLL_ITEM)))
    browser = new_client()
    browser.force_login(staff)
    link = ResourceLink.objects.get()

    hints = click(browser, sample.student_government, deployment, link=str(link.uuid))
    asked = asked_by(hints, redirect_uri="https://poll.example.org/launch")
    message = claims(posted(browser.get("/lti/authorize", asked))[1])

    assert hints["target_link_uri"] == POLL_ITEM["url"]
    assert message[f"{CLAIM}resource_link"] == {"id": str(link.uuid), "title": "Poll of May"}
    assert message[f"{CLAIM}custom"] == {"poll": "5", "person": "Amara Okafor"}


@pytest.mark.parametrize("items", [{ITEMS: []}, {ITEMS: None}])
def test_nothing_chosen_is_no_error(request_claims: dict[str, Any], items: dict[str, Any]) -> None:
    message = {f"{DEEP_LINKING_CLAIM}errormsg": "There are no polls.", **items}

    response = send(signed(answer_to(request_claims, **message)))

    assert response.status_code == 200
    assert "<p>No links were added.</p>" in response.content.decode()
    assert "Poll says: There are no polls." in response.content.decode()
    assert not ResourceLink.objects.exists()


def test_an_empty_error_message_hides_no_message(request_claims: dict[str, Any]) -> None:
    messages = {f"{DEEP_LINKING_CLAIM}errormsg": " ", f"{DEEP_LINKING_CLAIM}msg": "One poll."}

    assert "Poll says: One poll." in send(signed(answer_to(request_claims, **messages))).content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": "x" * 201}, "title: Ensure this value has at most 200 characters"),
        ({"title": 7}, "title: A text is accepted."),
        ({"title": "a\0b"}, "title: A text is accepted."),
        ({"url": "http://poll.example.org/"}, "url: http://poll.example.org/ does not begin with https://"),
        ({"url": "javascript:alert(1)"}, "url: javascript:alert(1) does not begin with https://"),
        ({"url": f"https://poll.example.org/{'x' * 500}"}, "url: Ensure this value has at most 500 characters"),
        ({"url": ["x"]}, "url: A text is accepted."),
        ({"custom": {"poll": 5}}, "custom: Custom parameters are texts by name"),
        ({"custom": ["poll"]}, "custom: Custom parameters are texts by name"),
        ({"custom": {"poll": "a\0b"}}, "custom: A text has a character that cannot be stored."),
        ({"type": None}, "an object with a type is accepted."),
        ({"type": 7}, "an object with a type is accepted."),
    ],
)
def test_one_wrong_item_stores_none(request_claims: dict[str, Any], change: dict[str, Any], words: str) -> None:
    response = send(signed(answer_to(request_claims, POLL_ITEM, {**POLL_ITEM, **change})))

    assert_refused(response, "content_items, item 2: ")
    assert words in response.content.decode().replace("&#x27;", "'").replace("&quot;", '"')


def test_after_a_refusal_the_tool_may_send_a_better_one(request_claims: dict[str, Any]) -> None:
    assert_refused(send(signed(answer_to(request_claims, {"type": "ltiResourceLink", "url": "x"}))), "url: ")

    assert send(signed(answer_to(request_claims, POLL_ITEM))).status_code == 200


def test_fifty_items_are_stored_and_one_more_is_refused(request_claims: dict[str, Any]) -> None:
    message = answer_to(request_claims, *[POLL_ITEM] * (MAX_ITEMS + 1))
    assert_refused(send(signed(message)), "content_items: a list of at most 50 content items is accepted.")

    assert send(signed({**message, ITEMS: message[ITEMS][1:]})).status_code == 200
    assert ResourceLink.objects.count() == MAX_ITEMS


def test_content_items_that_are_no_list_are_refused(request_claims: dict[str, Any]) -> None:
    assert_refused(send(signed(answer_to(request_claims, **{ITEMS: {"type": "link"}}))), "content_items: a list")
    assert_refused(send(signed(answer_to(request_claims, "link"))), "content_items, item 1: an object")


def test_a_response_is_accepted_once(request_claims: dict[str, Any]) -> None:
    text = signed(answer_to(request_claims, POLL_ITEM))
    assert send(text).status_code == 200

    assert "It was sent before" in send(text).content.decode()
    assert "It was sent before" in send(signed(answer_to(request_claims, POLL_ITEM))).content.decode()
    assert ResourceLink.objects.count() == 1


def test_a_nonce_is_accepted_once(
    sample: SampleData, staff: User, request_claims: dict[str, Any], deployment: Deployment
) -> None:
    assert send(signed(answer_to(request_claims, nonce="n"))).status_code == 200
    second = requested(staff, sample.student_government, deployment)

    assert_refused(send(signed(answer_to(second, POLL_ITEM, nonce="n"))), "It was sent before")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"iss": "nobody"}, "No tool of this client id (iss)"),
        ({"iss": None}, "No tool of this client id (iss)"),
        ({"iss": 7}, "No tool of this client id (iss)"),
        ({"aud": "https://other.example.org"}, "not for this platform (aud)"),
        ({"aud": None}, "not for this platform (aud)"),
        ({"aud": ["https://testserver", "https://other.example.org"]}, "not for this platform (azp)"),
        ({"azp": "https://other.example.org"}, "not for this platform (azp)"),
        ({"azp": ["https://testserver"]}, "not for this platform (azp)"),
        ({f"{CLAIM}message_type": "LtiResourceLinkRequest"}, "(message_type)"),
        ({f"{CLAIM}version": "1.1"}, "version is not 1.3.0"),
        ({"nonce": None}, "nonce is missing"),
        ({"nonce": 7}, "nonce is missing"),
        ({"exp": None}, "exp or iat is missing"),
        ({"iat": "now"}, "exp or iat is missing"),
        ({"exp": 1}, "It has expired"),
        ({"iat": time.time() + 3600}, "from the future"),
        ({f"{CLAIM}deployment_id": "other"}, "answers no request"),
        ({f"{CLAIM}deployment_id": None}, "answers no request"),
        ({DATA: None}, "answers no request"),
        ({DATA: "x"}, "answers no request"),
        ({DATA: {"x": 1}}, "answers no request"),
    ],
)
def test_claims_that_are_refused(request_claims: dict[str, Any], changes: dict[str, Any], words: str) -> None:
    assert_refused(send(signed(answer_to(request_claims, POLL_ITEM, **changes))), words)


def test_the_audience_may_be_a_text(request_claims: dict[str, Any]) -> None:
    assert send(signed(answer_to(request_claims, POLL_ITEM, aud="https://testserver"))).status_code == 200


def test_of_several_audiences_one_is_the_authorized_party(request_claims: dict[str, Any]) -> None:
    audiences = {"aud": ["https://other.example.org", "https://testserver"], "azp": "https://testserver"}

    assert send(signed(answer_to(request_claims, POLL_ITEM, **audiences))).status_code == 200


def test_another_signature_is_refused(request_claims: dict[str, Any]) -> None:
    message = answer_to(request_claims, POLL_ITEM)
    good = signed(message)

    assert_refused(send(signed(message, kid="other")), "not signed with a key of this tool")
    assert_refused(send(good[:-8] + "AAAAAAAA"), "not signed with a key of this tool")
    assert_refused(send(f"{good.rpartition('.')[0]}."), "not signed with a key of this tool")


@pytest.mark.parametrize(
    "text",
    ["", "x", "a.b", "a.b.c", "....", "W10.W10.", "e30.e30.", "bnVsbA.bnVsbA.x", "é.é.é", "x" * 1_100_000, "\0"],
)
def test_what_is_no_message_is_refused(poll: Tool, text: str) -> None:
    response = send(text)

    assert response.status_code == 400
    assert "The tool’s message is refused." in response.content.decode()


@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_other_algorithms_are_refused(request_claims: dict[str, Any], alg: str) -> None:
    assert_refused(send(unsigned(answer_to(request_claims, POLL_ITEM), alg)), "algorithm (alg)")


def test_a_response_without_a_token_is_refused(poll: Tool) -> None:
    assert new_client().post(RETURN).status_code == 400
    assert new_client().get(RETURN).status_code == 405


@pytest.mark.parametrize(
    "change",
    [
        lambda staff, deployment: User.objects.filter(pk=staff.pk).update(status="inactive"),
        lambda staff, deployment: User.objects.filter(pk=staff.pk).update(is_staff=False),
        lambda staff, deployment: staff.user_permissions.clear(),
        lambda staff, deployment: Deployment.objects.update(is_active=False),
        lambda staff, deployment: Deployment.objects.update(is_campus_wide=False),
        lambda staff, deployment: Tool.objects.update(supports_deep_linking=False),
    ],
    ids=["inactive", "no staff", "no permission", "deployment ended", "not used there", "not supported"],
)
def test_what_ended_meanwhile_is_refused(
    staff: User, request_claims: dict[str, Any], deployment: Deployment, change: Any
) -> None:
    change(staff, deployment)

    assert_refused(send(signed(answer_to(request_claims, POLL_ITEM))), "answers no request")


def test_another_tool_of_the_same_key_answers_for_itself_only(request_claims: dict[str, Any]) -> None:
    other = choosing_tool(make_tool("Forum"))
    mine = {"iss": other.client_id, f"{CLAIM}deployment_id": deploy(other).deployment_id}

    assert_refused(send(signed(answer_to(request_claims, POLL_ITEM, **mine))), "answers no request")
    assert_refused(send(signed(answer_to(request_claims, POLL_ITEM, iss=other.client_id))), "answers no request")
