"""The views of the API. Errors are checked in this order: 401, 403, 400, 404 (docs/api.md, “Errors”)."""

from typing import Any, cast

from rest_framework import exceptions
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from roster import privacy
from roster.api import rate_limit
from roster.api.authentication import Credential
from roster.api.caller import caller_of
from roster.api.errors import ParametersRefused
from roster.api.filters import WireFilterSet
from roster.api.pagination import EnvelopePagination
from roster.api.parameters import Query
from roster.fields import WireSerializer
from roster.reads.compiled_list import compiled_list, orm_list
from roster.reads.list_request import ListRequest

VARY = "Authorization, X-Engage-Api-Key, Cookie"


class RosterView(APIView):
    """A view of the API: authenticated, with checked parameters, and with headers for caches and rate limits."""

    query: Query
    http_method_names = ("get", "head")

    @property
    def credential(self) -> Credential:
        """The result of authentication."""
        return cast(Credential, self.request.auth)

    @property
    def audience(self) -> privacy.Audience:
        return self.credential.audience

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.check_parameters(request)

    def check_parameters(self, request: Request) -> None:
        """Refuse parameters that are not declared; a view with parameters overrides this."""
        self.query = Query(request, declared=())
        self.raise_parameter_errors()

    def raise_parameter_errors(self) -> None:
        if self.query.errors:
            raise ParametersRefused(self.query.errors)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        credential = request.auth if getattr(request, "_auth", None) is not None else None
        for name, value in rate_limit.headers(request._request).items():
            response[name] = value
        # APIView sets "Accept"; the response depends on the credential instead.
        response["Vary"] = VARY
        response["Cache-Control"] = cache_control(response, credential)
        response.add_post_render_callback(release_references)
        return response


class RosterViewSet(RosterView, ReadOnlyModelViewSet[Any]):
    """A resource: a list in an envelope and single items.

    A subclass defines `queryset`, `serializer_class`, `filterset_class` for lists, and `detail_filterset_class` for
    `/{id}`.
    """

    serializer_class: type[WireSerializer]
    paginator: EnvelopePagination
    filterset_class: type[WireFilterSet]
    detail_filterset_class: type[WireFilterSet] = WireFilterSet
    asked: dict[str, Any]
    """The parsed values of the filters that the request sets."""

    def get_filterset_class(self) -> type[WireFilterSet]:
        return self.detail_filterset_class if self.detail else self.filterset_class

    def check_parameters(self, request: Request) -> None:
        filterset_class = self.get_filterset_class()
        filters = filterset_class.base_filters
        paging = () if self.detail else self.paginator.parameters
        blank = [name for name, declared in filters.items() if declared.accepts_blank]
        self.query = Query(request, declared=(*filters, *paging), may_be_blank=blank)
        self.check_withheld_filters(filters)
        self.asked = filterset_class.parse(self.query)
        if not self.detail:
            self.paginator.read(self.query)
        self.raise_parameter_errors()

    def check_withheld_filters(self, filters: dict[str, Any]) -> None:
        """Respond with 403 if this audience may not read the resource, or a field that a filter compares."""
        allowed = privacy.fields(self.serializer_class.resource, self.audience)
        if not allowed:
            raise exceptions.PermissionDenied("This audience may not read this resource.")
        sent = [name for name in filters if name in self.query or name in self.query.errors]
        withheld = [name for name in sent if not filters[name].may_be_used(name, self.query, allowed, self.audience)]
        if withheld:
            names = ", ".join(withheld)
            raise exceptions.PermissionDenied(f"This audience may not use these parameters: {names}.")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        list_request = self.list_request()
        listing = compiled_list(list_request) or orm_list(list_request)
        return self.paginator.get_paginated_response(self.paginator.paginate_queryset(listing, request, view=self))

    def list_request(self) -> ListRequest:
        """The parameters of the requested list."""
        filterset_class = self.get_filterset_class()
        return ListRequest(
            resource=type(self),
            audience=self.audience,
            filters=filterset_class.base_filters,
            asked=self.asked,
            all_rows=self.get_queryset,
            visible_rows=lambda: self.filter_queryset(self.get_queryset()),
            in_order=filterset_class.in_order,
            serializer_class=self.serializer_class,
            make_serializer=self.get_serializer,
            can_be_compiled=type(self).get_queryset is GenericAPIView.get_queryset,
            key_snapshot=caller_of(self.request._request).snapshot,
        )

    def get_object(self) -> Any:
        number = str(self.kwargs["pk"])
        if not (number.isascii() and number.isdigit()):
            raise exceptions.NotFound("Nothing has this id, or you may not see it.")
        return super().get_object()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "audience": self.audience}


def release_references(response: Any) -> None:
    """Break the reference cycles that DRF creates between a rendered response, its view and its request.

    Otherwise pages of 500 items would stay in memory until the garbage collector runs: tens of megabytes in each
    worker.
    """
    view, request = response.renderer_context["view"], response.renderer_context["request"]
    response.data, response.renderer_context = None, {}
    request.parser_context = {}
    view.response = None


def cache_control(response: Response, credential: Any) -> str:
    """The Cache-Control header. Errors, and responses to URLs with a credential, are never stored."""
    if response.status_code >= 400 or credential is None or credential.is_in_url:
        return "no-store"
    return "public, no-cache" if credential.is_anonymous else "private, no-cache"
