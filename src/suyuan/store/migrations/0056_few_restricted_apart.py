"""Indexes of the few: restricted cases open and closed, child orders, the clocks of the audit desk."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0055_campaigns'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='case',
            name='case_restricted',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('is_open', True), ('restricted', True)), fields=['next_due_at', 'id'], name='case_restricted_open'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('is_open', False), ('restricted', True)), fields=['archived_at', 'id'], name='case_restricted_closed'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('is_child', True)), fields=['accepted_at'], name='case_child'),
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=models.Q(('limit__startswith', 'discipline.verify')), fields=['limit'], name='clock_discipline'),
        ),
    ]
