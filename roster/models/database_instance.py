from django.db import models


class DatabaseInstance(models.Model):
    """A random id of the running database, in one row that a crash or a promotion removes.

    PostgreSQL only: the table is unlogged there. SQLite never hands out the number of a change again.
    """

    singleton = models.BooleanField(primary_key=True, default=True)
    number = models.BigIntegerField(help_text="Random. Written anew by whoever finds none.")

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
