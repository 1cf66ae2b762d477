from django.db import models


class Change(models.Model):
    """That a transaction changed the roster: a line of an append-only log, which `roster/changes.py` writes."""

    transaction = models.BigIntegerField(
        primary_key=True, help_text="PostgreSQL: the id of the transaction. SQLite: a number that only grows."
    )

    def __str__(self) -> str:
        return f"Transaction {self.transaction}"
