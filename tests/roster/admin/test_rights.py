"""The admin is for staff, each within the own rights; and only a superuser gives rights."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from memberships.models import Membership
from organizations.models import Organization
from roster.models import ApiKey, User
from tests.pages import opened, signed_in
from tests.sample_data import SampleData, person

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


def test_who_is_not_staff_sees_nothing(sample: SampleData) -> None:
    response = signed_in(sample.amara).get(reverse("admin:roster_user_changelist"), follow=True)

    assert response.request["PATH_INFO"] == reverse("admin:login")


def test_a_retired_member_of_staff_sees_nothing() -> None:
    user = clerk("view_user")
    client = signed_in(user)
    User.objects.filter(pk=user.pk).retire()

    assert client.get(reverse("admin:roster_user_changelist")).status_code == 302


@pytest.mark.parametrize("model", sorted(admin.site._registry, key=str))
def test_staff_without_rights_see_no_list(model: type) -> None:
    assert opened(signed_in(clerk()), model).status == 403


def test_who_may_look_sees_everything_and_changes_nothing(sample: SampleData) -> None:
    client = signed_in(clerk("view_membership", "view_user", "view_organization", "view_position"))

    for row in (sample.amara_president, sample.marisol, sample.chess_club, sample.senator):
        page = opened(client, row)
        assert page.status == 200
        assert page.form.buttons == []
        assert client.post(page.url, page.form.data).status_code == 403


def test_who_may_look_runs_no_action(sample: SampleData) -> None:
    client = signed_in(clerk("view_membership", "view_organization"))
    opened(client, Membership).act("delete_selected", sample.amara_president)
    opened(client, Organization).act("retire", sample.chess_club)
    url = reverse("admin:organizations_organization_button", args=[sample.chess_club.pk, "retire"])

    assert client.post(url).status_code == 403
    sample.chess_club.refresh_from_db()
    sample.amara_president.refresh_from_db()
    assert (sample.chess_club.status, sample.amara_president.deleted_at) == ("active", None)


def test_a_button_is_pressed_and_never_visited(sample: SampleData) -> None:
    client = signed_in(User.objects.create_superuser("root"))
    url = reverse("admin:organizations_organization_button", args=[sample.chess_club.pk, "retire"])

    assert client.get(url).status_code == 403


def test_a_button_needs_the_token_of_its_page(sample: SampleData) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("root"))
    url = reverse("admin:organizations_organization_button", args=[sample.chess_club.pk, "retire"])

    assert client.post(url).status_code == 403


def test_there_are_no_other_buttons_than_the_page_shows(sample: SampleData) -> None:
    client = signed_in(User.objects.create_superuser("root"))
    url = reverse("admin:organizations_organization_button", args=[sample.chess_club.pk, "delete_selected"])

    assert client.post(url).status_code == 404


# Rights are a superuser's to give


def test_who_may_change_people_makes_nobody_staff(sample: SampleData) -> None:
    client = signed_in(clerk("view_user", "change_user"))
    group = Group.objects.create(name="Everything")

    page = opened(client, sample.nadia).send(
        mobile_phone="555-0111", is_staff="on", is_superuser="on", groups=[str(group.pk)], user_permissions=["1"]
    )

    assert page.status == 200
    sample.nadia.refresh_from_db()
    assert sample.nadia.mobile_phone == "555-0111"
    assert (sample.nadia.is_staff, sample.nadia.is_superuser) == (False, False)
    assert [*sample.nadia.groups.all(), *sample.nadia.user_permissions.all()] == []


def test_who_may_change_people_leaves_the_accounts_of_staff_alone(sample: SampleData) -> None:
    client = signed_in(clerk("view_user", "change_user", "delete_user"))
    page = opened(client, sample.jolene)

    assert page.form.buttons == []
    assert client.post(page.url, {"username": "mine"}).status_code == 403
    assert client.post(page.url.replace("/change/", "/password/"), {}).status_code == 403
    assert client.post(page.url.replace("/change/", "/delete/"), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("rights", [{"is_staff": True}, {"is_superuser": True}])
def test_who_may_delete_people_deletes_no_accounts_of_staff_by_an_action(
    sample: SampleData, rights: dict[str, bool]
) -> None:
    client = signed_in(clerk("view_user", "delete_user"))
    other = person("other", "Other", "Staff", **rights)

    page = opened(client, User).act("delete_selected", sample.nadia, other)
    sent = {"action": "delete_selected", "_selected_action": [sample.nadia.pk, other.pk], "post": "yes"}

    assert "Your account may not delete Other Staff (other)." in page.text
    assert client.post(page.url, sent).status_code == 403
    assert User.objects.filter(pk__in=[sample.nadia.pk, other.pk]).count() == 2
    assert client.post(page.url, {**sent, "_selected_action": [sample.nadia.pk]}).status_code == 302
    assert [*User.objects.filter(pk__in=[sample.nadia.pk, other.pk])] == [other]


def test_who_may_change_people_retires_no_staff(sample: SampleData) -> None:
    client = signed_in(clerk("view_user", "change_user"))

    page = opened(client, User).act("retire", sample.jolene, sample.nadia)

    assert page.messages == ["1 user retired."]
    sample.jolene.refresh_from_db()
    sample.nadia.refresh_from_db()
    assert (sample.jolene.status, sample.nadia.status) == ("active", "inactive")


def test_nobody_retires_oneself() -> None:
    root = User.objects.create_superuser("root")

    page = opened(signed_in(root), User).act("retire", root)

    assert page.messages == ["0 users retired."]


# Nobody creates a key that reads more than oneself


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
