"""docs/lti/syncing.md describes what syncs do."""

import re

from django.core.management.base import CommandParser

from lti.admin.course_links import MAX_READ, CourseLinkAdmin
from lti.management.commands.sync_course import Command
from lti.models import CourseLink
from lti.models.course_role import USUAL_ROLES
from lti.models.course_sync import RETENTION
from lti.roles import PRINCIPALS
from lti.sync import matching
from lti.sync.diff import MIN_ALLOWED_ENDS
from lti.sync.report import SyncReport
from tests.docs.tables import table_under
from tests.repository.import_order import ROOT

PAGE = "docs/lti/syncing.md"
TEXT = " ".join((ROOT / PAGE).read_text(encoding="utf-8").split())


def test_every_usual_role_has_a_row() -> None:
    rows = table_under("Linking an organization to a course", PAGE)

    assert [(role.strip("`"), template, int(order)) for role, template, order in rows] == [
        (role, template, order) for order, (role, template) in enumerate(USUAL_ROLES, start=1)
    ]


def test_every_context_role_is_named() -> None:
    assert ", ".join(f"`{role}`" for role in PRINCIPALS) in TEXT


def test_every_argument_of_the_command_has_a_row() -> None:
    parser = CommandParser()
    Command().add_arguments(parser)
    actions = [action for action in parser._actions if action.dest != "help"]
    options = [action.option_strings[0] if action.option_strings else action.metavar for action in actions]

    assert [row[0].strip("`") for row in table_under("Syncing", PAGE)] == options


def test_everything_that_a_report_counts_has_a_row() -> None:
    counted = [name.replace("_", " ") for name in SyncReport(CourseLink()).counts if name != "members"]

    assert sorted(row[0] for row in table_under("What a sync does", PAGE)) == sorted(counted)


def test_every_way_to_find_people_has_a_row() -> None:
    assert [row[0] for row in table_under("Matching people", PAGE)] == list(CourseLink.Matching.labels)


def test_the_messages_of_the_last_table_are_those_of_the_program() -> None:
    for sentence in (matching.NO_IDENTIFIER, matching.NO_MATCH, matching.AMBIGUOUS):
        assert f"*{sentence.removesuffix('.')}*" in TEXT


def test_the_numbers_are_those_of_the_code() -> None:
    assert (MAX_READ, MIN_ALLOWED_ENDS, RETENTION.days) == (5, 3, 400)
    assert CourseLink._meta.get_field("most_ends").default == 25
    assert all(words in TEXT for words in ("up to five links", "more than a quarter", "more than three", "400 days"))


def test_the_buttons_are_called_as_on_the_page() -> None:
    for action in (CourseLinkAdmin.preview, CourseLinkAdmin.sync_now):
        assert f"**{action.short_description}**" in TEXT  # type: ignore[attr-defined]


def test_the_units_that_it_names_run_the_command() -> None:
    named = re.findall(r"\]\(\.\./deploy/(campus-roster-sync\.\w+)\)", TEXT)

    assert named == ["campus-roster-sync.timer", "campus-roster-sync.service"]
    assert "manage.py sync_course --all" in (ROOT / "docs" / "deploy" / named[1]).read_text()
