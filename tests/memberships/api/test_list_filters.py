"""GET /api/memberships: what each parameter narrows to, with rows beside it that almost match."""

from typing import Any

import pytest

from organizations.models import PositionTemplate
from roster.models import User
from tests.client import ask
from tests.sample_data import SampleData, membership, person, position

pytestmark = pytest.mark.both_databases


def ids(sample: SampleData, **parameters: Any) -> list[int]:
    """What staff are listed."""
    return ask(sample.staff_key, "/api/memberships", **parameters).ids


def test_membership_id_is_exact(sample: SampleData) -> None:
    assert ids(sample, membershipId=sample.amara_chess.pk) == [sample.amara_chess.pk]
    assert ids(sample, membershipId=f"000{sample.amara_chess.pk}") == [sample.amara_chess.pk]
    assert ids(sample, membershipId=0) == []
    assert ids(sample, membershipId=2**31 - 1) == []


def test_the_id_of_a_deleted_membership_finds_nothing(sample: SampleData) -> None:
    assert ids(sample, membershipId=sample.farid_deleted.pk) == []
    assert ids(sample, membershipId=sample.farid_deleted.pk, IncludeDeletes="true") == [sample.farid_deleted.pk]


def test_user_id_is_exact(sample: SampleData) -> None:
    assert ids(sample, userId=sample.farid.pk) == [sample.farid_chess.pk, sample.farid_listener.pk]


def test_organization_id_is_exact_and_implies_no_children(sample: SampleData) -> None:
    assert ids(sample, organizationId=sample.student_government.pk) == [
        sample.jolene_advisor.pk,
        *(sample.amara_president.pk, sample.grace_president.pk),
        *(sample.amara_senator.pk, sample.chloe_senator.pk, sample.marisol_senator.pk),
        sample.ben_treasurer.pk,
    ]


def test_organizations_of_one_name_are_distinguished_by_id(sample: SampleData) -> None:
    assert ids(sample, organizationId=sample.chess_club_downtown.pk) == [
        sample.kofi_downtown.pk,
        sample.eun_ji_president.pk,
    ]


def test_template_id_finds_positions_of_any_name(sample: SampleData) -> None:
    assert ids(sample, positionTemplateId=sample.president_kind.pk) == [
        sample.eun_ji_president.pk,
        sample.ben_chair.pk,
        *(sample.amara_president.pk, sample.grace_president.pk),
        sample.chloe_director.pk,
        sample.grace_guild.pk,
    ]


@pytest.mark.parametrize("name", ["Manager", "manager", "MANAGER", "Mánager"])
def test_template_name_is_the_whole_name_in_any_case(sample: SampleData, name: str) -> None:
    near = PositionTemplate.objects.create(name="Manager II", default_type=sample.officer)
    membership(sample.nadia, position(sample.guild, "Manager", near), "2025-05-01")

    assert ids(sample, positionTemplateName=name) == [
        sample.hana_host.pk,
        sample.hana_manager.pk,
        sample.jolene_advisor.pk,
        *(sample.ignacio_lights.pk, sample.ignacio_lights_again.pk),
    ]


def test_templates_of_one_name_are_all_found_by_it(sample: SampleData) -> None:
    twin = PositionTemplate.objects.create(name="TREASURER", default_type=sample.officer)
    found = membership(sample.nadia, position(sample.guild, "Treasurer", twin), "2025-05-01")

    assert ids(sample, positionTemplateName="Treasurer") == [sample.ben_treasurer.pk, found.pk]


@pytest.mark.parametrize("name", ["Manage", "Managers", "Night Manager", "%", "_", "Man%", "*", " Manager", "''"])
def test_another_template_name_finds_nothing(sample: SampleData, name: str) -> None:
    assert ids(sample, positionTemplateName=name) == []


@pytest.mark.parametrize(
    "username", ["benjamin.whitlock", "Benjamin.Whitlock", "BENJAMIN.WHITLOCK", " benjamin.whitlock "]
)
def test_username_is_exact_in_any_case_and_without_spaces_around_it(sample: SampleData, username: str) -> None:
    person("benjamin.whitlock2", "Ben", "Near")
    membership(User.objects.get(username="benjamin.whitlock2"), sample.guild_president, "2025-05-01")

    assert ids(sample, username=username) == [sample.ben_chair.pk, sample.ben_treasurer.pk]


@pytest.mark.parametrize("username", ["benjamin", "benjamin.whitlock.", "benjamin whitlock", "ben%", "nobody", "12"])
def test_another_username_is_an_empty_envelope(sample: SampleData, username: str) -> None:
    assert ask(sample.staff_key, "/api/memberships", username=username).body["totalItems"] == 0


@pytest.mark.parametrize("username", ["", " ", "%09", "%C2%A0"])
def test_a_blank_username_is_an_empty_envelope(sample: SampleData, username: str) -> None:
    answer = ask(sample.staff_key, f"/api/memberships?username={username}")

    assert (answer.status, answer.body["totalItems"], answer.ids) == (200, 0, [])


def test_a_username_beyond_latin_letters_is_found_in_any_case(sample: SampleData) -> None:
    made = membership(person("Ἀθηνᾶ.ΠΑΛΛΆΣ", "A", "P"), sample.guild_president, "2025-05-01")

    assert ids(sample, username="ἀθηνᾶ.παλλάς") == [made.pk]


def test_current_memberships_only_leaves_what_has_ended_or_not_begun(sample: SampleData) -> None:
    current = ids(sample, currentMembershipsOnly="true")
    past_or_future = [
        *(sample.amara_one_day.pk, sample.amara_chess.pk, sample.amara_future.pk, sample.grace_president.pk),
        *(sample.amara_senator.pk, sample.chloe_senator.pk, sample.ignacio_lights.pk, sample.grace_guild.pk),
    ]

    assert [found for found in ids(sample) if found not in past_or_future] == current
    assert len(current) == 25 - len(past_or_future)


def test_current_memberships_only_false_lists_past_and_current_ones(sample: SampleData) -> None:
    assert ids(sample, currentMembershipsOnly="false") == ids(sample)


@pytest.mark.parametrize("word", ["true", "TRUE", "True", "tRuE", "1"])
def test_true_is_spelled_in_any_case_or_as_1(sample: SampleData, word: str) -> None:
    assert ids(sample, currentMembershipsOnly=word) == ids(sample, currentMembershipsOnly="true")


@pytest.mark.parametrize("word", ["false", "FALSE", "False", "0"])
def test_false_is_spelled_in_any_case_or_as_0(sample: SampleData, word: str) -> None:
    assert ids(sample, campusPrivacyFilter=word) == ids(sample, campusPrivacyFilter="false")


def test_different_parameters_combine_with_and(sample: SampleData) -> None:
    amara = ids(sample, userId=sample.amara.pk)
    chess = ids(sample, organizationId=sample.chess_club.pk)
    both = ids(sample, userId=sample.amara.pk, organizationId=sample.chess_club.pk)

    assert both == [found for found in amara if found in chess] == [sample.amara_chess.pk, sample.amara_chess_again.pk]
    assert ids(sample, userId=sample.amara.pk, organizationId=sample.chess_club.pk, currentMembershipsOnly=1) == [
        sample.amara_chess_again.pk
    ]


def test_parameters_that_contradict_each_other_find_nothing(sample: SampleData) -> None:
    assert ids(sample, userId=sample.amara.pk, username="benjamin.whitlock") == []


@pytest.mark.parametrize("spelling", ["organizationId", "organizationid", "OrganizationID", "ORGANIZATIONID"])
def test_names_of_parameters_are_spelled_in_any_case(sample: SampleData, spelling: str) -> None:
    assert ids(sample, **{spelling: sample.lead.pk}) == [sample.amara_one_day.pk]
