from django.db import models


class DatabaseInstance(models.Model):
    """A random id of the running database, in one row that is lost in a crash or a promotion.

    Only for PostgreSQL, where the table is unlogged. SQLite never reuses the number of a change.
    """

    singleton = models.BooleanField(primary_key=True, default=True)
    number = models.BigIntegerField(help_text="Random. Created by the first reader that finds no row.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(singleton=True),
                name="database_instance_is_one_row",
                violation_error_message="There is one database, and one row for it.",
            ),
        ]

    def __str__(self) -> str:
        return f"Instance {self.number}"
