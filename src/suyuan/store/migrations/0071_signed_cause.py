"""The cause of a liability as it was signed last stays where a new round is drafted."""

from django.db import migrations, models


def fill(apps, schema_editor):
    """Take the cause that was put forward before the last signature from the events of each liability."""
    Liability, Event = (apps.get_model("store", name) for name in ("Liability", "Event"))
    for found in Liability.objects.filter(signed_at__isnull=False).select_related("case"):
        events = Event.objects.filter(stream=f"case:{found.case.number}").order_by("-seq")
        signed = events.filter(verb="sign_shares").first()
        put = signed and events.filter(verb="put_forward", seq__lt=signed.seq).first()
        if put:
            found.signed_cause = put.detail.get("form", {}).get("responsibility", "")
            found.save(update_fields=["signed_cause"])


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0070_commitments'),
    ]

    operations = [
        migrations.AddField(
            model_name='liability',
            name='signed_cause',
            field=models.CharField(blank=True, db_default='', default='', max_length=12),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
