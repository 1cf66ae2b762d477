"""GET /api/memberships: the envelope, the items, and the order they come in."""

import json

import pytest

from memberships.models import Membership
from tests.cast import CREATED_MS, MODIFIED_MS, Cast, membership, organization, position
from tests.client import ask

pytestmark = pytest.mark.both_databases


def test_it_answers_an_envelope_of_items(cast: Cast) -> None:
    answer = ask(cast.reflections_key, "/api/memberships", username="Benjamin.Whitlock", includeReflections="true")
    ben = {
        "userId": cast.ben.pk,
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
        "membershipId": cast.ben_chair.pk,
        "organizationId": cast.finance_committee.pk,
        "organizationName": "Finance Committee",
        "organizationShortName": "SG-FIN",
        "positionTemplateId": cast.president_kind.pk,
        "positionTemplateName": "President",
        "positionTypeId": cast.officer.pk,
        "positionTypeName": "Officer",
        "positionId": cast.chair.pk,
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
        "membershipId": cast.ben_treasurer.pk,
        "organizationId": cast.student_government.pk,
        "organizationName": "Student Government",
        "organizationShortName": "SG",
        "positionTemplateId": cast.treasurer_kind.pk,
        "positionTemplateName": "Treasurer",
        "positionTypeId": cast.officer.pk,
        "positionTypeName": "Officer",
        "positionId": cast.sg_treasurer.pk,
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


def test_it_prints_every_date_of_a_membership(cast: Cast) -> None:
    (item,) = ask(cast.staff_key, "/api/memberships", membershipId=cast.chloe_senator.pk).body["items"]

    assert item["positionRecordedStartDate"] == 1_693_886_400_000  # 2023-09-05
    assert item["positionRecordedEndDate"] == 1_717_128_000_000  # 2024-05-31
    assert item["positionReportedStartDate"] == 1_693_886_400_000
    assert item["positionReportedEndDate"] == 1_719_720_000_000  # 2024-06-30


def test_absent_text_is_an_empty_string(cast: Cast) -> None:
    cast.nadia.first_name = cast.nadia.last_name = cast.nadia.campus_email = ""
    cast.nadia.save()
    made = membership(cast.nadia, cast.guild_president, "2025-05-01")
    (item,) = ask(cast.staff_key, "/api/memberships", membershipId=made.pk).body["items"]
    texts = ("organizationShortName", "userFirstName", "userLastName", "userCampusEmail", "reflection")

    assert {name: item[name] for name in texts} == dict.fromkeys(texts, "")


def test_nobody_has_no_memberships(cast: Cast) -> None:
    assert ask(cast.staff_key, "/api/memberships", userId=cast.nadia.pk).body == {
        "pageNumber": 1,
        "pageSize": 100,
        "totalItems": 0,
        "totalPages": 0,
        "items": [],
    }


def test_staff_read_all_but_the_deleted_in_the_order_of_the_roster(cast: Cast) -> None:
    answer = ask(cast.staff_key, "/api/memberships")

    assert answer.ids == [
        cast.amara_one_day.pk,  # *LEAD*: symbols come before letters
        *(cast.amara_chess.pk, cast.amara_chess_again.pk, cast.dalia_chess.pk, cast.farid_chess.pk),  # Chess Club
        *(cast.kofi_downtown.pk, cast.eun_ji_president.pk),  # Chess Club, of a later id
        *(cast.ben_chair.pk, cast.amara_future.pk, cast.lin_finance.pk),  # Finance Committee: Chair, Member
        cast.hana_host.pk,  # Listening Café
        *(cast.farid_listener.pk, cast.hana_manager.pk),  # Night Owls: Listener, Night Manager
        cast.jolene_advisor.pk,  # Student Government: Advisor, President, Senator, Treasurer
        *(cast.amara_president.pk, cast.grace_president.pk),
        *(cast.amara_senator.pk, cast.chloe_senator.pk, cast.marisol_senator.pk),
        cast.ben_treasurer.pk,
        *(cast.marisol_actor.pk, cast.chloe_director.pk),  # Teatro Ñandú: Actor, Artistic Director, Éclairagiste
        *(cast.ignacio_lights.pk, cast.ignacio_lights_again.pk),
        cast.grace_guild.pk,  # Typewriter Guild
    ]
    assert answer.body["totalItems"] == 25


def test_letter_case_and_accents_make_no_difference_to_the_order(cast: Cast) -> None:
    names = ["zoo", "Ñu", "nu", "NZ", "Zoo", "1", "_", "ña", "名"]
    made = {}
    for name in names:
        seat = position(organization(name), "Member", cast.member_kind)
        made[name] = membership(cast.nadia, seat, "2025-05-01").pk

    assert ask(cast.staff_key, "/api/memberships", userId=cast.nadia.pk).ids == [
        made[name] for name in ("1", "_", "ña", "Ñu", "nu", "NZ", "zoo", "Zoo", "名")
    ]


def test_a_renamed_organization_takes_its_new_place(cast: Cast) -> None:
    cast.lead.name = "Zenith"
    cast.lead.save()

    assert ask(cast.staff_key, "/api/memberships").ids[-1] == cast.amara_one_day.pk


def test_a_reflection_is_printed_only_where_it_is_asked_for(cast: Cast) -> None:
    asked = {"membershipId": cast.ben_chair.pk}
    texts = [
        ask(cast.reflections_key, "/api/memberships", **asked, **more).body["items"][0]["reflection"]
        for more in ({}, {"includeReflections": "false"}, {"includeReflections": "true"})
    ]

    assert texts == ["", "", "Every club wants a bus. There is one bus."]


@pytest.mark.parametrize("audience", ["public", "campus", "staff", "limited_staff"])
def test_asking_for_reflections_without_the_right_is_200_with_empty_texts(cast: Cast, audience: str) -> None:
    answer = ask(getattr(cast, f"{audience}_key"), "/api/memberships", includeReflections="true")

    assert answer.status == 200
    assert {item["reflection"] for item in answer.body["items"]} == {""}


def test_including_the_deleted_lists_them_as_such(cast: Cast) -> None:
    answer = ask(cast.staff_key, "/api/memberships", IncludeDeletes="true")
    deleted = [item["membershipId"] for item in answer.body["items"] if item["deleted"]]

    assert answer.body["totalItems"] == 27
    assert deleted == [cast.farid_deleted.pk, cast.lin_deleted.pk]


@pytest.mark.parametrize("audience", ["public", "campus", "limited_campus"])
def test_including_the_deleted_is_for_staff(cast: Cast, audience: str) -> None:
    key = getattr(cast, f"{audience}_key")

    assert ask(key, "/api/memberships", IncludeDeletes="true").status == 403
    assert ask(key, "/api/memberships", IncludeDeletes="1").status == 403
    assert ask(key, "/api/memberships", IncludeDeletes="false").status == 200
    assert ask(key, "/api/memberships", IncludeDeletes="0").status == 200


def test_a_restored_membership_is_listed_again(cast: Cast) -> None:
    cast.farid_deleted.restore()

    assert cast.farid_deleted.pk in ask(cast.staff_key, "/api/memberships").ids


def test_ids_fit_in_32_bits(cast: Cast) -> None:
    last = 2**31 - 1
    Membership.objects.filter(pk=cast.lin_finance.pk).update(id=last)  # it has no reflection

    assert ask(cast.staff_key, "/api/memberships", membershipId=last).ids == [last]
    assert ask(cast.staff_key, f"/api/memberships/{last}").body["membershipId"] == last
