"""Linked courses in the admin: links and their roles, previews and syncs with their report, past runs."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from lti.models import CourseLink, CourseRole, CourseSync, Recognized
from memberships.models import Membership
from organizations.models import PositionTemplate
from roster import days
from roster.models import User
from tests.lti.sync.conftest import FakeCourse
from tests.lti.sync.links import ASSISTANT, INSTRUCTOR, LEARNER, make_link
from tests.lti.sync.members import as_member, member
from tests.lti.sync.runs import held
from tests.lti.tool.platforms import make_course
from tests.pages import opened, signed_in
from tests.sample_data import SampleData, person

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

RIGHTS = (
    *("change_courselink", "add_membership", "change_membership"),
    *("view_user", "view_position", "view_organization"),  # what the report names
)


def clerk(*rights: str) -> Client:
    """A member of the staff with these rights and no others."""
    user = person("clerk", "Casey", "Clerk", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return signed_in(user)


def url_of(link: CourseLink, button: str) -> str:
    return reverse("admin:lti_courselink_button", args=[link.pk, button])


def today() -> str:
    return days.today().isoformat()


# Links and their roles


def test_a_new_link_takes_the_usual_roles(client: Client, sample: SampleData) -> None:
    advisor = PositionTemplate.objects.create(name="Advisor", default_type=sample.advising)

    page = opened(client, CourseLink, "add").send(
        organization=str(sample.chess_club.pk), course=str(make_course().pk), is_active="on"
    )

    link = CourseLink.objects.get()
    assert list(link.roles.in_order().values_list("role", "template")) == [
        (ASSISTANT, sample.member_kind.pk),
        (INSTRUCTOR, advisor.pk),
        ("http://purl.imsglobal.org/vocab/lis/v2/membership#Member", sample.member_kind.pk),
        (LEARNER, sample.member_kind.pk),
    ]
    assert "4 usual roles were added. Check them." in page.messages
    assert (link.matching, link.most_ends) == ("either", 25)


def test_a_usual_role_without_a_template_is_left_out(client: Client, sample: SampleData) -> None:
    opened(client, CourseLink, "add").send(organization=str(sample.chess_club.pk), course=str(make_course().pk))

    assert INSTRUCTOR not in CourseRole.objects.values_list("role", flat=True)


def test_a_link_with_roles_of_its_own_takes_no_others(client: Client, sample: SampleData) -> None:
    roles = {
        "roles-TOTAL_FORMS": "1",
        "roles-0-role": "learner",
        "roles-0-template": str(sample.president_kind.pk),
        "roles-0-rank": "1",
    }

    opened(client, CourseLink, "add").send(
        organization=str(sample.chess_club.pk), course=str(make_course().pk), **roles
    )

    assert list(CourseRole.objects.values_list("role", "template")) == [(LEARNER, sample.president_kind.pk)]


def test_a_role_is_shown_by_its_short_name_and_stays_the_same(client: Client, link: CourseLink) -> None:
    page = opened(client, link)
    assert page.form.data["roles-0-role"] == ["Learner"]

    page.send()

    assert set(link.roles.values_list("role", flat=True)) == {LEARNER, INSTRUCTOR}


@pytest.mark.parametrize(
    "role, message",
    [("Lerner", "Lerner is no context role of LIS"), ("Instructor", "This role has a position already.")],
)
def test_a_role_that_is_none_or_is_there_is_refused(client: Client, link: CourseLink, role: str, message: str) -> None:
    answer = opened(client, link).send(**{"roles-0-role": role})

    assert message in " ".join(answer.errors)


def test_a_role_is_given_another_template_on_its_page(client: Client, sample: SampleData, link: CourseLink) -> None:
    role = link.roles.get(role=LEARNER)

    opened(client, role).send(template=str(sample.treasurer_kind.pk), link="99")

    role.refresh_from_db()
    assert (role.link, role.role, role.template) == (link, LEARNER, sample.treasurer_kind)


def test_the_organization_of_a_link_stays(client: Client, sample: SampleData, link: CourseLink) -> None:
    opened(client, link).send(organization=str(sample.lead.pk))

    assert CourseLink.objects.get().organization == sample.chess_club


def test_an_organization_is_linked_once(client: Client, sample: SampleData, link: CourseLink) -> None:
    answer = opened(client, CourseLink, "add").send(organization=str(sample.chess_club.pk), course=str(link.course.pk))

    assert answer.errors == ["Course link with this Organization already exists."]


@pytest.mark.parametrize("percent", ["101", "-1"])
def test_a_threshold_beyond_all_is_refused(client: Client, link: CourseLink, percent: str) -> None:
    assert opened(client, link).send(most_ends=percent).errors


def test_a_link_that_is_deleted_leaves_its_memberships(
    client: Client, sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia))
    opened(client, link).press("Sync now")

    opened(client, link, "delete").send(_save=None)

    assert not CourseLink.objects.exists()
    assert held(sample.chess_club, sample.nadia) == [("nadia.farouk", "Member", today(), "")]


def test_an_organization_leads_to_its_course(client: Client, sample: SampleData, link: CourseLink) -> None:
    make_link(sample.lead, course=link.course)
    (url,) = [url for url in opened(client, sample.chess_club).links if "/lti/courselink/?" in url]

    assert [row.pk for row in client.get(url).context["cl"].result_list] == [link.pk]


# Syncing


def test_a_preview_tells_what_a_sync_would_do_and_writes_nothing(
    client: Client, sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia), member("7", name="Pat <b>Doe</b>", email="pat@example.net"))

    page = opened(client, link).press("Show what a sync would do")

    assert "Chess Club from General Chemistry, Campus LMS" in page.text
    assert "would be added 1 Nadia Farouk (nadia.farouk), Member" in page.text
    assert "Pat <b>Doe</b>, pat@example.net (LMS user 7): No account here matches what the LMS sends." in page.text
    assert "no-store" in page.response["Cache-Control"]
    assert (held(sample.chess_club, sample.nadia), CourseSync.objects.count()) == ([], 0)
    assert not LogEntry.objects.exists()


def test_the_page_of_a_preview_has_a_button_to_sync(
    client: Client, sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia))

    opened(client, link).press("Show what a sync would do").send(_save=None)

    assert held(sample.chess_club, sample.nadia) == [("nadia.farouk", "Member", today(), "")]


def test_a_sync_is_reported_recorded_and_stands_in_the_history(
    client: Client, sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia))

    page = opened(client, link).press("Sync now")

    assert "added 1 Nadia Farouk (nadia.farouk), Member" in page.text
    assert CourseSync.objects.get().by == User.objects.get(username="root")
    assert LogEntry.objects.get().get_change_message() == "Synced: 1 in the course, 1 added."
    assert "Synced: 1 in the course, 1 added." in opened(client, link, "history").text


def test_a_stopped_sync_says_why_and_is_allowed_by_a_button(
    client: Client, sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia))
    opened(client, link).press("Sync now")
    course.say()

    page = opened(client, link).press("Sync now")
    assert "Nothing was changed" in page.text
    assert "The course has no members. This would end 1 of the 1 memberships that syncs keep here." in page.text
    assert Membership.objects.filter(user=sample.nadia, recorded_end=None).exists()
    assert page.form.buttons == ["Sync, and let 1 end"]
    page.send(_save=None)

    assert held(sample.chess_club, sample.nadia) == [("nadia.farouk", "Member", today(), today())]


def test_a_course_that_cannot_be_read_says_so(client: Client, link: CourseLink, course: FakeCourse) -> None:
    course.fail("The learning platform did not answer in time.")

    assert "The learning platform did not answer in time." in opened(client, link).press("Sync now").text


def test_several_are_synced_from_the_list(
    client: Client, sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    other = make_link(sample.lead, learner=sample.member_kind, course=link.course)
    course.say(as_member(sample.nadia))

    opened(client, CourseLink).act("sync_now", link, other)

    assert len(held(sample.chess_club, sample.nadia) + held(sample.lead, sample.nadia)) == 2


def test_many_are_left_to_the_command(client: Client, sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    organizations = (sample.lead, sample.teatro, sample.cafe, sample.night_owls, sample.chess_club_downtown)
    links = [make_link(organization, course=link.course) for organization in organizations]

    page = opened(client, CourseLink).act("preview", link, *links)

    assert page.messages == ["Choose at most 5 at once. `manage.py sync_course --all` syncs all."]
    assert course.asked == 0


def test_a_link_that_is_not_active_is_only_previewed(client: Client, link: CourseLink) -> None:
    CourseLink.objects.update(is_active=False)

    buttons = dict(opened(client, link).response.context["buttons"])

    assert list(buttons) == ["Show what a sync would do"]
    assert client.post(url_of(link, "sync_now")).status_code == 404


@pytest.mark.parametrize("missing", RIGHTS)
@pytest.mark.parametrize("button", ["preview", "sync_now"])
def test_syncing_needs_the_right_to_change_links_and_memberships(
    sample: SampleData, link: CourseLink, course: FakeCourse, missing: str, button: str
) -> None:
    staff = clerk("view_courselink", *(right for right in RIGHTS if right != missing))

    assert staff.post(url_of(link, button)).status_code == 403
    assert course.asked == 0


def test_who_has_the_rights_syncs(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    course.say(as_member(sample.nadia))

    assert clerk(*RIGHTS).post(url_of(link, "sync_now")).status_code == 200
    assert len(held(sample.chess_club, sample.nadia)) == 1


def test_a_sync_is_asked_for_and_never_visited(client: Client, link: CourseLink, course: FakeCourse) -> None:
    assert client.get(url_of(link, "sync_now")).status_code == 403
    assert course.asked == 0


# What is kept of it


def test_a_run_is_looked_at_and_not_changed(client: Client, link: CourseLink, course: FakeCourse) -> None:
    opened(client, link).press("Sync now")
    run = CourseSync.objects.get()

    assert opened(client, CourseSync).listed == [run]
    assert opened(client, run).form.buttons == []
    assert [opened(client, CourseSync, "add").status, opened(client, run, "delete").status] == [403, 403]


def test_who_was_recognized_wrongly_is_deleted(client: Client, sample: SampleData, link: CourseLink) -> None:
    wrong = Recognized.objects.create(platform=link.course.platform, subject="7", user=sample.amara, way="email")

    opened(client, wrong, "delete").send(_save=None)

    assert not Recognized.objects.exists()
