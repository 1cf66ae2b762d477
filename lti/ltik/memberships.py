"""`/api/memberships`: for a request with an ltik or a scheme of LTIaaS the ltik API, for every other the roster API."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lti.ltik.authentication import is_for_ltik_api
from lti.ltik.views import LtikMembershipsView
from memberships.views import MembershipViewSet

ltik_memberships = LtikMembershipsView.as_view()


class MembershipsByScheme(MembershipViewSet):  # without a docstring: the schema describes it as its base
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.detail and is_for_ltik_api(request):
            return ltik_memberships(request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)
