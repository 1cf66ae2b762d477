"""The fast way and the plain way of a list answer alike (`roster/reads/`, `roster/reads/item_list.py`)."""

import json
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIRequestFactory

from memberships.views import MembershipViewSet
from organizations.models import CustomField
from roster import privacy
from roster.api.authentication import Credential
from roster.api.parameters import ChoiceField, FlagParameter, InstantField, WholeNumberField
from roster.models import ApiKey, User
from roster.reads.compiled_list import CompiledList, compiled_list
from roster.reads.item_list import OrmList
from tests.sample_data import MODIFIED_MS, SampleData
from tests.wire.routes import LISTS

pytestmark = pytest.mark.both_databases

DAY = 86_400_000
NAMES = [
    *("amara.okafor", "BEN", "Benjamin.Whitlock", "chloé.desrosiers", "nobody", "member", "PRESIDENT", "président"),
    *("club", "é", "arts", "Student Organization", "Officer", "student", "FULL-TIME", "Arts and Sciences", "C004100"),
]
"""Texts to ask for: some are there, some nearly."""
VIEWSETS = [route.view for route in LISTS]


def values_of(name: str, declared: Any) -> st.SearchStrategy[str]:
    """Values for a parameter, as the form field of its filter takes them."""
    field = declared.field
    if isinstance(field, FlagParameter):
        return st.sampled_from(["true", "false", "1", "0"])
    if isinstance(field, InstantField):
        return st.integers(MODIFIED_MS - 900 * DAY, MODIFIED_MS + 400 * DAY).map(str)
    if isinstance(field, WholeNumberField):
        return st.one_of(st.just(name), st.integers(0, 60).map(str))
    if isinstance(field, ChoiceField):
        return st.sampled_from(field.labels)
    return st.sampled_from([*NAMES, *([""] if declared.accepts_blank else [])])


@st.composite
def queries(draw: st.DrawFn, viewset: Any, audience: privacy.Audience) -> dict[str, str]:
    """Some of the parameters of a list that an audience may use, with values."""
    allowed = privacy.fields(viewset.serializer_class.resource, audience)
    filters = {
        name: declared
        for name, declared in viewset.filterset_class.base_filters.items()
        if declared.may_be_used(name, {name: "true"}, allowed, audience)
    }
    names = draw(st.lists(st.sampled_from(sorted(filters)), unique=True, max_size=4))
    return {name: draw(values_of(name, filters[name])) for name in names}


def listings(viewset: Any, key: ApiKey, query: dict[str, str]) -> tuple[CompiledList | None, OrmList]:
    """The list of one request, made both ways."""
    view = viewset(detail=False, action_map={"get": "list"})
    request = view.initialize_request(APIRequestFactory().get("/", query))
    view.setup(request, *())
    view.request, view.action, view.format_kwarg = request, "list", None
    request._auth = Credential(key.get_audience())
    request._user = None
    view.check_parameters(request)
    asked = view.list_request()
    return compiled_list(asked), OrmList(asked.visible_rows(), asked.make_serializer)


def staff_key() -> ApiKey:
    return ApiKey.create_bearer("both ways", audience="staff", may_read_reflections=True)[0]


def contradicts(asked: dict[str, str], audience: str) -> bool:
    """Are memberships asked for that are off the roster of which this audience sees what is on it?"""
    return asked.get(f"{audience}PrivacyFilter") in {"false", "0"}


@pytest.fixture
def full_sample(sample: SampleData) -> SampleData:
    """The sample data, with a value in each field that the story leaves empty."""
    User.objects.filter(pk=sample.amara.pk).update(attribute_times={"sis_id": MODIFIED_MS})
    CustomField.objects.get_or_create(
        organization=sample.chess_club, name="Äußeres", defaults={"values": ["à", ""], "is_public": True}
    )
    return sample


@pytest.mark.parametrize("audience", ["staff", "campus", "public"])
@pytest.mark.parametrize("viewset", VIEWSETS)
@given(data=st.data(), start=st.integers(0, 12), size=st.integers(1, 9))
@settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))
def test_a_list_comes_alike_both_ways(
    full_sample: SampleData, viewset: Any, audience: str, start: int, size: int, data: st.DataObject
) -> None:
    sample = full_sample
    key = ApiKey(audience=audience, may_read_reflections=audience == "staff")
    if not privacy.fields(viewset.serializer_class.resource, key.get_audience()):
        return  # closed to this audience
    if data.draw(st.booleans(), label="limited"):
        key.pk, key.is_limited = ApiKey.objects.get(is_limited=True, audience="staff").pk, True
    real = {
        "userId": sample.amara.pk,
        "organizationId": sample.chess_club.pk,
        "membershipId": sample.amara_president.pk,
        "positionTemplateId": sample.member_kind.pk,
        "positionId": sample.chess_member.pk,
    }
    asked = data.draw(queries(viewset, key.get_audience()))
    asked = {name: str(real[name]) if value == name else value for name, value in asked.items()}
    prepared, plain = listings(viewset, key, asked)
    if prepared is None:
        assert asked.get("username") == "" or contradicts(asked, audience)  # the lists that are known to be empty
        assert plain.page(0, 500) == []
        return
    assert [item for _, item in prepared.page(start, size)] == [plainly(item) for _, item in plain.page(start, size)]
    assert prepared.total() == plain.total()
    if whole := plain.page(0, 500):
        keyset, _ = data.draw(st.sampled_from(whole))
        assert prepared.is_valid_keyset(keyset)
        assert [(tuple(keyset), item) for keyset, item in prepared.page_after(keyset, 0, size)] == [
            (tuple(keyset), plainly(item)) for keyset, item in plain.page_after(keyset, 0, size)
        ]


def plainly(item: Any) -> Any:
    """What DRF prints, in plain dicts and lists."""
    if isinstance(item, dict):
        return {name: plainly(value) for name, value in item.items()}
    return [plainly(one) for one in item] if isinstance(item, list) else item


@pytest.mark.parametrize("audience", ["public", "campus", "staff"])
@pytest.mark.parametrize("viewset", VIEWSETS)
def test_every_audience_reads_alike_both_ways(full_sample: SampleData, viewset: Any, audience: str) -> None:
    key = ApiKey.create_bearer("both ways", audience=audience)[0]
    if not privacy.fields(viewset.serializer_class.resource, key.get_audience()):
        return  # closed to this audience
    prepared, plain = listings(viewset, key, {})
    assert prepared is not None, "this list goes the plain way"
    found = [item for _, item in prepared.page(0, 500)]
    assert found
    assert json.dumps(found) == json.dumps([plainly(item) for _, item in plain.page(0, 500)])


def test_days_are_printed_in_the_zone_of_the_wire(sample: SampleData) -> None:
    with override_settings(WIRE_TIME_ZONE="Pacific/Auckland"):
        prepared, plain = listings(MembershipViewSet, staff_key(), {})
        assert prepared is not None
        assert [item for _, item in prepared.page(0, 500)] == [dict(item) for _, item in plain.page(0, 500)]


def test_a_view_with_ways_of_its_own_goes_the_plain_way(sample: SampleData) -> None:
    class OwnWay(MembershipViewSet):
        def get_queryset(self) -> Any:
            return super().get_queryset().filter(shown_on_public=True)

    prepared, plain = listings(OwnWay, staff_key(), {})
    assert prepared is None
    assert all(item["userShownOnPublicRoster"] for _, item in plain.page(0, 500))
