"""The order of positions follows the names of positions and organizations, in whatever way these change."""

import pytest
from django.db.models import F

from organizations.models import Organization, Position, PositionTemplate
from organizations.roster_order import order_key
from tests.sample_data import MODIFIED, SampleData, organization, position

pytestmark = pytest.mark.both_databases


def key_of(position: Position) -> str:
    """The order key as the database has it."""
    return str(Position.objects.get(pk=position.pk).order_key)


def key(organization: Organization, organization_name: str, position_name: str) -> str:
    """The order key by its definition."""
    return f"{organization_name}\x01{organization.pk:010d}\x01{position_name}"


def test_a_new_position_stands_by_organization_id_and_name(sample: SampleData) -> None:
    assert key_of(sample.lighting) == key(sample.teatro, "teatro nandu", "eclairagiste")


def test_renaming_a_position_moves_it(sample: SampleData) -> None:
    sample.lighting.name = "LUMIÈRE"
    sample.lighting.save()

    assert key_of(sample.lighting) == key(sample.teatro, "teatro nandu", "lumiere")


def test_renaming_a_position_by_a_partial_write_moves_it(sample: SampleData) -> None:
    sample.lighting.name = "LUMIÈRE"
    sample.lighting.save(update_fields=["name"])

    assert key_of(sample.lighting) == key(sample.teatro, "teatro nandu", "lumiere")
    assert Position.objects.get(pk=sample.lighting.pk).name_folded == "lumiere"


def test_renaming_an_organization_moves_all_its_positions_and_no_others(sample: SampleData) -> None:
    downtown = key_of(sample.downtown_member)
    sample.chess_club.name = "Échecs"
    sample.chess_club.save()

    assert key_of(sample.chess_member) == key(sample.chess_club, "echecs", "member")
    assert key_of(sample.chess_president) == key(sample.chess_club, "echecs", "president")
    assert key_of(sample.downtown_member) == downtown


def test_renaming_an_organization_by_a_partial_write_moves_its_positions(sample: SampleData) -> None:
    sample.chess_club.name = "Échecs"
    sample.chess_club.save(update_fields=["name"])

    assert key_of(sample.chess_member) == key(sample.chess_club, "echecs", "member")


def test_renaming_an_organization_does_not_move_the_modification_of_its_memberships(sample: SampleData) -> None:
    sample.chess_club.name = "Échecs"
    sample.chess_club.save()
    sample.farid_chess.refresh_from_db()

    assert sample.farid_chess.modified_at == MODIFIED


def test_another_change_of_an_organization_leaves_its_positions(sample: SampleData) -> None:
    sample.chess_club.summary = "Boards on Thursdays."
    sample.chess_club.save()
    sample.chess_member.refresh_from_db()

    assert sample.chess_member.modified_at == MODIFIED


def test_a_partial_write_from_before_a_rename_does_not_undo_it(sample: SampleData) -> None:
    before = Organization.objects.get(pk=sample.chess_club.pk)
    sample.chess_club.name = "Échecs"
    sample.chess_club.save()
    before.status = "frozen"
    before.save(update_fields=["status"])

    assert key_of(sample.chess_member) == key(sample.chess_club, "echecs", "member")


def test_a_partial_write_of_a_position_from_before_its_rename_does_not_undo_it(sample: SampleData) -> None:
    before = Position.objects.get(pk=sample.chess_member.pk)
    sample.chess_member.name = "Player"
    sample.chess_member.save()
    before.is_active = False
    before.save(update_fields=["is_active"])

    assert key_of(sample.chess_member) == key(sample.chess_club, "chess club", "player")


def test_a_position_that_moves_stands_in_its_new_organization(sample: SampleData) -> None:
    sample.chess_member.organization = sample.teatro
    sample.chess_member.save(update_fields=["organization"])

    assert key_of(sample.chess_member) == key(sample.teatro, "teatro nandu", "member")


@pytest.mark.parametrize("changes", [{"name": "X"}, {"organization": 1}, {"organization_id": 1}])
def test_positions_are_not_renamed_or_moved_in_bulk(sample: SampleData, changes: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="save"):
        Position.objects.update(**changes)


def test_organizations_are_not_renamed_in_bulk(sample: SampleData) -> None:
    with pytest.raises(TypeError, match="save"):
        Organization.objects.update(name="X")


def test_a_bulk_write_of_positions_computes_their_keys(sample: SampleData) -> None:
    made = Position(organization=sample.teatro, template=sample.member_kind, type=sample.membership, name="Extra")
    made.order_key = order_key(sample.teatro.name_folded, sample.teatro.pk, made.name)
    Position.objects.bulk_create([made])

    assert key_of(Position.objects.get(name="Extra")) == key(sample.teatro, "teatro nandu", "extra")
    assert Position.objects.get(name="Extra").name_folded == "extra"


def test_a_position_takes_the_default_type_of_its_template(sample: SampleData) -> None:
    made = position(sample.teatro, "Extra", sample.member_kind)

    assert Position.objects.get(pk=made.pk).type == sample.membership


def test_a_type_that_is_given_wins_over_the_default(sample: SampleData) -> None:
    made = position(sample.teatro, "Extra", sample.member_kind, type=sample.officer)

    assert Position.objects.get(pk=made.pk).type == sample.officer


def test_positions_stand_by_organization_then_its_id_then_name_then_id(sample: SampleData) -> None:
    upper = organization("CHESS CLUB")
    member = position(upper, "member", sample.member_kind)
    member_again = position(upper, "MEMBER", sample.member_kind)
    names = ("chess club", "chess club 2")
    longer = position(organization("Chess Club 2"), "A", sample.member_kind)
    chess = Position.objects.filter(organization__name_folded__in=names)

    assert list(chess.order_by("order_key", "id")) == [
        *(sample.chess_member, sample.chess_president),
        *(sample.downtown_member, sample.downtown_president),
        *(member, member_again),
        longer,
    ]


def test_a_bulk_rename_of_a_template_folds_its_name(sample: SampleData) -> None:
    PositionTemplate.objects.filter(pk=sample.member_kind.pk).update(name="Adhérent")

    assert PositionTemplate.objects.get(pk=sample.member_kind.pk).name_folded == "adherent"


def test_a_partial_rename_of_a_template_folds_its_name(sample: SampleData) -> None:
    sample.member_kind.name = "Adhérent"
    sample.member_kind.save(update_fields=["name"])

    assert PositionTemplate.objects.get(pk=sample.member_kind.pk).name_folded == "adherent"


def test_a_bulk_rename_to_another_column_is_refused(sample: SampleData) -> None:
    with pytest.raises(TypeError, match=r"Change name with save\(\)"):
        PositionTemplate.objects.update(name=F("name_folded"))
