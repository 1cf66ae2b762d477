"""When each key was last used, in a table that outlives a crash; begins with what the counts know."""

import datetime as dt
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

FIRST = dt.datetime(1600, 1, 1, tzinfo=dt.UTC)
LAST = dt.datetime(9999, 12, 30, 23, 59, 59, 999_999, tzinfo=dt.UTC)


def copy_known_uses(apps: Any, schema_editor: Any) -> None:
    uses = apps.get_model("roster", "KeyUse").objects.values_list("api_key_id", "last_used_at")
    last_use = apps.get_model("roster", "LastUse")
    last_use.objects.bulk_create([last_use(api_key_id=key, last_used_at=used) for key, used in uses], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("roster", "0005_dates_in_range")]

    operations = [
        migrations.CreateModel(
            name="LastUse",
            fields=[
                (
                    "api_key",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="last_use",
                        serialize=False,
                        to="roster.apikey",
                    ),
                ),
                ("last_used_at", models.DateTimeField(verbose_name="last used")),
            ],
            options={
                "verbose_name": "last use of a key",
                "verbose_name_plural": "last uses of keys",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(last_used_at__range=(FIRST, LAST)),
                        name="roster_lastuse_last_used_at_in_range",
                        violation_error_message="An instant from 1600-01-01 to 9999-12-30 (UTC) is accepted.",
                    )
                ],
            },
        ),
        migrations.RunPython(copy_known_uses, migrations.RunPython.noop),
    ]
