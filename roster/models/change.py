from django.db import models


class Change(models.Model):
    """A transaction that changed the roster: a row of an append-only log (`roster/history/change_tracking.py`)."""

    transaction = models.BigIntegerField(
        primary_key=True, help_text="PostgreSQL: the id of the transaction. SQLite: a number that only grows."
    )

    def __str__(self) -> str:
        return f"Transaction {self.transaction}"
