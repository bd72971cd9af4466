"""Let lists be walked by state, type, category, finding and satisfaction, newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0029_rule_files'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['state', 'accepted_at'], name='case_state_accepted'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['business_type', 'accepted_at'], name='case_type_accepted'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('category', ''), _negated=True), fields=['category', 'accepted_at'], name='case_category_accepted'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('finding', ''), _negated=True), fields=['finding', 'accepted_at'], name='case_finding_accepted'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('satisfaction', ''), _negated=True), fields=['satisfaction', 'accepted_at'], name='case_satisfaction_accepted'),
        ),
    ]
