from django.db import migrations, models


def forget_receipts(apps, schema_editor):
    """Take the scope no address ever asked for from the keys that have it."""
    for key in apps.get_model("store", "ApiKey").objects.all():
        if "receipts" in key.scopes:
            key.scopes = [scope for scope in key.scopes if scope != "receipts"]
            key.save(update_fields=["scopes"])


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0021_case_register_ref'),
    ]

    operations = [
        migrations.AddField(
            model_name='apikey',
            name='minute',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='apikey',
            name='spent',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunPython(forget_receipts, migrations.RunPython.noop),
    ]
