"""A walk with a real browser from registering with an LMS to members that come from a course: `make browser-test`.

With PICTURES=FOLDER it takes the pictures of docs/lti/learning-platforms.md and docs/lti/syncing.md on its way.
"""

import html
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from lti.models import Course, CourseLink, LearningPlatform
from memberships.models import Membership
from organizations.models import PositionTemplate
from roster import days
from roster.models import User
from tests.browser.walk_through_an_lms import answers_launches, page_of, shows
from tests.browser.walk_through_lti import PASSWORD, fill, picture, window  # noqa: F401 (a fixture)
from tests.lti.clients.conftest import people  # noqa: F401 (a fixture)
from tests.lti.tool.conftest import lms  # noqa: F401 (a fixture)
from tests.lti.tool.lms import INSTRUCTOR, Lms, person
from tests.lti.tool.test_registration import offers
from tests.sample_data import SampleData
from tests.serving import Site, serving


@pytest.fixture
def site(people: SampleData, tmp_path: Path) -> Iterator[Site]:
    """The site, served for one test: it remembers the ids of content types, and each test has new ones."""
    with serving(tmp_path, workers=1) as site:
        yield site


@pytest.fixture
def page(site: Site, window: Page) -> Page:
    """A browser in which an administrator is signed in."""
    User.objects.create_superuser("root", PASSWORD, first_name="Ruth", last_name="Oduya")
    window.goto(site.url + reverse("admin:login"))
    fill(window, username="root", password=PASSWORD)
    window.get_by_role("button", name="Log in").click()
    expect(window.get_by_text("For staff")).to_be_visible()
    return window


def choose(page: Page, field: str, text: str) -> None:
    """Find a row by a part of its name, and take it."""
    page.locator(f".field-{field} .select2-selection").click()
    page.locator(".select2-dropdown .select2-search__field").fill(text)
    page.get_by_role("option", name=text).first.click()


def learner(user: User) -> dict[str, object]:
    return person(f"lms-{user.username}", name=user.full_name, email=user.campus_email)


def test_an_lms_is_registered_and_opens_this_server_from_a_course(
    site: Site,
    page: Page,
    lms: Lms,
) -> None:
    answers_launches(lms, site)
    page.goto(site.url + reverse("admin:lti_learningplatform_add"))
    fill(page, name="Campus LMS", issuer=lms.url, client_id="campus-roster", authorization_url=page_of(lms, "/auth"))
    fill(page, token_url=f"{lms.url}/token", key_set_url=f"{lms.url}/keys")
    picture(page, "5-learning-platform")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully")).to_be_visible()

    asked = {"iss": lms.url, "login_hint": "7", "client_id": "campus-roster"}
    url = html.escape(f"{site.url}/lti/course/login?{urlencode(asked)}")
    shows(lms, "/course", f'<!doctype html><a href="{url}">Open the roster</a>')
    page.goto(page_of(lms, "/course"))
    page.get_by_text("Open the roster").click()
    expect(page.get_by_text("is not one that this server works with")).to_be_visible()

    page.set_viewport_size({"width": 1100, "height": 600})
    page.goto(site.url + reverse("admin:lti_platformdeployment_changelist"))
    page.locator("#result_list").get_by_role("link", name="1", exact=True).click()
    expect(page.get_by_text("Ask those who run the learning platform")).to_be_visible()
    picture(page, "7-deployment-waits")
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_text("1 deployment in an LMS activated.")).to_be_visible()

    page.set_viewport_size({"width": 800, "height": 200})
    page.goto(page_of(lms, "/course"))
    page.get_by_text("Open the roster").click()
    expect(page.get_by_text("This course is known to the campus roster now.")).to_be_visible()
    picture(page, "8-course-known")
    assert Course.objects.get().title == "Chemistry"


def test_an_lms_that_knows_dynamic_registration_is_confirmed(
    site: Site,
    page: Page,
    lms: Lms,
) -> None:
    page.set_viewport_size({"width": 800, "height": 320})
    page.goto(f"{site.url}/lti/course/register?{urlencode(offers(lms))}")
    picture(page, "6-dynamic-registration")

    page.get_by_role("button", name="Register").click()

    expect(page.get_by_text("This window can be closed.")).to_be_visible()
    assert LearningPlatform.objects.get().is_active


def test_an_organization_takes_its_members_from_a_course(
    site: Site,
    people: SampleData,
    page: Page,
    lms: Lms,
) -> None:
    PositionTemplate.objects.create(name="Advisor", default_type=people.advising)
    lms.course()
    learners = [people.chloe, people.dalia, people.eun_ji, people.nadia]
    pat = person("lms-7", INSTRUCTOR, name="Pat Doe", email="pat@example.net")
    lms.tells(*map(learner, learners), pat)

    page.goto(site.url + reverse("admin:lti_courselink_add"))
    choose(page, "organization", "Finance Committee")
    choose(page, "course", "General Chemistry")
    picture(page, "9-course-link")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("4 usual roles were added.")).to_be_visible()

    page.set_viewport_size({"width": 1100, "height": 640})
    page.get_by_role("link", name="Finance Committee", exact=True).click()
    page.get_by_role("button", name="Show what a sync would do").click()
    expect(page.get_by_text("would be added")).to_be_visible()
    picture(page, "10-preview")
    assert not Membership.objects.filter(synced__isnull=False).exists()
    page.get_by_role("button", name="Sync now").click()
    expect(page.get_by_role("heading", name="What the sync did")).to_be_visible()
    made = Membership.objects.filter(synced__link=CourseLink.objects.get())
    assert {row.user for row in made} == set(learners)

    page.set_viewport_size({"width": 1100, "height": 400})
    page.goto(site.url + reverse("admin:memberships_membership_change", args=[made.get(user=people.nadia).pk]))
    expect(page.get_by_text("A sync of the course “General Chemistry” created this membership")).to_be_visible()
    picture(page, "11-membership", whole=False)

    lms.tells(pat)
    page.set_viewport_size({"width": 1100, "height": 640})
    page.goto(site.url + reverse("admin:lti_courselink_change", args=[CourseLink.objects.get().pk]))
    page.get_by_role("button", name="Sync now").click()
    expect(page.get_by_role("heading", name="Nothing was changed")).to_be_visible()
    picture(page, "12-stopped")
    assert not made.exclude(recorded_end=None).exists()
    page.get_by_role("button", name="Sync, and let 4 end").click()
    expect(page.get_by_role("heading", name="What the sync did")).to_be_visible()
    assert made.filter(recorded_end=days.today()).count() == 4
