from django.db import migrations, models


class Migration(migrations.Migration):
    """Without a version stand the texts of before: they are masked again, and no table is written anew here."""

    dependencies = [
        ("store", "0031_import_reasons"),
    ]

    operations = [
        migrations.AddField(
            model_name=model,
            name="masked_by",
            field=models.PositiveSmallIntegerField(null=True),
        )
        for model in ("contact", "note", "attachment")
    ]
