"""Keep the counts of requests out of PostgreSQL's write-ahead log.

A count is worth nothing after a minute, and is written with every request. An unlogged table doubles how many requests
can be counted; after a crash of the database server it is empty, and every key begins a new minute.
"""

from typing import Any

from django.db import migrations


def set_unlogged(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE roster_keyuse SET UNLOGGED")


def set_logged(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE roster_keyuse SET LOGGED")


class Migration(migrations.Migration):
    dependencies = [("roster", "0001_initial")]

    operations = [migrations.RunPython(set_unlogged, set_logged)]
