"""Identifiers have no spaces around them and nothing that cannot be seen in them: a constraint for each column."""

from django.db import migrations, models

import roster.names
from roster.identifiers import AddNothingHidden

HIDDEN = (
    *("  ", "\t", "\n", "\r", "\u00a0", "\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202e"),
    *("\u2060", "\u3000", "\ufeff"),
)
COLUMNS = [
    ("learningplatform", "lti_learning_platform", "client_id"),
    ("platformdeployment", "lti_platform_deployment", "deployment_id"),
]


def hidden(column: str) -> models.Q:
    found = models.Q(**{f"{column}__startswith": " "}) | models.Q(**{f"{column}__endswith": " "})
    for text in HIDDEN:
        found |= models.Q(**{f"{column}__contains": text})
    return found


CONSTRAINTS = [
    migrations.AddConstraint(
        model_name=model,
        constraint=models.CheckConstraint(
            condition=~hidden(column),
            name=f"{prefix}_{column}_has_nothing_hidden",
            violation_error_message="No spaces stand around it, and nothing that cannot be seen stands in it.",
        ),
    )
    for model, prefix, column in COLUMNS
]


class Migration(migrations.Migration):
    dependencies = [
        ("lti", "0003_names_and_roles"),
    ]

    operations = [
        migrations.AlterField(
            model_name="learningplatform",
            name="client_id",
            field=models.CharField(
                help_text="The id that the LMS gave this server. Not a secret.",
                max_length=255,
                validators=[roster.names.validate_name, roster.names.validate_identifier],
            ),
        ),
        migrations.AlterField(
            model_name="platformdeployment",
            name="deployment_id",
            field=models.CharField(
                help_text="As the LMS shows it.",
                max_length=255,
                validators=[roster.names.validate_name, roster.names.validate_identifier],
                verbose_name="deployment id",
            ),
        ),
        AddNothingHidden(CONSTRAINTS),
    ]
