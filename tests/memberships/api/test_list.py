"""GET /api/memberships: the envelope, the items, and the order they come in."""

import json

import pytest

from memberships.models import Membership
from tests.client import ask
from tests.sample_data import CREATED_MS, MODIFIED_MS, SampleData, membership, organization, position

pytestmark = pytest.mark.both_databases


def test_it_answers_an_envelope_of_items(sample: SampleData) -> None:
    answer = ask(sample.reflections_key, "/api/memberships", username="Benjamin.Whitlock", includeReflections="true")
    ben = {
        "userId": sample.ben.pk,
        "username": "benjamin.whitlock",
        "userFirstName": "Ben",
        "userLastName": "Whitlock",
        "userCampusEmail": "benjamin.whitlock@example.edu",
        "positionRecordedStartDate": 1_717_214_400_000,  # 2024-06-01 00:00 in New York
        "positionRecordedEndDate": None,
        "positionReportedStartDate": None,
        "positionReportedEndDate": None,
    }
    chair = {
        "membershipId": sample.ben_chair.pk,
        "organizationId": sample.finance_committee.pk,
        "organizationName": "Finance Committee",
        "organizationShortName": "SG-FIN",
        "positionTemplateId": sample.president_kind.pk,
        "positionTemplateName": "President",
        "positionTypeId": sample.officer.pk,
        "positionTypeName": "Officer",
        "positionId": sample.chair.pk,
        "positionName": "Chair",
        **ben,
        "reflection": "Every club wants a bus. There is one bus.",
        "userShownOnCampusRoster": True,
        "userShownOnPublicRoster": True,
        "deleted": False,
        "createdOn": CREATED_MS,
        "modifiedOn": MODIFIED_MS,
    }
    treasurer = {
        "membershipId": sample.ben_treasurer.pk,
        "organizationId": sample.student_government.pk,
        "organizationName": "Student Government",
        "organizationShortName": "SG",
        "positionTemplateId": sample.treasurer_kind.pk,
        "positionTemplateName": "Treasurer",
        "positionTypeId": sample.officer.pk,
        "positionTypeName": "Officer",
        "positionId": sample.sg_treasurer.pk,
        "positionName": "Treasurer",
        **ben,
        "reflection": "",
        "userShownOnCampusRoster": True,
        "userShownOnPublicRoster": False,
        "deleted": False,
        "createdOn": CREATED_MS,
        "modifiedOn": MODIFIED_MS,
    }
    envelope = {"pageNumber": 1, "pageSize": 100, "totalItems": 2, "totalPages": 1, "items": [chair, treasurer]}

    assert answer.status == 200
    assert json.dumps(answer.body) == json.dumps(envelope)  # the order of the keys too
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


def test_it_prints_every_date_of_a_membership(sample: SampleData) -> None:
    (item,) = ask(sample.staff_key, "/api/memberships", membershipId=sample.chloe_senator.pk).body["items"]

    assert item["positionRecordedStartDate"] == 1_693_886_400_000  # 2023-09-05
    assert item["positionRecordedEndDate"] == 1_717_128_000_000  # 2024-05-31
    assert item["positionReportedStartDate"] == 1_693_886_400_000
    assert item["positionReportedEndDate"] == 1_719_720_000_000  # 2024-06-30


def test_absent_text_is_an_empty_string(sample: SampleData) -> None:
    sample.nadia.first_name = sample.nadia.last_name = sample.nadia.campus_email = ""
    sample.nadia.save()
    made = membership(sample.nadia, sample.guild_president, "2025-05-01")
    (item,) = ask(sample.staff_key, "/api/memberships", membershipId=made.pk).body["items"]
    texts = ("organizationShortName", "userFirstName", "userLastName", "userCampusEmail", "reflection")

    assert {name: item[name] for name in texts} == dict.fromkeys(texts, "")


def test_nobody_has_no_memberships(sample: SampleData) -> None:
    assert ask(sample.staff_key, "/api/memberships", userId=sample.nadia.pk).body == {
        "pageNumber": 1,
        "pageSize": 100,
        "totalItems": 0,
        "totalPages": 0,
        "items": [],
    }


def test_staff_read_all_but_the_deleted_in_the_order_of_the_roster(sample: SampleData) -> None:
    answer = ask(sample.staff_key, "/api/memberships")

    assert answer.ids == [
        sample.amara_one_day.pk,  # *LEAD*: symbols come before letters
        *(
            sample.amara_chess.pk,
            sample.amara_chess_again.pk,
            sample.dalia_chess.pk,
            sample.farid_chess.pk,
        ),  # Chess Club
        *(sample.kofi_downtown.pk, sample.eun_ji_president.pk),  # Chess Club, of a later id
        *(sample.ben_chair.pk, sample.amara_future.pk, sample.lin_finance.pk),  # Finance Committee: Chair, Member
        sample.hana_host.pk,  # Listening Café
        *(sample.farid_listener.pk, sample.hana_manager.pk),  # Night Owls: Listener, Night Manager
        sample.jolene_advisor.pk,  # Student Government: Advisor, President, Senator, Treasurer
        *(sample.amara_president.pk, sample.grace_president.pk),
        *(sample.amara_senator.pk, sample.chloe_senator.pk, sample.marisol_senator.pk),
        sample.ben_treasurer.pk,
        *(sample.marisol_actor.pk, sample.chloe_director.pk),  # Teatro Ñandú: Actor, Artistic Director, Éclairagiste
        *(sample.ignacio_lights.pk, sample.ignacio_lights_again.pk),
        sample.grace_guild.pk,  # Typewriter Guild
    ]
    assert answer.body["totalItems"] == 25


def test_letter_case_and_accents_make_no_difference_to_the_order(sample: SampleData) -> None:
    names = ["zoo", "Ñu", "nu", "NZ", "Zoo", "1", "_", "ña", "名"]
    made = {}
    for name in names:
        held = position(organization(name), "Member", sample.member_kind)
        made[name] = membership(sample.nadia, held, "2025-05-01").pk

    assert ask(sample.staff_key, "/api/memberships", userId=sample.nadia.pk).ids == [
        made[name] for name in ("1", "_", "ña", "Ñu", "nu", "NZ", "zoo", "Zoo", "名")
    ]


def test_a_renamed_organization_moves_to_its_new_position_in_the_list(sample: SampleData) -> None:
    sample.lead.name = "Zenith"
    sample.lead.save()

    assert ask(sample.staff_key, "/api/memberships").ids[-1] == sample.amara_one_day.pk


def test_a_reflection_is_printed_only_where_it_is_asked_for(sample: SampleData) -> None:
    asked = {"membershipId": sample.ben_chair.pk}
    texts = [
        ask(sample.reflections_key, "/api/memberships", **asked, **more).body["items"][0]["reflection"]
        for more in ({}, {"includeReflections": "false"}, {"includeReflections": "true"})
    ]

    assert texts == ["", "", "Every club wants a bus. There is one bus."]


@pytest.mark.parametrize("audience", ["public", "campus", "staff", "limited_staff"])
def test_asking_for_reflections_without_the_right_is_200_with_empty_texts(sample: SampleData, audience: str) -> None:
    answer = ask(getattr(sample, f"{audience}_key"), "/api/memberships", includeReflections="true")

    assert answer.status == 200
    assert {item["reflection"] for item in answer.body["items"]} == {""}


def test_including_the_deleted_lists_them_as_such(sample: SampleData) -> None:
    answer = ask(sample.staff_key, "/api/memberships", IncludeDeletes="true")
    deleted = [item["membershipId"] for item in answer.body["items"] if item["deleted"]]

    assert answer.body["totalItems"] == 27
    assert deleted == [sample.farid_deleted.pk, sample.lin_deleted.pk]


@pytest.mark.parametrize("audience", ["public", "campus", "limited_campus"])
def test_including_the_deleted_is_for_staff(sample: SampleData, audience: str) -> None:
    key = getattr(sample, f"{audience}_key")

    assert ask(key, "/api/memberships", IncludeDeletes="true").status == 403
    assert ask(key, "/api/memberships", IncludeDeletes="1").status == 403
    assert ask(key, "/api/memberships", IncludeDeletes="false").status == 200
    assert ask(key, "/api/memberships", IncludeDeletes="0").status == 200


def test_a_restored_membership_is_listed_again(sample: SampleData) -> None:
    sample.farid_deleted.restore()

    assert sample.farid_deleted.pk in ask(sample.staff_key, "/api/memberships").ids


def test_ids_fit_in_32_bits(sample: SampleData) -> None:
    last = 2**31 - 1
    Membership.objects.filter(pk=sample.lin_finance.pk).update(id=last)  # it has no reflection

    assert ask(sample.staff_key, "/api/memberships", membershipId=last).ids == [last]
    assert ask(sample.staff_key, f"/api/memberships/{last}").body["membershipId"] == last
