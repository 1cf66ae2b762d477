"""docs/lti/ describes what the code does."""

import pytest
from django.core.management.base import CommandParser

from lti import roles
from lti.core import custom_parameters
from lti.management.commands.register_lti_tool import Command
from lti.nrps.views import MembershipsView
from roster.privacy import CAMPUS, PUBLIC, Disclosure, member_fields
from tests.docs.tables import table_under
from tests.repository.import_order import ROOT

TOOLS, ADMINISTRATORS = "docs/lti/tools.md", "docs/lti/administrators.md"


def words(cells: list[str]) -> list[str]:
    return [word.strip("`") for cell in cells for word in cell.replace(" or ", ", ").split(", ")]


def test_every_parameter_of_a_roster_has_a_row() -> None:
    written = [row[0] for row in table_under("The parameters", TOOLS)]

    assert words(written) == list(MembershipsView.parameters)


def test_every_argument_of_the_command_has_a_row() -> None:
    parser = CommandParser()
    Command().add_arguments(parser)
    options = {option for action in parser._actions for option in action.option_strings} - {"-h", "--help"}
    page = (ROOT / ADMINISTRATORS).read_text(encoding="utf-8")
    written = [line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| `--")]

    assert set(words(written)) == options


def test_every_default_role_has_a_row() -> None:
    written = {
        name.casefold(): [roles.context_role(role) for role in words([row[1]])]
        for row in table_under("Roles", TOOLS)
        for name in row[0].split(", ")
    }

    assert written.pop("any other") == roles.default_roles("Lighthouse keeper")
    assert written == {name: roles.default_roles(name) for name in roles.DEFAULTS if name != "member"}


def test_every_variable_is_named() -> None:
    page = (ROOT / TOOLS).read_text(encoding="utf-8")

    assert [variable for variable in custom_parameters.VARIABLES if f"`{variable}`" not in page] == []


@pytest.mark.parametrize("audience", [CAMPUS, PUBLIC])
def test_the_table_of_disclosure_tells_the_order_of_its_levels(audience: object) -> None:
    written = [row[0] for row in table_under("Choosing what is disclosed", ADMINISTRATORS)]
    counts = [len(member_fields(audience, level)) for level in Disclosure]  # type: ignore[arg-type]

    assert written == [level.label for level in Disclosure]
    assert counts == sorted(counts)
