"""Which SECRET_KEY the hash of a bearer key depends on. Of keys made before nobody knows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("roster", "0008_names_and_roles")]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="secret_key_id",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="Of a bearer key: which SECRET_KEY its hash depends on; blank where that was not noted yet.",
                max_length=8,
            ),
            preserve_default=False,
        ),
    ]
