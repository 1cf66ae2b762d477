"""The order of rosters: organizations by name, the positions of one by name, as compared by search keys."""

from roster.names import SEPARATOR, search_key


def order_key(organization_name_folded: str, organization_id: int, position_name: str) -> str:
    """The key by which positions are ordered: the three parts of the order in one text that compares by byte.

    Position.save() and Organization.save() store it; code that writes positions in bulk computes it here.
    """
    return SEPARATOR.join((organization_name_folded, f"{organization_id:010d}", search_key(position_name)))
