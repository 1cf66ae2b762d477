"""docs/moving-from-engage.md describes every option, and none that does not exist."""

import re

from memberships.management.commands.import_engage import Command
from tests.repository.import_order import ROOT

GUIDE = (ROOT / "docs" / "moving-from-engage.md").read_text(encoding="utf-8")


def test_the_options_are_those_of_the_command() -> None:
    parser = Command().create_parser("manage.py", "import_engage")
    inherited = {"-h", "--help", "--version", "-v", "--verbosity", "--settings", "--pythonpath", "--traceback"}
    inherited |= {"--no-color", "--force-color", "--skip-checks"}
    options = {text for action in parser._actions for text in action.option_strings} - inherited

    assert set(re.findall(r"^\| `(--[a-z-]+)` \|", GUIDE, re.MULTILINE)) == options


def test_every_link_within_the_guide_leads_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}

    assert set(re.findall(r"\]\(#([^)]+)\)", GUIDE)) <= anchors
