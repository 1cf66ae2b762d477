"""`manage.py sync_course` syncs one organization or all of them, and says what became of it."""

import json
import logging

import pytest
from django.core.management.base import CommandError

from lti.management.commands import sync_course
from lti.models import CourseLink, CourseSync
from lti.sync.run import sync
from memberships.models import Membership
from organizations.models import Organization
from tests.lti.sync.conftest import FakeCourse
from tests.lti.sync.links import make_link
from tests.lti.sync.members import as_member, member
from tests.lti.sync.runs import held
from tests.lti.tool.platforms import make_course
from tests.organizations.commands.run import run
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def second(sample: SampleData, link: CourseLink) -> CourseLink:
    """Another organization, linked to another course of the same platform."""
    course = make_course(link.course.platform, context_id="chem-102")
    return make_link(sample.lead, learner=sample.member_kind, course=course)


def test_it_syncs_an_organization_and_tells_of_everybody(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia), member("7", name="Pat Doe"))

    printed = run("sync_course", sample.chess_club.pk)

    assert printed.output.splitlines() == [
        "Chess Club from General Chemistry, Campus LMS",
        "  2 in the course",
        "  1 added",
        "    Nadia Farouk (nadia.farouk), Member",
        "  0 kept",
        "  0 already there",
        "  0 ended",
        "  0 left out: taken off the roster by hand",
        "  1 unmatched: nobody was made for them",
        "    Pat Doe (LMS user 7): The LMS sends nothing to find this person by.",
        "  0 unmapped",
        "  0 positions made",
    ]
    assert printed.errors == ""
    assert len(held(sample.chess_club, sample.nadia)) == 1
    assert CourseSync.objects.get().by is None


def test_a_second_run_keeps_everybody(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    course.say(as_member(sample.nadia))
    run("sync_course", sample.chess_club.pk)

    lines = run("sync_course", sample.chess_club.pk).output.splitlines()

    assert ("  0 added" in lines, "  1 kept" in lines) == (True, True)


@pytest.mark.parametrize("name", ["CHESS", "chess", "Chess Club", " chess club "])
def test_an_organization_is_named_by_short_name_or_name(
    sample: SampleData, link: CourseLink, course: FakeCourse, name: str
) -> None:
    course.say(as_member(sample.nadia))

    run("sync_course", name)

    assert len(held(sample.chess_club, sample.nadia)) == 1


def test_a_name_of_two_linked_organizations_is_refused(sample: SampleData, link: CourseLink) -> None:
    make_link(sample.chess_club_downtown, course=link.course)

    with pytest.raises(CommandError) as error:
        run("sync_course", "Chess Club")

    ids = f"{sample.chess_club.pk}, {sample.chess_club_downtown.pk}"
    assert str(error.value) == f"Several linked organizations are called Chess Club. Name one by its id: {ids}."


@pytest.mark.parametrize("name", ["Ches", "99999999", "99999999999999999999", "-1", "²", "Typewriter Guild"])
def test_an_organization_that_is_not_linked_is_refused(link: CourseLink, name: str) -> None:
    with pytest.raises(CommandError) as error:
        sync_course.link_of(name)

    assert str(error.value) == f"No linked organization has the id, short name or name {name}."


def test_an_id_of_an_organization_that_is_not_linked_says_so(sample: SampleData, link: CourseLink) -> None:
    with pytest.raises(CommandError) as error:
        run("sync_course", sample.guild.pk)

    assert str(error.value) == "Typewriter Guild is linked to no course. Link it in the admin, under Course links."


@pytest.mark.parametrize("arguments", [[], ["CHESS", "--all"]])
def test_it_takes_one_organization_or_all(arguments: list[str]) -> None:
    with pytest.raises(CommandError) as error:
        run("sync_course", *arguments)

    assert str(error.value) == "Name the organization to sync, by id, short name or name; or sync --all."


def test_ends_are_allowed_for_one_organization_at_a_time() -> None:
    with pytest.raises(CommandError, match="does not go with --all"):
        run("sync_course", "--all", "--allow-ends")


def test_a_dry_run_writes_nothing(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    course.say(as_member(sample.nadia))

    lines = run("sync_course", "CHESS", "--dry-run").output.splitlines()

    assert lines[2] == "  1 would be added"
    assert lines[-1] == "This was a dry run: nothing was written."
    assert (held(sample.chess_club, sample.nadia), CourseSync.objects.count()) == ([], 0)


def test_a_dry_run_of_all_says_so(link: CourseLink, course: FakeCourse) -> None:
    assert run("sync_course", "--all", "--dry-run").output.splitlines()[1:] == [
        "This was a dry run: nothing was written."
    ]


def test_a_sync_that_would_end_everybody_stops_and_names_the_flag(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia))
    run("sync_course", "CHESS")
    course.say()

    with pytest.raises(CommandError, match=r"The course has no members.*Nothing was written.*--allow-ends"):
        run("sync_course", "CHESS")
    assert Membership.objects.filter(user=sample.nadia, recorded_end=None).exists()

    assert "  1 ended" in run("sync_course", "CHESS", "--allow-ends").output.splitlines()


def test_a_course_that_cannot_be_read_is_an_error(link: CourseLink, course: FakeCourse) -> None:
    course.fail("The learning platform did not answer in time.")

    with pytest.raises(CommandError) as error:
        run("sync_course", "CHESS")

    assert str(error.value) == "The learning platform did not answer in time."


def test_a_program_reads_json(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    course.say(as_member(sample.nadia))

    report = json.loads(run("sync_course", "CHESS", "--json").output)

    assert report["counts"]["added"] == 1
    assert report["people"]["added"][0]["person"] == "Nadia Farouk (nadia.farouk)"


def test_what_an_lms_tells_stays_on_its_line(link: CourseLink, course: FakeCourse) -> None:
    course.say(member("7", name="Pat\x1b[2J\nDoe"))

    assert "    Pat?[2J?Doe (LMS user 7): The LMS sends nothing to find this person by." in (
        run("sync_course", "CHESS").output.splitlines()
    )


def test_reading_a_course_writes_no_addresses_into_the_log() -> None:
    assert logging.getLogger("httpx").getEffectiveLevel() == logging.WARNING


# All


def test_all_active_links_are_synced_and_disclosed_in_numbers(
    sample: SampleData, second: CourseLink, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia))

    printed = run("sync_course", "--all")

    assert printed.output.splitlines() == [
        "*LEAD* from General Chemistry, Campus LMS: 1 in the course, 1 added",
        "Chess Club from General Chemistry, Campus LMS: 1 in the course, 1 added",
    ]


def test_links_and_organizations_that_are_not_active_are_left_alone(
    sample: SampleData, second: CourseLink, link: CourseLink, course: FakeCourse
) -> None:
    CourseLink.objects.filter(pk=second.pk).update(is_active=False)
    Organization.objects.filter(pk=sample.chess_club.pk).retire()

    assert run("sync_course", "--all").output == ""
    assert course.asked == 0


def test_one_that_fails_stops_no_other(
    sample: SampleData, second: CourseLink, link: CourseLink, course: FakeCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.say(as_member(sample.nadia))
    second.roles.all().delete()

    with pytest.raises(CommandError) as error:
        run("sync_course", "--all")

    assert str(error.value) == "1 of 2 linked organizations were not synced."
    assert len(held(sample.chess_club, sample.nadia)) == 1


def test_one_that_breaks_stops_no_other(
    sample: SampleData, second: CourseLink, link: CourseLink, course: FakeCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.say(as_member(sample.nadia))

    def broken(one: CourseLink, **options: object) -> object:
        if one.pk == second.pk:
            raise RuntimeError("a fault")
        return sync(one, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(sync_course, "sync", broken)

    with pytest.raises(CommandError, match="1 of 2"):
        run("sync_course", "--all")
    assert len(held(sample.chess_club, sample.nadia)) == 1


def test_all_as_json_names_nobody(sample: SampleData, second: CourseLink, link: CourseLink, course: FakeCourse) -> None:
    course.say(as_member(sample.nadia), member("7", name="Pat Doe"))

    output = run("sync_course", "--all", "--json").output

    assert [report["counts"]["added"] for report in json.loads(output)] == [1, 1]
    assert "Nadia" not in output
    assert "Pat Doe" not in output
