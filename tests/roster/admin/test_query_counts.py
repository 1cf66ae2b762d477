"""No page of the admin asks the database more when there are more rows: every registered model, 2 rows and 200."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from roster.models import User
from tests.roster.admin.crowd import Crowd

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

PAGES = ("changelist", "add", "change", "delete", "history", "autocomplete")

Counts = dict[tuple[str, str], int]


def urls(row: Model) -> dict[str, str]:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
    found = {page: reverse(f"{name}_{page}", args=[row.pk]) for page in ("change", "delete", "history")}
    return {**found, "changelist": reverse(f"{name}_changelist"), "add": reverse(f"{name}_add")}


def autocompletes(row: Model) -> Iterator[tuple[str, str]]:
    """What fills each relation of this row's form."""
    for field in admin.site.get_model_admin(type(row)).get_autocomplete_fields(None):  # type: ignore[arg-type]
        query = f"app_label={row._meta.app_label}&model_name={row._meta.model_name}&field_name={field}"
        yield f"{row._meta.label}.{field}", f"{reverse('admin:autocomplete')}?{query}"


def count(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(url)
    assert response.status_code in {200, 403}, url
    return len(queries)


def measured(client: Client, crowd: Crowd) -> Counts:
    pages = [(row._meta.label, page, url) for row in crowd.subjects() for page, url in urls(row).items()]
    pages += [(name, "autocomplete", url) for row in crowd.subjects() for name, url in autocompletes(row)]
    return {(page, label): count(client, url) for label, page, url in pages}


@pytest.fixture(scope="module")
def counts(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Counts, Counts]]:
    """Queries of every page, at 2 rows and at 200."""
    with django_db_blocker.unblock(), transaction.atomic():
        root = User.objects.create_superuser("root")
        client = Client()
        client.force_login(root)
        crowd = Crowd(root)
        crowd.grow(to=2)
        ContentType.objects.get_for_models(*admin.site._registry)  # Django remembers them between requests
        few = measured(client, crowd)
        crowd.grow(to=200)
        yield few, measured(client, crowd)
        transaction.set_rollback(True)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_much_for_200_rows_as_for_2(counts: tuple[Counts, Counts], page: str) -> None:
    few, many = ({key: number for key, number in found.items() if key[0] == page} for found in counts)

    assert many == few


@pytest.mark.parametrize(
    "page, most", [("changelist", 6), ("add", 2), ("change", 12), ("delete", 11), ("history", 5), ("autocomplete", 4)]
)
def test_a_page_asks_little(counts: tuple[Counts, Counts], page: str, most: int) -> None:
    too_many = {key: number for key, number in counts[1].items() if key[0] == page and number > most}

    assert too_many == {}
