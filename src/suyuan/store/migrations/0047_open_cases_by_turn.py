"""Let the queue find the open cases that wait for somebody by procedure and state together."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0046_open_cases_by_state'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='case', name='case_state_open'),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['procedure', 'state'], name='case_turn_open'),
        ),
    ]
