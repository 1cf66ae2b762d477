"""The fast way and the plain way of a list answer alike (`roster/api/fast/`, `roster/api/listing.py`)."""

from typing import Any

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIRequestFactory

from memberships.views import MembershipViewSet
from organizations.views import PositionViewSet
from roster.api.authentication import Credential
from roster.api.fast.listing import PreparedListing, prepared_listing
from roster.api.listing import PlainListing
from roster.models import ApiKey
from tests.cast import MODIFIED_MS, Cast

pytestmark = pytest.mark.both_databases

DAY = 86_400_000
FLAGS = st.sampled_from(["true", "false", "1", "0"])
INSTANTS = st.integers(MODIFIED_MS - 900 * DAY, MODIFIED_MS + 400 * DAY).map(str)
NUMBERS = st.integers(0, 60).map(str)
PARAMETERS: dict[str, st.SearchStrategy[str]] = {
    "userId": NUMBERS,
    "organizationId": NUMBERS,
    "membershipId": NUMBERS,
    "positionTemplateId": NUMBERS,
    "username": st.sampled_from(["amara.okafor", "BEN", "Benjamin.Whitlock", "chloé.desrosiers", "nobody", ""]),
    "positionTemplateName": st.sampled_from(["member", "PRESIDENT", "président", "none"]),
    "currentMembershipsOnly": FLAGS,
    "publicPrivacyFilter": FLAGS,
    "campusPrivacyFilter": FLAGS,
    "includeReflections": FLAGS,
    "IncludeDeletes": FLAGS,
    "startDate": INSTANTS,
    "endDate": INSTANTS,
    "ModifiedOnStart": INSTANTS,
    "ModifiedOnEnd": INSTANTS,
}
QUERIES = st.dictionaries(st.sampled_from(sorted(PARAMETERS)), st.none(), max_size=4).flatmap(
    lambda names: st.fixed_dictionaries({name: PARAMETERS[name] for name in names})
)


def listings(viewset: Any, key: ApiKey, query: dict[str, str]) -> tuple[PreparedListing | None, PlainListing]:
    """The list of one request, made both ways."""
    view = viewset(detail=False, action_map={"get": "list"})
    request = view.initialize_request(APIRequestFactory().get("/", query))
    view.setup(request, *())
    view.request, view.action, view.format_kwarg = request, "list", None
    request._auth = Credential(key.get_audience())
    request._user = None
    view.check_parameters(request)
    return prepared_listing(view), PlainListing(view.filter_queryset(view.get_queryset()), view)


def staff_key() -> ApiKey:
    return ApiKey.create_bearer("both ways", audience="staff", may_read_reflections=True)[0]


@given(query=QUERIES, start=st.integers(0, 12), size=st.integers(1, 9), data=st.data())
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_memberships_come_alike_both_ways(cast: Cast, query: dict[str, str], start: int, size: int, data: Any) -> None:
    real = {
        "userId": cast.amara.pk,
        "organizationId": cast.chess_club.pk,
        "positionTemplateId": cast.member_kind.pk,
    }
    asked = {name: str(real.get(name, value)) for name, value in query.items()}
    prepared, plain = listings(MembershipViewSet, staff_key(), asked)
    if prepared is None:
        assert asked.get("username") == ""  # the one list that is known to be empty
        return
    assert [item for _, item in prepared.page(start, size)] == [dict(item) for _, item in plain.page(start, size)]
    assert prepared.total() == plain.total()
    if whole := plain.page(0, 500):
        place, _ = data.draw(st.sampled_from(whole))
        assert prepared.has_place(place)
        assert [(tuple(place), item) for place, item in prepared.page_after(place, 0, size)] == [
            (tuple(place), dict(item)) for place, item in plain.page_after(place, 0, size)
        ]


@pytest.mark.parametrize("audience", ["public", "campus", "staff"])
@pytest.mark.parametrize("viewset", [MembershipViewSet, PositionViewSet])
def test_every_audience_reads_alike_both_ways(cast: Cast, viewset: Any, audience: str) -> None:
    key = ApiKey.create_bearer("both ways", audience=audience)[0]
    prepared, plain = listings(viewset, key, {})
    assert prepared is not None
    found = [item for _, item in prepared.page(0, 500)]
    assert found
    assert found == [dict(item) for _, item in plain.page(0, 500)]
    assert [list(item) for item in found] == [list(item) for _, item in plain.page(0, 500)]


def test_days_are_printed_in_the_zone_of_the_wire(cast: Cast) -> None:
    with override_settings(WIRE_TIME_ZONE="Pacific/Auckland"):
        prepared, plain = listings(MembershipViewSet, staff_key(), {})
        assert prepared is not None
        assert [item for _, item in prepared.page(0, 500)] == [dict(item) for _, item in plain.page(0, 500)]


def test_a_view_with_ways_of_its_own_goes_the_plain_way(cast: Cast) -> None:
    class OwnWay(MembershipViewSet):
        def get_queryset(self) -> Any:
            return super().get_queryset().filter(shown_on_public=True)

    prepared, plain = listings(OwnWay, staff_key(), {})
    assert prepared is None
    assert all(item["userShownOnPublicRoster"] for _, item in plain.page(0, 500))
