"""PyLTI1p3, unmodified, is opened from an organization's page by somebody with a browser."""

import pytest

from lti.models import Deployment, ResourceLink
from tests.lti.clients.browser import choose_in_tool, open_first_tool
from tests.lti.clients.pylti import configuration, running_tool
from tests.lti.deep_links import choosing_tool, may_add_links
from tests.lti.tools import CHAIR, OFFICER, deploy, make_tool
from tests.sample_data import SampleData
from tests.serving import Site

pytestmark = pytest.mark.both_databases


def test_somebody_signs_in_opens_the_tool_and_it_reads_the_roster(site: Site, people: SampleData) -> None:
    with running_tool() as tool:
        deployment = deployed_at(tool.url)
        tool.configuration = configuration(site.url, deployment)

        opened = open_first_tool(site, people.amara, people.student_government)

        assert opened.text == "opened"
        assert opened.url == f"{tool.url}/launch"
        assert tool.launched is not None
        message = tool.launched.get_launch_data()
        assert (message["sub"], message["name"]) == (deployment.tool.subject_of(people.amara.pk), "Amara Okafor")
        assert message["https://purl.imsglobal.org/spec/lti/claim/roles"] == [OFFICER, CHAIR]
        assert tool.launched.is_resource_launch()
        assert tool.launched.has_nrps()
        members = tool.launched.get_nrps().get_members()
        assert [member["name"] for member in members] == ["Amara Okafor", "Ben Whitlock", "Jolene Abernathy"]
        link = message["https://purl.imsglobal.org/spec/lti/claim/resource_link"]["id"]
        assert all("message" in member for member in tool.launched.get_nrps().get_members(resource_link_id=link))


def test_staff_choose_in_the_tool_and_the_link_opens_what_was_chosen(site: Site, people: SampleData) -> None:
    with running_tool() as tool:
        deployment = deployed_at(tool.url)
        choosing_tool(deployment.tool)
        tool.configuration = configuration(site.url, deployment)

        answer = choose_in_tool(site, may_add_links(people.amara), people.student_government)

        assert answer.status_code == 200, answer.text
        link = ResourceLink.objects.get()
        assert (link.title, link.custom) == ("Poll of May", {"poll": "5"})
        assert (link.deployment, link.context.organization) == (deployment, people.student_government)
        open_first_tool(site, people.amara, people.student_government)
        assert tool.launched is not None
        message = tool.launched.get_launch_data()
        assert message["https://purl.imsglobal.org/spec/lti/claim/resource_link"]["title"] == "Poll of May"
        assert message["https://purl.imsglobal.org/spec/lti/claim/custom"] == {"poll": "5"}


def deployed_at(url: str) -> Deployment:
    tool = make_tool(login_url=f"{url}/login", target_link_url=f"{url}/launch", redirect_urls=[f"{url}/launch"])
    return deploy(tool)
