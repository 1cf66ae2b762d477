from roster.models.api_key import ApiKey, KeyUse, LastUse
from roster.models.change import Change, DatabaseInstance
from roster.models.folded import Folded
from roster.models.rate_count import RateCount
from roster.models.recorded import Recorded
from roster.models.user import User
from roster.models.watched import Watched

__all__ = [
    "ApiKey",
    "Change",
    "DatabaseInstance",
    "Folded",
    "KeyUse",
    "LastUse",
    "RateCount",
    "Recorded",
    "User",
    "Watched",
]
