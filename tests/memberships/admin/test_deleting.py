"""Deleting a membership hides it, whichever way it is done; and it can be brought back."""

import pytest
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.test import Client

from memberships.models import Membership, Reflection
from roster.models import User
from tests.client import ask
from tests.pages import opened, signed_in
from tests.sample_data import MODIFIED, SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def client(sample: SampleData) -> Client:
    return signed_in(User.objects.create_superuser("root"))


def is_hidden(membership: Membership) -> bool:
    """Is the row still there, marked, and modified by that?"""
    membership.refresh_from_db()
    assert (membership.deleted_at is None) == (membership.modified_at == MODIFIED)
    return membership.deleted_at is not None


def test_the_button_hides_a_membership(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.ben_chair, "delete")
    assert "it can be restored" in page.text

    page.send(_save=None)

    assert is_hidden(sample.ben_chair)
    assert not is_hidden(sample.ben_treasurer)
    assert Reflection.objects.filter(membership=sample.ben_chair).exists()
    assert LogEntry.objects.get(action_flag=DELETION).object_id == str(sample.ben_chair.pk)


def test_the_action_hides_the_selected_ones(client: Client, sample: SampleData) -> None:
    page = opened(client, Membership).act("delete_selected", sample.ben_chair, sample.amara_president)
    assert "Delete the selected memberships?" in page.text
    assert not is_hidden(sample.ben_chair)

    page.send(_save=None)

    assert is_hidden(sample.ben_chair)
    assert is_hidden(sample.amara_president)
    assert not is_hidden(sample.ben_treasurer)
    assert LogEntry.objects.filter(action_flag=DELETION).count() == 2


def test_the_table_of_a_position_hides_a_membership(client: Client, sample: SampleData) -> None:
    opened(client, sample.senator).send(**{"memberships-0-DELETE": "on"})

    assert is_hidden(sample.marisol_senator)


def test_the_table_of_a_person_hides_a_membership(client: Client, sample: SampleData) -> None:
    opened(client, sample.ben).send(**{"memberships-0-DELETE": "on"})

    assert is_hidden(sample.ben_chair)
    assert not is_hidden(sample.ben_treasurer)


def test_the_api_shows_that_it_is_deleted(client: Client, sample: SampleData) -> None:
    opened(client, sample.ben_chair, "delete").send(_save=None)

    assert ask(sample.staff_key, f"/api/memberships/{sample.ben_chair.pk}").status == 404
    response = ask(sample.staff_key, "/api/memberships", membershipId=sample.ben_chair.pk, includeDeletes="true")
    assert [item["deleted"] for item in response.body["items"]] == [True]


def test_deleting_again_does_not_move_the_time(client: Client, sample: SampleData) -> None:
    sample.lin_deleted.refresh_from_db()
    deleted_at = sample.lin_deleted.deleted_at

    opened(client, Membership, deleted="yes").act("delete_selected", sample.lin_deleted).send(_save=None)

    sample.lin_deleted.refresh_from_db()
    assert sample.lin_deleted.deleted_at == deleted_at


def test_a_deleted_membership_is_not_listed(client: Client, sample: SampleData) -> None:
    listed = {row.pk for row in opened(client, Membership).listed}

    assert sample.marisol_actor.pk in listed
    assert sample.lin_deleted.pk not in listed


def test_a_deleted_membership_is_not_in_the_tables(client: Client, sample: SampleData) -> None:
    shown = opened(client, sample.actor).form.data

    assert shown["memberships-INITIAL_FORMS"] == ["1"]
    assert shown["memberships-0-id"] == [str(sample.marisol_actor.pk)]


def test_the_page_of_a_deleted_membership_only_shows_it(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.farid_deleted)

    assert "Deleted: only staff see this membership, and only on request." in page.text
    assert "Wrong club." in page.text
    assert page.form.buttons == []
    assert client.post(page.url, {"recorded_start": "2020-01-01"}).status_code == 403


def test_the_page_of_a_deleted_membership_brings_it_back(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.lin_deleted).press("Restore")

    assert page.messages == ["1 membership restored."]
    assert not Membership.objects.get(pk=sample.lin_deleted.pk).is_deleted
    assert LogEntry.objects.get(action_flag=CHANGE).change_message == "Restored."


def test_the_action_brings_selected_ones_back_and_leaves_the_others(client: Client, sample: SampleData) -> None:
    page = opened(client, Membership, deleted="all").act("restore", sample.lin_deleted, sample.ben_chair)

    assert page.messages == ["1 membership restored."]
    sample.ben_chair.refresh_from_db()
    assert sample.ben_chair.modified_at == MODIFIED
    assert not Membership.objects.get(pk=sample.lin_deleted.pk).is_deleted
    assert Membership.objects.get(pk=sample.farid_deleted.pk).is_deleted


def test_a_membership_that_is_not_deleted_has_no_button_to_restore_it(client: Client, sample: SampleData) -> None:
    assert opened(client, sample.ben_chair).response.context["buttons"] == []


def test_all_of_a_long_list_are_not_deleted_by_one_click(
    client: Client, sample: SampleData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roster.admin.pages.MAX_AT_ONCE", 5)
    page = opened(client, Membership)
    chosen = {"action": "delete_selected", "_selected_action": [str(sample.ben_chair.pk)], "select_across": "1"}

    answer = client.post(page.url, {**chosen, "post": "yes"}, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        "Nothing was changed: an action changes at most 5 rows. Use a search or a filter to shorten the list."
    ]
    assert not is_hidden(sample.ben_chair)


def test_all_of_a_short_list_are_deleted_by_one_click(client: Client, sample: SampleData) -> None:
    page = opened(client, Membership, position=sample.lighting.pk)
    chosen = {"action": "delete_selected", "_selected_action": [str(sample.ignacio_lights.pk)], "select_across": "1"}

    client.post(page.url, {**chosen, "post": "yes"})

    assert is_hidden(sample.ignacio_lights)
    assert is_hidden(sample.ignacio_lights_again)
    assert not is_hidden(sample.ben_chair)
