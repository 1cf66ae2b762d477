from roster.models.api_key import ApiKey
from roster.models.change import Change
from roster.models.change_tracked import ChangeTracked
from roster.models.database_instance import DatabaseInstance
from roster.models.derived_columns import HasDerivedColumns
from roster.models.key_use import KeyUse
from roster.models.last_use import LastUse
from roster.models.on_merge import OnMerge
from roster.models.rate_count import RateCount
from roster.models.search_keys import HasSearchKeys
from roster.models.shown_time_stamped import ShownTimeStamped
from roster.models.time_stamped import TimeStamped
from roster.models.user import User

__all__ = [
    "ApiKey",
    "Change",
    "ChangeTracked",
    "DatabaseInstance",
    "HasDerivedColumns",
    "HasSearchKeys",
    "KeyUse",
    "LastUse",
    "OnMerge",
    "RateCount",
    "ShownTimeStamped",
    "TimeStamped",
    "User",
]
