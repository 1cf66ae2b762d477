"""The roster of a course is read from another site of this server, in a process and a database of its own."""

from collections.abc import Iterator

import pytest
from django.core.management.base import CommandError

from lti.models import CourseLink
from memberships.models import Membership
from roster import days
from roster.models import User
from tests.lti.many_members import join
from tests.lti.sync.links import make_link
from tests.lti.sync.other_campus import OtherCampus
from tests.organizations.commands.run import run
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

SIZE = 1001


@pytest.fixture(scope="module")
def lms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OtherCampus]:
    """The other site. Everybody in its course has an address like the usernames of `crowd`."""
    campus = OtherCampus(tmp_path_factory.mktemp("lms"))
    names = [f"player{number:05d}" for number in range(SIZE)]
    campus.enrol("Learner", {name: f"{name.upper()}@example.edu" for name in names})
    campus.enrol("Instructor", {"ben": "benjamin.whitlock@example.edu", "pat": "pat@example.net"})
    with campus.serve() as served:
        yield served


@pytest.fixture
def crowd(sample: SampleData) -> list[User]:
    """A thousand and one people of this campus."""
    people = join(sample.lighting, SIZE)
    for person in people:
        person.campus_email = f"{person.username}@example.edu"
    User.objects.bulk_update(people, ["campus_email"], batch_size=500)
    return people


@pytest.fixture
def linked(sample: SampleData, lms: OtherCampus) -> CourseLink:
    return make_link(sample.chess_club, learner=sample.member_kind, instructor=sample.president_kind, course=lms.link())


def synced() -> list[tuple[str, str]]:
    """Who holds what by a sync, and still does."""
    rows = Membership.objects.exclude(synced=None).filter(recorded_start=days.today(), recorded_end=None)
    return list(rows.order_by("user__username").values_list("user__username", "position__name"))


def counted(output: str, what: str) -> int:
    (line,) = [line for line in output.splitlines() if line.strip().endswith(f" {what}")]
    return int(line.split()[0].replace(",", ""))


def test_a_course_of_a_thousand_comes_leaves_and_is_kept_in_mind(
    sample: SampleData, crowd: list[User], linked: CourseLink, lms: OtherCampus
) -> None:
    everybody = [("benjamin.whitlock", "President"), *((person.username, "Member") for person in crowd)]

    first = run("sync_course", "CHESS").output
    assert (counted(first, "in the course"), counted(first, "added")) == (SIZE + 2, SIZE + 1)
    assert "    pat, pat@example.net (LMS user " in first
    assert synced() == everybody

    again = run("sync_course", "CHESS").output
    assert (counted(again, "added"), counted(again, "kept"), counted(again, "ended")) == (0, SIZE + 1, 0)
    assert synced() == everybody

    lms.drop("player00007", "player00500")
    left = run("sync_course", "CHESS").output
    assert (counted(left, "ended"), counted(left, "kept")) == (2, SIZE - 1)
    assert synced() == [row for row in everybody if row[0] not in {"player00007", "player00500"}]

    lms.run("from lti.models import Tool; Tool.objects.update(disclosure='none')")
    first_run = run("sync_course", "CHESS").output
    assert (counted(first_run, "ended"), counted(first_run, "kept")) == (0, SIZE - 1)

    lms.run("from lti.models import Tool; Tool.objects.update(status='disabled')")
    before = synced()
    with pytest.raises(CommandError, match="The learning platform "):
        run("sync_course", "CHESS", "--allow-ends")
    assert synced() == before
