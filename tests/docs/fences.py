"""Every block of commands or code in the pages, and what runs it."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.repository.files import tracked_files
from tests.repository.import_order import ROOT

PROGRAMS = {"sh", "sql", "python", "php", "js", "javascript", "ruby"}
"""Languages whose blocks are meant to be run."""
SHOWN = {"json", "http", "text", "ini"}
"""Languages of what is only shown."""


@dataclass(frozen=True)
class Fence:
    """A block of a page."""

    page: str
    language: str
    text: str

    @property
    def name(self) -> str:
        """The page and the beginning of the block."""
        return f"{self.page}: {self.text.splitlines()[0][:60]}"

    def __str__(self) -> str:
        return self.name


def pages() -> list[Path]:
    """README, CONTRIBUTING and what docs/ has for readers."""
    return [
        path
        for path in tracked_files()
        if path.suffix == ".md" and path.parts[0] in {"README.md", "CONTRIBUTING.md", "docs"}
    ]


@cache
def fences() -> list[Fence]:
    """All blocks of all pages, also those without a language."""
    found = []
    for page in sorted(pages()):
        text = (ROOT / page).read_text(encoding="utf-8")
        for language, block in re.findall(r"^ *```(\w*)\n(.*?)^ *```$", text, flags=re.MULTILINE | re.DOTALL):
            found.append(Fence(str(page), language, block))
    return found


def programs() -> list[Fence]:
    """The blocks that are meant to be run."""
    return [fence for fence in fences() if fence.language in PROGRAMS]


ELSEWHERE = {
    "README.md: make run": "tests/docs/test_readme.py::test_the_two_commands_are_there",
    "docs/api.md: import hashlib": "tests/docs/test_programs.py::test_the_signed_query_is_accepted",
    "docs/api.md: import json": "tests/docs/test_programs.py::test_the_loop_reads_a_whole_list_and_survives_its_limit",
    "docs/api.md: def everything(path):": "tests/docs/test_programs.py::test_the_loop_by_page_numbers_reads_the_same",
    'docs/api.md: const SITE = "http://127.0.0.1:8000";': "tests/docs/test_programs.py::test_the_loop_of_javascript",
    "docs/lti/tools.md: import json": "tests/docs/test_lti_programs.py::test_it_prints_the_members",
    'docs/lti/tools.md: import { createSign, randomUUID } from "node:crypto";': (
        "tests/docs/test_lti_programs.py::test_it_prints_the_members"
    ),
    'docs/lti/tools.md: import { readFileSync } from "node:fs";': (
        "tests/docs/test_lti_programs.py::test_the_whole_tool_is_opened_and_shows_the_roster"
    ),
    "docs/lti/tools.md: mkdir my-tool && cd my-tool": (
        "tests/docs/test_lti_programs.py::test_the_whole_tool_is_opened_and_shows_the_roster"
    ),
    **dict.fromkeys(
        (
            'docs/lti/tools.md: curl -X POST "http://127.0.0.1:8000/api/launches" -H "Author',
            'docs/lti/tools.md: curl "http://127.0.0.1:8000/api/memberships?role=Officer" -H',
            'docs/lti/tools.md: curl "http://127.0.0.1:8000/api/memberships?limit=50" \\',
            'docs/lti/tools.md: curl -G "http://127.0.0.1:8000/api/memberships" --data-urlen',
            'docs/lti/tools.md: curl "http://127.0.0.1:8000/api/idtoken" -H "Authorization: ',
            'docs/lti/tools.md: curl "http://127.0.0.1:8000/api/idtoken?raw=true" -H "Author',
            'docs/lti/tools.md: curl "http://127.0.0.1:8000/api/memberships?limit=500" -H "A',
        ),
        "tests/docs/test_lti_ltik_api.py::test_every_curl_line_is_answered",
    ),
    "docs/settings.md: SECRET_KEY=...          # 50 or more random characters, kept": (
        "tests/docs/test_settings.py::test_the_five_lines_of_a_campus_name_variables"
    ),
}
"""Blocks with a test of their own, by their names."""

NOT_RUN = {
    "CONTRIBUTING.md: make run": "README.md has it too, and tests/docs/test_readme.py looks at it there",
    'CONTRIBUTING.md: make test ARGS="tests/wire/test_paging.py -n 0"': "runs the tests themselves",
    "CONTRIBUTING.md: .venv/bin/python -m pytest --sqlite -n 0 tests/wire/test_pag": "runs the tests themselves",
    "docs/api.md: <?php": "no PHP comes with the packages of the tests; compared with the other loops by test_programs",
    'docs/api.md: require "json"': "no Ruby comes with them either; compared in the same way",
    "docs/lti/syncing.md: .venv/bin/python manage.py sync_course CHESS --dry-run": (
        "needs an LMS that serves a course; tests/lti/sync runs the command against one of its own"
    ),
    "docs/deploying.md: podman build --file docs/deploy/Containerfile --tag campus-r": (
        "needs Podman and a registry of images; hadolint reads the file, and test_deploying.py the commands in it"
    ),
    "docs/deploying.md: podman run --rm --env-file settings.env campus-roster python": (
        "the same; the commands are those of the page above them"
    ),
    "docs/deploying.md: runuser -u roster -- env DATABASE_URL=sqlite:////var/lib/cam": (
        "needs a roster on SQLite to come from; tests/memberships/importing/csv moves rosters between both databases"
    ),
    "docs/deploying.md: ALTER ROLE roster SET random_page_cost = 1.1;": (
        "for a site behind a pooler; the commands that follow on the page would meet its limits"
    ),
    "docs/demo-campus.md: .venv/bin/python manage.py generate_campus --users 200000 --": (
        "takes a minute; tests/memberships/synthetic runs the command with smaller numbers"
    ),
    "docs/moving-from-engage.md: read -rs ENGAGE_KEY && export ENGAGE_KEY     # paste the old": (
        "asks a person, then a site by https; tests/memberships/importing/engage/test_pull_command.py does it"
    ),
}
"""Blocks that no test can run, each with the reason."""
