"""Two who save the same version at the same time, each with a connection of the own: exactly one wins."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from memberships.models import Membership
from organizations.models import PositionTemplate, PositionType
from roster.models import User
from tests.pages import Page, opened, signed_in
from tests.sample_data import membership, organization, person, position

pytestmark = pytest.mark.django_db(transaction=True)


def save_at_once(*pages: tuple[Page, dict[str, str]]) -> list[Any]:
    """Send these pages together, each in a thread."""
    ready = Barrier(len(pages))

    def save(page: Page, changes: dict[str, str]) -> Any:
        data = {**page.form.data, "_save": "Save", **changes}
        try:
            ready.wait(timeout=30)
            return page.client.post(page.url, data)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(pages)) as threads:
        return [future.result() for future in [threads.submit(save, *page) for page in pages]]


def are_distinguished(answers: list[Any]) -> bool:
    """Was one saved, and the other refused with a message?"""
    refused = [answer for answer in answers if answer.status_code == 200]
    return len(refused) == 1 and "Saved meanwhile" in refused[0].content.decode()


def test_of_two_who_save_a_row_at_once_one_wins() -> None:
    staff = [signed_in(User.objects.create_superuser(name)) for name in ("robin", "sam")]
    amara = person("amara.okafor", "Amara", "Okafor")

    for number in range(4):
        phones = f"555-01{number}0", f"555-01{number}1"
        pages = [opened(client, amara) for client in staff]
        answers = save_at_once(*zip(pages, [{"mobile_phone": phone} for phone in phones], strict=True))

        assert are_distinguished(answers)
        saved = next(phone for phone, answer in zip(phones, answers, strict=True) if answer.status_code == 302)
        amara.refresh_from_db()
        assert amara.mobile_phone == saved


def test_of_two_who_save_a_membership_at_once_on_two_pages_one_wins() -> None:
    staff = [signed_in(User.objects.create_superuser(name)) for name in ("robin", "sam")]
    amara = person("amara.okafor", "Amara", "Okafor")
    kind = PositionTemplate.objects.create(name="Member", default_type=PositionType.objects.create(name="Member"))
    held = membership(amara, position(organization("Chess Club"), "Member", kind), "2024-09-05", "2076-01-01")

    for number in range(2, 6):
        days = f"2076-0{number}-01", f"2076-0{number}-02"
        own, persons = opened(staff[0], held), opened(staff[1], amara)
        answers = save_at_once((own, {"recorded_end": days[0]}), (persons, {"memberships-0-recorded_end": days[1]}))

        assert are_distinguished(answers)
        saved = next(day for day, answer in zip(days, answers, strict=True) if answer.status_code == 302)
        assert Membership.objects.get(pk=held.pk).recorded_end == dt.date.fromisoformat(saved)
