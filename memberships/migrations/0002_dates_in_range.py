"""Days lie between 1600 and 9999, and so do instants: a constraint for each column."""

import datetime as dt

from django.conf import settings
from django.db import migrations, models

from roster.ranges import AddRanges

FIRST_DAY, LAST_DAY = dt.date(1600, 1, 1), dt.date(9999, 12, 31)
DAYS = [
    ("membership", "recorded_start"),
    ("membership", "recorded_end"),
    ("membership", "reported_start"),
    ("membership", "reported_end"),
]
FIRST = dt.datetime(1600, 1, 1, tzinfo=dt.UTC)
LAST = dt.datetime(9999, 12, 30, 23, 59, 59, 999_999, tzinfo=dt.UTC)
INSTANTS = [
    ("membership", "deleted_at"),
    ("membership", "created_at"),
    ("membership", "modified_at"),
]
CONSTRAINTS = [
    *(
        migrations.AddConstraint(
            model_name=model,
            constraint=models.CheckConstraint(
                condition=models.Q(**{f"{column}__range": (FIRST_DAY, LAST_DAY)}),
                name=f"memberships_{model}_{column}_in_range",
                violation_error_message="A day from 1600-01-01 to 9999-12-31 is accepted.",
            ),
        )
        for model, column in DAYS
    ),
    *(
        migrations.AddConstraint(
            model_name=model,
            constraint=models.CheckConstraint(
                condition=models.Q(**{f"{column}__range": (FIRST, LAST)}),
                name=f"memberships_{model}_{column}_in_range",
                violation_error_message="An instant from 1600-01-01 to 9999-12-30 (UTC) is accepted.",
            ),
        )
        for model, column in INSTANTS
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("memberships", "0001_initial"),
        ("organizations", "0002_dates_in_range"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [AddRanges(CONSTRAINTS)]
