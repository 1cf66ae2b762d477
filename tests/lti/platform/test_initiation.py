"""An organization's page, and the click that opens a tool."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from lti.models import Context, Deployment, Launch, ResourceLink, Tool
from organizations.models import Organization
from roster.models import User
from tests.lti.tools import deploy, make_tool
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


def browser(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def page(user: User | None, organization: Organization) -> Any:
    return browser(user).get(f"/lti/organizations/{organization.pk}/")


def click(user: User | None, organization: Organization, deployment: Deployment, **form: str) -> Any:
    form = {"deployment": deployment.deployment_id, **form}
    return browser(user).post(f"/lti/organizations/{organization.pk}/launch", form)


def test_the_page_has_a_button_for_each_tool(sample: SampleData, poll: Tool) -> None:
    forum = make_tool("Forum <b>")
    deploy(forum, sample.chess_club)
    deploy(make_tool("Elsewhere"), sample.teatro)

    text = page(sample.nadia, sample.chess_club).content.decode()

    assert "Open Poll" in text
    assert "Open Forum &lt;b&gt;" in text
    assert "Elsewhere" not in text


def test_the_page_says_when_there_are_no_tools(sample: SampleData) -> None:
    assert b"No tools are used in this organization." in page(sample.nadia, sample.chess_club).content


def test_each_resource_link_has_its_button(sample: SampleData, poll: Tool, deployment: Deployment) -> None:
    for title in ("Spring election", "Autumn election"):
        ResourceLink.objects.create(deployment=deployment, context=Context.objects.of(sample.chess_club), title=title)

    text = page(sample.nadia, sample.chess_club).content.decode()

    assert [word in text for word in ("Open Spring election", "Open Autumn election", "Open Poll")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("fields", [{"status": "disabled"}, {"status": "pending"}])
def test_a_tool_that_is_not_active_has_no_button(sample: SampleData, poll: Tool, fields: dict[str, str]) -> None:
    Tool.objects.update(**fields)

    assert b"Open Poll" not in page(sample.nadia, sample.chess_club).content


def test_nobody_sees_the_page_without_signing_in(sample: SampleData, poll: Tool, deployment: Deployment) -> None:
    address = f"/lti/organizations/{sample.chess_club.pk}/"

    assert page(None, sample.chess_club)["Location"] == f"/lti/sign-in?next={address}"
    assert click(None, sample.chess_club, deployment)["Location"].startswith("/lti/sign-in?next=")
    assert not Launch.objects.exists()


def test_a_hidden_organization_is_there_for_staff_without_tools(
    sample: SampleData, poll: Tool, deployment: Deployment
) -> None:
    assert page(sample.nadia, sample.night_owls).status_code == 404
    assert b"Open Poll" not in page(sample.jolene, sample.night_owls).content
    assert click(sample.jolene, sample.night_owls, deployment).status_code == 404


def test_an_organization_that_is_not_there(sample: SampleData) -> None:
    assert browser(sample.nadia).get("/lti/organizations/999999999999999/").status_code == 404


def test_the_click_sends_the_person_to_the_tool(sample: SampleData, poll: Tool, deployment: Deployment) -> None:
    response = click(sample.amara, sample.chess_club, deployment)

    launch = Launch.objects.get()
    url = urlsplit(response["Location"])
    assert response.status_code == 302
    assert f"{url.scheme}://{url.netloc}{url.path}" == "https://poll.example.org/login"
    assert dict(parse_qsl(url.query)) == {
        "iss": "https://testserver",
        "login_hint": poll.subject_of(sample.amara.pk),
        "target_link_uri": "https://poll.example.org/launch",
        "lti_message_hint": str(launch.uuid),
        "client_id": poll.client_id,
        "lti_deployment_id": deployment.deployment_id,
        "lti_storage_target": "_parent",
    }
    assert (launch.user, launch.completed_at) == (sample.amara, None)


def test_a_login_url_keeps_its_own_query(sample: SampleData, poll: Tool, deployment: Deployment) -> None:
    poll.login_url = "https://poll.example.org/login?tenant=7&blank="
    poll.save()

    query = urlsplit(click(sample.amara, sample.chess_club, deployment)["Location"]).query

    assert query.startswith("tenant=7&blank=&iss=")


def test_the_first_click_makes_the_resource_link_and_later_ones_keep_it(
    sample: SampleData, poll: Tool, deployment: Deployment
) -> None:
    click(sample.amara, sample.chess_club, deployment)
    link = ResourceLink.objects.get()
    click(sample.farid, sample.chess_club, deployment, link=str(link.uuid))

    assert ResourceLink.objects.count() == 1
    assert [launch.user for launch in link.launches.order_by("id")] == [sample.amara, sample.farid]


@pytest.mark.parametrize("link", ["x", "00000000-0000-0000-0000-000000000000"])
def test_a_link_that_is_not_there_opens_nothing(sample: SampleData, deployment: Deployment, link: str) -> None:
    assert click(sample.amara, sample.chess_club, deployment, link=link).status_code == 404


@pytest.mark.parametrize("deployment_id", ["", "x", "\0", "\uffff"])
def test_a_deployment_that_is_not_there_opens_nothing(
    sample: SampleData, deployment: Deployment, deployment_id: str
) -> None:
    form = {"deployment": deployment_id} if deployment_id else {}
    response = browser(sample.amara).post(f"/lti/organizations/{sample.chess_club.pk}/launch", form)

    assert response.status_code == 404


def test_a_deployment_that_does_not_cover_the_organization_opens_nothing(sample: SampleData, poll: Tool) -> None:
    elsewhere = deploy(make_tool("Elsewhere"), sample.teatro)

    assert click(sample.amara, sample.chess_club, elsewhere).status_code == 404


def test_a_form_of_another_site_opens_nothing(sample: SampleData, deployment: Deployment) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(sample.amara)

    response = client.post(
        f"/lti/organizations/{sample.chess_club.pk}/launch", {"deployment": deployment.deployment_id}
    )

    assert response.status_code == 403


def test_people_sign_in_on_a_page_of_their_own(sample: SampleData, poll: Tool) -> None:
    sample.amara.set_password("correct horse battery staple")
    sample.amara.save()
    address = f"/lti/organizations/{sample.chess_club.pk}/"
    client = Client()

    response = client.post(
        "/lti/sign-in", {"username": "Amara.Okafor", "password": "correct horse battery staple", "next": address}
    )

    assert response["Location"] == address
    assert client.get(address).status_code == 200


def test_signing_in_leads_to_no_other_site(sample: SampleData) -> None:
    sample.amara.set_password("correct horse battery staple")
    sample.amara.save()

    form = {"username": "amara.okafor", "password": "correct horse battery staple", "next": "https://evil.example.org"}

    assert "evil" not in Client().post("/lti/sign-in", form)["Location"]
