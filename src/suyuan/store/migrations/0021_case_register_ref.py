from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0020_console_comfort"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="register_ref",
            field=models.CharField(blank=True, db_default="", default="", max_length=32),
        ),
    ]
