"""GET /api/organizations/{id}: one organization without an envelope."""

import json

import pytest

from tests.client import ask
from tests.sample_data import CREATED_MS, MODIFIED_MS, SampleData

pytestmark = pytest.mark.both_databases


def test_the_response_is_one_organization_without_an_envelope(sample: SampleData) -> None:
    answer = ask(sample.staff_key, f"/api/organizations/{sample.night_owls.pk}")
    texts_before = ("shortName", "summary", "description", "addressStreet1", "addressStreet2", "addressCity")
    texts_after = (
        *("addressStateProvince", "addressZipPostal", "phoneNumber", "extension", "faxNumber", "email"),
        *("externalWebsite", "facebookUrl", "twitterUrl", "flickrFeedUrl", "youtubeChannelUrl", "googleCalendarUrl"),
        *("profileImageUrl", "profileUrl"),
    )
    item = {
        "organizationId": sample.night_owls.pk,
        "name": "Night Owls",
        "status": "Active",
        **dict.fromkeys((*texts_before, *texts_after), ""),
        "directoryVisibility": "Hidden",
        "membershipType": "Closed",
        "typeId": None,
        "typeName": "",
        "parentId": None,
        "parentName": "",
        "primaryContactId": sample.hana.pk,
        "primaryContactName": "Hana Morikawa",
        "primaryContactCampusEmail": "hana.morikawa@example.edu",
        "categories": [{"categoryId": sample.wellness.pk, "categoryName": "Wellness"}],
        "customFields": [],
        "createdOn": CREATED_MS,
        "modifiedOn": MODIFIED_MS,
    }
    item["shortName"] = "OWLS"

    assert answer.status == 200
    assert json.dumps(answer.body) == json.dumps(item)


def test_the_item_is_the_one_that_the_list_has(sample: SampleData) -> None:
    for key in (sample.public_key, sample.campus_key, sample.staff_key, sample.limited_staff_key):
        for item in ask(key, "/api/organizations").body["items"]:
            assert json.dumps(ask(key, f"/api/organizations/{item['organizationId']}").body) == json.dumps(item)


def test_no_parameters_are_accepted(sample: SampleData) -> None:
    answer = ask(sample.staff_key, f"/api/organizations/{sample.lead.pk}", status="active")

    assert (answer.status, answer.refused) == (400, {"status": "No parameters are accepted here."})


def test_a_hidden_organization_is_404_like_what_there_is_not(sample: SampleData) -> None:
    for key in (sample.public_key, sample.campus_key):
        assert ask(key, f"/api/organizations/{sample.night_owls.pk}").status == 404
        assert ask(key, "/api/organizations/2147483647").status == 404
