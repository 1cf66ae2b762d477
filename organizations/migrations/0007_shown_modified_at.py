"""An organization knows when it last changed in what everybody may read; until now, whenever it changed in anything."""

import datetime as dt
from typing import Any

import django.utils.timezone
from django.db import migrations, models
from django.db.models import F

RANGE = (dt.datetime(1600, 1, 1, tzinfo=dt.UTC), dt.datetime(9999, 12, 30, 23, 59, 59, 999_999, tzinfo=dt.UTC))


def take_time_of_modification(apps: Any, schema_editor: Any) -> None:
    apps.get_model("organizations", "Organization").objects.update(shown_modified_at=F("modified_at"))


class Migration(migrations.Migration):
    dependencies = [("organizations", "0006_nothing_hidden_in_identifiers")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="shown_modified_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now,
                editable=False,
                help_text="Moves with what everybody may read.",
                verbose_name="shown as modified",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(("shown_modified_at__range", RANGE)),
                name="organizations_organization_shown_modified_at_in_range",
                violation_error_message="An instant from 1600-01-01 to 9999-12-30 (UTC) is accepted.",
            ),
        ),
        migrations.RunPython(take_time_of_modification, migrations.RunPython.noop),
    ]
