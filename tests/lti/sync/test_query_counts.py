"""A sync takes as many statements for a course of a thousand as for one of two."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lti.models import CourseLink
from roster.models import User
from tests.lti.many_members import join
from tests.lti.sync.conftest import FakeCourse
from tests.lti.sync.members import as_member
from tests.lti.sync.runs import MONDAY, TUESDAY, WEDNESDAY, run
from tests.sample_data import SampleData

pytestmark = pytest.mark.django_db  # SQLite takes fewer rows in a statement

EVERY = 12
"""The link; its roles; whether a later sync ran; people by SIS id, by e-mail, and by what was known; positions; what is
held; what was taken away; the names of positions. Then the removal of old runs, and the run itself."""
ADDING = 4
"""The names of those told of; memberships, with the note of the change; which were made here; who was recognized."""
ENDING = 3
"""The names of those told of; the ends, with the note of the change; that no sync keeps them any more."""


def statements(link: CourseLink, course: FakeCourse, people: list[User], **options: object) -> tuple[int, int]:
    """How many statements a sync takes, transactions aside, and how many memberships it makes or ends."""
    course.say(*(as_member(person) for person in people))
    with CaptureQueriesContext(connection) as queries:
        counts = run(link, **options).counts  # type: ignore[arg-type]
    own = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    return len(own) - 1, counts["added"] + counts["ended"]  # one: the test reads the link itself


@pytest.mark.parametrize("size", [3, 1001])
def test_a_sync_takes_few_statements_at_any_size(
    sample: SampleData, link: CourseLink, course: FakeCourse, size: int
) -> None:
    people = join(sample.lighting, size)
    for person in people:
        person.campus_email, person.sis_id = f"{person.username}@example.edu", person.username
    User.objects.bulk_update(people, ["campus_email", "sis_id"])
    remaining = [person for person in people if person.pk != people[0].pk]

    assert statements(link, course, people, day=MONDAY) == (EVERY + ADDING, size)
    assert statements(link, course, people, day=TUESDAY) == (EVERY, 0)
    assert statements(link, course, remaining, day=WEDNESDAY) == (EVERY + ENDING, 1)
