"""GET /api/memberships: what each parameter narrows to, with rows beside it that almost match."""

from typing import Any

import pytest

from organizations.models import PositionTemplate
from roster.models import User
from tests.cast import Cast, membership, person, position
from tests.client import ask

pytestmark = pytest.mark.both_databases


def ids(cast: Cast, **parameters: Any) -> list[int]:
    """What staff are listed."""
    return ask(cast.staff_key, "/api/memberships", **parameters).ids


def test_membership_id_is_exact(cast: Cast) -> None:
    assert ids(cast, membershipId=cast.amara_chess.pk) == [cast.amara_chess.pk]
    assert ids(cast, membershipId=f"000{cast.amara_chess.pk}") == [cast.amara_chess.pk]
    assert ids(cast, membershipId=0) == []
    assert ids(cast, membershipId=2**31 - 1) == []


def test_the_id_of_a_deleted_membership_finds_nothing(cast: Cast) -> None:
    assert ids(cast, membershipId=cast.farid_deleted.pk) == []
    assert ids(cast, membershipId=cast.farid_deleted.pk, IncludeDeletes="true") == [cast.farid_deleted.pk]


def test_user_id_is_exact(cast: Cast) -> None:
    assert ids(cast, userId=cast.farid.pk) == [cast.farid_chess.pk, cast.farid_listener.pk]


def test_organization_id_is_exact_and_implies_no_children(cast: Cast) -> None:
    assert ids(cast, organizationId=cast.student_government.pk) == [
        cast.jolene_advisor.pk,
        *(cast.amara_president.pk, cast.grace_president.pk),
        *(cast.amara_senator.pk, cast.chloe_senator.pk, cast.marisol_senator.pk),
        cast.ben_treasurer.pk,
    ]


def test_organizations_of_one_name_are_told_apart_by_id(cast: Cast) -> None:
    assert ids(cast, organizationId=cast.chess_club_downtown.pk) == [cast.kofi_downtown.pk, cast.eun_ji_president.pk]


def test_template_id_finds_positions_of_any_name(cast: Cast) -> None:
    assert ids(cast, positionTemplateId=cast.president_kind.pk) == [
        cast.eun_ji_president.pk,
        cast.ben_chair.pk,
        *(cast.amara_president.pk, cast.grace_president.pk),
        cast.chloe_director.pk,
        cast.grace_guild.pk,
    ]


@pytest.mark.parametrize("name", ["Manager", "manager", "MANAGER", "Mánager"])
def test_template_name_is_the_whole_name_in_any_case(cast: Cast, name: str) -> None:
    near = PositionTemplate.objects.create(name="Manager II", default_type=cast.officer)
    membership(cast.nadia, position(cast.guild, "Manager", near), "2025-05-01")

    assert ids(cast, positionTemplateName=name) == [
        cast.hana_host.pk,
        cast.hana_manager.pk,
        cast.jolene_advisor.pk,
        *(cast.ignacio_lights.pk, cast.ignacio_lights_again.pk),
    ]


def test_templates_of_one_name_are_all_found_by_it(cast: Cast) -> None:
    twin = PositionTemplate.objects.create(name="TREASURER", default_type=cast.officer)
    found = membership(cast.nadia, position(cast.guild, "Treasurer", twin), "2025-05-01")

    assert ids(cast, positionTemplateName="Treasurer") == [cast.ben_treasurer.pk, found.pk]


@pytest.mark.parametrize("name", ["Manage", "Managers", "Night Manager", "%", "_", "Man%", "*", " Manager", "''"])
def test_another_template_name_finds_nothing(cast: Cast, name: str) -> None:
    assert ids(cast, positionTemplateName=name) == []


@pytest.mark.parametrize(
    "username", ["benjamin.whitlock", "Benjamin.Whitlock", "BENJAMIN.WHITLOCK", " benjamin.whitlock "]
)
def test_username_is_exact_in_any_case_and_without_spaces_around_it(cast: Cast, username: str) -> None:
    person("benjamin.whitlock2", "Ben", "Near")
    membership(User.objects.get(username="benjamin.whitlock2"), cast.guild_president, "2025-05-01")

    assert ids(cast, username=username) == [cast.ben_chair.pk, cast.ben_treasurer.pk]


@pytest.mark.parametrize("username", ["benjamin", "benjamin.whitlock.", "benjamin whitlock", "ben%", "nobody", "12"])
def test_another_username_is_an_empty_envelope(cast: Cast, username: str) -> None:
    assert ask(cast.staff_key, "/api/memberships", username=username).body["totalItems"] == 0


@pytest.mark.parametrize("username", ["", " ", "%09", "%C2%A0"])
def test_a_blank_username_is_an_empty_envelope(cast: Cast, username: str) -> None:
    answer = ask(cast.staff_key, f"/api/memberships?username={username}")

    assert (answer.status, answer.body["totalItems"], answer.ids) == (200, 0, [])


def test_a_username_beyond_latin_letters_is_found_in_any_case(cast: Cast) -> None:
    made = membership(person("Ἀθηνᾶ.ΠΑΛΛΆΣ", "A", "P"), cast.guild_president, "2025-05-01")

    assert ids(cast, username="ἀθηνᾶ.παλλάς") == [made.pk]


def test_current_memberships_only_leaves_what_has_ended_or_not_begun(cast: Cast) -> None:
    current = ids(cast, currentMembershipsOnly="true")
    past_or_future = [
        *(cast.amara_one_day.pk, cast.amara_chess.pk, cast.amara_future.pk, cast.grace_president.pk),
        *(cast.amara_senator.pk, cast.chloe_senator.pk, cast.ignacio_lights.pk, cast.grace_guild.pk),
    ]

    assert [found for found in ids(cast) if found not in past_or_future] == current
    assert len(current) == 25 - len(past_or_future)


def test_current_memberships_only_false_lists_past_and_current_ones(cast: Cast) -> None:
    assert ids(cast, currentMembershipsOnly="false") == ids(cast)


@pytest.mark.parametrize("word", ["true", "TRUE", "True", "tRuE", "1"])
def test_true_is_spelled_in_any_case_or_as_1(cast: Cast, word: str) -> None:
    assert ids(cast, currentMembershipsOnly=word) == ids(cast, currentMembershipsOnly="true")


@pytest.mark.parametrize("word", ["false", "FALSE", "False", "0"])
def test_false_is_spelled_in_any_case_or_as_0(cast: Cast, word: str) -> None:
    assert ids(cast, campusPrivacyFilter=word) == ids(cast, campusPrivacyFilter="false")


def test_different_parameters_combine_with_and(cast: Cast) -> None:
    amara = ids(cast, userId=cast.amara.pk)
    chess = ids(cast, organizationId=cast.chess_club.pk)
    both = ids(cast, userId=cast.amara.pk, organizationId=cast.chess_club.pk)

    assert both == [found for found in amara if found in chess] == [cast.amara_chess.pk, cast.amara_chess_again.pk]
    assert ids(cast, userId=cast.amara.pk, organizationId=cast.chess_club.pk, currentMembershipsOnly=1) == [
        cast.amara_chess_again.pk
    ]


def test_parameters_that_contradict_each_other_find_nothing(cast: Cast) -> None:
    assert ids(cast, userId=cast.amara.pk, username="benjamin.whitlock") == []


@pytest.mark.parametrize("spelling", ["organizationId", "organizationid", "OrganizationID", "ORGANIZATIONID"])
def test_names_of_parameters_are_spelled_in_any_case(cast: Cast, spelling: str) -> None:
    assert ids(cast, **{spelling: cast.lead.pk}) == [cast.amara_one_day.pk]
