"""Who is signed in is campus, or staff with the permission; and always sees oneself."""

import pytest
from django.contrib.auth.models import Permission
from pytest_django.fixtures import Settings

from roster.models import User
from tests.client import ask
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


def test_who_belongs_to_nothing_sees_what_campus_sees_and_oneself(sample: SampleData) -> None:
    assert ask(sample.nadia, "/api/memberships").ids == ask(sample.campus_key, "/api/memberships").ids
    assert set(ask(sample.nadia, "/api/users").ids) == {*ask(sample.campus_key, "/api/users").ids, sample.nadia.pk}
    assert ask(sample.nadia, f"/api/users/{sample.nadia.pk}").body["username"] == "nadia.farouk"


def test_a_confidential_person_sees_oneself_and_none_of_the_own_memberships(sample: SampleData) -> None:
    assert ask(sample.marisol, f"/api/users/{sample.marisol.pk}").status == 200
    assert "isConfidential" not in ask(sample.marisol, f"/api/users/{sample.marisol.pk}").body
    assert ask(sample.marisol, "/api/memberships", userId=sample.marisol.pk).ids == []
    assert ask(sample.marisol, f"/api/memberships/{sample.marisol_actor.pk}").status == 404
    assert ask(sample.nadia, f"/api/users/{sample.marisol.pk}").status == 404


def test_a_confidential_contact_is_not_named_even_to_oneself(sample: SampleData) -> None:
    for who in (sample.marisol, sample.nadia, sample.campus_key, sample.public_key):
        item = ask(who, f"/api/organizations/{sample.teatro.pk}").body
        assert (item["primaryContactId"], item["primaryContactName"]) == (None, "")
    assert ask(sample.staff_key, f"/api/organizations/{sample.teatro.pk}").body["primaryContactId"] == sample.marisol.pk


def test_staff_with_the_permission_are_staff(sample: SampleData) -> None:
    assert ask(sample.jolene, "/api/memberships").ids == ask(sample.staff_key, "/api/memberships").ids
    assert ask(sample.jolene, "/api/memberships", IncludeDeletes="true").status == 200


@pytest.mark.parametrize("is_staff, is_permitted", [(True, False), (False, True), (False, False)])
def test_a_mark_or_a_permission_alone_makes_nobody_staff(
    sample: SampleData, is_staff: bool, is_permitted: bool
) -> None:
    User.objects.filter(pk=sample.nadia.pk).update(is_staff=is_staff)
    if is_permitted:
        sample.nadia.user_permissions.add(Permission.objects.get(codename="ask_as_staff"))

    assert ask(sample.nadia, "/api/memberships", IncludeDeletes="true").status == 403
    assert ask(sample.nadia, "/api/memberships").ids == ask(sample.campus_key, "/api/memberships").ids


def test_staff_read_reflections_with_a_permission_of_its_own(sample: SampleData) -> None:
    asked = {"membershipId": sample.ben_chair.pk, "includeReflections": "true"}
    without = ask(sample.jolene, "/api/memberships", **asked).body["items"][0]["reflection"]
    sample.jolene.user_permissions.add(Permission.objects.get(codename="read_reflections"))
    sample.nadia.user_permissions.add(Permission.objects.get(codename="read_reflections"))
    jolene, nadia = (User.objects.get(pk=user.pk) for user in (sample.jolene, sample.nadia))

    assert without == ""
    assert ask(jolene, "/api/memberships", **asked).body["items"][0]["reflection"].startswith("Every club")
    assert ask(nadia, "/api/memberships", **asked).body["items"][0]["reflection"] == ""


@pytest.mark.parametrize("name", ["grace", "kofi"])
def test_who_is_not_active_is_nobody_in_particular(sample: SampleData, settings: Settings, name: str) -> None:
    person = getattr(sample, name)

    assert ask(person, "/api/memberships").status == 401
    settings.PUBLIC_API = True
    assert ask(person, "/api/memberships").ids == ask(sample.public_key, "/api/memberships").ids


def test_a_key_wins_over_who_is_signed_in(sample: SampleData) -> None:
    headers = {"Authorization": f"Bearer {sample.public_key}"}

    assert ask(sample.jolene, "/api/users", headers=headers).status == 403
    assert ask(sample.jolene, "/api/users", headers={"X-Engage-Api-Key": "nonsense"}).status == 401
