"""No cell of an export is a formula to a spreadsheet, and what was exported loads unchanged."""

from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import example, given
from hypothesis import strategies as st

from memberships.importing.csv.formulas import FORMULA, escaped, unescaped
from organizations.models import Organization
from tests.memberships.importing.csv.conftest import Nowhere, rows_of
from tests.sample_data import SampleData

STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", '"=', "'=", "''=", '"\t']
texts = st.text() | st.tuples(st.text("'\" \t\r\n=+-@＝＋－＠a", max_size=5), st.text(max_size=5)).map("".join)


@given(texts)
@example("'")
@example("'t Hooft")
@example("'\tx")
def test_reading_takes_back_what_writing_added(text: str) -> None:
    assert unescaped(escaped(text)) == text


@given(texts)
def test_what_is_written_begins_no_formula(text: str) -> None:
    written = escaped(text)

    assert written.startswith("'") or not FORMULA.match(written)
    assert written in {text, f"'{text}"}


@pytest.mark.parametrize("start", STARTS)
def test_what_a_spreadsheet_computes_is_escaped(start: str) -> None:
    assert escaped(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize("text", ["Chess Club", "'t Hooft", "O'Brien", "a=b", "5-3", ""])
def test_a_plain_text_is_written_as_it_is(text: str) -> None:
    assert (escaped(text), unescaped(text)) == (text, text)


@pytest.mark.both_databases
@pytest.mark.django_db
def test_formulas_come_out_as_texts_and_go_back_in_as_they_were(
    sample: SampleData, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    values = [f"{start}1+1 é" for start in STARTS] + ["'t Hooft", "''", "'"]
    made = [Organization.objects.create(name=f"Club {n}", description=value) for n, value in enumerate(values)]
    sample.chess_club.short_name = "=1+1"
    sample.chess_club.save()
    folder = request.getfixturevalue("folder")
    written = {row["name"]: row["description"] for row in rows_of(folder / "organizations.csv")}
    request.getfixturevalue("emptied")

    call_command("load_roster", folder, verbosity=0, stdout=Nowhere())

    assert [written[organization.name][:1] for organization in made[:-3]] == ["'"] * len(STARTS)
    assert [Organization.objects.get(name=organization.name).description for organization in made] == values
    assert Organization.objects.get(pk=sample.chess_club.pk).short_name == "=1+1"
    assert (folder / "organizations.csv").read_bytes().startswith(b"\xef\xbb\xbf")
