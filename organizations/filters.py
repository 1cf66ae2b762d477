from organizations.models import Organization, Position
from roster.api.filters import (
    BeforeInstantFilter,
    ChoiceFilter,
    FromInstantFilter,
    IdFilter,
    IncludeDeletesFilter,
    NameOrIdFilter,
    QuerySetMethodFilter,
    SearchKeyFilter,
    WireFilterSet,
)


class OrganizationFilter(WireFilterSet):
    """The parameters of `GET /api/organizations` (docs/api.md)."""

    organizationId = IdFilter(field_name="id", help_text="The organization of this id.")
    status = ChoiceFilter(
        field_name="status",
        choices=Organization.Status.choices,
        help_text="Organizations of this status, in any letter case.",
    )
    excludeHiddenOrganizations = QuerySetMethodFilter(
        word="listed",
        reads=("directoryVisibility",),
        help_text="True: without organizations hidden in the directory, which only staff see.",
    )
    category = NameOrIdFilter(
        field_name="categories",
        reads=("categories",),
        help_text="Organizations in the category of this name, in any letter case, or of this id.",
    )
    type = NameOrIdFilter(
        field_name="type",
        reads=("typeId", "typeName"),
        help_text="Organizations of the type of this name, in any letter case, or of this id.",
    )
    name = SearchKeyFilter(
        field_name="name_folded",
        lookup_expr="contains",
        help_text="Organizations whose name contains this, in any letter case, with or without accents.",
    )
    ModifiedOnStart = FromInstantFilter(
        field_name="modified_on",
        reads=("modifiedOn",),
        help_text="Organizations whose `modifiedOn` is at or after this instant.",
    )
    ModifiedOnEnd = BeforeInstantFilter(
        field_name="modified_on",
        reads=("modifiedOn",),
        help_text="Organizations whose `modifiedOn` is before this instant.",
    )
    IncludeDeletes = IncludeDeletesFilter(
        help_text="Only staff may set true. It changes nothing: organizations are never deleted."
    )

    class Meta:
        model = Organization
        fields = ()


class PositionFilter(WireFilterSet):
    """The parameters of `GET /api/positions` (docs/api.md)."""

    positionId = IdFilter(field_name="id", help_text="The position of this id.")
    organizationId = IdFilter(field_name="organization", help_text="Positions of this organization.")
    template = NameOrIdFilter(
        field_name="template",
        reads=("positionTemplateId", "positionTemplateName"),
        help_text="Positions of the template of this name, in any letter case, or of this id.",
    )
    type = NameOrIdFilter(
        field_name="type",
        reads=("positionTypeId", "positionTypeName"),
        help_text="Positions of the type of this name, in any letter case, or of this id.",
    )
    activeStatusOnly = QuerySetMethodFilter(
        word="active", reads=("active",), help_text="True: without retired positions."
    )
    IncludeDeletes = IncludeDeletesFilter(
        help_text="Only staff may set true. It changes nothing: positions are never deleted."
    )

    class Meta:
        model = Position
        fields = ()
