"""Messages and imports become rows under a lease: one column says when a worker is to look at them next."""

from django.db import migrations, models

TABLES = {"importrun": "started_at", "message": "queued_at"}
WAITING = models.Q(next_at__isnull=False)


def ready(apps, schema_editor):
    """Let what waits be looked at from when it was queued."""
    for name, since in TABLES.items():
        waiting = apps.get_model("store", name).objects.filter(state__in=("queued", "running"), next_at=None)
        waiting.update(next_at=models.F(since))


def columns(name):
    """Return how one table becomes a table of rows under a lease."""
    counted = models.PositiveSmallIntegerField(default=0, db_default=0)
    text = models.CharField(max_length=80, blank=True, default="", db_default="")
    attempts = migrations.AlterField if name == "message" else migrations.AddField
    return [
        migrations.RenameField(name, "lease_until", "next_at"),
        attempts(name, "attempts", counted),
        migrations.AddField(name, "lapses", counted),
        migrations.AddField(name, "holder", text),
        migrations.AddField(name, "fault", models.JSONField(null=True)),
        migrations.AlterField(name, "state", models.CharField(max_length=12, default="queued")),
    ]


def indexes(name):
    """Return the index that workers find a table's rows by."""
    return migrations.AddIndex(
        name, models.Index(fields=("next_at",), name=f"{name}_next", condition=WAITING)
    )


class Migration(migrations.Migration):
    atomic = False  # PostgreSQL will not alter a table in the transaction that changed its rows
    dependencies = [("store", "0002_search")]
    operations = [
        *columns("importrun"),
        *columns("message"),
        migrations.RunPython(ready, migrations.RunPython.noop),
        indexes("importrun"),
        indexes("message"),
    ]
