"""The page of a membership says which course a sync took it from."""

import pytest
from django.test import Client
from django.urls import reverse

from lti.models import CourseLink, SyncedMembership
from memberships.models import Membership
from tests.lti.sync.conftest import FakeCourse
from tests.lti.sync.members import as_member
from tests.pages import opened
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def notice_of(client: Client, membership: Membership) -> str:
    return str(client.get(reverse("admin:memberships_membership_change", args=[membership.pk])).context["notice"])


def test_a_membership_says_that_a_sync_made_it_and_ends_it(
    client: Client, sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia))
    opened(client, link).press("Sync now")

    assert notice_of(client, Membership.objects.get(user=sample.nadia, recorded_end=None)) == (
        "A sync of the course “General Chemistry” created this membership, "
        "and a sync ends it when the person leaves the course."
    )


def test_a_membership_that_a_sync_has_ended_says_that_none_changes_it(
    client: Client, sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia))
    opened(client, link).press("Sync now")
    row = SyncedMembership.objects.get(membership__user=sample.nadia)
    SyncedMembership.objects.update(is_open=False)

    assert notice_of(client, row.membership) == (
        "A sync of the course “General Chemistry” created this membership. Syncs no longer change it."
    )


def test_a_membership_of_no_sync_says_nothing(client: Client, sample: SampleData, link: CourseLink) -> None:
    assert notice_of(client, Membership.objects.not_deleted()[0]) == ""
