"""npm's ltijs, unmodified, is opened from an organization's page, and registers itself."""

import json

import httpx
import pytest
from django.core.management import call_command

from lti.models import Context, Deployment, ResourceLink, Tool
from roster.models import User
from tests.lti.clients.browser import choose_in_tool, open_first_tool
from tests.lti.clients.ltijs_tool import Ltijs, Refused
from tests.lti.clients.rosters import expected, ids
from tests.lti.deep_links import choosing_tool, may_add_links
from tests.lti.tools import CHAIR, OFFICER
from tests.pages import opened, signed_in
from tests.sample_data import SampleData
from tests.serving import Site

pytestmark = pytest.mark.both_databases


def test_somebody_signs_in_opens_the_tool_and_it_reads_the_roster(site: Site, ltijs: Ltijs, people: SampleData) -> None:
    deployment = ltijs.deployed()
    organization = people.student_government

    answer = open_first_tool(site, people.amara, organization)

    assert answer.text == "opened"
    assert str(answer.url).startswith(f"{ltijs.url}/launch?ltik=")
    launch_claims = ltijs.ask("launch")
    link, context = ResourceLink.objects.get(), Context.objects.get()
    assert (launch_claims["iss"], launch_claims["clientId"], launch_claims["deploymentId"]) == (
        *(site.url, deployment.tool.client_id, deployment.deployment_id),
    )
    assert launch_claims["user"] == deployment.tool.subject_of(people.amara.pk)
    assert launch_claims["userInfo"] == {
        "given_name": "Amara",
        "family_name": "Okafor",
        "name": "Amara Okafor",
        "email": "amara.okafor@example.edu",
    }
    assert launch_claims["platformContext"]["context"] == {
        "id": str(context.uuid),
        "label": "SG",
        "title": "Student Government",
        "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#Group"],
    }
    assert launch_claims["platformContext"]["resource"] == {"id": str(link.uuid), "title": "Poll"}
    assert launch_claims["platformContext"]["roles"] == [OFFICER, CHAIR]
    members = ltijs.ask("members", token=launch_claims, options={"resourceLinkId": True})["members"]
    assert [member["name"] for member in members] == ["Amara Okafor", "Ben Whitlock", "Jolene Abernathy"]
    assert all("message" in member for member in members)


def test_staff_choose_in_the_tool_and_the_link_opens_what_was_chosen(
    site: Site, ltijs: Ltijs, people: SampleData
) -> None:
    deployment = ltijs.deployed()
    choosing_tool(deployment.tool)

    answer = choose_in_tool(site, may_add_links(people.amara), people.student_government)

    assert answer.status_code == 200, answer.text
    assert "Poll says: One poll." in answer.text
    link = ResourceLink.objects.get()
    assert (link.title, link.target_link_url) == ("Poll of May", f"{ltijs.url}/launch")
    assert (link.deployment, link.context.organization) == (deployment, people.student_government)
    open_first_tool(site, people.amara, people.student_government)
    launch_claims = ltijs.ask("launch")["platformContext"]
    assert launch_claims["resource"] == {"id": str(link.uuid), "title": "Poll of May"}
    assert launch_claims["custom"] == {"poll": "5"}


@pytest.fixture
def invited(site: Site, people: SampleData, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What staff who invite a tool give to its administrator."""
    call_command("invite_lti_tool", "Poll, for the election board")
    values: dict[str, str] = json.loads(capsys.readouterr().out.replace("https://testserver", site.url))
    return values


def register(ltijs: Ltijs, invited: dict[str, str]) -> httpx.Response:
    """Open the tool's own page for registering with the values of an invitation."""
    names = ("openid_configuration", "registration_token")
    return httpx.get(f"{ltijs.url}/register", params={name: invited[name] for name in names}, timeout=60)


def test_it_registers_and_once_staff_approve_it_is_launched_and_reads_the_roster(
    site: Site, ltijs: Ltijs, people: SampleData, invited: dict[str, str]
) -> None:
    answer = register(ltijs, invited)

    assert answer.status_code == 200, answer.text
    assert "org.imsglobal.lti.close" in answer.text  # what closes the platform's window
    tool, deployment = Tool.objects.get(), Deployment.objects.get()
    assert (tool.name, tool.status, tool.disclosure) == ("Poll", "pending", "none")
    assert (tool.login_url, tool.jwks_url) == (f"{ltijs.url}/login", f"{ltijs.url}/keys")
    assert (tool.supports_deep_linking, tool.deep_linking_url) == (True, "")
    assert (tool.target_link_url, tool.redirect_urls) == (f"{ltijs.url}/launch", [f"{ltijs.url}/launch"])
    with pytest.raises(Refused) as refused:
        ltijs.members(site.url, deployment, people.student_government)
    assert refused.value.status == 400  # no access token before staff have seen it

    approve(tool, deployment, people)

    answer = open_first_tool(site, people.amara, people.student_government)
    assert answer.text == "opened"
    launch_claims = ltijs.ask("launch")
    assert launch_claims["clientId"] == tool.client_id
    assert launch_claims["platformContext"]["custom"] == {"who": "Amara Okafor"}  # as it asked when it registered
    members = ltijs.ask("members", token=launch_claims, options={})["members"]
    assert ids(members) == expected(deployment, [people.amara, people.ben, people.jolene])
    assert {"name", "email"} & members[0].keys() == {"name"}


def approve(tool: Tool, deployment: Deployment, people: SampleData) -> None:
    """What staff do in the admin: say where it is used and what it is told, and activate it."""
    staff = signed_in(User.objects.create_superuser("root"))
    opened(staff, deployment).send(organizations=[str(people.student_government.pk)])
    opened(staff, tool).send(audience="campus", disclosure="name")
    opened(staff, tool).press("Activate")


def test_an_invitation_registers_one_tool(ltijs: Ltijs, invited: dict[str, str]) -> None:
    register(ltijs, invited)

    assert register(ltijs, invited).status_code == 500  # as ltijs tells that it was refused
    assert Tool.objects.count() == 1
