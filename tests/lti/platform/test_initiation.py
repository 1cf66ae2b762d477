"""An organization's page, and the click that opens a tool."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from lti.models import Context, Deployment, Launch, ResourceLink, Tool
from organizations.models import Organization
from roster.models import User
from tests.cast import Cast
from tests.lti.tools import deploy, make_tool

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


def test_the_page_has_a_button_for_each_tool(cast: Cast, poll: Tool) -> None:
    forum = make_tool("Forum <b>")
    deploy(forum, cast.chess_club)
    deploy(make_tool("Elsewhere"), cast.teatro)

    text = page(cast.nadia, cast.chess_club).content.decode()

    assert "Open Poll" in text
    assert "Open Forum &lt;b&gt;" in text
    assert "Elsewhere" not in text


def test_the_page_says_when_there_are_no_tools(cast: Cast) -> None:
    assert b"No tools are used in this organization." in page(cast.nadia, cast.chess_club).content


def test_each_resource_link_has_its_button(cast: Cast, poll: Tool, deployment: Deployment) -> None:
    for title in ("Spring election", "Autumn election"):
        ResourceLink.objects.create(deployment=deployment, context=Context.objects.of(cast.chess_club), title=title)

    text = page(cast.nadia, cast.chess_club).content.decode()

    assert [word in text for word in ("Open Spring election", "Open Autumn election", "Open Poll")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("fields", [{"status": "disabled"}, {"status": "pending"}])
def test_a_tool_that_is_not_active_has_no_button(cast: Cast, poll: Tool, fields: dict[str, str]) -> None:
    Tool.objects.update(**fields)

    assert b"Open Poll" not in page(cast.nadia, cast.chess_club).content


def test_nobody_sees_the_page_without_signing_in(cast: Cast, poll: Tool, deployment: Deployment) -> None:
    address = f"/lti/organizations/{cast.chess_club.pk}/"

    assert page(None, cast.chess_club)["Location"] == f"/lti/sign-in?next={address}"
    assert click(None, cast.chess_club, deployment)["Location"].startswith("/lti/sign-in?next=")
    assert not Launch.objects.exists()


def test_a_hidden_organization_is_there_for_staff_without_tools(cast: Cast, poll: Tool, deployment: Deployment) -> None:
    assert page(cast.nadia, cast.night_owls).status_code == 404
    assert b"Open Poll" not in page(cast.jolene, cast.night_owls).content
    assert click(cast.jolene, cast.night_owls, deployment).status_code == 404


def test_an_organization_that_is_not_there(cast: Cast) -> None:
    assert browser(cast.nadia).get("/lti/organizations/999999999999999/").status_code == 404


def test_the_click_sends_the_person_to_the_tool(cast: Cast, poll: Tool, deployment: Deployment) -> None:
    response = click(cast.amara, cast.chess_club, deployment)

    launch = Launch.objects.get()
    url = urlsplit(response["Location"])
    assert response.status_code == 302
    assert f"{url.scheme}://{url.netloc}{url.path}" == "https://poll.example.org/login"
    assert dict(parse_qsl(url.query)) == {
        "iss": "https://testserver",
        "login_hint": poll.subject_of(cast.amara.pk),
        "target_link_uri": "https://poll.example.org/launch",
        "lti_message_hint": str(launch.uuid),
        "client_id": poll.client_id,
        "lti_deployment_id": deployment.deployment_id,
    }
    assert (launch.user, launch.completed_at) == (cast.amara, None)


def test_a_login_url_keeps_its_own_query(cast: Cast, poll: Tool, deployment: Deployment) -> None:
    poll.login_url = "https://poll.example.org/login?tenant=7&blank="
    poll.save()

    query = urlsplit(click(cast.amara, cast.chess_club, deployment)["Location"]).query

    assert query.startswith("tenant=7&blank=&iss=")


def test_the_first_click_makes_the_resource_link_and_later_ones_keep_it(
    cast: Cast, poll: Tool, deployment: Deployment
) -> None:
    click(cast.amara, cast.chess_club, deployment)
    link = ResourceLink.objects.get()
    click(cast.farid, cast.chess_club, deployment, link=str(link.uuid))

    assert ResourceLink.objects.count() == 1
    assert [launch.user for launch in link.launches.order_by("id")] == [cast.amara, cast.farid]


@pytest.mark.parametrize("link", ["x", "00000000-0000-0000-0000-000000000000"])
def test_a_link_that_is_not_there_opens_nothing(cast: Cast, deployment: Deployment, link: str) -> None:
    assert click(cast.amara, cast.chess_club, deployment, link=link).status_code == 404


def test_a_deployment_that_does_not_cover_the_organization_opens_nothing(cast: Cast, poll: Tool) -> None:
    elsewhere = deploy(make_tool("Elsewhere"), cast.teatro)

    assert click(cast.amara, cast.chess_club, elsewhere).status_code == 404


def test_a_form_of_another_site_opens_nothing(cast: Cast, deployment: Deployment) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.amara)

    response = client.post(f"/lti/organizations/{cast.chess_club.pk}/launch", {"deployment": deployment.deployment_id})

    assert response.status_code == 403


def test_people_sign_in_on_a_page_of_their_own(cast: Cast, poll: Tool) -> None:
    cast.amara.set_password("correct horse battery staple")
    cast.amara.save()
    address = f"/lti/organizations/{cast.chess_club.pk}/"
    client = Client()

    response = client.post(
        "/lti/sign-in", {"username": "Amara.Okafor", "password": "correct horse battery staple", "next": address}
    )

    assert response["Location"] == address
    assert client.get(address).status_code == 200


def test_signing_in_leads_to_no_other_site(cast: Cast) -> None:
    cast.amara.set_password("correct horse battery staple")
    cast.amara.save()

    form = {"username": "amara.okafor", "password": "correct horse battery staple", "next": "https://evil.example.org"}

    assert "evil" not in Client().post("/lti/sign-in", form)["Location"]
