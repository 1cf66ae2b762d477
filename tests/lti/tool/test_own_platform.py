"""This server launched from this server: the one the LMS, the other its tool, each with data of its own."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from lti.models import Course, CourseLaunch, LearningPlatform, PlatformDeployment, Tool, ToolApiKey
from lti.tool.course_roster import members
from roster.models import ApiKey, User
from tests.lti.clients.test_two_workers import TRIES, at_once
from tests.lti.launches import posted
from tests.lti.tool.second_site import SecondSite, second_site
from tests.lti.tools import CHAIR, MEMBER, OFFICER, make_tool
from tests.serving import Site, serving

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery staple"

COURSE = f"""
chemistry = Organization.objects.create(name="Chemistry", short_name="CHEM")
word = PositionType.objects.create(name="Member")
kinds = {{name: PositionTemplate.objects.create(name=name, default_type=word) for name in ("President", "Member")}}
seats = {{name: Position.objects.create(organization=chemistry, name=name, template=kinds[name]) for name in kinds}}

def join(username, seat="Member", **fields):
    person = User(username=username, first_name=username.title(), campus_email=username + "@example.edu", **fields)
    person.set_password({PASSWORD!r}) if username == "ann" else None
    person.save()
    Membership.objects.create(user=person, position=seats[seat], recorded_start="2024-09-01", shown_on_campus=True)

join("ann", "President", sis_id="S-1")
for number in range(4):
    join(f"bob{{number}}")
answer = chemistry.pk
"""

REGISTER = """
text = io.StringIO()
with contextlib.redirect_stdout(text):
    call_command(
        "register_lti_tool", "Roster", "--jwks-url", TOOL + "/lti/jwks", "--login-url", TOOL + "/lti/course/login",
        "--redirect-uri", TOOL + "/lti/course/launch", "--audience", "campus", "--disclosure", "all",
    )
answer = json.loads(text.getvalue())
"""


@pytest.fixture(scope="module")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """This site, as a tool."""
    with serving(tmp_path_factory.mktemp("tool"), workers=2) as site:
        yield site


@pytest.fixture(scope="module")
def lms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecondSite]:
    """The other site, with a course of five."""
    with second_site(tmp_path_factory.mktemp("lms")) as lms:
        lms.chemistry = lms.run(COURSE)  # type: ignore[attr-defined]
        yield lms


@pytest.fixture(scope="module")
def registered(lms: SecondSite, site: Site) -> dict[str, Any]:
    """What the LMS shows once this site is registered there by hand."""
    values: dict[str, Any] = lms.run(REGISTER.replace("TOOL", repr(site.url)))
    return values


@pytest.fixture
def tool() -> Tool:
    return make_tool(may_read_sourcedid=False)


@pytest.fixture
def platform(registered: dict[str, Any], tool: Tool) -> LearningPlatform:
    """The LMS, registered here by hand."""
    platform: LearningPlatform = LearningPlatform.objects.create(
        name="Second site",
        issuer=registered["issuer"],
        client_id=registered["client_id"],
        authorization_url=registered["authorization_endpoint"],
        token_url=registered["token_endpoint"],
        key_set_url=registered["jwks_uri"],
        tool=tool,
    )
    PlatformDeployment.objects.create(platform=platform, deployment_id=registered["deployment_id"])
    return platform


class Page:
    """A page, as `posted` reads one."""

    def __init__(self, response: httpx.Response) -> None:
        self.content = response.content


def submit(browser: httpx.Client, page: httpx.Response, deployment: str | None = None) -> httpx.Response:
    """Send the first form of a page, of another deployment where one is given; redirects are followed on both sites."""
    assert page.status_code == 200, page.text
    url, fields = posted(Page(page))
    if deployment:
        fields = {"csrfmiddlewaretoken": fields["csrfmiddlewaretoken"], "deployment": deployment}
    return follow(browser, browser.post(httpx.URL(str(page.url)).join(url), data=fields))


def follow(browser: httpx.Client, response: httpx.Response) -> httpx.Response:
    while response.next_request and response.next_request.url.host == "127.0.0.1":
        response = browser.send(response.next_request)
    return response


def opening(lms: SecondSite, browser: httpx.Client, disclosure: str = "all") -> httpx.Response:
    """The page that posts the id_token, after Ann signed in at the LMS and pressed the tool's button in the course.

    There may be several tools, told apart by what they are told.
    """
    deployment = lms.run(f"answer = Deployment.objects.get(tool__disclosure={disclosure!r}).deployment_id")
    page = follow(browser, browser.get(f"{lms.url}/lti/organizations/{lms.chemistry}/"))  # type: ignore[attr-defined]
    assert page.url.path == "/lti/sign-in"
    form = {"csrfmiddlewaretoken": browser.cookies["csrftoken"], "username": "ann", "password": PASSWORD}
    page = follow(browser, browser.post(page.url, data={**form, "next": page.url.params["next"]}))
    return submit(browser, page, deployment)  # the button; the login here; back there to authorize


def opened(lms: SecondSite, disclosure: str = "all") -> httpx.Response:
    """What the browser gets at the end of a whole launch."""
    with httpx.Client(timeout=60) as browser:
        return submit(browser, opening(lms, browser, disclosure))  # which a browser does by itself


def api_key(tool: Tool) -> str:
    made, text = ToolApiKey.create(tool)
    ApiKey.objects.filter(pk=made.api_key_id).update(rate=1_000_000)
    return text


def request_page(site: Site, token: str, key: str, path: str = "/api/memberships", **parameters: Any) -> Any:
    headers = {"Authorization": f"LTIK-AUTH-V2 {key}:{token}"}
    answer = httpx.get(f"{site.url}{path}", params=parameters, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(body: Any) -> list[str]:
    return [member["given_name"] for member in body["members"]]


def test_a_launch_leads_to_the_tool_and_the_tool_to_the_roster(
    site: Site, lms: SecondSite, platform: LearningPlatform, tool: Tool
) -> None:
    response = opened(lms)

    url = urlsplit(response.headers["Location"])
    assert f"{url.scheme}://{url.netloc}{url.path}" == tool.target_link_url
    token = dict(parse_qsl(url.query))["ltik"]
    key = api_key(tool)
    first_page = request_page(site, token, key)
    course, launch = Course.objects.get(), CourseLaunch.objects.get()
    assert first_page["context"] == {"id": course.context_id, "label": "CHEM", "title": "Chemistry"}
    assert first_page["id"] == course.memberships_url == f"{lms.url}/lti/contexts/{course.context_id}/memberships"
    assert first_page["members"][0] == {
        "status": "Active",
        "name": "Ann",
        "given_name": "Ann",
        "email": "ann@example.edu",
        "user_id": launch.subject,
        "roles": [OFFICER, CHAIR],
    }
    assert names(first_page) == ["Ann", "Bob0", "Bob1", "Bob2", "Bob3"]
    launch_claims = request_page(site, token, key, "/api/idtoken")
    assert launch_claims["user"] == {
        "id": launch.subject,
        "name": "Ann",
        "given_name": "Ann",
        "email": "ann@example.edu",
        "givenName": "Ann",
        "roles": [OFFICER, CHAIR],
    }
    assert launch_claims["platform"] == {
        "id": launch_claims["platform"]["id"],
        "url": lms.url,
        "clientId": platform.client_id,
        "deploymentId": platform.deployments.get().deployment_id,
        "productFamilyCode": "campus-roster",
        "guid": lms.url,
        "name": "Campus Roster",
    }
    assert launch_claims["launch"]["presentation"] == {"locale": "en-US"}
    check_the_parameters(site, lms, token, key)
    found = list(members(Course.objects.with_parts().get()))
    assert [member.given_name for member in found] == ["Ann", "Bob1", "Bob2", "Bob3", "Zoe", "Yan"]


def check_the_parameters(site: Site, lms: SecondSite, token: str, key: str) -> None:
    """In the same launch, which takes a while: role, resourceLinkId, limit, next and differences."""
    assert names(request_page(site, token, key, role="Officer")) == ["Ann"]
    assert names(request_page(site, token, key, role=MEMBER, limit=3)) == ["Bob0", "Bob1", "Bob2"]
    assert "differences" not in request_page(site, token, key, role="Officer")
    linked = request_page(site, token, key, resourceLinkId="true")
    assert names(linked) == ["Ann", "Bob0", "Bob1", "Bob2", "Bob3"]
    assert all("message" not in member for member in linked["members"])

    first = request_page(site, token, key, limit=2)
    lms.run('join("zoe")\nMembership.objects.filter(user__username="bob0").delete()')
    second = request_page(site, token, key, url=first["next"])
    lms.run('join("yan")')
    third = request_page(site, token, key, url=second["next"])

    assert [names(page) for page in (first, second, third)] == [["Ann", "Bob0"], ["Bob1", "Bob2"], ["Bob3", "Zoe"]]
    assert names(request_page(site, token, key, url=third["next"])) == ["Yan"]
    changed = request_page(
        site, token, key, url=first["differences"]
    )  # Zoe and Yan are in the later pages of this walk
    assert changed["members"] == [{"status": "Deleted", "user_id": first["members"][1]["user_id"], "roles": []}]


def test_an_id_token_posted_many_times_at_once_launches_once(
    site: Site, lms: SecondSite, platform: LearningPlatform
) -> None:
    with httpx.Client(timeout=60) as browser:
        url, fields = posted(Page(opening(lms, browser)))
        cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}

        answers = at_once(lambda: httpx.post(url, data=fields, headers=cookies, timeout=60), TRIES)

    assert Counter(answer.status_code for answer in answers) == {302: 1, 401: TRIES - 1}
    assert CourseLaunch.objects.count() == 1


INVITE = """
text = io.StringIO()
with contextlib.redirect_stdout(text):
    call_command("invite_lti_tool", "Roster")
answer = json.loads(text.getvalue())
"""


def test_this_server_registers_itself_and_is_launched_once_both_sides_agree(
    site: Site, lms: SecondSite, tool: Tool
) -> None:
    invitation = lms.run(INVITE)
    with httpx.Client(timeout=60) as browser:
        sign_in(site, browser)
        asked = {name: invitation[name] for name in ("openid_configuration", "registration_token")}
        page = browser.get(f"{site.url}/lti/course/register", params=asked)
        token = browser.cookies["csrftoken"]
        done = browser.post(page.url, data={**asked, "tool": str(tool.pk), "csrfmiddlewaretoken": token})
    assert done.status_code == 200, done.text
    platform = LearningPlatform.objects.get()
    assert (platform.issuer, platform.name, platform.is_active) == (
        lms.url,
        f"campus-roster at {lms.url.removeprefix('http://')}",
        True,
    )
    lms.run("Tool.objects.filter(status='pending').update(status='active', audience='campus', disclosure='name')")
    lms.run("Deployment.objects.filter(tool__disclosure='name').update(is_campus_wide=True)")

    response = opened(lms, "name")

    assert response.headers["Location"].startswith(f"{tool.target_link_url}?ltik=")
    assert CourseLaunch.objects.get().person == {"name": "Ann", "given_name": "Ann"}
    found = list(members(Course.objects.with_parts().get()))
    assert [(found[0].given_name, found[0].email)] == [("Ann", None)]


def sign_in(site: Site, browser: httpx.Client) -> None:
    """Somebody who runs this site signs in to the admin."""
    User.objects.create_superuser("root", PASSWORD)
    page = browser.get(f"{site.url}/admin/login/")
    form = {"csrfmiddlewaretoken": browser.cookies["csrftoken"], "username": "root", "password": PASSWORD}
    assert browser.post(page.url, data=form).status_code == 302
