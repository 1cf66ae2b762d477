from organizations.models import LimitedKey, Position
from roster.admin.filters import ByAutocomplete


class ByOrganization(ByAutocomplete):
    """Rows that belong to one organization."""

    title = "organization"
    parameter = "organization"
    relation = "organization"
    offered_by = (Position, "organization")


class ByKey(ByAutocomplete):
    """Organizations that one API key is limited to."""

    title = "API key"
    parameter = "api_key"
    relation = "api_key"
    offered_by = (LimitedKey, "api_key")
