"""The sample data are a part of the story, with the names of the story."""

import pytest

from memberships.models import Membership
from organizations.models import Organization
from roster.models import User
from tests.client import ask
from tests.repository.import_order import ROOT
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


def test_everybody_of_the_sample_data_is_in_the_story(sample: SampleData) -> None:
    story = (ROOT / "docs" / "demo-campus.md").read_text(encoding="utf-8").replace("\\*", "*")
    names = [user.full_name for user in User.objects.all()] + [row.name for row in Organization.objects.all()]

    assert [name for name in names if f"**{name}" not in story] == []


def test_the_sample_data_has_every_pair_of_flags(sample: SampleData) -> None:
    pairs = set(Membership.objects.values_list("shown_on_campus", "shown_on_public"))

    assert pairs == {(True, True), (True, False), (False, True), (False, False)}


def test_the_keys_of_the_sample_data_work(sample: SampleData) -> None:
    keys = [sample.public_key, sample.campus_key, sample.staff_key, sample.reflections_key]
    limited = [sample.limited_campus_key, sample.limited_staff_key]

    assert [ask(key, "/api/test").status for key in [*keys, *limited]] == [200] * 6
