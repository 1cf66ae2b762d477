"""A recorded answer comes back as it was: the made-up one of this folder, and real ones where they are at hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from roster.models import ApiKey
from tests.client import ask
from tests.memberships.importing.engage.conftest import Importer
from tests.repository.import_order import ROOT

pytestmark = pytest.mark.both_databases

MADE_UP = Path(__file__).parent / "answers" / "memberships.json"
REAL = ROOT.parent / "shared" / "data" / "callink_memberships.json"
RECORDINGS = [path for path in (MADE_UP, REAL) if path.exists()]
OURS = ("deleted", "createdOn", "modifiedOn")


def ask_again(path: Path, run_import: Importer) -> tuple[dict[str, Any], dict[str, Any]]:
    """The recorded answer, and what this server answers to the same question after importing it."""
    recorded = json.loads(path.read_text(encoding="utf-8"))
    run_import.run(str(path))
    _, key = ApiKey.create_bearer("a portal", audience="staff")
    username = recorded["items"][0]["username"]
    return recorded, ask(key, "/api/memberships", username=username, pageSize=100).body


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.name)
def test_it_answers_the_same_memberships_with_the_same_values(path: Path, run_import: Importer) -> None:
    recorded, answer = ask_again(path, run_import)

    for item in recorded["items"]:
        for flag in ("userShownOnCampusRoster", "userShownOnPublicRoster"):
            item[flag] = {"True": True, "False": False}[item[flag]]
    assert [list(item) for item in answer["items"]] == [[*item, *OURS] for item in recorded["items"]]
    same = {item["membershipId"]: {key: item[key] for key in item if key not in OURS} for item in answer["items"]}
    assert same == {item["membershipId"]: item for item in recorded["items"]}
    for name in ("pageNumber", "pageSize", "totalItems", "totalPages"):
        assert answer[name] == recorded[name]


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.name)
def test_it_answers_in_the_same_order_of_names(path: Path, run_import: Importer) -> None:
    recorded, answer = ask_again(path, run_import)

    assert names_in_order(answer) == names_in_order(recorded)


def names_in_order(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """Organizations and positions in the order of an answer.

    Without those whose name begins with Oski, a name that was put over others' when the real answer was scrubbed.
    """
    names = [(item["organizationName"], item["positionName"]) for item in answer["items"]]
    return [(organization, position) for organization, position in names if not organization.startswith("Oski's")]


def test_the_made_up_answer_comes_back_in_the_very_order(run_import: Importer) -> None:
    recorded, answer = ask_again(MADE_UP, run_import)

    assert [item["membershipId"] for item in answer["items"]] == [item["membershipId"] for item in recorded["items"]]
