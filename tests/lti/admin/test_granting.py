"""Nobody lets a program read more than they may read themselves: every page of the admin that could, by its model."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import ForeignKey, Model, OneToOneField
from django.test import Client

from lti.models import Deployment, LearningPlatform, PlatformDeployment, Tool, ToolApiKey
from roster.admin.grants import GrantingAdmin
from roster.models import ApiKey, User
from roster.privacy import CAMPUS, PUBLIC, STAFF, Audience, Grant, Level, excess
from tests.lti.tool.platforms import make_platform
from tests.lti.tool_crowd import ToolCrowd
from tests.lti.tools import deploy, make_tool
from tests.pages import opened, signed_in
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

REGISTERED: dict[type[Model], Any] = dict(admin.site._registry)
GRANTING = [model for model in REGISTERED if hasattr(model, "grants")]

EXEMPT = {
    "organizations.LimitedKey": "narrows its key, on the key's page",
    "lti.CourseRole": "which position a role gives, on its link's page",
    "lti.Launch": "a record, which may be revoked",
    "lti.CourseLaunch": "a record, which may be revoked",
    "lti.ServiceKey": "made by a launch, and may be revoked",
}
"""Models that belong to one that grants, and that nobody lets a program read more by."""

REFUSED = "You may not grant this"


def staff(*, may_ask: bool) -> Client:
    """Staff with every right, but the right to ask as staff only if it is given."""
    person = User.objects.create_user(f"clerk{may_ask}", is_staff=True)
    rights = Permission.objects.all() if may_ask else Permission.objects.exclude(codename="ask_as_staff")
    person.user_permissions.set(rights)
    return signed_in(person)


def with_more(sample: SampleData) -> dict[type[Model], Model]:
    """A row of every granting model of LTI that lets a program read SIS ids, or opens a hidden organization."""
    crowd = ToolCrowd(sample.amara, sample.chess_club)
    Tool.objects.update(may_read_sourcedid=True, audience="campus", status="disabled")
    sample.chess_club.directory_visibility = "hidden"
    sample.chess_club.save()
    key, _ = ApiKey.create_bearer("Office", audience=Level.STAFF)
    rows: list[Model] = [*crowd.subjects(), key]
    for row in rows:
        row.refresh_from_db()
    return {type(row): row for row in rows}


def test_every_model_that_grants_has_a_page_that_goes_by_the_rule() -> None:
    assert {model._meta.label for model in GRANTING} == {
        *("roster.ApiKey", "lti.Tool", "lti.ToolKey", "lti.ToolApiKey", "lti.Deployment", "lti.ResourceLink"),
        *("lti.LearningPlatform", "lti.PlatformDeployment", "lti.CourseLink"),
    }
    assert [model for model in GRANTING if not isinstance(REGISTERED[model], GrantingAdmin)] == []


def test_every_page_of_what_belongs_to_such_a_model_goes_by_the_rule_or_is_exempt(rf: Any) -> None:
    request = rf.get("/")
    request.user = User(is_superuser=True, is_staff=True)
    outside = set()
    for model, page in REGISTERED.items():
        belongs = any(
            isinstance(field, ForeignKey | OneToOneField) and field.related_model in GRANTING
            for field in model._meta.get_fields()
        )
        if belongs and model not in GRANTING and page.has_change_permission(request):
            outside.add(model._meta.label)

    assert outside <= EXEMPT.keys()


@pytest.mark.parametrize("model", GRANTING, ids=lambda model: model._meta.label)
def test_a_row_that_reads_more_is_changed_only_by_who_may_grant_it(sample: SampleData, model: type[Model]) -> None:
    row = with_more(sample)[model]
    change = CHANGES[model._meta.label]

    refused = opened(staff(may_ask=False), row)
    if model is not ApiKey:  # its page only shows the key
        assert REFUSED in " ".join(refused.send(**change).errors)
    assert snapshot(row) == snapshot(type(row)._default_manager.get(pk=row.pk))

    opened(staff(may_ask=True), row).send(**change)
    assert snapshot(row) != snapshot(type(row)._default_manager.get(pk=row.pk))


CHANGES: dict[str, dict[str, str]] = {
    "roster.ApiKey": {"name": "Another"},
    "lti.Tool": {"status": "active"},
    "lti.ToolKey": {"kid": "another"},
    "lti.ToolApiKey": {"may_launch": "on"},
    "lti.Deployment": {"is_campus_wide": "on"},
    "lti.ResourceLink": {"title": "Another"},
    "lti.LearningPlatform": {"name": "Another"},
    "lti.PlatformDeployment": {"status": "pending"},
    "lti.CourseLink": {"most_ends": "99"},
}
"""For each model, a change that does not narrow."""


def snapshot(row: Model) -> dict[str, Any]:
    left_out = {"modified_at", "created_at"}
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in left_out}


NARROWER = [
    (Tool, {"status": "disabled"}),
    (Tool, {"disclosure": "name"}),
    (Deployment, {"is_active": None}),
    (LearningPlatform, {"status": "disabled"}),
    (PlatformDeployment, {"status": "disabled"}),
]


@pytest.mark.parametrize("model, change", NARROWER)
def test_a_row_that_reads_more_is_narrowed_by_anybody(sample: SampleData, model: Any, change: dict[str, Any]) -> None:
    row = with_more(sample)[model]
    Tool.objects.update(status="active")

    opened(staff(may_ask=False), row).send(**change)

    (name,) = change
    assert getattr(model.objects.get(pk=row.pk), name) == (change[name] or False)


def test_a_row_that_reads_more_is_narrowed_by_the_second_of_two_who_save_it_once_they_were_shown(
    sample: SampleData,
) -> None:
    row = with_more(sample)[Tool]
    client = staff(may_ask=False)
    page = opened(client, row)
    Tool.objects.update(status="active", disclosure="email")

    is_granted = page.send(disclosure="name")
    assert Tool.objects.get(pk=row.pk).disclosure == "email"

    is_granted.send(status="active")
    assert Tool.objects.get(pk=row.pk).disclosure == "name"


@pytest.mark.parametrize("may_ask", [False, True])
@pytest.mark.parametrize("beyond_reach", [False, True])
def test_what_is_new_is_bound_by_the_rule(sample: SampleData, may_ask: bool, beyond_reach: bool) -> None:
    tool = make_tool(may_read_sourcedid=beyond_reach)
    client = staff(may_ask=may_ask)

    opened(client, Deployment, "add").send(tool=str(tool.pk), is_campus_wide="on", is_active="on")
    opened(client, ToolApiKey, "add").send(tool=str(tool.pk))

    made = int(may_ask or not beyond_reach)
    assert (Deployment.objects.count(), ToolApiKey.objects.count()) == (made, made)


@pytest.mark.parametrize("may_ask, is_granted", [(False, False), (True, True)])
def test_consent_to_members_off_the_roster_is_for_staff_who_see_them(
    sample: SampleData, may_ask: bool, is_granted: bool
) -> None:
    deployment = deploy(make_tool(disclosure="none"))

    opened(staff(may_ask=may_ask), deployment).send(tells_bare_members="on")

    assert Deployment.objects.get().tells_bare_members == is_granted


def test_a_list_activates_what_one_may_grant_and_says_why_not_the_others(sample: SampleData) -> None:
    within, more = make_tool("A", status="pending"), make_tool("B", status="pending", may_read_sourcedid=True)
    platform = make_platform(status="pending", tool=more)
    client = staff(may_ask=False)

    answer = opened(client, Tool).act("activate", within, more)
    opened(client, LearningPlatform).act("activate", platform)

    assert any(REFUSED in message for message in answer.messages)
    assert list(Tool.objects.order_by("name").values_list("status", flat=True)) == ["active", "pending"]
    assert LearningPlatform.objects.get().status == "pending"


GRANTS = [
    Grant(level, sourcedid, bare, reflections)
    for level in Level
    for sourcedid in (False, True)
    for bare in (False, True)
    for reflections in (False, True)
]


@pytest.mark.parametrize("granter", [PUBLIC, CAMPUS, STAFF, Audience(Level.STAFF, may_read_reflections=True)])
def test_the_rule(granter: Audience) -> None:
    order = list(Level)
    for grant in GRANTS:
        allowed = (
            order.index(grant.level) <= order.index(granter.level)
            and (granter.level == Level.STAFF or not (grant.reads_sourcedid or grant.reads_bare_members))
            and (granter.may_read_reflections or not grant.reads_reflections)
        )
        assert (excess(granter, grant) == []) == allowed, grant
