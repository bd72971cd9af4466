"""A message in the app is delivered by being there: no worker has to look at those that waited."""

from django.db import migrations, models


def delivered(apps, schema_editor):
    """Let every message in the app count as delivered when it was queued."""
    waiting = apps.get_model("store", "Message").objects.filter(channel="in_app", state="queued")
    waiting.update(state="delivered", next_at=None, delivered_at=models.F("queued_at"))


class Migration(migrations.Migration):
    dependencies = [("store", "0006_outbox")]
    operations = [migrations.RunPython(delivered, migrations.RunPython.noop)]
