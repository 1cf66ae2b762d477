"""A `_to_field` that no page asks for is refused with 400 on every page of the admin, and is nothing for the log."""

import pytest
from django.contrib import admin
from django.urls import reverse

from roster.models import User
from tests.pages import signed_in
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_a_foreign_to_field_is_refused_without_a_traceback(
    sample: SampleData, caplog: pytest.LogCaptureFixture
) -> None:
    client = signed_in(User.objects.create_superuser("root"))
    refused = 0
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pk = model._base_manager.values_list("pk", flat=True).first()
        pages = [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
        pages += [reverse(f"{name}_{page}", args=[pk]) for page in ("change", "delete", "history") if pk is not None]
        for page in pages:
            for ask in (client.get, client.post):
                answer = ask(f"{page}?_to_field=password")
                assert answer.status_code < 500, page
                refused += answer.status_code == 400
            assert client.get(page).status_code in {200, 403}, page

    assert refused > 60
    assert [record.message for record in caplog.records if record.levelname not in {"INFO", "DEBUG"}] == []
