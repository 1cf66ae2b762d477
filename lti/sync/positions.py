"""The positions of a sync: one for each template, created when a person first needs it."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from organizations.models import Organization, Position, PositionTemplate


class NoPosition(Exception):
    """There is no position of a template and none can be created. The message says what to do."""


class TemplatePositions:
    """The positions of an organization for the templates of its link."""

    def __init__(self, organization: Organization, templates: Iterable[PositionTemplate]) -> None:
        self.organization = organization
        self.templates = {template.pk: template for template in templates}
        positions = organization.positions.filter(template__in=self.templates)
        self.positions: list[Position] = list(positions.select_related("template").order_by("pk"))

    def names(self, template_ids: Iterable[int]) -> dict[int, str]:
        """The name of each template's position, whether it exists or is to be created."""
        found = {pk: self.find(pk) for pk in template_ids}
        return {pk: position.name if position else self.templates[pk].name for pk, position in found.items()}

    def find(self, template_id: int) -> Position | None:
        """The position of a template: the one named like it, else the only active one. None: it is to be created.

        NoPosition if there is none and none can be created.
        """
        template = self.templates[template_id]
        of_template = [position for position in self.positions if position.template_id == template_id]
        in_use = [position for position in of_template if position.is_active]
        named = [position for position in of_template if position.name_folded == template.name_folded]
        for position in named:
            if position.is_active:
                return position
        if len(in_use) == 1:
            return in_use[0]
        if named:
            raise NoPosition(
                f"The position “{named[0].name}” is retired. Reactivate it, or give the role another template."
            )
        if not template.is_active:
            raise NoPosition(f"The template “{template.name}” is retired, so no position of its kind is made.")
        if template.default_type_id is None:
            raise NoPosition(f"The template “{template.name}” has no default type, so no position of its kind is made.")
        return None

    def get_or_create(self, template_id: int) -> Position:
        """The position of a template, created if there is none. NoPosition as in `find`."""
        position = self.find(template_id)
        if position is None:
            template = self.templates[template_id]
            position = Position(organization=self.organization, template=template, name=template.name)
            try:
                position.full_clean()
            except ValidationError as error:
                raise NoPosition(f"No position “{template.name}” can be made. {' '.join(error.messages)}") from error
            position.save()
            self.positions.append(position)
        return position
