"""The admin of LTI: tools, deployments, keys, invitations, launches."""

import html
import re

import pytest
from django.test import Client
from django.utils import timezone

from lti.models import Context, Deployment, Invitation, Launch, ResourceLink, ServiceKey, Tool, ToolApiKey, ToolKey
from roster.models import User
from tests.lti.assertions import ask_token, assertion
from tests.lti.ltik.ltik_api import key_of, launch_of, request_with_service_key, service_key_of
from tests.lti.platform.test_registration import register
from tests.lti.tools import private_key
from tests.pages import opened, signed_in
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

FORM = {
    "name": "Poll",
    "audience": "campus",
    "disclosure": "name",
    "login_url": "https://poll.example.org/login",
    "target_link_url": "https://poll.example.org/launch",
    "redirect_urls": "https://poll.example.org/launch\nhttps://poll.example.org/other",
}


@pytest.fixture
def client(sample: SampleData) -> Client:
    return signed_in(User.objects.create_superuser("root"))


def pem() -> str:
    return private_key().as_pem(private=False).decode()


def test_a_tool_is_added_with_its_public_key(client: Client) -> None:
    opened(client, Tool, "add").send(**FORM, new_key=pem())

    tool = Tool.objects.get()
    assert (tool.name, tool.status, tool.audience, tool.disclosure) == ("Poll", "active", "campus", "name")
    assert tool.redirect_urls == ["https://poll.example.org/launch", "https://poll.example.org/other"]
    assert ask_token(assertion(tool)).status_code == 200


def test_a_tool_needs_a_way_to_show_who_it_is(client: Client) -> None:
    answer = opened(client, Tool, "add").send(**FORM)

    assert answer.errors == ["A tool needs a key set URL or a public key for its authentication."]


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"new_key": "nonsense"}, "A public RSA or elliptic-curve key is accepted"),
        ({"jwks_url": "http://poll.example.org/keys"}, "does not begin with https://"),
        ({"redirect_urls": "ftp://poll.example.org"}, "does not begin with https://"),
        ({"redirect_urls": ""}, "This field is required."),
    ],
)
def test_a_tool_that_cannot_work_is_refused(client: Client, changes: dict[str, str], message: str) -> None:
    answer = opened(client, Tool, "add").send(**{**FORM, **changes})

    assert message in " ".join(answer.errors)
    assert not Tool.objects.exists()


def test_a_private_key_is_refused(client: Client) -> None:
    answer = opened(client, Tool, "add").send(**FORM, new_key=private_key().as_pem(private=True).decode())

    assert answer.errors == ["This is a private key. Keep it to the tool, and give its public key here."]


def test_a_tool_that_was_only_looked_at_is_not_changed(client: Client, poll: Tool) -> None:
    opened(client, poll).send()

    assert Tool.objects.get().modified_at == poll.modified_at


def test_a_pending_tool_says_what_to_do_and_is_activated(client: Client, poll: Tool) -> None:
    Tool.objects.update(status="pending")
    page = opened(client, poll)
    assert "This tool registered itself and is pending." in page.text

    page.press("Activate")

    assert Tool.objects.get().status == "active"


def test_a_tool_is_disabled_not_deleted(client: Client, poll: Tool) -> None:
    assert opened(client, poll, "delete").status == 403

    opened(client, poll).press("Disable")

    assert Tool.objects.get().status == "disabled"


def test_a_deployment_shows_all_that_must_be_copied(client: Client, deployment: Deployment) -> None:
    text = opened(client, deployment).text

    for value in (
        *("https://testserver", deployment.tool.client_id, deployment.deployment_id),
        *("https://testserver/lti/authorize", "https://testserver/lti/token", "https://testserver/lti/jwks"),
        "https://testserver/.well-known/openid-configuration",
    ):
        assert f" {value} " in text


def test_a_deployment_is_made_for_some_organizations(client: Client, sample: SampleData, poll: Tool) -> None:
    Deployment.objects.all().delete()

    opened(client, Deployment, "add").send(tool=str(poll.pk), organizations=[str(sample.chess_club.pk)])

    deployment = Deployment.objects.get()
    assert (deployment.is_campus_wide, list(deployment.organizations.all())) == (False, [sample.chess_club])
    assert len(deployment.deployment_id) == 36


def test_other_organizations_are_a_change_of_the_deployment(
    client: Client, sample: SampleData, deployment: Deployment
) -> None:
    before = deployment.modified_at

    opened(client, deployment).send(organizations=[str(sample.chess_club.pk)])

    assert Deployment.objects.get().modified_at > before


def test_an_api_key_of_a_tool_is_shown_once(client: Client, poll: Tool) -> None:
    page = opened(client, ToolApiKey, "add").send(tool=str(poll.pk), may_launch="on")

    key = ToolApiKey.objects.get()
    assert f"cr_{key.api_key.prefix}_" in page.text
    assert (key.tool, key.may_launch, key.api_key.is_limited) == (poll, True, True)
    assert f"cr_{key.api_key.prefix}_" not in client.get(page.url).content.decode()


def test_a_key_of_a_tool_is_retired(client: Client, poll: Tool) -> None:
    opened(client, poll.keys.get()).press("Retire")

    assert not ToolKey.objects.in_force(on=timezone.now()).exists()


def test_an_invitation_shows_its_token_once(client: Client) -> None:
    text = opened(client, Invitation, "add").send(name="Poll").response.content.decode()

    token = re.search(r'<code id="secret">([^<]+)</code>', text)
    assert token
    assert "https://testserver/.well-known/openid-configuration" in text
    assert token[1] not in opened(client, Invitation.objects.get()).response.content.decode()
    assert register(html.unescape(token[1])).status_code == 201


def test_a_launch_is_revoked(client: Client, sample: SampleData, deployment: Deployment) -> None:
    link = ResourceLink.objects.create(deployment=deployment, context=Context.objects.of(sample.chess_club))
    launch = Launch.objects.create(resource_link=link, user=sample.amara)

    opened(client, launch).press("Revoke")

    assert Launch.objects.get().revoked_at is not None


def test_a_service_key_is_revoked(client: Client, sample: SampleData, deployment: Deployment) -> None:
    launch = launch_of(sample.amara, sample.chess_club, deployment)
    service_key, key = service_key_of(launch), key_of(deployment.tool)
    assert request_with_service_key(service_key, key).status == 200

    opened(client, ServiceKey.objects.get()).press("Revoke")

    assert request_with_service_key(service_key, key).status == 401


def test_the_text_of_a_service_key_is_on_no_page(client: Client, sample: SampleData, deployment: Deployment) -> None:
    *_, signature = service_key_of(launch_of(sample.amara, sample.chess_club, deployment)).split(".")
    row = ServiceKey.objects.get()

    for path in ("/admin/lti/servicekey/", f"/admin/lti/servicekey/{row.pk}/change/"):
        page = client.get(path).content.decode()
        assert "Chess Club" in page
        assert signature not in page


def test_a_resource_link_is_made_in_a_context(client: Client, sample: SampleData, deployment: Deployment) -> None:
    opened(client, Context, "add").send(organization=str(sample.chess_club.pk))
    context = Context.objects.get()

    page = opened(client, ResourceLink, "add")
    page.send(deployment=str(deployment.pk), context=str(context.pk), title="Spring election", custom='{"a": "b"}')

    link = ResourceLink.objects.get()
    assert (link.title, link.context, link.custom) == ("Spring election", context, {"a": "b"})


def test_custom_parameters_are_texts_by_name(client: Client, poll: Tool) -> None:
    answer = opened(client, poll).send(custom='{"a": 1}')

    assert answer.errors == ['Custom parameters are texts by name: {"person": "$Person.name.full"}.']
