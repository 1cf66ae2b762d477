"""Inserts and updates of memberships beside the same on a table with nothing but Django's foreign keys.

`python -m bench.writes ROWS ROUNDS`, on the database of DATABASE_URL: prints seconds as JSON. It leaves no row behind.
"""

import datetime as dt
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 (models need the setup above)
from django.db import connection, models  # noqa: E402 (models need the setup above)

from memberships.models import Membership  # noqa: E402 (models need the setup above)
from organizations.models import Position  # noqa: E402 (models need the setup above)
from roster.models import User  # noqa: E402 (models need the setup above)


class Plain(models.Model):
    """A membership of the table in `plain.sql`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.PROTECT)
    position = models.ForeignKey(Position, related_name="+", on_delete=models.PROTECT)
    recorded_start = models.DateField()
    recorded_end = models.DateField(null=True)
    reported_start = models.DateField(null=True)
    reported_end = models.DateField(null=True)
    shown_on_campus = models.BooleanField()
    shown_on_public = models.BooleanField()
    deleted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)
    shown_modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "memberships"
        managed = False
        db_table = "bench_membership"


class Writing:
    """The four kinds of writing, on one of the two tables."""

    def __init__(self, model: Any, rows: int) -> None:
        self.model, self.rows = model, rows
        people = list(User.objects.order_by("id").values_list("id", flat=True)[: rows * 7 : 7])
        positions = list(Position.objects.order_by("id").values_list("id", flat=True)[: rows * 3 : 3])
        self.values = [
            {
                "user_id": people[index % len(people)],
                "position_id": positions[index % len(positions)],
                "recorded_start": dt.date(2026, 9, 1) - dt.timedelta(days=index % 700),
                "shown_on_campus": True,
                "shown_on_public": index % 2 == 0,
            }
            for index in range(rows)
        ]
        self.made: list[Any] = []

    @property
    def few(self) -> int:
        return self.rows // 20

    def insert_one_at_a_time(self) -> int:
        self.made = [self.model.objects.create(**values) for values in self.values[: self.few]]
        return self.few

    def update_one_at_a_time(self) -> int:
        for row in self.made:
            row.recorded_end = dt.date(2026, 10, 1)
            row.save()
        return self.few

    def insert_many(self) -> int:
        self.model.objects.bulk_create([self.model(**values) for values in self.values])
        return self.rows

    def update_many(self) -> int:
        first = self.made[0].pk + self.few
        return int(self.model.objects.filter(pk__gte=first).update(shown_on_campus=False))

    def clear(self) -> None:
        """Delete the rows in the database, without the delete method of the model."""
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.model._meta.db_table} WHERE id >= %s", [self.made[0].pk])


WRITE_KINDS = ("insert_one_at_a_time", "update_one_at_a_time", "insert_many", "update_many")


def main(rows: int, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Rows a second of each kind of writing, for both tables, a figure a round."""
    figures: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    tables = {"ours": Writing(Membership, rows), "plain": Writing(Plain, rows)}
    for number in range(rounds + 1):
        for kind in WRITE_KINDS:
            for name, writing in sorted(tables.items(), reverse=bool(number % 2)):
                speed = timed(getattr(writing, kind))
                if number:  # the first round is for warming up
                    figures[kind][name].append(speed)
        for writing in tables.values():
            writing.clear()
    return figures


def timed(work: Callable[[], int]) -> float:
    started = time.perf_counter()
    return work() / (time.perf_counter() - started)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
