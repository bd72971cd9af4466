"""Let a unit's queue find what waits for it without reading what waits for the others."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0049_relays_support_improvements'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='case', name='case_turn_open'),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['procedure', 'state', 'unit'], name='case_turn_open'),
        ),
    ]
