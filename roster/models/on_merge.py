from enum import Enum


class OnMerge(Enum):
    """What a merge does to a reference to the merged account (roster/account_merge.py).

    Each model that refers to people defines this for each of these columns in `when_merged`.
    """

    MOVES = "moves"
    """The reference is about the person: after the merge it refers to the surviving account."""
    STAYS = "stays"
    """The reference is about the account (its actions, disclosures or permissions) and does not change."""
