"""Days lie between 1600 and 9999, and so do instants: a constraint for each column."""

import datetime as dt

from django.conf import settings
from django.db import migrations, models

from roster.ranges import AddRanges

FIRST = dt.datetime(1600, 1, 1, tzinfo=dt.UTC)
LAST = dt.datetime(9999, 12, 30, 23, 59, 59, 999_999, tzinfo=dt.UTC)
INSTANTS = [
    ("organization", "created_at"),
    ("organization", "modified_at"),
    ("position", "created_at"),
    ("position", "modified_at"),
]
CONSTRAINTS = [
    *(
        migrations.AddConstraint(
            model_name=model,
            constraint=models.CheckConstraint(
                condition=models.Q(**{f"{column}__range": (FIRST, LAST)}),
                name=f"organizations_{model}_{column}_in_range",
                violation_error_message="An instant from 1600-01-01 to 9999-12-30 (UTC) is accepted.",
            ),
        )
        for model, column in INSTANTS
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [AddRanges(CONSTRAINTS)]
