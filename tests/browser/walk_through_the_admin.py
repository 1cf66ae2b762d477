"""A walk through the admin with a real browser, for what only scripts do: `make browser-test`.

Not a part of `make test`, see tests/browser/conftest.py.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from memberships.models import Membership
from roster.models import User
from tests.sample_data import SampleData

PASSWORD = "correct horse battery staple"


class Walk:
    """A member of staff in front of the admin. What the browser complains of is kept."""

    def __init__(self, server: str, page: Page) -> None:
        self.server = server
        self.page = page
        self.errors: list[str] = []
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.stay_here(request.url))

    def stay_here(self, url: str) -> None:
        if not url.startswith((self.server, "data:")):
            self.errors.append(f"asked {url}")

    def open(self, name: str, *arguments: Any) -> None:
        response = self.page.goto(self.server + reverse(f"admin:{name}", args=arguments))
        assert response
        assert response.status == 200, name

    def sign_in(self) -> None:
        self.open("login")
        self.page.get_by_label("Username").fill("ROOT")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        expect(self.page.get_by_text("These pages are for the staff")).to_be_visible()

    def choose(self, field: Locator, term: str, text: str) -> None:
        """Type into an autocomplete field and take what it offers."""
        field.locator(".select2-selection").click()
        self.page.locator(".select2-search__field").last.fill(term)
        self.page.get_by_role("option", name=text).click()

    def save(self) -> None:
        self.page.get_by_role("button", name="Save", exact=True).click()


@pytest.fixture
def walk(browser: Browser, live_server: LiveServer, transactional_db: None) -> Iterator[Walk]:
    User.objects.create_superuser("root", PASSWORD, first_name="Robin")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    walk = Walk(live_server.url, page)
    walk.sign_in()
    yield walk
    page.close()
    assert walk.errors == []


@pytest.fixture
def story(transactional_db: None) -> SampleData:
    return SampleData()


def test_every_list_and_every_page_opens_without_an_error(story: SampleData, walk: Walk) -> None:
    for model, pages in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        walk.open(f"{name}_changelist")
        row = model._default_manager.first()
        if row is not None and pages.opts.model_name != "permission":
            walk.open(f"{name}_change", row.pk)
            walk.open(f"{name}_history", row.pk)


def test_a_new_key_is_shown_once(walk: Walk) -> None:
    walk.open("roster_apikey_add")
    walk.page.get_by_label("Name").fill("Portal of the Library")
    walk.page.get_by_label("Audience").select_option("Campus")
    walk.save()

    expect(walk.page.locator("#secret")).to_have_text(re.compile("^cr_[a-z0-9]{12}_[A-Za-z0-9]{43}$"))
    walk.page.reload()
    expect(walk.page.get_by_text("was shown once and cannot be shown again")).to_be_visible()


def test_a_membership_is_added_deleted_and_restored(story: SampleData, walk: Walk) -> None:
    walk.open("memberships_membership_add")
    walk.choose(walk.page.locator(".field-user"), "farouk", "Nadia Farouk (nadia.farouk)")
    walk.choose(walk.page.locator(".field-position"), "artistic nandu", "Artistic Director, Teatro Ñandú")
    walk.save()
    expect(walk.page.locator(".messagelist .success")).to_contain_text("was added successfully")
    added = Membership.objects.get(user=story.nadia)
    assert (added.position, added.shown_on_campus, added.shown_on_public) == (story.director, True, True)

    walk.open("memberships_membership_change", added.pk)
    walk.page.get_by_role("link", name="Delete").click()
    walk.page.get_by_role("button", name="Yes, delete it").click()
    assert Membership.objects.get(pk=added.pk).is_deleted

    walk.page.get_by_role("link", name="Deleted only").click()
    walk.page.get_by_role("link", name="Nadia Farouk (nadia.farouk)").click()
    walk.page.get_by_role("button", name="Restore").click()
    expect(walk.page.locator(".messagelist .success")).to_have_text("1 membership restored.")
    assert not Membership.objects.get(pk=added.pk).is_deleted


def test_a_holder_is_added_in_the_table_of_a_position(story: SampleData, walk: Walk) -> None:
    walk.open("organizations_position_change", story.senator.pk)
    walk.page.get_by_role("link", name="Add another Membership").or_(
        walk.page.get_by_role("button", name="Add another Membership")
    ).click()
    row = walk.page.locator("#memberships-1")
    walk.choose(row.locator(".field-user"), "farouk", "Nadia Farouk (nadia.farouk)")
    row.locator("input[name$=recorded_start]").fill("2025-01-31")
    walk.save()

    expect(walk.page.locator(".messagelist .success")).to_be_visible()
    assert Membership.objects.get(user=story.nadia).position == story.senator


def test_a_list_is_narrowed_by_autocomplete(story: SampleData, walk: Walk) -> None:
    walk.open("memberships_membership_changelist")
    walk.choose(walk.page.locator(".filter-by-autocomplete").first, "nandu", "Teatro Ñandú")
    walk.page.locator(".filter-by-autocomplete").first.get_by_role("button", name="Filter").click()

    expect(walk.page.locator(".paginator")).to_contain_text("4 memberships")


def test_an_organization_in_use_is_retired_instead(story: SampleData, walk: Walk) -> None:
    walk.open("organizations_organization_change", story.chess_club.pk)
    walk.page.get_by_role("link", name="Delete").click()
    walk.page.get_by_role("button", name="Retire").click()

    expect(walk.page.locator(".messagelist .success")).to_have_text("1 organization retired.")
    expect(walk.page.get_by_label("Status")).to_have_value("inactive")
