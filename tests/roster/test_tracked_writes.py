"""Each way to write a row of each tracked model is noted, and moves its time; what is no roster change does neither."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import Group
from django.core import serializers
from django.utils import timezone

from lti.models import Disclosed
from memberships.models import Membership
from organizations.models import LimitedKey, Organization
from roster.models import ApiKey, Change, ChangeTracked, User
from roster.names import SearchKeyField
from tests.client import ask, new_client
from tests.lti.launches import launch
from tests.lti.tools import deploy, make_tool
from tests.sample_data import MODIFIED, SampleData, key, organization, person, position

pytestmark = pytest.mark.both_databases

TRACKED = [model for model in apps.get_models() if issubclass(model, ChangeTracked)]

Write = Callable[[Any, str], object]


def by_fixture(row: Any, column: str) -> None:
    for read in serializers.deserialize("json", serializers.serialize("json", [row])):
        read.save()


def by_upsert(row: Any, column: str) -> None:
    model = type(row)
    model.objects.bulk_create([row], update_conflicts=True, update_fields=[column], unique_fields=[model._meta.pk.name])


WRITES: dict[str, Write] = {
    "save": lambda row, column: row.save(),
    "save of a column": lambda row, column: row.save(update_fields=[column]),
    "update": lambda row, column: of(row).update(**{column: getattr(row, column)}),
    "bulk_update": lambda row, column: type(row).objects.bulk_update([row], [column]),
    "bulk_create of one that is there": by_upsert,
    "fixture": by_fixture,
}

DELETABLE: dict[str, Callable[[SampleData], Any]] = {
    "roster.User": lambda sample: sample.nadia,
    "organizations.Organization": lambda sample: organization("Short-lived Club"),
    "organizations.Position": lambda sample: position(sample.chess_club, "Short-lived", sample.member_kind),
}


def of(row: Any) -> Any:
    return type(row).objects.filter(pk=row.pk)


def column_of(model: Any) -> str:
    """A column that may be written in any way: neither one that others follow, nor one that the model itself sets.

    Of a model that has none but its name, the name.
    """
    follow = {name for field in model._meta.fields if isinstance(field, SearchKeyField) for name in field.sources}
    set_by_itself = {"created_at", "modified_at", "organization", *model.UNTRACKED_FIELDS}
    free = [field.name for field in model._meta.concrete_fields if field.editable and not field.primary_key]
    return next((name for name in free if name not in follow | set_by_itself), "name")


def deletable(sample: SampleData, model: Any) -> Any:
    """A row that nothing protects."""
    if model._meta.label in DELETABLE:
        return DELETABLE[model._meta.label](sample)
    if "name" in {field.name for field in model._meta.concrete_fields} and hasattr(model, "name_folded"):
        return model.objects.create(name="Short-lived")
    return model.objects.first()


def is_logged(write: Callable[[], object]) -> bool:
    Change.objects.all().delete()
    write()
    return Change.objects.exists()


CASES = [
    pytest.param(model, write, id=f"{model._meta.label}, {name}")
    for model in TRACKED
    for name, write in WRITES.items()
    if (column_of(model), name) != ("name", "bulk_update")  # names are refused there, because folded forms follow them
]


@pytest.mark.parametrize("model, write", CASES)
def test_a_write_is_logged_and_moves_the_time(sample: SampleData, model: Any, write: Write) -> None:
    row = model.objects.first()
    before = getattr(row, "modified_at", None)
    assert is_logged(lambda: write(row, column_of(model)))
    if before is not None and write is not by_fixture:  # a fixture brings its own times
        assert of(row).get().modified_at > before


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("delete", [lambda row: row.delete(), lambda row: of(row).delete()], ids=["one", "in bulk"])
def test_new_and_deleted_rows_are_logged(sample: SampleData, model: Any, delete: Callable[[Any], object]) -> None:
    row = deletable(sample, model)
    number = row.pk
    assert is_logged(lambda: delete(row))
    if not of(row).exists():  # a membership is only marked
        row.pk = number
        assert is_logged(lambda: model.objects.bulk_create([row]))


def with_new_password(sample: SampleData) -> None:
    form = SetPasswordForm(sample.nadia, {"new_password1": "a-long-new-word-1", "new_password2": "a-long-new-word-1"})
    assert form.is_valid()
    form.save()
    assert authenticate(username="nadia.farouk", password="a-long-new-word-1")


def signed_in(sample: SampleData) -> None:
    new_client().force_login(sample.nadia)
    assert of(sample.nadia).get().last_login is not None


def launched(sample: SampleData) -> None:
    launch(sample.amara, sample.chess_club, deploy(make_tool(), sample.chess_club))
    assert Disclosed.objects.exists()


def with_fetched_keys(sample: SampleData) -> None:
    make_tool().store_jwks({"keys": []}, on=timezone.now())


def counted(sample: SampleData) -> None:
    answers = [ask(sample.staff_key, "/api/memberships") for _ in range(2)]
    first, second = (int(answer.headers["X-RateLimit-Remaining"]) for answer in answers)
    assert second == first - 1


NO_CHANGES: dict[str, Callable[[SampleData], object]] = {
    "a sign-in": signed_in,
    "a sign-in in bulk": lambda sample: User.objects.update(last_login=timezone.now()),
    "a new password": with_new_password,
    "rights in the admin": lambda sample: User.objects.filter(pk=sample.nadia.pk).update(is_staff=True),
    "a group": lambda sample: sample.nadia.groups.add(Group.objects.create(name="Clerks")),
    "a launch": launched,
    "a key set that was fetched": with_fetched_keys,
    "a tool": lambda sample: make_tool().save(),
    "a new key": lambda sample: key("staff"),
    "a revoked key": lambda sample: ApiKey.objects.all()[0].revoke(on=timezone.now()),
    "a request": counted,
}


@pytest.mark.parametrize("happens", NO_CHANGES.values(), ids=NO_CHANGES)
def test_what_is_no_change_of_the_roster_is_not_logged(
    sample: SampleData, happens: Callable[[SampleData], object]
) -> None:
    assert not is_logged(lambda: happens(sample))
    for model in (User, Organization, Membership):
        assert not model.objects.exclude(modified_at=MODIFIED).exists()


def test_a_new_password_beside_another_change_is_a_change(sample: SampleData) -> None:
    sample.nadia.set_password("another-long-word-1")
    sample.nadia.mobile_phone = "555-0199"
    assert is_logged(sample.nadia.save)
    stored = of(sample.nadia).get()
    assert (stored.mobile_phone, stored.modified_at > MODIFIED) == ("555-0199", True)
    assert stored.check_password("another-long-word-1")


def test_a_new_person_with_a_password_is_a_change(sample: SampleData) -> None:
    assert is_logged(lambda: User.objects.create_user("new.person", "a-long-word-1"))


def test_the_limit_of_a_key_is_a_change(sample: SampleData) -> None:
    assert is_logged(lambda: LimitedKey.objects.create(api_key=ApiKey.objects.all()[0], organization=sample.teatro))
    assert is_logged(lambda: person("somebody", "Some", "Body"))
