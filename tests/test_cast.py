"""The cast tells scenes of the story, in the story's names."""

import pytest

from memberships.models import Membership
from organizations.models import Organization
from roster.models import User
from tests.cast import Cast
from tests.client import ask
from tests.repository.import_order import ROOT

pytestmark = pytest.mark.both_databases


def test_everybody_of_the_cast_is_in_the_story(cast: Cast) -> None:
    story = (ROOT / "docs" / "the-cast.md").read_text(encoding="utf-8").replace("\\*", "*")
    names = [user.full_name for user in User.objects.all()] + [row.name for row in Organization.objects.all()]

    assert [name for name in names if f"**{name}" not in story] == []


def test_the_cast_has_every_pair_of_flags(cast: Cast) -> None:
    pairs = set(Membership.objects.values_list("shown_on_campus", "shown_on_public"))

    assert pairs == {(True, True), (True, False), (False, True), (False, False)}


def test_the_keys_of_the_cast_work(cast: Cast) -> None:
    keys = [cast.public_key, cast.campus_key, cast.staff_key, cast.reflections_key]
    limited = [cast.limited_campus_key, cast.limited_staff_key]

    assert [ask(key, "/api/test").status for key in [*keys, *limited]] == [200] * 6
