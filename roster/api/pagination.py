"""Pages of a list in the envelope of Engage, and a cursor for clients that can use one (docs/api.md, “Lists”)."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import orjson
from django import forms
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from roster.api.errors import ParametersRefused
from roster.api.parameters import MAX_ID, Query, WholeNumberField, parse
from roster.reads.item_list import ItemList

DEFAULT_PAGE_SIZE = 100
MAX_PAGE_SIZE = 500
CURSOR_ACCEPTED = (
    "A cursor is accepted only unchanged, from the link to the next page in an earlier response of this list."
)


class CursorField(forms.Field):
    """A cursor: the keyset position of the last row of a page, and the number of the next page."""

    def to_python(self, value: Any) -> "Cursor | None":
        return Cursor.read(value) if value else None


class PageForm(forms.Form):
    """The parameters of paging."""

    page = WholeNumberField(
        least=1,
        required=False,
        help_text="Number of the page, from 1. A page after the last one is empty, with the true totals.",
        initial=1,
    )
    pageSize = WholeNumberField(  # noqa: N815 (the name in the API)
        least=1,
        most=MAX_PAGE_SIZE,
        cut=True,
        required=False,
        help_text="Items per page. Values above 500 count as 500.",
        initial=DEFAULT_PAGE_SIZE,
    )
    cursor = CursorField(
        required=False, help_text="Continues a list: from the `Link` header of an earlier response. Not with `page`."
    )


class Cursor:
    """The keyset position of a row in the list of one resource. It stays valid when rows change."""

    def __init__(self, resource: str, page: int, after: Sequence[Any]) -> None:
        self.resource = resource
        self.page = page
        self.after = after

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """Parse a cursor. forms.ValidationError for a text that no response contains."""
        try:
            resource, page, *after = orjson.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
            well_formed = isinstance(page, int) and 1 < page <= MAX_ID
            well_formed = well_formed and not any(isinstance(value, str) and "\x00" in value for value in after)
        except (binascii.Error, ValueError, TypeError):
            well_formed = False
        if not well_formed or str(cursor := cls(resource, page, after)) != text:
            raise forms.ValidationError(CURSOR_ACCEPTED)
        return cursor

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(orjson.dumps([self.resource, self.page, *self.after])).decode().rstrip("=")


class EnvelopePagination(BasePagination):
    """Pages of 100, at most 500, by number or by cursor; totals are exact."""

    parameters = ("page", "pageSize", "cursor")

    asked: dict[str, Any]

    def read(self, query: Query) -> None:
        """Parse the parameters of paging; errors go into `query.errors`."""
        self.asked = parse(PageForm.base_fields, query)
        if "cursor" in query and "page" in query:
            query.add_errors({"cursor": ["Either a cursor or a page is accepted, not both."]})

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        listing: ItemList = queryset
        cursor: Cursor | None = self.asked.get("cursor")
        self.request = request
        self.page_size: int = self.asked.get("pageSize") or DEFAULT_PAGE_SIZE
        self.page: int = cursor.page if cursor else self.asked.get("page") or 1
        resource = view.serializer_class.resource
        if cursor and not (cursor.resource == resource and listing.is_valid_keyset(cursor.after)):
            raise ParametersRefused({"cursor": [CURSOR_ACCEPTED]})
        start = (self.page - 1) * self.page_size
        if cursor:
            found = listing.page_after(cursor.after, 0, self.page_size + 1)
        else:
            found = listing.page(start, self.page_size + 1)
        ends_here = not cursor and (0 < len(found) <= self.page_size or (start == 0 and not found))
        self.total = start + len(found) if ends_here else listing.total()
        self.next_cursor = None
        if len(found) > self.page_size:
            found.pop()
            self.next_cursor = Cursor(resource, self.page + 1, found[-1][0])
        return [item for _, item in found]

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
        """The Link header for the next page, without a credential from the URL of this page."""
        if self.next_cursor is None:
            return {}
        query = {name: value for name, value in self.request.parser_context["view"].query.items() if name != "page"}
        query["cursor"] = str(self.next_cursor)
        url = self.request.build_absolute_uri(f"{self.request.path}?{urlencode(query)}")
        return {"Link": f'<{url}>; rel="next"'}

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        number = {"type": "integer", "format": "int32"}
        return {
            "type": "object",
            "required": ["pageNumber", "pageSize", "totalItems", "totalPages", "items"],
            "properties": {
                "pageNumber": {**number, "minimum": 1, "description": "Number of this page."},
                "pageSize": {**number, "minimum": 1, "maximum": MAX_PAGE_SIZE, "description": "Items per page."},
                "totalItems": {**number, "minimum": 0, "description": "Items in the whole list."},
                "totalPages": {**number, "minimum": 0, "description": "Pages of the whole list; 0 for no items."},
                "items": {**schema, "description": "The items of this page."},
            },
        }
