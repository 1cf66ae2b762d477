"""The order of positions follows the names of positions and organizations, in whatever way these change."""

import pytest
from django.db.models import F

from organizations.models import Organization, Position, PositionTemplate
from organizations.models.position import order_key
from tests.cast import MODIFIED, Cast, organization, position

pytestmark = pytest.mark.both_databases


def key_of(position: Position) -> str:
    """The order key as the database has it."""
    return str(Position.objects.get(pk=position.pk).order_key)


def key(organization: Organization, organization_name: str, position_name: str) -> str:
    """The order key by its definition."""
    return f"{organization_name}\x01{organization.pk:010d}\x01{position_name}"


def test_a_new_position_stands_by_organization_id_and_name(cast: Cast) -> None:
    assert key_of(cast.lighting) == key(cast.teatro, "teatro nandu", "eclairagiste")


def test_renaming_a_position_moves_it(cast: Cast) -> None:
    cast.lighting.name = "LUMIÈRE"
    cast.lighting.save()

    assert key_of(cast.lighting) == key(cast.teatro, "teatro nandu", "lumiere")


def test_renaming_a_position_by_a_partial_write_moves_it(cast: Cast) -> None:
    cast.lighting.name = "LUMIÈRE"
    cast.lighting.save(update_fields=["name"])

    assert key_of(cast.lighting) == key(cast.teatro, "teatro nandu", "lumiere")
    assert Position.objects.get(pk=cast.lighting.pk).name_folded == "lumiere"


def test_renaming_an_organization_moves_all_its_positions_and_no_others(cast: Cast) -> None:
    downtown = key_of(cast.downtown_member)
    cast.chess_club.name = "Échecs"
    cast.chess_club.save()

    assert key_of(cast.chess_member) == key(cast.chess_club, "echecs", "member")
    assert key_of(cast.chess_president) == key(cast.chess_club, "echecs", "president")
    assert key_of(cast.downtown_member) == downtown


def test_renaming_an_organization_by_a_partial_write_moves_its_positions(cast: Cast) -> None:
    cast.chess_club.name = "Échecs"
    cast.chess_club.save(update_fields=["name"])

    assert key_of(cast.chess_member) == key(cast.chess_club, "echecs", "member")


def test_renaming_an_organization_does_not_move_the_modification_of_its_memberships(cast: Cast) -> None:
    cast.chess_club.name = "Échecs"
    cast.chess_club.save()
    cast.farid_chess.refresh_from_db()

    assert cast.farid_chess.modified_at == MODIFIED


def test_another_change_of_an_organization_leaves_its_positions(cast: Cast) -> None:
    cast.chess_club.summary = "Boards on Thursdays."
    cast.chess_club.save()
    cast.chess_member.refresh_from_db()

    assert cast.chess_member.modified_at == MODIFIED


def test_a_partial_write_from_before_a_rename_does_not_undo_it(cast: Cast) -> None:
    before = Organization.objects.get(pk=cast.chess_club.pk)
    cast.chess_club.name = "Échecs"
    cast.chess_club.save()
    before.status = "frozen"
    before.save(update_fields=["status"])

    assert key_of(cast.chess_member) == key(cast.chess_club, "echecs", "member")


def test_a_partial_write_of_a_position_from_before_its_rename_does_not_undo_it(cast: Cast) -> None:
    before = Position.objects.get(pk=cast.chess_member.pk)
    cast.chess_member.name = "Player"
    cast.chess_member.save()
    before.is_active = False
    before.save(update_fields=["is_active"])

    assert key_of(cast.chess_member) == key(cast.chess_club, "chess club", "player")


def test_a_position_that_moves_stands_in_its_new_organization(cast: Cast) -> None:
    cast.chess_member.organization = cast.teatro
    cast.chess_member.save(update_fields=["organization"])

    assert key_of(cast.chess_member) == key(cast.teatro, "teatro nandu", "member")


@pytest.mark.parametrize("changes", [{"name": "X"}, {"organization": 1}, {"organization_id": 1}])
def test_positions_are_not_renamed_or_moved_in_bulk(cast: Cast, changes: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="save"):
        Position.objects.update(**changes)


def test_organizations_are_not_renamed_in_bulk(cast: Cast) -> None:
    with pytest.raises(TypeError, match="save"):
        Organization.objects.update(name="X")


def test_a_bulk_write_of_positions_computes_their_keys(cast: Cast) -> None:
    made = Position(organization=cast.teatro, template=cast.member_kind, type=cast.membership, name="Extra")
    made.order_key = order_key(cast.teatro.name_folded, cast.teatro.pk, made.name)
    Position.objects.bulk_create([made])

    assert key_of(Position.objects.get(name="Extra")) == key(cast.teatro, "teatro nandu", "extra")
    assert Position.objects.get(name="Extra").name_folded == "extra"


def test_a_position_takes_the_default_type_of_its_template(cast: Cast) -> None:
    made = position(cast.teatro, "Extra", cast.member_kind)

    assert Position.objects.get(pk=made.pk).type == cast.membership


def test_a_type_that_is_given_wins_over_the_default(cast: Cast) -> None:
    made = position(cast.teatro, "Extra", cast.member_kind, type=cast.officer)

    assert Position.objects.get(pk=made.pk).type == cast.officer


def test_positions_stand_by_organization_then_its_id_then_name_then_id(cast: Cast) -> None:
    upper = organization("CHESS CLUB")
    member = position(upper, "member", cast.member_kind)
    member_again = position(upper, "MEMBER", cast.member_kind)
    names = ("chess club", "chess club 2")
    longer = position(organization("Chess Club 2"), "A", cast.member_kind)
    chess = Position.objects.filter(organization__name_folded__in=names)

    assert list(chess.order_by("order_key", "id")) == [
        *(cast.chess_member, cast.chess_president),
        *(cast.downtown_member, cast.downtown_president),
        *(member, member_again),
        longer,
    ]


def test_a_bulk_rename_of_a_template_folds_its_name(cast: Cast) -> None:
    PositionTemplate.objects.filter(pk=cast.member_kind.pk).update(name="Adhérent")

    assert PositionTemplate.objects.get(pk=cast.member_kind.pk).name_folded == "adherent"


def test_a_partial_rename_of_a_template_folds_its_name(cast: Cast) -> None:
    cast.member_kind.name = "Adhérent"
    cast.member_kind.save(update_fields=["name"])

    assert PositionTemplate.objects.get(pk=cast.member_kind.pk).name_folded == "adherent"


def test_a_bulk_rename_to_another_column_is_refused(cast: Cast) -> None:
    with pytest.raises(TypeError, match="name change row by row"):
        PositionTemplate.objects.update(name=F("name_folded"))
