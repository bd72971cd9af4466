import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0073_filing_places'),
    ]

    operations = [
        migrations.CreateModel(
            name='TraceVerdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(max_length=10)),
                ('activity', models.CharField(max_length=200)),
                ('source', models.CharField(blank=True, max_length=40)),
                ('node', models.CharField(blank=True, max_length=40)),
                ('judged_by', models.CharField(max_length=60)),
                ('judged_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trace_verdicts', to='store.case')),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.note')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.unit')),
            ],
        ),
    ]
