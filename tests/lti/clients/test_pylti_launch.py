"""PyLTI1p3, unmodified, is opened from an organization's page by somebody with a browser."""

import httpx
import pytest

from lti.models import Deployment
from tests.cast import Cast
from tests.lti.clients.pylti import configuration, running_tool
from tests.lti.launches import posted
from tests.lti.tools import CHAIR, OFFICER, deploy, make_tool
from tests.serving import Site

pytestmark = pytest.mark.both_databases

PASSWORD = "correct horse battery staple"


class Page:
    """A page, as `posted` reads one."""

    def __init__(self, response: httpx.Response) -> None:
        self.content = response.content


def submit(browser: httpx.Client, page: httpx.Response, **fields: str) -> httpx.Response:
    """Send the first form of a page, with what a person types into it."""
    assert page.status_code == 200, page.text
    url, hidden = posted(Page(page))
    return browser.post(httpx.URL(str(page.url)).join(url), data={**hidden, **fields})


def test_somebody_signs_in_opens_the_tool_and_it_reads_the_roster(site: Site, people: Cast) -> None:
    people.amara.set_password(PASSWORD)
    people.amara.save()
    with running_tool() as tool, httpx.Client(follow_redirects=True, timeout=60) as browser:
        deployment = deployed_at(tool.url)
        tool.configuration = configuration(site.url, deployment)
        page = browser.get(f"{site.url}/lti/organizations/{people.student_government.pk}/")
        assert page.url.path == "/lti/sign-in"
        token = browser.cookies["csrftoken"]
        page = browser.post(
            page.url,
            data={
                "csrfmiddlewaretoken": token,
                "username": "amara.okafor",
                "password": PASSWORD,
                "next": page.url.params["next"],
            },
        )
        opening = submit(browser, page)  # the button; the tool's login URL; back here to authorize

        opened = submit(browser, opening)  # which a browser does by itself

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
