"""Pages of a list in the vendor's envelope, and a cursor for clients that can use one (WIRE.md, sections 2 and 4)."""

import base64
import binascii
from typing import Any

import orjson
from django import forms
from django.db import models
from django.db.models import Q, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from roster.api.errors import ParametersRefused
from roster.api.parameters import LARGEST_ID, WholeNumberField

DEFAULT_PAGE_SIZE = 100
LARGEST_PAGE_SIZE = 500
CURSOR_ACCEPTED = "A cursor is accepted as the link to the next page of an earlier answer of this list has it."


class CursorField(forms.Field):
    """Where a list goes on: the order values of the last row that was answered, and the number of the next page."""

    def to_python(self, value: Any) -> "Cursor | None":
        return Cursor.read(value) if value else None


class PageForm(forms.Form):
    page = WholeNumberField(
        least=1,
        required=False,
        help_text="Number of the page, from 1. One past the end is empty, with the true totals.",
        initial=1,
    )
    pageSize = WholeNumberField(  # noqa: N815
        least=1,
        most=LARGEST_PAGE_SIZE,
        cut=True,
        required=False,
        help_text="Items a page. More than 500 is answered with 500.",
        initial=DEFAULT_PAGE_SIZE,
    )
    cursor = CursorField(
        required=False, help_text="Continues a list where the `Link` header of an earlier answer says; not with `page`."
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if cleaned.get("cursor") and cleaned.get("page"):
            self.add_error("cursor", "A cursor or a page is accepted, not both.")
        return cleaned


class Cursor:
    """The place after a row, in the order of a list. It stays good while rows come and go."""

    def __init__(self, page: int, after: list[Any]) -> None:
        self.page = page
        self.after = after

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """A cursor as an answer gave it. forms.ValidationError for any other text."""
        try:
            page, *after = orjson.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
            well_formed = isinstance(page, int) and 1 < page <= LARGEST_ID and after
            well_formed = well_formed and not any(isinstance(value, str) and "\x00" in value for value in after)
        except (binascii.Error, ValueError, TypeError):
            well_formed = False
        if not well_formed:
            raise forms.ValidationError(CURSOR_ACCEPTED)
        return cls(page, after)

    def fits(self, queryset: QuerySet[Any], order: tuple[str, ...]) -> bool:
        """Is this the place after a row of such a list: a value of the right type for each field of its order?"""
        kinds = [str if isinstance(field_at(queryset.model, name), models.CharField) else int for name in order]
        return [type(value) for value in self.after] == kinds and all(
            isinstance(value, str) or 0 <= value <= LARGEST_ID for value in self.after
        )

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(orjson.dumps([self.page, *self.after])).decode().rstrip("=")


class EnvelopePagination(BasePagination):
    """Pages of 100, at most 500, by number or by cursor; totals are exact."""

    parameters = ("page", "pageSize", "cursor")

    def __init__(self) -> None:
        self.form = PageForm({})

    def read(self, query: dict[str, str]) -> PageForm:
        """Take the parameters of paging; the form tells what is wrong with them."""
        self.form = PageForm(query)
        return self.form

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        asked = self.form.cleaned_data
        cursor: Cursor | None = asked.get("cursor")
        self.request = request
        self.page_size: int = asked.get("pageSize") or DEFAULT_PAGE_SIZE
        self.page: int = cursor.page if cursor else asked.get("page") or 1
        order = order_of(queryset)
        if cursor:
            if not cursor.fits(queryset, order):
                raise ParametersRefused({"cursor": [CURSOR_ACCEPTED]})
            self.total = queryset.count()
            rows = list(after(queryset, order, cursor.after)[: self.page_size + 1])
        else:
            start = (self.page - 1) * self.page_size
            rows = list(queryset[start : start + self.page_size + 1])
            is_last_page = 0 < len(rows) <= self.page_size or (start == 0 and not rows)
            self.total = start + len(rows) if is_last_page else queryset.count()
        self.next_cursor = None
        if len(rows) > self.page_size:
            rows.pop()
            self.next_cursor = Cursor(self.page + 1, [value_at(rows[-1], name) for name in order])
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        envelope = {
            "pageNumber": self.page,
            "pageSize": self.page_size,
            "totalItems": self.total,
            "totalPages": -(-self.total // self.page_size),
            "items": data,
        }
        return Response(envelope, headers=self.link_header())

    def link_header(self) -> dict[str, str]:
        """The link to the next page, without the credential that this page's URL may have had."""
        if self.next_cursor is None:
            return {}
        url = self.request.build_absolute_uri(self.request.path)
        for name, value in self.request.parser_context["view"].query.items():
            if name != "page":
                url = replace_query_param(url, name, value)
        return {"Link": f'<{replace_query_param(url, "cursor", str(self.next_cursor))}>; rel="next"'}

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        number = {"type": "integer", "format": "int32"}
        return {
            "type": "object",
            "required": ["pageNumber", "pageSize", "totalItems", "totalPages", "items"],
            "properties": {
                "pageNumber": {**number, "minimum": 1},
                "pageSize": {**number, "minimum": 1, "maximum": LARGEST_PAGE_SIZE, "description": "The size in force."},
                "totalItems": {**number, "minimum": 0},
                "totalPages": {**number, "minimum": 0},
                "items": schema,
            },
        }


def order_of(queryset: QuerySet[Any]) -> tuple[str, ...]:
    """The fields a list is ordered by. The last is the key, so that no tie is left."""
    order = tuple(str(name) for name in queryset.query.order_by)
    if not order or order[-1] not in {"id", "pk"}:
        raise ValueError("A list is ordered by words that end in its key before it is paged.")
    return order


def after(queryset: QuerySet[Any], order: tuple[str, ...], values: list[Any]) -> QuerySet[Any]:
    """The rows of an ordered list that come after the given values of its order fields."""
    name, value = order[0], values[0]
    later = Q(**{f"{name}__gt": value})
    if len(order) == 1:
        return queryset.filter(later)
    tied = Q(**{name: value})
    for deeper, bound in zip(order[1:], values[1:], strict=True):
        later |= tied & Q(**{f"{deeper}__gt": bound})
        tied &= Q(**{deeper: bound})
    return queryset.filter(later, **{f"{name}__gte": value})


def value_at(row: Any, path: str) -> Any:
    """The value of a row at a path of field names, `position__order_key`."""
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def field_at(model: type[models.Model], path: str) -> Any:
    """The field of a model at a path of field names, `position__order_key`."""
    *relations, last = path.split("__")
    related: Any = model
    for name in relations:
        related = related._meta.get_field(name).related_model
    return related._meta.get_field(last)
