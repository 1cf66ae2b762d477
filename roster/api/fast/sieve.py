"""Pages of a list that is sieved through the whole campus: by days, by modification, by flags.

Walking through everybody in the order of the roster would meet very few of a list that keeps few. Where a list is
short, its rows are fetched first, in whatever way the database finds best, and then sorted. A long one is walked,
because then a good part of what is met belongs to it. Its total says which it is, and is needed anyway.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from roster.api.filters import WireFilterSet

SHORT = 30_000
"""Rows up to which fetching all is cheaper than walking: about the root of a page's rows times all memberships."""


def is_sieved(filterset: type[WireFilterSet], asked: Mapping[str, Any], relation: str) -> bool:
    """Do the filters that narrow say nothing of what `relation` leads to, in whose order the list is walked?"""
    narrowing = [
        str(filterset.base_filters[name].field_name)
        for name, value in asked.items()
        if filterset.base_filters[name].prepare(value) is not None and filterset.base_filters[name].narrows
    ]
    return bool(narrowing) and not any(name.startswith(f"{relation}__") for name in narrowing)


def keys(queryset: QuerySet[Any]) -> RawSQL:
    """The keys of a short list, found before anything is sorted."""
    rows = queryset.order_by().values_list("pk")
    sql, parameters = rows.query.get_compiler(connection=connection).as_sql()
    return RawSQL(f"WITH short (key) AS MATERIALIZED ({sql}) SELECT key FROM short", parameters)  # noqa: S608, S611
