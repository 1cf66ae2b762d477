"""Objects that records only refer to: created from these references, completed by their own record later."""

import pytest

from memberships.models import Membership
from organizations.models import Category, Organization, OrganizationType, Position, PositionTemplate, PositionType
from roster.models import User
from tests.memberships.importing.engage.conftest import Importer, counts
from tests.memberships.importing.engage.records import (
    CATEGORY,
    CONTACT,
    CREATED,
    MEMBERSHIP,
    ORGANIZATION,
    ORGANIZATION_TYPE,
    PARENT,
    POSITION,
    TEMPLATE,
    TYPE,
    USER,
    a_membership,
    a_position,
    a_user,
    an_organization,
    without,
)

pytestmark = pytest.mark.both_databases

WITH_CONTACT = an_organization(
    primaryContactId=CONTACT,
    primaryContactName="Ana María del Río",
    primaryContactCampusEmail="ana.delrio@example.edu",
)


def test_everything_that_a_membership_refers_to_is_made(run_import: Importer) -> None:
    output = run_import(a_membership())

    assert User.objects.values_list("pk", "username", "first_name", "last_name", "campus_email", "status").get() == (
        *(USER, "204518", "Wexley", "Tran", "wexley.tran@example.edu"),
        "active",
    )
    assert Organization.objects.values_list("pk", "name", "short_name").get() == (
        *(ORGANIZATION, "Beacon Commons"),
        "BEACON",
    )
    assert Position.objects.values_list("pk", "organization", "template", "type", "name").get() == (
        *(POSITION, ORGANIZATION, TEMPLATE, TYPE),
        "Deckhand",
    )
    assert PositionTemplate.objects.values_list("pk", "name").get() == (TEMPLATE, "Member")
    assert PositionType.objects.values_list("pk", "name").get() == (TYPE, "General")
    for kind in ("users", "organizations", "positions", "position templates", "position types"):
        assert counts(output, kind) == [0, 0, 0, 1]


def test_they_are_normalized_and_ordered_like_any_other(run_import: Importer) -> None:
    run_import(a_membership(organizationName="Ärzte", userLastName="Größe", username="WEX"))

    assert Organization.objects.get().name_folded == "arzte"
    assert User.objects.values_list("username_folded", "name_key").get() == ("wex", "grosse\x01wexley")
    assert Position.objects.get().order_key == f"arzte\x01{ORGANIZATION:010d}\x01deckhand"


def test_what_an_organization_refers_to_is_made(run_import: Importer) -> None:
    run_import(
        an_organization(
            parentId=PARENT,
            parentName="Hill Council",
            typeId=ORGANIZATION_TYPE,
            typeName="Student Organization",
            categories=[{"categoryId": CATEGORY, "categoryName": "Sports"}],
        )
    )

    organization = Organization.objects.select_related("parent", "type").get(pk=ORGANIZATION)
    assert organization.parent is not None
    assert organization.type is not None
    assert (organization.parent.pk, organization.parent.name) == (PARENT, "Hill Council")
    assert (organization.type.pk, organization.type.name) == (ORGANIZATION_TYPE, "Student Organization")
    assert OrganizationType.objects.count() == Category.objects.count() == 1


def test_a_primary_contact_is_made_without_a_username_of_its_own(run_import: Importer) -> None:
    output = run_import(WITH_CONTACT)

    contact = Organization.objects.get().primary_contact
    assert contact is not None
    assert (contact.pk, contact.first_name, contact.last_name) == (CONTACT, "Ana María del", "Río")
    assert (contact.username, contact.campus_email) == (f"engage-user-{CONTACT}", "ana.delrio@example.edu")
    assert (contact.status, contact.has_usable_password()) == ("unregistered", False)
    assert f"Without a username: 1 people (engage-user-{CONTACT})." in output


CONTACT_RECORD = a_user(
    userId=CONTACT, username="adelrio", firstName="Ana María", lastName="del Río", status="Inactive", createdOn=CREATED
)


def test_its_own_record_completes_a_contact_later(run_import: Importer) -> None:
    run_import(WITH_CONTACT)

    output = run_import(CONTACT_RECORD)

    assert User.objects.values_list("pk", "username", "first_name", "last_name", "status").get() == (
        *(CONTACT, "adelrio", "Ana María", "del Río"),
        "inactive",
    )
    assert counts(output, "users") == [0, 1, 0, 0]


def test_its_own_record_completes_a_contact_in_the_same_run(run_import: Importer) -> None:
    output = run_import(WITH_CONTACT, CONTACT_RECORD)

    assert User.objects.get().username == "adelrio"
    assert counts(output, "users") == [1, 0, 0, 0]


def test_a_membership_that_knows_the_username_completes_a_contact(run_import: Importer) -> None:
    run_import(WITH_CONTACT)

    output = run_import(
        a_membership(userId=CONTACT, username="adelrio", userFirstName="Ana María", userLastName="del Río")
    )

    assert User.objects.values_list("username", "first_name", "last_name", "status").get() == (
        *("adelrio", "Ana María", "del Río"),
        "active",
    )
    assert counts(output, "users") == [0, 1, 0, 0]


def test_a_record_without_a_status_makes_a_contact_active(run_import: Importer) -> None:
    run_import(WITH_CONTACT)

    run_import(without(CONTACT_RECORD, "status"))

    assert User.objects.get().status == "active"


def test_a_membership_knows_a_contact_better_than_its_organization(run_import: Importer) -> None:
    known = a_membership(userId=CONTACT, username="adelrio", userFirstName="Ana María", userLastName="del Río")

    run_import(known, WITH_CONTACT)

    assert User.objects.values_list("username", "last_name").get() == ("adelrio", "del Río")


def test_an_organization_is_completed_later(run_import: Importer) -> None:
    run_import(a_membership())

    output = run_import(an_organization(summary="A commons.", status="Frozen", createdOn=CREATED))

    assert Organization.objects.values_list("summary", "status").get() == ("A commons.", "frozen")
    assert counts(output, "organizations") == [0, 1, 0, 0]


def test_a_person_of_an_answer_that_withholds_usernames_is_made(run_import: Importer) -> None:
    run_import(a_membership(username="", userCampusEmail=""))

    user = Membership.objects.select_related("user").get().user
    assert (user.pk, user.username, user.full_name) == (USER, f"engage-user-{USER}", "Wexley Tran")


def test_a_reference_changes_nothing_and_the_difference_is_reported(run_import: Importer) -> None:
    run_import(a_membership(), a_user(), an_organization(), a_position())

    output = run_import(
        a_membership(
            userLastName="Oduya",
            organizationShortName="BC",
            positionName="Bosun",
            membershipId=MEMBERSHIP + 1,
        )
    )

    assert User.objects.get().last_name == "Tran"
    assert Organization.objects.get().short_name == "BEACON"
    assert Position.objects.get().name == "Deckhand"
    assert (
        "Described differently from the stored data, and not changed: 3 "
        f"(user {USER}, organization {ORGANIZATION}, position {POSITION})." in output
    )


def test_the_name_a_person_goes_by_is_no_difference(run_import: Importer) -> None:
    run_import(a_user(preferredFirstName="Wex"))

    assert "Described differently" not in run_import(a_membership(userFirstName="Wex"))


def test_what_is_here_needs_no_description(run_import: Importer) -> None:
    run_import(a_membership())

    run_import(
        {
            "membershipId": MEMBERSHIP + 1,
            "userId": USER,
            "positionId": POSITION,
            "positionRecordedStartDate": a_membership()["positionRecordedStartDate"],
        }
    )

    assert Membership.objects.filter(position=POSITION, user=USER).count() == 2


@pytest.mark.parametrize(
    "changes, field, sentence",
    [
        ({"organizationName": ""}, "organizationId", f"There is no organization {ORGANIZATION} here, and no name"),
        ({"positionTemplateName": ""}, "positionTemplateId", f"There is no position template {TEMPLATE} here"),
        ({"positionTypeName": None}, "positionTypeId", f"There is no position type {TYPE} here, and no name"),
        ({"positionName": ""}, "positionName", f"There is no position {POSITION} here, and this is needed"),
        ({"positionTemplateId": None}, "positionTemplateId", f"There is no position {POSITION} here, and this is"),
        ({"organizationId": None}, "organizationId", f"There is no position {POSITION} here, and this is needed"),
        ({"organizationName": "Tab\t"}, "organizationName", "A name has no control characters"),
        ({"userLastName": 5.5}, "userLastName", "A text is needed, not 5.5."),
    ],
)
def test_it_refuses_what_cannot_be_made(
    run_import: Importer, changes: dict[str, object], field: str, sentence: str
) -> None:
    refusal = run_import.refused(a_membership(**changes))

    assert f"answer-1.json, record 1, {field}: {sentence}" in refusal
    assert not Membership.objects.exists()
