"""`manage.py generate_campus`: what it refuses, and that it writes all or nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from memberships.models import Membership
from memberships.synthetic import generator
from organizations.models import Organization, PositionTemplate
from roster.models import User

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def generate(**options: Any) -> None:
    asked = {"users": 20, "organizations": 5, "memberships": 60, "verbosity": 0, **options}
    call_command("generate_campus", **asked)


def counts() -> tuple[int, int, int]:
    return User.objects.count(), Organization.objects.count(), Membership.objects.count()


def test_it_writes_what_is_asked_for() -> None:
    generate()

    assert counts() == (20, 5, 60)


@pytest.mark.parametrize("users, organizations, memberships", [(1, 1, 0), (1, 1, 1), (2, 3, 4), (3, 1, 50), (1, 4, 9)])
def test_it_writes_the_smallest_of_campuses(users: int, organizations: int, memberships: int) -> None:
    generate(users=users, organizations=organizations, memberships=memberships)

    assert counts() == (users, organizations, memberships)
    connection.check_constraints()


def test_it_says_what_it_wrote(capsys: pytest.CaptureFixture[str]) -> None:
    generate(verbosity=1, seed=3)

    output = capsys.readouterr().out
    assert output.startswith("Wrote 20 people, 5 organizations and 60 memberships in ")
    assert output.endswith("seconds (seed 3, as of 2026-10-01).\n")


def test_the_day_of_the_story_can_be_chosen() -> None:
    generate(today="2031-03-01")

    assert Membership.objects.order_by("-created_at")[0].created_at.date().isoformat() == "2031-02-28"


def test_it_refuses_a_database_that_has_organizations() -> None:
    Organization.objects.create(name="Chess Club")

    with pytest.raises(CommandError, match=r"already has organizations, and nothing was written\. Use --append"):
        generate()

    assert counts() == (0, 1, 0)


def test_it_appends_with_the_option_append() -> None:
    generate()
    before = set(Membership.objects.values_list("pk", flat=True))

    generate(append=True, seed=2)

    assert counts() == (40, 10, 120)
    assert min(set(Membership.objects.values_list("pk", flat=True)) - before) > max(before)


def test_it_uses_the_templates_that_are_there() -> None:
    there = PositionTemplate.objects.create(name="PRESIDENT")

    generate()

    assert list(PositionTemplate.objects.named("President")) == [there]
    assert Membership.objects.filter(position__template=there).exists()


@pytest.mark.parametrize("option", ["users", "organizations"])
@pytest.mark.parametrize("given", ["0", "-1", "many", "1.5", "", "1_000", "٣", "99999999999999999999"])
def test_it_refuses_a_number_that_is_none(option: str, given: str) -> None:
    with pytest.raises(CommandError, match=f"--{option} is {given!r}; give a whole number from 1 to "):
        generate(**{option: given})


@pytest.mark.parametrize("option", ["memberships", "seed"])
def test_memberships_and_the_seed_may_be_nought_but_not_less(option: str) -> None:
    with pytest.raises(CommandError, match=f"--{option} is '-1'; give a whole number from 0 to "):
        generate(**{option: "-1"})


@pytest.mark.parametrize("given", ["tomorrow", "2026-13-01", "1800-01-01", "9000-01-01", ""])
def test_it_refuses_a_day_that_is_none(given: str) -> None:
    with pytest.raises(CommandError, match=f"--today is {given!r}; give a day from 1950-01-01 to 2200-01-01"):
        generate(today=given)


def test_it_tells_of_a_username_that_is_taken() -> None:
    generate()
    taken = User.objects.order_by("pk")[0]
    username = taken.username.replace(str(taken.pk), str(taken.pk + 21))
    User.objects.create(pk=taken.pk + 20, username=username)  # ids go on after it, whatever the sequence has given out

    with pytest.raises(CommandError, match="Nothing was written: there is a conflict with an existing row"):
        generate(append=True)

    assert counts() == (21, 5, 60)


@pytest.mark.django_db(transaction=True)
def test_a_failure_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(plan: generator.CampusSpec) -> Iterator[Any]:
        whole = iter(original(plan))
        yield next(whole)
        yield next(whole)
        raise KeyboardInterrupt

    original = generator.generate
    monkeypatch.setattr(generator, "generate", broken)

    with pytest.raises(KeyboardInterrupt):
        generate()

    assert counts() == (0, 0, 0)
    assert not PositionTemplate.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_planner_knows_the_rows_at_once() -> None:
    generate()

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'memberships_membership'")
            assert cursor.fetchone() == (60,)
        else:
            cursor.execute("SELECT stat FROM sqlite_stat1 WHERE idx = 'membership_by_modification'")
            assert cursor.fetchone()[0].split()[0] == "60"
