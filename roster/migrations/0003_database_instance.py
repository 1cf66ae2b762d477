"""An id of the running PostgreSQL that does not outlive a crash or a promotion.

An unlogged table is empty after either, and ids of transactions that were forgotten may be handed out again then. Who
finds no row writes a new one; the first is written here, so that no request of an undisturbed database has to.
"""

import random
from typing import Any

from django.db import migrations, models


def set_unlogged(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE roster_databaseinstance SET UNLOGGED")
        number = random.getrandbits(63)
        apps.get_model("roster", "DatabaseInstance").objects.create(number=number)


class Migration(migrations.Migration):
    dependencies = [("roster", "0002_unlogged_key_use")]

    operations = [
        migrations.CreateModel(
            name="DatabaseInstance",
            fields=[
                ("singleton", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(help_text="Random. Written anew by whoever finds none.")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("singleton", True)),
                        name="database_instance_is_one_row",
                        violation_error_message="There is one database, and one row for it.",
                    )
                ],
            },
        ),
        migrations.RunPython(set_unlogged, migrations.RunPython.noop),
    ]
