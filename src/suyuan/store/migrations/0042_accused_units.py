import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Whom a case accuses, and to whom a restricted one is entrusted."""

    dependencies = [
        ('store', '0041_inquiry'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='accused',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accused_in', to='store.unit'),
        ),
        migrations.AddField(
            model_name='case',
            name='entrusted',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('accused__isnull', False)), fields=['accused'], name='case_accused'),
        ),
    ]
