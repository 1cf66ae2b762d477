"""Organizations as their own records have them."""

from typing import Any

import pytest
from django.utils import timezone

from organizations.models import Category, CustomField, Organization, OrganizationType, Position
from organizations.roster_order import order_key
from roster import days
from tests.memberships.importing.engage.conftest import Importer, counts
from tests.memberships.importing.engage.records import (
    CATEGORY,
    CONTACT,
    CREATED,
    ORGANIZATION,
    ORGANIZATION_TYPE,
    PARENT,
    TEMPLATE,
    TYPE,
    a_position,
    an_organization,
    without,
)

pytestmark = pytest.mark.both_databases

WHOLE = {
    "organizationId": ORGANIZATION,
    "name": "Beacon Commons",
    "status": "Frozen",
    "shortName": "BEACON",
    "summary": "A commons.",
    "description": "With a beacon.\nOn the hill.",
    "addressStreet1": "1 Hill Road",
    "addressStreet2": "Room 2",
    "addressCity": "Alder",
    "addressStateProvince": "NY",
    "addressZipPostal": "10001",
    "phoneNumber": "555-0110",
    "extension": "11",
    "faxNumber": "555-0111",
    "email": "beacon@example.edu",
    "externalWebsite": "https://beacon.example.edu/",
    "facebookUrl": "https://facebook.example.com/beacon",
    "twitterUrl": "https://twitter.example.com/beacon",
    "flickrFeedUrl": "https://flickr.example.com/beacon",
    "youtubeChannelUrl": "https://youtube.example.com/beacon",
    "googleCalendarUrl": "https://calendar.example.com/beacon",
    "profileImageUrl": "https://pictures.example.edu/beacon.png",
    "profileUrl": "https://campus.example.edu/beacon",
    "directoryVisibility": "Hidden",
    "membershipType": "Closed",
    "typeId": ORGANIZATION_TYPE,
    "typeName": "Student Organization",
    "parentId": PARENT,
    "parentName": "Hill Council",
    "primaryContactId": CONTACT,
    "primaryContactName": "Ana del Río",
    "primaryContactCampusEmail": "ana.delrio@example.edu",
    "categories": [{"categoryId": CATEGORY, "categoryName": "Sports"}],
    "customFields": [{"name": "Meets on", "value": ["Tuesday", "Thursday"]}],
    "createdOn": CREATED,
    "modifiedOn": CREATED,
}


def test_it_keeps_every_field(run_import: Importer) -> None:
    run_import(WHOLE)

    kept = Organization.objects.filter(pk=ORGANIZATION).values().get()
    made = {"created_at", "modified_at", "shown_modified_at", "name_folded", "id"}
    assert {column: value for column, value in kept.items() if column not in made} == {
        "name": "Beacon Commons",
        "status": "frozen",
        "short_name": "BEACON",
        "summary": "A commons.",
        "description": "With a beacon.\nOn the hill.",
        "address_street_1": "1 Hill Road",
        "address_street_2": "Room 2",
        "address_city": "Alder",
        "address_state_province": "NY",
        "address_zip_postal": "10001",
        "phone_number": "555-0110",
        "extension": "11",
        "fax_number": "555-0111",
        "email": "beacon@example.edu",
        "external_website": "https://beacon.example.edu/",
        "facebook_url": "https://facebook.example.com/beacon",
        "twitter_url": "https://twitter.example.com/beacon",
        "flickr_feed_url": "https://flickr.example.com/beacon",
        "youtube_channel_url": "https://youtube.example.com/beacon",
        "google_calendar_url": "https://calendar.example.com/beacon",
        "profile_image_url": "https://pictures.example.edu/beacon.png",
        "profile_url": "https://campus.example.edu/beacon",
        "directory_visibility": "hidden",
        "membership_type": "closed",
        "type_id": ORGANIZATION_TYPE,
        "parent_id": PARENT,
        "primary_contact_id": CONTACT,
    }
    assert kept["name_folded"] == "beacon commons"
    assert days.milliseconds(kept["created_at"]) == CREATED
    assert kept["modified_at"].date() == timezone.now().date()
    assert list(OrganizationType.objects.values_list("pk", "name")) == [(ORGANIZATION_TYPE, "Student Organization")]
    assert list(Category.objects.values_list("pk", "name", "organizations")) == [(CATEGORY, "Sports", ORGANIZATION)]


def test_custom_fields_are_for_staff_until_the_campus_opens_them(run_import: Importer) -> None:
    run_import(WHOLE)

    assert list(CustomField.objects.values_list("organization", "name", "values", "is_public")) == [
        (ORGANIZATION, "Meets on", ["Tuesday", "Thursday"], False)
    ]


@pytest.mark.parametrize("status, code", [("ACTIVE", "active"), ("locked", "locked"), (" Inactive ", "inactive")])
def test_words_are_read_in_any_letter_case(run_import: Importer, status: str, code: str) -> None:
    run_import(an_organization(status=status))

    assert Organization.objects.get().status == code


def test_null_texts_are_none(run_import: Importer) -> None:
    run_import(an_organization(shortName=None, summary=None, email=None, directoryVisibility=None, categories=None))

    organization = Organization.objects.get()
    assert (organization.short_name, organization.summary, organization.email) == ("", "", "")
    assert organization.directory_visibility == "visible"


def test_a_number_where_a_text_belongs_is_its_text(run_import: Importer) -> None:
    run_import(an_organization(addressZipPostal=10001))

    assert Organization.objects.get().address_zip_postal == "10001"


def test_what_a_later_record_does_not_speak_of_stays(run_import: Importer) -> None:
    run_import(WHOLE)
    before: dict[str, Any] = dict(Organization.objects.values().get(pk=ORGANIZATION))

    output = run_import(without(an_organization(summary="Another."), "shortName"))

    after: dict[str, Any] = dict(Organization.objects.values().get(pk=ORGANIZATION))
    assert {column for column in after if after[column] != before[column]} == {
        "summary",
        "modified_at",
        "shown_modified_at",
    }
    assert counts(output, "organizations") == [0, 1, 0, 0]


def test_parent_contact_and_type_are_taken_away_by_null(run_import: Importer) -> None:
    run_import(WHOLE)

    run_import(an_organization(parentId=None, primaryContactId=None, typeId=None))

    organization = Organization.objects.get(pk=ORGANIZATION)
    assert (organization.parent, organization.primary_contact, organization.type) == (None, None, None)


def test_categories_become_those_of_the_record(run_import: Importer) -> None:
    run_import(WHOLE)
    modified_at = Organization.objects.get(pk=ORGANIZATION).modified_at

    output = run_import(an_organization(categories=[{"categoryId": CATEGORY + 1, "categoryName": "Arts"}]))

    organization = Organization.objects.get(pk=ORGANIZATION)
    assert list(organization.categories.values_list("name", flat=True)) == ["Arts"]
    assert organization.modified_at > modified_at
    assert counts(output, "organizations") == [0, 1, 0, 0]


def test_custom_fields_change_and_come_and_do_not_go(run_import: Importer) -> None:
    run_import(
        an_organization(customFields=[{"name": "Meets on", "value": ["Monday"]}, {"name": "Dues", "value": ["5"]}])
    )
    CustomField.objects.filter(name="Meets on").update(is_public=True)

    run_import(
        an_organization(customFields=[{"name": "Meets on", "value": "Friday"}, {"name": "Motto", "value": None}])
    )

    assert list(CustomField.objects.order_by("name").values_list("name", "values", "is_public")) == [
        ("Dues", ["5"], False),
        ("Meets on", ["Friday"], True),
        ("Motto", [], False),
    ]


def test_a_rename_moves_the_order_of_its_positions(run_import: Importer) -> None:
    run_import(an_organization(createdOn=CREATED), [a_position(), a_position(positionId=2, positionName="Bosun")])
    other = Organization.objects.create(name="Another")
    still = Position.objects.create(organization=other, template_id=TEMPLATE, type_id=TYPE, name="Cook")
    still_modified_at = still.modified_at

    run_import(an_organization(name="Čafé Commons", createdOn=CREATED))

    organization = Organization.objects.get(pk=ORGANIZATION)
    assert organization.name_folded == "cafe commons"
    for position in organization.positions.all():
        assert position.order_key == order_key("cafe commons", ORGANIZATION, position.name)
    still.refresh_from_db()
    assert (still.order_key, still.modified_at) == (order_key("another", other.pk, "Cook"), still_modified_at)


@pytest.mark.parametrize(
    "changes, field, sentence",
    [
        ({"name": ""}, "name", "A text is needed, not a blank one."),
        ({"name": "Tab\tname"}, "name", "A name has no control characters"),
        ({"name": "x" * 201}, "name", "At most 200 characters are allowed, and this has 201."),
        ({"name": ["x"]}, "name", "A text is needed, not ['x']."),
        ({"description": "nul\x00"}, "description", "A text without NUL characters is needed."),
        ({"summary": "x" * 501}, "summary", "At most 500 characters are allowed"),
        ({"status": "Sleeping"}, "status", "One of Active, Inactive, Frozen, Locked is needed, not 'Sleeping'."),
        ({"directoryVisibility": 1}, "directoryVisibility", "One of Visible, Hidden is needed"),
        ({"membershipType": "Secret"}, "membershipType", "One of Open, Closed is needed"),
        ({"profileUrl": "javascript:alert(1)"}, "profileUrl", "A web address is needed"),
        ({"parentId": ORGANIZATION, "parentName": "x"}, "parentId", "An organization is not its own parent."),
        ({"typeId": "14"}, "typeId", "A whole number from 1 to 2147483647 is needed, not '14'."),
        ({"typeId": 2**31, "typeName": "x"}, "typeId", "A whole number from 1 to 2147483647 is needed"),
        ({"categories": ["Arts"]}, "categories", 'A list of {"categoryId": 1, "categoryName": "..."} is needed.'),
        ({"customFields": "x"}, "customFields", 'A list of {"name": "...", "value": ["..."]} is needed.'),
        ({"customFields": [{"name": "a"}, {"name": "a"}]}, "customFields", "Names of custom fields must be unique"),
        ({"customFields": [{"name": ""}]}, "customFields", "A text is needed, not a blank one."),
        ({"createdOn": "today"}, "createdOn", "Epoch milliseconds or null are needed, not 'today'."),
    ],
)
def test_it_refuses(run_import: Importer, changes: dict[str, Any], field: str, sentence: str) -> None:
    refusal = run_import.refused(an_organization(**changes))

    assert f"answer-1.json, record 1, {field}: " in refusal
    assert sentence in refusal
    assert not Organization.objects.exists()
