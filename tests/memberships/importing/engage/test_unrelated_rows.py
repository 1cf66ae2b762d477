"""An id or a username that an unrelated row has is refused, never overwritten."""

from typing import Any

import pytest

from memberships.models import Membership
from organizations.models import Category, Organization, OrganizationType, Position, PositionTemplate, PositionType
from roster.models import User
from tests.memberships.importing.engage.conftest import Importer, counts
from tests.memberships.importing.engage.records import (
    CATEGORY,
    CREATED,
    MEMBERSHIP,
    ORGANIZATION,
    ORGANIZATION_TYPE,
    POSITION,
    TEMPLATE,
    TYPE,
    USER,
    a_membership,
    a_position,
    a_user,
    an_organization,
)

pytestmark = pytest.mark.both_databases


def everything() -> list[Any]:
    """All that is kept, to compare."""
    models = (Membership, Position, Organization, User, PositionTemplate, PositionType, OrganizationType, Category)
    return [list(model._base_manager.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("record", [a_user(), a_membership()])
def test_it_refuses_a_user_id_of_another_username(run_import: Importer, record: dict[str, Any]) -> None:
    User.objects.create(pk=USER, username="admin", campus_email="admin@example.edu")
    before = everything()

    refusal = run_import.refused(record)

    assert (
        f"answer-1.json, record 1, username: User {USER} is 'admin' here, and '204518' in this record. "
        "If it was renamed, give --accept-renames; if they are two, one of them needs another id." in refusal
    )
    assert "docs/moving-from-engage.md says what to do" in refusal
    assert everything() == before


@pytest.mark.parametrize("record", [a_user(username="ÁDMIN"), a_membership(username="Admin")])
def test_it_refuses_a_username_of_another_id(run_import: Importer, record: dict[str, Any]) -> None:
    other = User.objects.create(pk=USER + 1, username="admin")
    before = everything()

    refusal = run_import.refused(record)

    assert f"record 1, username: 'admin' is user {other.pk} here, and user {USER} in this record." in refusal
    assert everything() == before


def test_it_refuses_a_user_who_has_the_username_that_a_contact_would_get(run_import: Importer) -> None:
    User.objects.create(pk=USER + 1, username=f"engage-user-{USER}")

    refusal = run_import.refused(an_organization(primaryContactId=USER, primaryContactName="Wexley Tran"))

    assert f"'engage-user-{USER}' is user {USER + 1} here" in refusal


def test_it_refuses_two_people_of_one_username(run_import: Importer) -> None:
    refusal = run_import.refused([a_user(username="wtran"), a_user(userId=USER + 1, username="WTRAN")])

    assert f"record 2, username: 'WTRAN' is user {USER} in another record of this import, and here user" in refusal
    assert not User.objects.exists()


def test_it_refuses_one_person_of_two_usernames(run_import: Importer) -> None:
    refusal = run_import.refused(a_membership(), a_user(username="wtran"))

    assert f"answer-2.json, record 1, username: User {USER} is '204518' in another record of this import." in refusal
    assert not User.objects.exists()


@pytest.mark.parametrize("record", [a_position(), a_membership()])
def test_it_refuses_a_position_of_another_organization(run_import: Importer, record: dict[str, Any]) -> None:
    run_import(a_membership())
    other = Organization.objects.create(name="Another")
    position = Position.objects.get()
    position.organization = other
    position.save()
    before = everything()

    refusal = run_import.refused(record)

    assert (
        f"record 1, organizationId: Position {POSITION} is of organization {other.pk} here, and of organization "
        f"{ORGANIZATION} in this record." in refusal
    )
    assert everything() == before


def test_it_refuses_a_position_of_two_organizations(run_import: Importer) -> None:
    refusal = run_import.refused(a_membership(), a_position(organizationId=ORGANIZATION + 1))

    assert (
        f"answer-2.json, record 1, organizationId: Position {POSITION} is of organization {ORGANIZATION} in another "
        "record of this import." in refusal
    )


@pytest.mark.parametrize("changes", [{"userId": USER + 1, "username": "other"}, {"positionId": POSITION + 1}])
def test_it_refuses_a_membership_of_another_user_or_position(run_import: Importer, changes: dict[str, Any]) -> None:
    run_import(a_membership())
    before = everything()

    refusal = run_import.refused([a_membership(membershipId=MEMBERSHIP + 1), a_membership(**changes)])

    assert (
        f"record 2, membershipId: Membership {MEMBERSHIP} is of user {USER} in position {POSITION} here, and of user"
        in refusal
    )
    assert everything() == before


def test_it_refuses_two_memberships_of_one_id(run_import: Importer) -> None:
    refusal = run_import.refused([a_membership(), a_membership(userId=USER + 1, username="other")])

    assert (
        f"record 2, membershipId: Membership {MEMBERSHIP} is of user {USER} in position {POSITION} in another record"
        in refusal
    )
    assert not Membership.objects.exists()


@pytest.mark.parametrize("record", [an_organization(), a_position(), a_membership()])
def test_it_refuses_an_organization_of_another_name(run_import: Importer, record: dict[str, Any]) -> None:
    Organization.objects.create(pk=ORGANIZATION, name="Chess Club")
    before = everything()

    refusal = run_import.refused(record)

    assert (
        f"record 1, organizationId: Organization {ORGANIZATION} is 'Chess Club' here, and 'Beacon Commons' in this "
        "record. If it was renamed, give --accept-renames; if they are two, one of them needs another id." in refusal
    )
    assert everything() == before


@pytest.mark.parametrize("answers", [[an_organization(), a_membership()], [a_membership(), an_organization()]])
def test_it_refuses_an_organization_of_two_names(run_import: Importer, answers: list[dict[str, Any]]) -> None:
    answers = [answers[0], {**answers[1], "name": "Chess Club", "organizationName": "Chess Club"}]

    refusal = run_import.refused(*answers)

    assert (
        f"answer-2.json, record 1, organizationId: Organization {ORGANIZATION} is 'Beacon Commons' in another record "
        "of this import, and 'Chess Club' in this one. If it was renamed, give --accept-renames." in refusal
    )


def test_of_two_names_its_own_record_counts_when_renames_are_accepted(run_import: Importer) -> None:
    run_import(an_organization(), a_membership(organizationName="Chess Club"), accept_renames=True)

    assert Organization.objects.get().name == "Beacon Commons"


def test_it_refuses_a_word_of_two_names(run_import: Importer) -> None:
    refusal = run_import.refused([a_membership(), a_membership(membershipId=7, positionTypeName="Chair")])

    assert f"record 2, positionTypeId: Position type {TYPE} is 'General' in another record of this import" in refusal


def test_a_renamed_organization_is_accepted_when_asked(run_import: Importer) -> None:
    run_import(an_organization())

    output = run_import(an_organization(name="Harbor Commons"), accept_renames=True)

    assert Organization.objects.get().name == "Harbor Commons"
    assert counts(output, "organizations") == [0, 1, 0, 0]


def test_an_organization_that_was_created_at_the_same_time_is_the_same(run_import: Importer) -> None:
    run_import(an_organization(createdOn=CREATED))

    run_import(an_organization(name="Harbor Commons", createdOn=CREATED))

    assert Organization.objects.get().name == "Harbor Commons"


def test_letter_case_and_accents_make_no_other_organization(run_import: Importer) -> None:
    run_import(an_organization())

    run_import(an_organization(name="BEACON Cömmons"))

    assert Organization.objects.get().name == "BEACON Cömmons"


WORDS = [
    (PositionTemplate, TEMPLATE, a_membership(), "positionTemplateId", "Position template", "Member"),
    (PositionType, TYPE, a_membership(), "positionTypeId", "Position type", "General"),
    (
        *(OrganizationType, ORGANIZATION_TYPE),
        an_organization(typeId=ORGANIZATION_TYPE, typeName="Club"),
        *("typeId", "Organization type", "Club"),
    ),
    (
        *(Category, CATEGORY),
        an_organization(categories=[{"categoryId": CATEGORY, "categoryName": "Sports"}]),
        *("categories", "Category", "Sports"),
    ),
]


@pytest.mark.parametrize("model, number, record, field, label, name", WORDS)
def test_it_refuses_a_word_of_another_name(
    run_import: Importer, model: Any, number: int, record: dict[str, Any], field: str, label: str, name: str
) -> None:
    model.objects.create(pk=number, name="Treasurer")
    before = everything()

    refusal = run_import.refused(record)

    assert f"record 1, {field}: {label} {number} is 'Treasurer' here, and {name!r} in this record." in refusal
    assert everything() == before


@pytest.mark.parametrize("model, number, record, field, label, name", WORDS)
def test_a_renamed_word_is_accepted_when_asked(
    run_import: Importer, model: Any, number: int, record: dict[str, Any], field: str, label: str, name: str
) -> None:
    model.objects.create(pk=number, name="Treasurer")

    run_import(record, accept_renames=True)

    assert model.objects.values_list("name", "name_folded").get() == (name, name.lower())
