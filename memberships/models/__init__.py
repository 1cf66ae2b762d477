from memberships.models.membership import Membership
from memberships.models.reflection import Reflection

__all__ = ["Membership", "Reflection"]
