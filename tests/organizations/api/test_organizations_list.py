"""GET /api/organizations: the envelope, the items, their order, and what each parameter narrows to."""

import datetime as dt
import json
from typing import Any

import pytest

from organizations.models import Category, Organization
from tests.client import ask
from tests.sample_data import CREATED_MS, MODIFIED, MODIFIED_MS, SampleData, organization

pytestmark = pytest.mark.both_databases

TEXTS = {
    "summary": "Boards in the library on Thursdays.",
    "description": "Beginners are welcome:\nthe club lends boards and clocks.",
    "address_street_1": "12 College Green",
    "address_street_2": "Room 204",
    "address_city": "Millbrook Falls",
    "address_state_province": "NY",
    "address_zip_postal": "10000",
    "phone_number": "555-0101",
    "extension": "4",
    "fax_number": "555-0109",
    "email": "chess@example.edu",
    "external_website": "https://chess.example.edu",
    "facebook_url": "https://social.example.org/chess",
    "twitter_url": "https://short.example.org/chess",
    "flickr_feed_url": "https://photos.example.org/chess",
    "youtube_channel_url": "https://video.example.org/chess",
    "google_calendar_url": "https://calendar.example.org/chess",
    "profile_image_url": "https://www.example.edu/pictures/chess.png",
    "profile_url": "https://www.example.edu/organizations/chess",
}
"""Every text of an organization, in the order of the wire."""


def names_on_the_wire(texts: dict[str, str]) -> dict[str, str]:
    """The same by camelCase names: `address_street_1` is `addressStreet1`."""
    parts = {name: name.split("_") for name in texts}
    return {part[0] + "".join(map(str.capitalize, part[1:])): texts[name] for name, part in parts.items()}


def ids(sample: SampleData, **parameters: Any) -> list[int]:
    """What staff are listed."""
    return ask(sample.staff_key, "/api/organizations", **parameters).ids


def test_it_answers_an_envelope_of_items(sample: SampleData) -> None:
    chess = sample.chess_club
    chess.parent, chess.primary_contact = sample.student_government, sample.dalia
    chess.categories.set([sample.wellness, sample.arts])
    for name, text in TEXTS.items():
        setattr(chess, name, text)
    chess.save()
    Organization.objects.update(modified_at=MODIFIED)
    item = {
        "organizationId": chess.pk,
        "name": "Chess Club",
        "status": "Active",
        "shortName": "CHESS",
        **names_on_the_wire(TEXTS),
        "directoryVisibility": "Visible",
        "membershipType": "Open",
        "typeId": sample.student_organization.pk,
        "typeName": "Student Organization",
        "parentId": sample.student_government.pk,
        "parentName": "Student Government",
        "primaryContactId": sample.dalia.pk,
        "primaryContactName": "Dalia Brightwater",
        "primaryContactCampusEmail": "dalia.brightwater@example.edu",
        "categories": [
            {"categoryId": sample.arts.pk, "categoryName": "Arts"},
            {"categoryId": sample.wellness.pk, "categoryName": "Wellness"},
        ],
        "customFields": [
            {"name": "Budget code", "value": ["CH-117"]},
            {"name": "Meeting days", "value": ["Thursday"]},
        ],
        "createdOn": CREATED_MS,
        "modifiedOn": MODIFIED_MS,
    }
    answer = ask(sample.staff_key, "/api/organizations", organizationId=chess.pk)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.dumps(answer.body) == json.dumps(
        {"pageNumber": 1, "pageSize": 100, "totalItems": 1, "totalPages": 1, "items": [item]}
    )


def test_what_an_organization_does_not_have_is_empty_or_null(sample: SampleData) -> None:
    made = organization("Plain")
    (item,) = ask(sample.staff_key, "/api/organizations", organizationId=made.pk).body["items"]

    assert {name: item[name] for name in names_on_the_wire(TEXTS)} == dict.fromkeys(names_on_the_wire(TEXTS), "")
    assert [item[name] for name in ("shortName", "typeName", "parentName", "primaryContactName")] == [""] * 4
    assert [item[name] for name in ("typeId", "parentId", "primaryContactId")] == [None] * 3
    assert (item["primaryContactCampusEmail"], item["categories"], item["customFields"]) == ("", [], [])


def test_a_primary_contact_goes_by_the_preferred_name(sample: SampleData) -> None:
    (item,) = ask(sample.campus_key, "/api/organizations", organizationId=sample.finance_committee.pk).body["items"]

    assert item["primaryContactName"] == "Ben Whitlock"


def test_organizations_come_by_search_key_then_id(sample: SampleData) -> None:
    lower = organization("teatro nandu")
    accents = organization("Ále")

    assert ids(sample) == [
        *(sample.lead.pk, accents.pk, sample.chess_club.pk, sample.chess_club_downtown.pk, sample.finance_committee.pk),
        *(
            sample.cafe.pk,
            sample.night_owls.pk,
            sample.student_government.pk,
            sample.teatro.pk,
            lower.pk,
            sample.guild.pk,
        ),
    ]


def test_organization_id_is_exact(sample: SampleData) -> None:
    assert ids(sample, organizationId=sample.guild.pk) == [sample.guild.pk]
    assert ids(sample, organizationId=0) == []


@pytest.mark.parametrize("word", ["Inactive", "inactive", "INACTIVE"])
def test_status_is_one_of_a_list_in_any_case(sample: SampleData, word: str) -> None:
    assert ids(sample, status=word) == [sample.guild.pk]


def test_each_status_is_printed_as_it_is_asked_for(sample: SampleData) -> None:
    for label in ("Active", "Inactive", "Frozen", "Locked"):
        sample.lead.status = label.lower()
        sample.lead.save()
        (item,) = ask(sample.staff_key, "/api/organizations", organizationId=sample.lead.pk, status=label).body["items"]
        assert item["status"] == label


def test_another_status_is_refused_with_the_list(sample: SampleData) -> None:
    answer = ask(sample.staff_key, "/api/organizations", status="Retired")

    assert answer.refused == {"status": "One of Active, Inactive, Frozen, Locked is accepted."}


def test_hidden_organizations_can_be_excluded(sample: SampleData) -> None:
    everything = ids(sample)

    assert ids(sample, excludeHiddenOrganizations="true") == [pk for pk in everything if pk != sample.night_owls.pk]
    assert ids(sample, excludeHiddenOrganizations="false") == everything


@pytest.mark.parametrize("name", ["Wellness", "wellness", "WÉLLNESS"])
def test_category_takes_a_name_in_any_case(sample: SampleData, name: str) -> None:
    Category.objects.create(name="Wellness at work").organizations.add(sample.lead)

    assert ids(sample, category=name) == [sample.cafe.pk, sample.night_owls.pk]


def test_category_takes_a_number_as_the_id(sample: SampleData) -> None:
    Category.objects.create(name=str(sample.arts.pk)).organizations.add(sample.lead)

    assert ids(sample, category=sample.arts.pk) == [sample.teatro.pk, sample.guild.pk]
    assert ids(sample, category=f"00{sample.arts.pk}") == [sample.teatro.pk, sample.guild.pk]


def test_an_organization_in_two_categories_of_one_name_is_listed_once(sample: SampleData) -> None:
    twin = Category.objects.create(name="ARTS")
    sample.teatro.categories.add(twin)
    sample.lead.categories.add(twin)
    answer = ask(sample.staff_key, "/api/organizations", category="arts")

    assert answer.ids == [sample.lead.pk, sample.teatro.pk, sample.guild.pk]
    assert answer.body["totalItems"] == 3


@pytest.mark.parametrize("name", ["Student Organization", "student organization"])
def test_type_takes_a_name_in_any_case(sample: SampleData, name: str) -> None:
    assert ids(sample, type=name) == [
        sample.chess_club.pk,
        sample.chess_club_downtown.pk,
        sample.teatro.pk,
        sample.guild.pk,
    ]


def test_type_takes_a_number_as_the_id(sample: SampleData) -> None:
    assert ids(sample, type=sample.governing_body.pk) == [sample.finance_committee.pk, sample.student_government.pk]


@pytest.mark.parametrize("parameter", ["type", "category"])
@pytest.mark.parametrize("word", ["Nothing", "Art", "0", "99999999999999999999", "0" * 5000, "-1", "1.5", "٣", "%"])
def test_an_unknown_type_or_category_is_an_empty_list(sample: SampleData, parameter: str, word: str) -> None:
    answer = ask(sample.staff_key, "/api/organizations", **{parameter: word})

    assert (answer.status, answer.ids) == (200, [])


@pytest.mark.parametrize(
    "part, found",
    [
        ("chess", ["chess_club", "chess_club_downtown"]),
        ("CLUB", ["chess_club", "chess_club_downtown"]),
        ("nandu", ["teatro"]),
        ("ÑANDÚ", ["teatro"]),
        ("café", ["cafe"]),
        ("*", ["lead"]),
        (" c", ["chess_club", "chess_club_downtown", "finance_committee", "cafe"]),
        ("s", ["chess_club", "chess_club_downtown", "cafe", "night_owls", "student_government"]),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("chess  club", []),
        ("chess-dt", []),  # that is a short name
    ],
)
def test_name_finds_a_normalized_part_of_the_name(sample: SampleData, part: str, found: list[str]) -> None:
    assert ids(sample, name=part) == [getattr(sample, name).pk for name in found]


def test_name_finds_symbols_that_databases_give_a_meaning(sample: SampleData) -> None:
    odd = organization("100%_sure\\ly")

    for part in ("%", "_", "\\", "0%_S", "\\l"):
        assert ids(sample, name=part) == [odd.pk]


@pytest.mark.parametrize("later, is_found", [(-1, True), (0, True), (1, False)])
def test_modified_on_start_is_included(sample: SampleData, later: int, is_found: bool) -> None:
    found = ids(sample, ModifiedOnStart=MODIFIED_MS + later)

    assert (sample.lead.pk in found) is is_found


@pytest.mark.parametrize("later, is_found", [(-1, False), (0, False), (1, True)])
def test_modified_on_end_is_not(sample: SampleData, later: int, is_found: bool) -> None:
    found = ids(sample, ModifiedOnEnd=MODIFIED_MS + later)

    assert (sample.lead.pk in found) is is_found


def test_a_change_is_found_by_its_modification(sample: SampleData) -> None:
    Organization.objects.filter(pk=sample.lead.pk).update(modified_at=MODIFIED + dt.timedelta(seconds=5))

    assert ids(sample, ModifiedOnStart=MODIFIED_MS + 5_000) == [sample.lead.pk]
    assert ids(sample, ModifiedOnStart=MODIFIED_MS + 5_001) == []


def test_different_parameters_combine_with_and(sample: SampleData) -> None:
    assert ids(sample, type="student organization", category="arts", status="active") == [sample.teatro.pk]
    assert ids(sample, type="governing body", category="arts") == []


def test_a_page_holds_500_at_most(sample: SampleData) -> None:
    Organization.objects.bulk_create(Organization(name=f"Club {number:03}") for number in range(500))
    first, second = (ask(sample.staff_key, "/api/organizations", pageSize=1000, page=page) for page in (1, 2))

    assert (len(first.ids), len(second.ids)) == (500, 9)
    assert (first.body["totalItems"], first.body["totalPages"], first.body["pageSize"]) == (509, 2, 500)
