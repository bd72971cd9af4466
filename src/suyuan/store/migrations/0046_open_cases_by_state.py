"""Let the queue find the open cases in the states that wait for somebody, and count those of a unit."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0045_reporter_codes'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='case', name='case_unit_open'),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['unit', 'next_due_at', 'restricted'], name='case_unit_open'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['state', 'next_due_at'], name='case_state_open'),
        ),
    ]
