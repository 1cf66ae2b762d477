"""What refers to a person is decided for each relation of the models, for when two accounts become one."""

import pytest

from roster.account_merge import IDENTIFIERS, THIRD_PARTY_REFERENCES, references
from roster.models import OnMerge, User
from roster.names import is_identifier


def test_every_reference_to_people_is_decided() -> None:
    found = {f"{key.model._meta.label}.{key.name}": decided for key, decided in references()}

    assert [name for name, decided in found.items() if decided is None] == []
    assert {name for name, decided in found.items() if decided is OnMerge.MOVES} == {
        *("memberships.Membership.user", "organizations.Organization.primary_contact", "lti.Recognized.user"),
    }
    assert THIRD_PARTY_REFERENCES.keys() <= found.keys()


@pytest.mark.parametrize("key", [key for key, _ in references()], ids=str)
def test_a_decision_names_a_column_that_is_there(key: object) -> None:
    model = key.model  # type: ignore[attr-defined]
    for name in getattr(model, "when_merged", {}):
        assert model._meta.get_field(name).related_model is User


def test_every_identifier_is_taken_away() -> None:
    assert set(IDENTIFIERS) == {field.name for field in User._meta.fields if is_identifier(field)}
