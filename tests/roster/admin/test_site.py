"""The site of the admin: its name, its first page, and what is written down of every change."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from organizations.models import Category, Organization
from roster.models import User
from roster.staff_site import StaffSite
from tests.pages import opened, signed_in
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def root() -> User:
    user: User = User.objects.create_superuser("root", first_name="Robin")
    return user


@pytest.fixture
def client(root: User, sample: SampleData) -> Client:
    return signed_in(root)


def test_the_admin_is_the_site_of_the_project() -> None:
    assert isinstance(admin.site, StaffSite)


def test_every_page_bears_the_name_of_the_product(client: Client) -> None:
    page = client.get(reverse("admin:index")).content.decode()

    assert "<title>For staff | Campus Roster</title>" in page
    assert "Campus Roster</a>" in page


def test_the_first_page_says_whom_it_is_for(client: Client) -> None:
    assert "These pages are for the staff" in client.get(reverse("admin:index")).content.decode()


def test_the_first_page_begins_with_what_is_kept_most_often(client: Client) -> None:
    apps = client.get(reverse("admin:index")).context["app_list"]

    assert [app["app_label"] for app in apps] == ["memberships", "organizations", "roster", "auth", "lti"]


def test_the_first_page_leads_to_no_list_that_is_only_a_part_of_another(client: Client) -> None:
    apps = client.get(reverse("admin:index")).context["app_list"]

    names = {model["object_name"] for app in apps for model in app["models"]}
    assert names & {"CustomField", "LimitedKey", "Permission"} == set()


def test_no_page_loads_anything_from_elsewhere(client: Client, sample: SampleData) -> None:
    for of in (sample.amara, sample.chess_club, sample.ben_chair, Organization, User):
        page = opened(client, of).response.content.decode()
        assert 'src="http' not in page
        assert "onclick" not in page
        assert "<script>" not in page


def test_a_person_signs_in_whatever_the_letter_case_of_the_username(root: User) -> None:
    root.set_password("correct horse battery staple")
    root.save()
    sent = {"username": "ROOT", "password": "correct horse battery staple"}

    response = Client().post(reverse("admin:login") + "?next=/admin/", sent)

    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")


def test_every_change_is_written_down(client: Client, root: User) -> None:
    opened(client, Category, "add").send(name="Musik")
    category = Category.objects.get(name="Musik")
    opened(client, category).send(name="Music")
    opened(client, category, "delete").send(_save=None)

    entries = LogEntry.objects.order_by("pk")
    assert [(entry.user, entry.object_repr, entry.get_change_message()) for entry in entries] == [
        (root, "Musik", "Added."),
        (root, "Music", "Changed Name."),
        (root, "Music", ""),
    ]


def test_the_history_of_a_row_tells_who_did_what(client: Client, sample: SampleData) -> None:
    opened(client, sample.chess_club).press("Retire")

    text = opened(client, sample.chess_club, "history").text
    assert "Robin (root) Retired." in text


def test_an_error_that_only_the_database_notices_is_a_message_and_not_an_error_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError("duplicate key")

    page = opened(client, Category, "add")
    monkeypatch.setattr(Category, "save", refuse)

    answer = page.send(name="Music")

    assert answer.messages == [
        (
            "Nothing was saved: the change would violate a rule of the data. Check the page again: somebody may have "
            "changed it."
        )
    ]
    assert not LogEntry.objects.exists()


def test_a_group_is_given_permissions(client: Client) -> None:
    given = set(Permission.objects.filter(codename__startswith="view_"))

    opened(client, Group, "add").send(name="Front desk", permissions=[str(permission.pk) for permission in given])

    assert set(Group.objects.get(name="Front desk").permissions.all()) == given


def test_a_group_of_a_name_that_is_taken_is_refused(client: Client) -> None:
    Group.objects.create(name="Front desk")

    assert opened(client, Group, "add").send(name="Front desk").errors == ["Group with this Name already exists."]
