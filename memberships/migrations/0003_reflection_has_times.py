"""A reflection knows when it was made and last changed; so far its membership counted as modified with it."""

import datetime as dt
from typing import Any

import django.utils.timezone
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

RANGE = (dt.datetime(1600, 1, 1, tzinfo=dt.UTC), dt.datetime(9999, 12, 30, 23, 59, 59, 999_999, tzinfo=dt.UTC))


def take_times_of_membership(apps: Any, schema_editor: Any) -> None:
    membership = apps.get_model("memberships", "Membership").objects.filter(pk=OuterRef("pk"))
    apps.get_model("memberships", "Reflection").objects.update(
        created_at=Subquery(membership.values("modified_at")), modified_at=Subquery(membership.values("modified_at"))
    )


def in_range(column: str) -> migrations.AddConstraint:
    return migrations.AddConstraint(
        model_name="reflection",
        constraint=models.CheckConstraint(
            condition=models.Q((f"{column}__range", RANGE)),
            name=f"memberships_reflection_{column}_in_range",
            violation_error_message="An instant from 1600-01-01 to 9999-12-30 (UTC) is accepted.",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("memberships", "0002_dates_in_range")]

    operations = [
        migrations.AddField(
            model_name="reflection",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created"),
        ),
        migrations.AddField(
            model_name="reflection",
            name="modified_at",
            field=models.DateTimeField(
                auto_now=True,
                default=django.utils.timezone.now,
                help_text="Moves with every change, bulk ones too.",
                verbose_name="modified",
            ),
            preserve_default=False,
        ),
        in_range("created_at"),
        in_range("modified_at"),
        migrations.RunPython(take_times_of_membership, migrations.RunPython.noop),
    ]
