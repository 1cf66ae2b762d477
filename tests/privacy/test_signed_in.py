"""Who is signed in is campus, or staff with the permission; and always sees oneself."""

import pytest
from django.contrib.auth.models import Permission
from pytest_django.fixtures import Settings

from roster.models import User
from tests.cast import Cast
from tests.client import ask

pytestmark = pytest.mark.both_databases


def test_who_belongs_to_nothing_sees_what_campus_sees_and_oneself(cast: Cast) -> None:
    assert ask(cast.nadia, "/api/memberships").ids == ask(cast.campus_key, "/api/memberships").ids
    assert set(ask(cast.nadia, "/api/users").ids) == {*ask(cast.campus_key, "/api/users").ids, cast.nadia.pk}
    assert ask(cast.nadia, f"/api/users/{cast.nadia.pk}").body["username"] == "nadia.farouk"


def test_a_confidential_person_sees_oneself_and_none_of_the_own_memberships(cast: Cast) -> None:
    assert ask(cast.marisol, f"/api/users/{cast.marisol.pk}").status == 200
    assert "isConfidential" not in ask(cast.marisol, f"/api/users/{cast.marisol.pk}").body
    assert ask(cast.marisol, "/api/memberships", userId=cast.marisol.pk).ids == []
    assert ask(cast.marisol, f"/api/memberships/{cast.marisol_actor.pk}").status == 404
    assert ask(cast.nadia, f"/api/users/{cast.marisol.pk}").status == 404


def test_a_confidential_contact_is_not_named_even_to_oneself(cast: Cast) -> None:
    for who in (cast.marisol, cast.nadia, cast.campus_key, cast.public_key):
        item = ask(who, f"/api/organizations/{cast.teatro.pk}").body
        assert (item["primaryContactId"], item["primaryContactName"]) == (None, "")
    assert ask(cast.staff_key, f"/api/organizations/{cast.teatro.pk}").body["primaryContactId"] == cast.marisol.pk


def test_staff_with_the_permission_are_staff(cast: Cast) -> None:
    assert ask(cast.jolene, "/api/memberships").ids == ask(cast.staff_key, "/api/memberships").ids
    assert ask(cast.jolene, "/api/memberships", IncludeDeletes="true").status == 200


@pytest.mark.parametrize("is_staff, is_permitted", [(True, False), (False, True), (False, False)])
def test_a_mark_or_a_permission_alone_makes_nobody_staff(cast: Cast, is_staff: bool, is_permitted: bool) -> None:
    User.objects.filter(pk=cast.nadia.pk).update(is_staff=is_staff)
    if is_permitted:
        cast.nadia.user_permissions.add(Permission.objects.get(codename="ask_as_staff"))

    assert ask(cast.nadia, "/api/memberships", IncludeDeletes="true").status == 403
    assert ask(cast.nadia, "/api/memberships").ids == ask(cast.campus_key, "/api/memberships").ids


def test_staff_read_reflections_with_a_permission_of_its_own(cast: Cast) -> None:
    asked = {"membershipId": cast.ben_chair.pk, "includeReflections": "true"}
    without = ask(cast.jolene, "/api/memberships", **asked).body["items"][0]["reflection"]
    cast.jolene.user_permissions.add(Permission.objects.get(codename="read_reflections"))
    cast.nadia.user_permissions.add(Permission.objects.get(codename="read_reflections"))
    jolene, nadia = (User.objects.get(pk=user.pk) for user in (cast.jolene, cast.nadia))

    assert without == ""
    assert ask(jolene, "/api/memberships", **asked).body["items"][0]["reflection"].startswith("Every club")
    assert ask(nadia, "/api/memberships", **asked).body["items"][0]["reflection"] == ""


@pytest.mark.parametrize("name", ["grace", "kofi"])
def test_who_is_not_active_is_nobody_in_particular(cast: Cast, settings: Settings, name: str) -> None:
    person = getattr(cast, name)

    assert ask(person, "/api/memberships").status == 401
    settings.PUBLIC_API = True
    assert ask(person, "/api/memberships").ids == ask(cast.public_key, "/api/memberships").ids


def test_a_key_wins_over_who_is_signed_in(cast: Cast) -> None:
    headers = {"Authorization": f"Bearer {cast.public_key}"}

    assert ask(cast.jolene, "/api/users", headers=headers).status == 403
    assert ask(cast.jolene, "/api/users", headers={"X-Engage-Api-Key": "nonsense"}).status == 401
