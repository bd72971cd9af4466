from django.db import migrations, models


class Migration(migrations.Migration):
    """The column stays empty here: filling it needs the home's key, so the worker does it."""

    dependencies = [
        ("store", "0024_fewer_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="name_index",
            field=models.CharField(blank=True, db_default="", default="", max_length=32),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["name_index"], name="case_name"),
        ),
    ]
