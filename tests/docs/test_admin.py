"""Each name in docs/admin.md is on the pages of the admin."""

import re

import pytest

from memberships.models import Membership
from organizations.models import Organization, Position, PositionTemplate
from roster.admin.pages import MAX_AT_ONCE
from roster.admin.paging import MAX_COUNTED
from roster.models import ApiKey, User
from tests.pages import opened, signed_in
from tests.repository.import_order import ROOT
from tests.sample_data import SampleData

pytestmark = pytest.mark.django_db

PAGE = (ROOT / "docs" / "admin.md").read_text(encoding="utf-8")


@pytest.fixture
def shown(sample: SampleData) -> str:
    """All that a superuser reads on the pages that the document speaks of."""
    client = signed_in(User.objects.create_superuser("root"))
    key, _ = ApiKey.create_bearer("Portal")
    Position.objects.filter(pk=sample.senator.pk).retire()
    pages = [opened(client, of) for of in (Membership, Organization, Position, PositionTemplate, User, ApiKey)]
    pages += [opened(client, of, "add") for of in (Organization, Membership, PositionTemplate)]
    rows = (
        sample.ben,
        sample.chess_club,
        sample.chess_member,
        sample.senator,
        sample.ben_chair,
        sample.lin_deleted,
        key,
    )
    pages += [opened(client, row) for row in rows]
    index = client.get("/admin/").content.decode()
    labels = " ".join(button for page in pages for form in page.reader.forms for button in form.buttons)
    tables = " ".join(page.response.content.decode() for page in pages)  # the rows that a script adds
    return " ".join([index, labels, tables, *(page.text for page in pages)]).lower()


def test_every_name_in_bold_stands_on_a_page(shown: str) -> None:
    named = {" ".join(name.lower().split()) for name in re.findall(r"\*\*(.+?)\*\*", PAGE, re.DOTALL)}
    absent = {name for name in named if name.removeprefix("add another ") not in shown}  # a script adds those words

    assert len(named) > 25
    assert absent == set()


def test_the_numbers_are_those_of_the_code() -> None:
    assert f"{MAX_AT_ONCE:,} rows at most" in PAGE
    assert f"more than {MAX_COUNTED:,}" in PAGE


def test_there_are_ten_things() -> None:
    assert re.findall(r"^## (\d+)\. ", PAGE, re.MULTILINE) == [str(number) for number in range(1, 11)]
