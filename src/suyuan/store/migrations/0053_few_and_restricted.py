"""Indexes of the few cases that are restricted or confidential: the audit desk asks for those alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0052_repair_callbacks'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('restricted', True)), fields=['unit'], name='case_restricted'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('secrecy', 'confidential')), fields=['procedure'], name='case_confidential'),
        ),
    ]
