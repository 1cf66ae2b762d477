from organizations.models import Organization, Position
from roster.api.filters import (
    BeforeInstantFilter,
    FoldedFilter,
    FromInstantFilter,
    IdFilter,
    NameOrIdFilter,
    OnlyFilter,
    WireFilterSet,
    WordFilter,
)


class OrganizationFilter(WireFilterSet):
    """The parameters of `GET /api/organizations` (WIRE.md, section 4)."""

    organizationId = IdFilter(field_name="id")
    status = WordFilter(field_name="status", choices=Organization.Status.choices)
    excludeHiddenOrganizations = OnlyFilter(word="listed", reads=("directoryVisibility",))
    category = NameOrIdFilter(field_name="categories", reads=("categories",))
    type = NameOrIdFilter(field_name="type", reads=("typeId", "typeName"))
    name = FoldedFilter(field_name="name_folded", lookup_expr="contains")
    ModifiedOnStart = FromInstantFilter(field_name="modified_at", reads=("modifiedOn",))
    ModifiedOnEnd = BeforeInstantFilter(field_name="modified_at", reads=("modifiedOn",))

    class Meta:
        model = Organization
        fields = ()


class PositionFilter(WireFilterSet):
    """The parameters of `GET /api/positions` (WIRE.md, section 4)."""

    positionId = IdFilter(field_name="id")
    organizationId = IdFilter(field_name="organization")
    template = NameOrIdFilter(field_name="template", reads=("positionTemplateId", "positionTemplateName"))
    type = NameOrIdFilter(field_name="type", reads=("positionTypeId", "positionTypeName"))
    activeStatusOnly = OnlyFilter(word="active", reads=("active",))

    class Meta:
        model = Position
        fields = ()
