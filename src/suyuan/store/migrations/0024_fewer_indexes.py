"""Drop indexes that nobody asks, or that a longer one begins with: every case and message pays for each."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0023_shared_views")]

    operations = [
        migrations.RemoveIndex(model_name="message", name="message_state"),
        migrations.AlterField(
            model_name="case",
            name="edition",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="store.edition"
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="store.unit",
            ),
        ),
        migrations.AlterField(model_name="message", name="key", field=models.CharField(max_length=120)),
        migrations.AlterField(
            model_name="message",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="store.unit",
            ),
        ),
        migrations.AlterField(
            model_name="rung",
            name="clock",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rungs",
                to="store.clock",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("channel", "in_app"), _negated=True),
                fields=["state", "queued_at"],
                name="message_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("key",), name="message_once"),
        ),
    ]
