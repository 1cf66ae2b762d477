from memberships.admin.inlines import HolderInline, HoldingInline
from memberships.admin.memberships import MembershipAdmin

__all__ = ["HolderInline", "HoldingInline", "MembershipAdmin"]
