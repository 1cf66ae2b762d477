from django.db import models

from organizations.querysets import NamedQuerySet
from roster.models import ChangeTracked, HasSearchKeys
from roster.names import SearchKeyField, validate_name


class NamedModel(ChangeTracked, HasSearchKeys):
    """An entry of a campus-wide list, found by its name, ignoring case and accents."""

    name = models.CharField(max_length=200, validators=[validate_name])
    name_folded = SearchKeyField(of=("name",))

    objects = NamedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name
