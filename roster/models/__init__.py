from roster.models.api_key import ApiKey, KeyUse, LastUse
from roster.models.change import Change, DatabaseInstance
from roster.models.change_tracked import ChangeTracked
from roster.models.on_merge import OnMerge
from roster.models.search_keys import HasSearchKeys
from roster.models.time_stamped import ShownTimeStamped, TimeStamped
from roster.models.user import User
from roster.models.window_count import RateCount

__all__ = [
    "ApiKey",
    "Change",
    "ChangeTracked",
    "DatabaseInstance",
    "HasSearchKeys",
    "KeyUse",
    "LastUse",
    "OnMerge",
    "RateCount",
    "ShownTimeStamped",
    "TimeStamped",
    "User",
]
