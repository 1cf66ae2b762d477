"""A table of counts by subject, out of PostgreSQL's write-ahead log as those of keys are (0002)."""

from typing import Any

from django.db import migrations, models


def set_unlogged(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE roster_ratecount SET UNLOGGED")


class Migration(migrations.Migration):
    dependencies = [("roster", "0003_database_instance")]

    operations = [
        migrations.CreateModel(
            name="RateCount",
            fields=[
                (
                    "subject",
                    models.CharField(
                        help_text="What is counted: an address, an account, each with the reason.",
                        max_length=100,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("started_at", models.BigIntegerField(help_text="Start of the window, epoch milliseconds.")),
                ("used", models.PositiveIntegerField(help_text="How often it was counted in the window.")),
                ("last_at", models.BigIntegerField(help_text="When it was last counted, epoch milliseconds.")),
            ],
            options={"verbose_name": "rate count"},
        ),
        migrations.RunPython(set_unlogged, migrations.RunPython.noop),
    ]
