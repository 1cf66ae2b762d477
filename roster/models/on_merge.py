from enum import Enum


class OnMerge(Enum):
    """What becomes of a reference to an account that is merged into another (roster/account_merge.py).

    Each model that refers to people says so for each of its columns, in `when_merged`.
    """

    MOVES = "moves"
    """It refers to the surviving account from then on: it is about the person."""
    STAYS = "stays"
    """It is about the account: its actions, disclosures or permissions."""
