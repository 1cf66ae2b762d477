"""Two syncs of one organization at once wait for each other, and the later reading of the course wins."""

import pytest
from django.db import transaction

from lti.models import CourseLink, CourseSync
from lti.sync.run import sync
from memberships.models import Membership
from tests.lti.sync.conftest import FakeCourse
from tests.lti.sync.links import make_link
from tests.lti.sync.members import as_member
from tests.lti.sync.runs import MONDAY, held, noon, run
from tests.lti.tool.platforms import make_course
from tests.organizations.test_models_concurrency import Other
from tests.sample_data import SampleData

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people() -> SampleData:
    """The cast, where another connection sees it."""
    return SampleData()


@pytest.fixture
def shared_link(people: SampleData) -> CourseLink:
    return make_link(people.chess_club, learner=people.member_kind)


def test_two_syncs_at_once_make_one_membership(people: SampleData, shared_link: CourseLink, course: FakeCourse) -> None:
    course.say(as_member(people.nadia))
    other = Other(lambda: run(shared_link, hour=1))

    with transaction.atomic():
        run(shared_link)
        other.start_and_wait_for_us()
    other.finish()

    assert held(people.chess_club, people.nadia) == [("nadia.farouk", "Member", "2025-05-05", "")]
    assert list(CourseSync.objects.order_by("begun_at").values_list("outcome", "added", "kept")) == [
        ("done", 1, 0),
        ("done", 0, 1),
    ]


def test_a_sync_that_read_the_course_before_another_did_writes_nothing(
    people: SampleData, shared_link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(people.nadia), as_member(people.hana))
    run(shared_link, hour=1)
    course.say(as_member(people.hana))

    report = run(shared_link, hour=0)

    assert (report.outcome, report.reason) == (
        "stopped",
        "Another sync has read the course later than this one. There is nothing left to do.",
    )
    assert Membership.objects.filter(user=people.nadia, recorded_end=None).count() == 1


def test_a_link_that_was_given_another_course_meanwhile_is_not_synced_with_the_first(
    people: SampleData, shared_link: CourseLink, course: FakeCourse
) -> None:
    stale = CourseLink.objects.get(pk=shared_link.pk)
    shared_link.course = make_course(stale.course.platform, context_id="chem-102")
    shared_link.save()
    course.say(as_member(people.nadia))

    assert sync(stale, at=noon(MONDAY)).reason == "The link was given another course meanwhile. Sync again."
    assert held(people.chess_club, people.nadia) == []
