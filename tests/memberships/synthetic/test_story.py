"""A generated campus is believable: its sizes, periods, flags and names are those of a real one."""

import datetime as dt
from collections import Counter

import pytest
from django.db.models import Count, F, Max, Min

from memberships.models import Membership, Reflection
from memberships.querysets import MembershipQuerySet
from memberships.synthetic.calendar import Calendar
from memberships.synthetic.generator import CampusSpec
from memberships.synthetic.people import Population
from memberships.synthetic.seeded_random import SeededRandom
from organizations.models import CustomField, Organization, Position
from roster import privacy
from roster.models import User
from tests.memberships.synthetic.conftest import TODAY

pytestmark = pytest.mark.both_databases

MIDNIGHT = dt.datetime.combine(TODAY, dt.time(), tzinfo=dt.UTC)


def share(memberships: MembershipQuerySet) -> float:
    """How many these are of all."""
    return float(memberships.count() / Membership.objects.count())


def test_there_are_as_many_of_each_as_were_asked_for(campus: CampusSpec) -> None:
    assert User.objects.count() == campus.users
    assert Organization.objects.count() == campus.organizations
    assert Membership.objects.count() == campus.memberships


def test_a_few_organizations_are_large_and_many_are_small(campus: CampusSpec) -> None:
    members = Organization.objects.annotate(size=Count("positions__memberships")).order_by("-size")
    sizes = list(members.values_list("size", flat=True))

    assert sum(sizes[:4]) > campus.memberships * 0.4
    assert sizes[20] < campus.memberships / campus.organizations / 2


def test_an_organization_has_about_six_positions(campus: CampusSpec) -> None:
    assert 4 <= Position.objects.count() / campus.organizations <= 8


def test_periods_reach_back_eight_years_and_no_further(campus: CampusSpec) -> None:
    starts = Membership.objects.aggregate(first=Min("recorded_start"), last=Max("recorded_start"))

    eight_years_ago = dt.date(TODAY.year - 8, TODAY.month, TODAY.day)
    assert eight_years_ago <= starts["first"] < eight_years_ago + dt.timedelta(days=60)
    assert TODAY < starts["last"] < TODAY + dt.timedelta(days=200)


def test_some_are_current_some_ended_and_some_have_not_begun(campus: CampusSpec) -> None:
    assert 0.1 < share(Membership.objects.current(on=TODAY)) < 0.4
    assert share(Membership.objects.filter(recorded_end__lt=TODAY)) > 0.5
    assert share(Membership.objects.filter(recorded_end__gt=TODAY)) > 0.01
    assert Membership.objects.filter(recorded_start__gt=TODAY).exists()


def test_some_last_one_day(campus: CampusSpec) -> None:
    assert 0.02 < share(Membership.objects.filter(recorded_end=F("recorded_start"))) < 0.06


def test_people_leave_and_rejoin(campus: CampusSpec) -> None:
    held_again = Membership.objects.values("user", "position").annotate(times=Count("id")).filter(times__gt=1)
    user, position, _ = held_again.values_list("user", "position", "times").order_by("-times", "user", "position")[0]
    periods = Membership.objects.filter(user=user, position=position).values_list("recorded_start", "recorded_end")

    assert len(held_again) > campus.memberships / 100
    assert len(set(periods)) > 1


def test_all_four_flag_pairs_are_there(campus: CampusSpec) -> None:
    pairs = Counter(Membership.objects.values_list("shown_on_campus", "shown_on_public"))

    assert 0.3 < pairs[True, True] / campus.memberships < 0.6
    assert 0.3 < pairs[True, False] / campus.memberships < 0.6
    assert 0.05 < pairs[False, False] / campus.memberships < 0.15
    assert 0.02 < pairs[False, True] / campus.memberships < 0.06


def test_about_three_in_a_hundred_are_deleted(campus: CampusSpec) -> None:
    deleted = Membership.objects.exclude(deleted_at=None)

    assert 0.02 < share(deleted) < 0.04
    assert not deleted.exclude(modified_at=F("deleted_at")).exists()


def test_some_dates_are_reported_and_some_memberships_are_reflected_on(campus: CampusSpec) -> None:
    assert 0.09 < share(Membership.objects.exclude(reported_start=None)) < 0.15
    assert 0.03 < share(Membership.objects.exclude(reported_end=None)) < 0.10
    assert 0.01 < share(Membership.objects.filter(reflection__in=Reflection.objects.all())) < 0.02


def test_changes_are_spread_over_the_years_and_none_is_of_today(campus: CampusSpec) -> None:
    years = Counter(instant.year for instant in Membership.objects.values_list("modified_at", flat=True))

    assert sorted(years) == list(range(TODAY.year - 8, TODAY.year + 1))
    assert max(years.values()) < campus.memberships / 3
    for model in (User, Organization, Position, Membership):
        assert not model.objects.filter(modified_at__gte=MIDNIGHT).exists()
        assert not model.objects.filter(modified_at__lt=F("created_at")).exists()


def test_memberships_are_numbered_as_they_were_entered(campus: CampusSpec) -> None:
    days = [instant.date() for instant in Membership.objects.order_by("id").values_list("created_at", flat=True)]

    assert days == sorted(days)


def test_some_people_are_confidential_and_some_organizations_hidden(campus: CampusSpec) -> None:
    hidden = Organization.objects.filter(directory_visibility=Organization.Visibility.HIDDEN)

    assert User.objects.filter(is_confidential=True).count() == campus.users // 100
    assert User.objects.filter(is_confidential=True).exclude(memberships=None).exists()
    assert hidden.count() == 1
    assert Membership.objects.filter(position__organization__in=hidden).exists()


def test_every_audience_sees_less_than_the_next(campus: CampusSpec) -> None:
    public, campus_wide, staff = (
        Membership.objects.visible_to(audience).count() for audience in (privacy.PUBLIC, privacy.CAMPUS, privacy.STAFF)
    )

    assert 0 < public < campus_wide < staff


def test_two_organizations_have_one_name_and_two_differ_by_case_alone(campus: CampusSpec) -> None:
    names = Counter(Organization.objects.values_list("name", flat=True))
    spellings = Counter(name.casefold() for name in names)

    assert max(names.values()) == 2
    assert max(spellings.values()) == 2


def test_names_have_accents_and_symbols(campus: CampusSpec) -> None:
    people = " ".join(" ".join(names) for names in User.objects.values_list("first_name", "last_name"))
    names = Organization.objects.values_list("name", flat=True)

    assert not people.isascii()
    assert any(not name.isascii() for name in names)
    assert any(not name[0].isalnum() for name in names)


def test_organizations_have_parents_contacts_categories_and_fields(campus: CampusSpec) -> None:
    organizations = Organization.objects.with_wire_fields(privacy.CAMPUS)

    assert organizations.exclude(parent=None).exists()
    assert organizations.exclude(seen_contact_id=None).exists()
    assert organizations.exclude(categories=None).exists()
    assert set(CustomField.objects.values_list("is_public", flat=True)) == {True, False}
    assert set(organizations.values_list("status", flat=True)) >= {"active", "inactive"}


def test_people_are_of_every_standing_and_some_belong_to_nothing(campus: CampusSpec) -> None:
    assert set(User.objects.values_list("status", flat=True)) == {"active", "inactive", "unregistered"}
    assert set(User.objects.values_list("affiliation", flat=True)) == {"Student", "Alumni", "Faculty", "Staff"}
    assert User.objects.exclude(preferred_first_name="").exists()
    assert 0.05 < User.objects.filter(memberships=None).count() / campus.users < 0.4


def test_nobody_can_sign_in_or_is_staff(campus: CampusSpec) -> None:
    assert not any(user.has_usable_password() or user.is_staff or user.is_superuser for user in User.objects.all())


@pytest.mark.parametrize("users", [1, 2, 9, 400])
def test_everybody_has_come_before_the_day_of_the_story(users: int) -> None:
    history = Calendar(TODAY, SeededRandom(1))
    population = Population(users, history)

    assert all(population.arrival(person) < history.today for person in range(users))
    assert all(len(population.students(day)) > 0 for day in range(history.opening, history.today))
