from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class HasAudience(BasePermission):
    """Anybody of whom authentication could say what they may know."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.auth is not None
