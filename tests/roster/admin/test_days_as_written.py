"""Each field for a day or an instant in the admin names its format."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.test import RequestFactory

from roster.models import User
from tests.pages import opened, signed_in
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

DAY = "Write the day as year-month-day, such as 2026-11-28."
TIME = "Write the time as hours:minutes, such as 14:30."


@pytest.fixture
def root(db: None) -> User:
    user: User = User.objects.create_superuser("root")
    return user


def fields_of_time(root: User) -> Iterator[tuple[str, Any]]:
    """All such fields of all forms of the admin, and of the tables on its pages."""
    request: Any = RequestFactory().get("/")
    request.user = root
    for model, pages in admin.site._registry.items():
        row = model()
        shown: list[Any] = [pages.get_form(request), pages.get_form(request, row, change=True)]
        shown += [inline.get_formset(request, row).form for inline in pages.get_inline_instances(request, row)]
        for form in shown:
            for name, field in form.base_fields.items():
                if isinstance(
                    field, forms.DateField | forms.DateTimeField | forms.TimeField | forms.SplitDateTimeField
                ):
                    yield f"{model._meta.label}.{name}", field


@pytest.mark.parametrize("written", ["28.11.2026", "28/11/2026", "11/28/2026", "28 November 2026", "2026-02-30"])
def test_every_field_refuses_other_forms_with_the_one_it_takes(root: User, written: str) -> None:
    found = set()
    for label, field in fields_of_time(root):
        sent: Any = [written, "2 pm"] if isinstance(field, forms.SplitDateTimeField) else written
        with pytest.raises(forms.ValidationError) as refused:
            field.clean(sent)
        assert refused.value.messages == ([DAY, TIME] if isinstance(sent, list) else [DAY]), label
        assert "2026-11-28" in field.help_text, label
        found.add(label)

    assert {"memberships.Membership.recorded_start", "roster.ApiKey.expires_at", "roster.User.recorded_end"} <= found


def test_every_field_takes_the_form_it_names(root: User) -> None:
    for label, field in fields_of_time(root):
        assert field.clean(["2026-11-28", "14:30"] if isinstance(field, forms.SplitDateTimeField) else "2026-11-28"), (
            label
        )


def test_the_page_says_it_beside_the_field(root: User, sample: SampleData) -> None:
    page = opened(signed_in(root), sample.amara_chess).send(recorded_end="28.11.2026")

    assert page.errors == [DAY]
