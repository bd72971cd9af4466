"""A return answers a clock, so that a case that was opened again is told of again; what presses is indexed."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def answered(apps, schema_editor):
    """Name the clock that each return answered: of its case, due when it says it was due."""
    clocks = apps.get_model("store", "Clock").objects.filter(case=OuterRef("case_id"), kind="regulator")
    due = clocks.exclude(state="void").filter(due_at=OuterRef("due_at")).order_by("-pk").values("pk")[:1]
    apps.get_model("store", "RegulatorReturn").objects.exclude(due_at=None).update(clock=Subquery(due))


class Migration(migrations.Migration):

    dependencies = [("store", "0071_signed_cause")]

    operations = [
        migrations.RemoveConstraint(model_name="regulatorreturn", name="return_filed_once"),
        migrations.AddField(
            model_name="regulatorreturn",
            name="clock",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="store.clock"
            ),
        ),
        migrations.RunPython(answered, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="regulatorreturn",
            constraint=models.UniqueConstraint(fields=("clock", "kind"), name="return_filed_once"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_open", True), models.Q(("urges__gt", 0), ("supervised", True), _connector="OR")),
                fields=["next_due_at", "unit"],
                name="case_pressing",
            ),
        ),
    ]
