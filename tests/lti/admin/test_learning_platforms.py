"""The admin of learning platforms: registering by hand, deployments that wait, courses and launches."""

import pytest
from django.test import Client

from lti.models import Course, CourseLaunch, LearningPlatform, PlatformDeployment
from roster.models import User
from tests.lti.tool.platforms import make_course, make_platform
from tests.lti.tools import make_tool
from tests.pages import opened, signed_in
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

FORM = {
    "name": "Campus LMS",
    "issuer": "https://lms.example.com",
    "client_id": "campus-roster",
    "authorization_url": "https://lms.example.com/auth",
    "token_url": "https://lms.example.com/token",
    "key_set_url": "https://lms.example.com/keys",
}


@pytest.fixture
def client(sample: SampleData) -> Client:
    return signed_in(User.objects.create_superuser("root"))


VALUES = (
    *("https://testserver/lti/course/login", "https://testserver/lti/course/launch", "https://testserver/lti/jwks"),
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
    "https://testserver/lti/course/register",
)


def test_the_values_to_copy_are_there_before_and_after(client: Client) -> None:
    for page in (opened(client, LearningPlatform, "add"), opened(client, make_platform())):
        assert [value for value in VALUES if f" {value} " not in page.text] == []


def test_a_platform_is_registered_by_hand_with_its_deployment(client: Client) -> None:
    tool = make_tool()

    opened(client, LearningPlatform, "add").send(**FORM, new_deployment="7", tool=str(tool.pk))

    platform = LearningPlatform.objects.get()
    assert (platform.name, platform.status, platform.tool) == ("Campus LMS", "active", tool)
    deployment = platform.deployments.get()
    assert (deployment.deployment_id, deployment.status) == ("7", "active")


def test_a_deployment_id_that_waits_is_activated_by_entering_it(client: Client) -> None:
    platform = make_platform()
    PlatformDeployment.objects.create(platform=platform, deployment_id="7", status="pending")

    opened(client, platform).send(new_deployment="7")

    assert platform.deployments.get().status == "active"


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"issuer": "lms.example.com"}, "does not begin with https://"),
        ({"token_url": "http://lms.example.com/token"}, "does not begin with https://"),
        ({"key_set_url": ""}, "This field is required."),
        ({"client_id": ""}, "This field is required."),
    ],
)
def test_a_platform_that_cannot_work_is_refused(client: Client, changes: dict[str, str], message: str) -> None:
    answer = opened(client, LearningPlatform, "add").send(**{**FORM, **changes})

    assert message in " ".join(answer.errors)
    assert not LearningPlatform.objects.exists()


def test_a_registration_is_entered_once(client: Client) -> None:
    make_platform()

    answer = opened(client, LearningPlatform, "add").send(**FORM)

    assert answer.errors == ["This server is registered with this issuer under this client id already."]


def test_a_platform_is_disabled_not_deleted(client: Client) -> None:
    platform = make_platform()
    assert opened(client, platform, "delete").status == 403

    opened(client, platform).press("Disable")

    assert LearningPlatform.objects.get().status == "disabled"
    assert "it cannot launch this server" in opened(client, platform).text


def test_a_platform_tells_of_deployments_that_wait(client: Client) -> None:
    platform = make_platform()
    PlatformDeployment.objects.create(platform=platform, deployment_id="7", status="pending")

    assert "Deployments that are pending: 1." in opened(client, platform).text


def test_a_deployment_that_waits_says_what_to_do_and_is_activated(client: Client) -> None:
    deployment = PlatformDeployment.objects.create(platform=make_platform(), deployment_id="7", status="pending")
    page = opened(client, deployment)
    assert "Ask the administrators of the learning platform whether the id is yours" in page.text

    page.press("Activate")

    assert PlatformDeployment.objects.get().status == "active"


def test_the_id_of_a_deployment_stays(client: Client) -> None:
    deployment = make_course().deployment

    opened(client, deployment).send(deployment_id="other")

    assert PlatformDeployment.objects.get().deployment_id == "1"


def test_a_course_is_looked_at(client: Client) -> None:
    page = opened(client, make_course())

    assert "General Chemistry" in page.text
    assert "https://lms.example.com/courses/chem-101/memberships" in page.text
    assert client.get(f"/admin/lti/course/{Course.objects.get().pk}/delete/").status_code == 403
    assert client.get("/admin/lti/course/add/").status_code == 403


def test_courses_of_one_title_are_distinguished_where_they_are_chosen(client: Client) -> None:
    make_course()
    make_course(make_platform(name="Other LMS", issuer="https://other.example.com"), context_id="c2", label="")
    query = {"term": "chem", "app_label": "lti", "model_name": "courselaunch", "field_name": "course"}

    answer = client.get("/admin/autocomplete/", query).json()

    assert [result["text"] for result in answer["results"]] == [
        "General Chemistry (CHEM 101, Campus LMS, chem-101)",
        "General Chemistry (Other LMS, c2)",
    ]


def test_a_course_launch_is_revoked(client: Client) -> None:
    launch = CourseLaunch.objects.create(
        course=make_course(), subject="s", resource_link_id="1", person={"name": "Ann"}
    )
    page = opened(client, launch)
    assert "Ann" not in page.text

    page.press("Revoke")

    assert CourseLaunch.objects.get().revoked_at is not None
