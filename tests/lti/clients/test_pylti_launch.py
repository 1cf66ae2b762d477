"""PyLTI1p3, unmodified, is opened from an organization's page by somebody with a browser."""

import pytest

from lti.models import Deployment
from tests.lti.clients.browser import open_first_tool
from tests.lti.clients.pylti import configuration, running_tool
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
        said = tool.launched.get_launch_data()
        assert (said["sub"], said["name"]) == (deployment.tool.subject_of(people.amara.pk), "Amara Okafor")
        assert said["https://purl.imsglobal.org/spec/lti/claim/roles"] == [OFFICER, CHAIR]
        assert tool.launched.is_resource_launch()
        assert tool.launched.has_nrps()
        members = tool.launched.get_nrps().get_members()
        assert [member["name"] for member in members] == ["Amara Okafor", "Ben Whitlock", "Jolene Abernathy"]
        link = said["https://purl.imsglobal.org/spec/lti/claim/resource_link"]["id"]
        assert all("message" in member for member in tool.launched.get_nrps().get_members(resource_link_id=link))


def deployed_at(url: str) -> Deployment:
    tool = make_tool(login_url=f"{url}/login", target_link_url=f"{url}/launch", redirect_urls=[f"{url}/launch"])
    return deploy(tool)
