"""The order of rosters: organizations by name, then positions by name, both compared by search key."""

from roster.names import SEPARATOR, search_key


def order_key(organization_name_folded: str, organization_id: int, position_name: str) -> str:
    """The key by which positions are ordered: one text of organization name, organization id and position name.

    It is compared by byte. Position.save() and Organization.save() store it; bulk writes compute it here.
    """
    return SEPARATOR.join((organization_name_folded, f"{organization_id:010d}", search_key(position_name)))
