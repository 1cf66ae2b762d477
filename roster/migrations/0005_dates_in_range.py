"""Days lie between 1600 and 9999, and so do instants: a constraint for each column."""

import datetime as dt

from django.db import migrations, models

from roster.ranges import AddRanges

FIRST = dt.datetime(1600, 1, 1, tzinfo=dt.UTC)
LAST = dt.datetime(9999, 12, 30, 23, 59, 59, 999_999, tzinfo=dt.UTC)
INSTANTS = [
    ("apikey", "expires_at"),
    ("apikey", "revoked_at"),
    ("apikey", "created_at"),
    ("apikey", "modified_at"),
    ("keyuse", "last_used_at"),
    ("user", "last_login"),
    ("user", "created_at"),
    ("user", "modified_at"),
]
CONSTRAINTS = [
    *(
        migrations.AddConstraint(
            model_name=model,
            constraint=models.CheckConstraint(
                condition=models.Q(**{f"{column}__range": (FIRST, LAST)}),
                name=f"roster_{model}_{column}_in_range",
                violation_error_message="An instant from 1600-01-01 to 9999-12-30 (UTC) is accepted.",
            ),
        )
        for model, column in INSTANTS
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("roster", "0004_rate_count"),
    ]

    operations = [AddRanges(CONSTRAINTS)]
