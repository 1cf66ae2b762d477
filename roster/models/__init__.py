from roster.models.api_key import ApiKey, KeyUse
from roster.models.folded import Folded
from roster.models.recorded import Recorded
from roster.models.user import User

__all__ = ["ApiKey", "Folded", "KeyUse", "Recorded", "User"]
