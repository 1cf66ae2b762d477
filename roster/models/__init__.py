from roster.models.api_key import ApiKey, KeyUse, LastUse
from roster.models.change import Change, DatabaseInstance
from roster.models.change_tracked import ChangeTracked
from roster.models.folded import Folded
from roster.models.rate_count import RateCount
from roster.models.time_stamped import ShownTimeStamped, TimeStamped
from roster.models.user import User
from roster.models.when_merged import WhenMerged

__all__ = [
    "ApiKey",
    "Change",
    "ChangeTracked",
    "DatabaseInstance",
    "Folded",
    "KeyUse",
    "LastUse",
    "RateCount",
    "ShownTimeStamped",
    "TimeStamped",
    "User",
    "WhenMerged",
]
