"""Days lie between 1600 and 9999, and so do instants: a constraint for each column."""

import datetime as dt

from django.conf import settings
from django.db import migrations, models

from roster.ranges import AddRanges

FIRST = dt.datetime(1600, 1, 1, tzinfo=dt.UTC)
LAST = dt.datetime(9999, 12, 30, 23, 59, 59, 999_999, tzinfo=dt.UTC)
INSTANTS = [
    ("accesstoken", "issued_at"),
    ("accesstoken", "expires_at"),
    ("course", "created_at"),
    ("course", "modified_at"),
    ("courselaunch", "revoked_at"),
    ("courselaunch", "created_at"),
    ("courselaunch", "modified_at"),
    ("courselink", "created_at"),
    ("courselink", "modified_at"),
    ("coursesync", "begun_at"),
    ("deployment", "created_at"),
    ("deployment", "modified_at"),
    ("disclosed", "first_told_at"),
    ("invitation", "created_at"),
    ("invitation", "expires_at"),
    ("invitation", "used_at"),
    ("launch", "completed_at"),
    ("launch", "revoked_at"),
    ("launch", "created_at"),
    ("launch", "modified_at"),
    ("learningplatform", "access_token_expires_at"),
    ("learningplatform", "created_at"),
    ("learningplatform", "modified_at"),
    ("learningplatform", "jwks_fetched_at"),
    ("once", "expires_at"),
    ("platformdeployment", "created_at"),
    ("platformdeployment", "modified_at"),
    ("platformkey", "created_at"),
    ("platformkey", "retired_at"),
    ("recognized", "first_at"),
    ("resourcelink", "created_at"),
    ("resourcelink", "modified_at"),
    ("tool", "created_at"),
    ("tool", "modified_at"),
    ("tool", "jwks_fetched_at"),
    ("toolkey", "created_at"),
    ("toolkey", "retired_at"),
]
CONSTRAINTS = [
    *(
        migrations.AddConstraint(
            model_name=model,
            constraint=models.CheckConstraint(
                condition=models.Q(**{f"{column}__range": (FIRST, LAST)}),
                name=f"lti_{model}_{column}_in_range",
                violation_error_message="An instant from 1600-01-01 to 9999-12-30 (UTC) is accepted.",
            ),
        )
        for model, column in INSTANTS
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("lti", "0001_initial"),
        ("organizations", "0002_dates_in_range"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [AddRanges(CONSTRAINTS)]
