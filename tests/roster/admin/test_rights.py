"""The admin is for staff, each within the own rights; and only a superuser gives rights."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from memberships.models import Membership
from organizations.models import Organization
from roster.models import ApiKey, User
from tests.cast import Cast, person
from tests.pages import opened, signed_in

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def clerk(*rights: str) -> User:
    """A member of the staff with these rights and no others."""
    user = person("clerk", "Casey", "Clerk", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    assert user.user_permissions.count() == len(rights)
    return user


def test_who_is_not_signed_in_is_asked_to() -> None:
    response = Client().get(reverse("admin:index"))

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("admin:login"))


def test_who_is_not_staff_sees_nothing(cast: Cast) -> None:
    response = signed_in(cast.amara).get(reverse("admin:roster_user_changelist"), follow=True)

    assert response.request["PATH_INFO"] == reverse("admin:login")


def test_a_retired_member_of_staff_sees_nothing() -> None:
    user = clerk("view_user")
    client = signed_in(user)
    User.objects.filter(pk=user.pk).retire()

    assert client.get(reverse("admin:roster_user_changelist")).status_code == 302


@pytest.mark.parametrize("model", sorted(admin.site._registry, key=str))
def test_staff_without_rights_see_no_list(model: type) -> None:
    assert opened(signed_in(clerk()), model).status == 403


def test_who_may_look_sees_everything_and_changes_nothing(cast: Cast) -> None:
    client = signed_in(clerk("view_membership", "view_user", "view_organization", "view_position"))

    for row in (cast.amara_president, cast.marisol, cast.chess_club, cast.senator):
        page = opened(client, row)
        assert page.status == 200
        assert page.form.buttons == []
        assert client.post(page.url, page.form.data).status_code == 403


def test_who_may_look_runs_no_action(cast: Cast) -> None:
    client = signed_in(clerk("view_membership", "view_organization"))
    opened(client, Membership).act("delete_selected", cast.amara_president)
    opened(client, Organization).act("retire", cast.chess_club)
    url = reverse("admin:organizations_organization_button", args=[cast.chess_club.pk, "retire"])

    assert client.post(url).status_code == 403
    cast.chess_club.refresh_from_db()
    cast.amara_president.refresh_from_db()
    assert (cast.chess_club.status, cast.amara_president.deleted_at) == ("active", None)


def test_a_button_is_pressed_and_never_visited(cast: Cast) -> None:
    client = signed_in(User.objects.create_superuser("root"))
    url = reverse("admin:organizations_organization_button", args=[cast.chess_club.pk, "retire"])

    assert client.get(url).status_code == 403


def test_a_button_needs_the_token_of_its_page(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("root"))
    url = reverse("admin:organizations_organization_button", args=[cast.chess_club.pk, "retire"])

    assert client.post(url).status_code == 403


def test_there_are_no_other_buttons_than_the_page_shows(cast: Cast) -> None:
    client = signed_in(User.objects.create_superuser("root"))
    url = reverse("admin:organizations_organization_button", args=[cast.chess_club.pk, "delete_selected"])

    assert client.post(url).status_code == 404


# Rights are a superuser's to give


def test_who_may_change_people_makes_nobody_staff(cast: Cast) -> None:
    client = signed_in(clerk("view_user", "change_user"))
    group = Group.objects.create(name="Everything")

    page = opened(client, cast.nadia).send(
        mobile_phone="555-0111", is_staff="on", is_superuser="on", groups=[str(group.pk)], user_permissions=["1"]
    )

    assert page.status == 200
    cast.nadia.refresh_from_db()
    assert cast.nadia.mobile_phone == "555-0111"
    assert (cast.nadia.is_staff, cast.nadia.is_superuser) == (False, False)
    assert [*cast.nadia.groups.all(), *cast.nadia.user_permissions.all()] == []


def test_who_may_change_people_leaves_the_accounts_of_staff_alone(cast: Cast) -> None:
    client = signed_in(clerk("view_user", "change_user", "delete_user"))
    page = opened(client, cast.jolene)

    assert page.form.buttons == []
    assert client.post(page.url, {"username": "mine"}).status_code == 403
    assert client.post(page.url.replace("/change/", "/password/"), {}).status_code == 403
    assert client.post(page.url.replace("/change/", "/delete/"), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("rights", [{"is_staff": True}, {"is_superuser": True}])
def test_who_may_delete_people_deletes_no_accounts_of_staff_by_an_action(cast: Cast, rights: dict[str, bool]) -> None:
    client = signed_in(clerk("view_user", "delete_user"))
    other = person("other", "Other", "Staff", **rights)

    page = opened(client, User).act("delete_selected", cast.nadia, other)
    sent = {"action": "delete_selected", "_selected_action": [cast.nadia.pk, other.pk], "post": "yes"}

    assert "Your account may not delete Other Staff (other)." in page.text
    assert client.post(page.url, sent).status_code == 403
    assert User.objects.filter(pk__in=[cast.nadia.pk, other.pk]).count() == 2
    assert client.post(page.url, {**sent, "_selected_action": [cast.nadia.pk]}).status_code == 302
    assert [*User.objects.filter(pk__in=[cast.nadia.pk, other.pk])] == [other]


def test_who_may_change_people_retires_no_staff(cast: Cast) -> None:
    client = signed_in(clerk("view_user", "change_user"))

    page = opened(client, User).act("retire", cast.jolene, cast.nadia)

    assert page.messages == ["1 user retired."]
    cast.jolene.refresh_from_db()
    cast.nadia.refresh_from_db()
    assert (cast.jolene.status, cast.nadia.status) == ("active", "inactive")


def test_nobody_retires_oneself() -> None:
    root = User.objects.create_superuser("root")

    page = opened(signed_in(root), User).act("retire", root)

    assert page.messages == ["0 users retired."]


# Nobody makes a key that knows more than oneself


def test_a_staff_key_is_made_by_who_may_ask_as_staff() -> None:
    page = opened(signed_in(clerk("view_apikey", "add_apikey")), ApiKey, "add").send(name="Mine", audience="staff")

    assert page.errors == ["Select a valid choice. staff is not one of the available choices."]
    assert not ApiKey.objects.filter(name="Mine").exists()


def test_a_staff_key_is_changed_by_who_may_ask_as_staff() -> None:
    key, _ = ApiKey.create_bearer("Office", audience="staff")

    assert opened(signed_in(clerk("view_apikey", "change_apikey")), key).form.buttons == []


def test_a_key_that_reads_reflections_is_made_by_who_may_read_them() -> None:
    client = signed_in(clerk("view_apikey", "add_apikey", "ask_as_staff"))

    opened(client, ApiKey, "add").send(name="Mine", audience="staff", may_read_reflections="on")

    assert ApiKey.objects.get(name="Mine").may_read_reflections is False
