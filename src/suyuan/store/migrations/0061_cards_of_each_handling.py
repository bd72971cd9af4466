"""Each card is held against the telephone answer of its own handling, and its case says how they stand."""

from django.db import migrations, models

BEGIN = ("second_handle", "reopen")


def reconcile(apps, schema_editor):
    """Hold the cards that were given before against the answers that the events of their cases keep."""
    Card, Case, Event = (apps.get_model("store", name) for name in ("Card", "Case", "Event"))
    for case in Case.objects.filter(pk__in=Card.objects.values("case")):
        begun = Event.objects.filter(stream=f"case:{case.number}", verb__in=BEGIN).order_by("seq")
        ended = [event.detail.get("was", {}).get("satisfaction", "") for event in begun]
        answers = dict(enumerate([*ended, case.satisfaction], start=1))
        cards = list(Card.objects.filter(case=case))
        for card in cards:
            card.answered = answers.get(card.episode, "")
            card.save(update_fields=["answered"])
        both = [card for card in cards if card.rating and card.answered]
        differs = any(card.rating != card.answered for card in both)
        case.card_match = "differs" if differs else "agrees" if both else "alone"
        case.save(update_fields=["card_match"])


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0060_answered_calls'),
    ]

    operations = [
        migrations.AddField(
            model_name='card',
            name='answered',
            field=models.CharField(blank=True, db_default='', default='', max_length=14),
        ),
        migrations.AddField(
            model_name='case',
            name='card_match',
            field=models.CharField(blank=True, db_default='', default='', max_length=8),
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_card_accepted',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('card_match', 'differs')), fields=['accepted_at'], name='case_card_differs'),
        ),
        migrations.RunPython(reconcile, migrations.RunPython.noop),
    ]
