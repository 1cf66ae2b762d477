"""Staff let a tool choose content for an organization: the request that the tool gets."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from lti.claims import CLAIM
from lti.models import Deployment, ResourceLink, Tool, UsedNonce
from lti.platform import deep_linking_state
from lti.platform.deep_linking_state import HINT, DeepLinkingState
from roster.models import User
from tests.lti.deep_links import SETTINGS, authorized, begin, choosing_tool, may_add_links, requested, signed_in
from tests.lti.launches import claims
from tests.lti.tool.conftest import _one_platform_key  # noqa: F401
from tests.lti.tools import CHAIR, OFFICER
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

CONTENT_DEVELOPER = "http://purl.imsglobal.org/vocab/lis/v2/membership#ContentDeveloper"


@pytest.fixture
def staff(sample: SampleData) -> User:
    return may_add_links(sample.amara)


@pytest.fixture
def choosing(poll: Tool) -> Tool:
    return choosing_tool(poll)


def page_of(user: User, sample: SampleData) -> str:
    return signed_in(user).get(f"/lti/organizations/{sample.student_government.pk}/").content.decode()


def pressed(user: User, sample: SampleData, deployment: Deployment) -> int:
    form = {"deployment": deployment.deployment_id}
    url = f"/lti/organizations/{sample.student_government.pk}/deep-linking"
    return int(signed_in(user).post(url, form).status_code)


def test_the_button_begins_a_login_at_the_tool(
    sample: SampleData, staff: User, choosing: Tool, deployment: Deployment
) -> None:
    choosing.deep_linking_url = "https://poll.example.org/choose"
    choosing.save()

    hints = begin(signed_in(staff), sample.student_government, deployment)

    hint = hints.pop("lti_message_hint")
    assert hints == {
        "iss": "https://testserver",
        "login_hint": choosing.subject_of(staff.pk),
        "target_link_uri": "https://poll.example.org/choose",
        "client_id": choosing.client_id,
        "lti_deployment_id": deployment.deployment_id,
    }
    assert hint.startswith("gAAAA")  # encrypted
    assert "Choose in Poll" in page_of(staff, sample)


def test_the_request(sample: SampleData, staff: User, choosing: Tool, deployment: Deployment) -> None:
    choosing.custom = {"who": "$Person.name.full", "link": "$ResourceLink.id", "where": "$Context.title"}
    choosing.save()

    request = requested(staff, sample.student_government, deployment)

    context = request[f"{CLAIM}context"]
    assert context["title"] == "Student Government"
    expected = {
        "iss": "https://testserver",
        "aud": choosing.client_id,
        "azp": choosing.client_id,
        "sub": choosing.subject_of(staff.pk),
        "name": "Amara Okafor",
        "given_name": "Amara",
        "family_name": "Okafor",
        "email": "amara.okafor@example.edu",
        f"{CLAIM}message_type": "LtiDeepLinkingRequest",
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}deployment_id": deployment.deployment_id,
        f"{CLAIM}target_link_uri": "https://poll.example.org/launch",
        f"{CLAIM}roles": [OFFICER, CHAIR, CONTENT_DEVELOPER],
        f"{CLAIM}custom": {"who": "Amara Okafor", "link": "$ResourceLink.id", "where": "Student Government"},
    }
    assert {name: request.get(name) for name in expected} == expected
    assert f"{CLAIM}resource_link" not in request
    assert request[SETTINGS].pop("data")
    assert request[SETTINGS] == {
        "deep_link_return_url": "https://testserver/lti/deep-linking/return",
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["window"],
        "accept_multiple": True,
        "accept_lineitem": False,
        "auto_create": True,
    }
    assert not ResourceLink.objects.exists()


def test_a_request_is_sent_once(sample: SampleData, staff: User, choosing: Tool, deployment: Deployment) -> None:
    browser = signed_in(staff)
    hints = begin(browser, sample.student_government, deployment)

    assert "id_token" in authorized(browser, hints)
    assert authorized(browser, hints)["error"] == "invalid_request"


def test_it_names_no_storage_because_the_page_that_had_it_is_left(
    sample: SampleData, staff: User, choosing: Tool, deployment: Deployment
) -> None:
    browser = signed_in(staff)
    hints = begin(browser, sample.student_government, deployment)

    assert set(authorized(browser, hints)) == {"id_token", "state"}
    assert set(authorized(browser, hints)) == {"error", "error_description", "state"}


def test_it_is_for_the_person_who_began(
    sample: SampleData, staff: User, choosing: Tool, deployment: Deployment
) -> None:
    other = may_add_links(sample.ben)
    hints = begin(signed_in(staff), sample.student_government, deployment)

    answer = authorized(signed_in(other), hints, login_hint=choosing.subject_of(other.pk))

    assert answer["error"] == "invalid_request"


def test_it_is_for_ten_minutes(sample: SampleData, staff: User, choosing: Tool, deployment: Deployment) -> None:
    browser = signed_in(staff)
    for seconds, name in ((590, "id_token"), (601, "error")):
        begun = timezone.now() - dt.timedelta(seconds=seconds)
        state = DeepLinkingState.new(staff.pk, deployment, sample.student_government, on=begun)
        hints = {**begin(browser, sample.student_government, deployment), "lti_message_hint": state.encrypted(HINT)}

        assert name in authorized(browser, hints)


def test_the_data_of_a_request_is_no_hint(
    sample: SampleData, staff: User, choosing: Tool, deployment: Deployment
) -> None:
    browser = signed_in(staff)
    hints = begin(browser, sample.student_government, deployment)
    data = claims(authorized(browser, hints))[SETTINGS]["data"]

    assert authorized(browser, {**hints, "lti_message_hint": data})["error"] == "invalid_request"


@pytest.mark.parametrize("text", [None, 7, "", "x", "gAAAAAB", ["x"]])
def test_other_texts_are_no_state(text: Any) -> None:
    assert deep_linking_state.read_state(text, HINT, on=timezone.now()) is None


@pytest.mark.parametrize(
    "change",
    [
        {"supports_deep_linking": False},
        {"status": "disabled"},
    ],
)
def test_a_tool_that_does_not_take_requests_gets_none(
    sample: SampleData, staff: User, choosing: Tool, deployment: Deployment, change: dict[str, Any]
) -> None:
    browser = signed_in(staff)
    hints = begin(browser, sample.student_government, deployment)
    Tool.objects.update(**change)

    assert "Choose in" not in page_of(staff, sample)
    assert pressed(staff, sample, deployment) == 404
    if "status" not in change:
        assert authorized(browser, hints)["error"] == "invalid_request"
    assert not UsedNonce.objects.exists()


def test_others_may_not_begin(sample: SampleData, choosing: Tool, deployment: Deployment) -> None:
    may_add_links(sample.jolene).user_permissions.clear()
    User.objects.filter(pk=sample.ben.pk).update(is_staff=False)
    for person in (sample.ben, sample.jolene):
        assert "Choose in" not in page_of(person, sample)
        assert pressed(person, sample, deployment) == 404


def test_nobody_begins_what_they_may_not_grant(
    sample: SampleData, staff: User, choosing: Tool, deployment: Deployment
) -> None:
    Tool.objects.update(may_read_sourcedid=True)
    staff.user_permissions.remove(*staff.user_permissions.filter(codename="ask_as_staff"))

    assert pressed(staff, sample, deployment) == 404


def test_somebody_who_is_not_signed_in_signs_in_first(sample: SampleData, choosing: Tool, client: Any) -> None:
    response = client.post(f"/lti/organizations/{sample.student_government.pk}/deep-linking")

    assert response.status_code == 302
    assert response["Location"].startswith("/lti/sign-in")
