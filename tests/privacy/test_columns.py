"""A change of one column is noticed by those alone who may read it: in items, order, totals, headers and filters.

The cases are the columns of the models. Each is changed alone to another valid value, and every audience asks for every
list before and after. Whoever sees a time of modification move, a row enter or leave a window of modification, or a
header change, must see what changed, too.
"""

import datetime as dt
from typing import Any

import orjson
import pytest
from django.apps import apps
from django.db import models, transaction

from memberships.models import Reflection
from organizations.models import CustomField
from roster.models import ApiKey, ChangeTracked, User
from roster.names import SearchKeyField
from tests.client import ask
from tests.sample_data import CREATED_MS, MODIFIED_MS, SampleData, key, membership, organization, person, position
from tests.wire.routes import LISTS

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_models() if issubclass(model, ChangeTracked)]

SIGNALS = {"modifiedOn", "lastModified"}
"""What is printed of a change besides the value that changed."""

TIMES = {"modified_at", "shown_modified_at"}

SET_BY_OTHERS = {
    "roster.User": {"attribute_times"},
    "organizations.Position": {"order_key"},
    "organizations.Organization": set[str](),
}
"""Columns that follow others, and are not changed alone; folded forms are found by their class."""

WINDOWS = {"/api/memberships", "/api/organizations"}
AFTER = MODIFIED_MS + 1


class Story:
    """Rows that everybody may see, and others to refer to in their place."""

    def __init__(self, sample: SampleData) -> None:
        self.rows: dict[str, Any] = {
            "memberships.Membership": sample.farid_chess,
            "organizations.Organization": sample.chess_club,
            "organizations.Position": sample.chess_member,
            "organizations.PositionTemplate": sample.member_kind,
            "organizations.PositionType": sample.membership,
            "organizations.OrganizationType": sample.student_organization,
            "organizations.Category": sample.arts,
            "organizations.CustomField": CustomField.objects.get(organization=sample.chess_club, is_public=False),
            "roster.User": sample.farid,
        }
        sample.chess_club.categories.add(sample.arts)
        self.rows["memberships.Reflection"] = Reflection.objects.create(membership=sample.farid_chess, text="Check.")
        self.limited = key("campus", to=[sample.chess_club])
        self.rows["organizations.LimitedKey"] = ApiKey.objects.latest("pk").organizations.get()
        self.audiences = {
            "public": sample.public_key,
            "limited campus": self.limited,
            "campus": sample.campus_key,
            "staff": sample.staff_key,
        }
        person("other.person", "Other", "Person")
        seat = position(organization("Other Club"), "Other seat", sample.treasurer_kind)
        membership(User.objects.get(username="other.person"), seat, "2024-09-05", flags="CP")


def columns() -> list[tuple[Any, Any]]:
    """Every column that can change alone, of every model."""
    return [
        (model, field)
        for model in MODELS
        for field in model._meta.concrete_fields
        if not (field.primary_key or isinstance(field, SearchKeyField) or field.name in TIMES)
        and field.name not in SET_BY_OTHERS.get(model._meta.label, ())
    ]


def another(row: Any, field: Any) -> Any:
    """Another valid value of a column."""
    now = getattr(row, field.attname)
    if field.is_relation:
        return field.related_model._default_manager.exclude(pk=now).exclude(pk=row.pk).order_by("pk").first().pk
    if field.choices:
        return next(code for code, _ in field.choices if code != now)
    if isinstance(field, models.BooleanField):
        return not now
    if isinstance(field, models.JSONField):
        return {"networks": ["127.0.0.0/8"], "values": ["Another"], "lti_roles": ["https://example.edu/role"]}.get(
            field.name, [{"name": "Another", "value": ["Value"]}]
        )
    if isinstance(field, models.DateTimeField):
        return dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    if isinstance(field, models.DateField):
        return (now or dt.date(2075, 6, 1)) + dt.timedelta(days=1)
    if isinstance(field, models.IntegerField):
        return now + 1
    if isinstance(field, models.GenericIPAddressField):
        return None
    if isinstance(field, models.EmailField):
        return "another@example.edu"
    return "https://example.edu/another" if isinstance(field, models.URLField) else f"{now} another".strip()


def seen_by(credential: str, level: str) -> dict[str, Any]:
    """Everything that an audience is told: each list, and what of it lies in a window of modification."""
    told = {}
    for route in LISTS:
        extra = {"IncludeDeletes": "true", "includeReflections": "true"} if level.startswith("staff") else {}
        asked = extra if route.path == "/api/memberships" else {}
        told[route.path] = ask(credential, route.path, pageSize=500, **asked)
        if route.path in WINDOWS:
            told[f"{route.path} modified"] = ask(credential, route.path, ModifiedOnStart=AFTER, pageSize=500)
    steady = {path: {n: v for n, v in answer.headers.items() if is_steady(n)} for path, answer in told.items()}
    # an error carries the id of its request
    return {
        path: (answer.status, answer.body if answer.status == 200 else None, steady[path])
        for path, answer in told.items()
    }


def is_steady(header: str) -> bool:
    """Does a header say the same of the same answer? An id of the request, a rate and the date do not."""
    return not header.lower().startswith(("x-request-id", "x-ratelimit-", "date", "content-length"))


def without_signals(told: Any) -> Any:
    """What is printed but for times of modification."""
    if isinstance(told, dict):
        return {name: without_signals(value) for name, value in told.items() if name not in SIGNALS}
    return [without_signals(value) for value in told] if isinstance(told, list | tuple) else told


def is_explained(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Is nothing different, or something that the audience may read, in a list that is not asked by its times?"""
    plain = [path for path in before if not path.endswith(" modified")]
    return before == after or any(without_signals(before[path]) != without_signals(after[path]) for path in plain)


@pytest.fixture
def story(sample: SampleData) -> Story:
    return Story(sample)


def disclosed(story: Story, model: Any, field: Any, before: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The audiences that notice a change of a column and do not read it."""
    row = model._default_manager.get(pk=story.rows[model._meta.label].pk)
    value = another(row, field)
    assert value != getattr(row, field.attname)
    with transaction.atomic():
        setattr(row, field.attname, value)
        row.save(update_fields=[field.name])
        noticed = [
            (model._meta.label, field.name, level)
            for level, credential in story.audiences.items()
            if not is_explained(before[level], seen_by(credential, level))
        ]
        transaction.set_rollback(True)
    return noticed


def test_who_notices_a_change_of_a_column_may_read_it(story: Story) -> None:
    before = {level: seen_by(credential, level) for level, credential in story.audiences.items()}
    found = [one for model, field in columns() for one in disclosed(story, model, field, before)]
    assert found == []


def test_every_model_has_a_row_here(story: Story) -> None:
    assert sorted(story.rows) == sorted(model._meta.label for model in MODELS)
    assert all(orjson.dumps(answer[1]) for answer in seen_by(story.limited, "campus").values())
    assert CREATED_MS < AFTER
