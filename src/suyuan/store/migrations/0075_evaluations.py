
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0074_trace_verdicts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Evaluation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=10)),
                ('kind', models.CharField(max_length=200)),
                ('level', models.CharField(max_length=10)),
                ('place', models.CharField(blank=True, max_length=120)),
                ('key', models.CharField(db_index=True, max_length=400)),
                ('first', models.DateField()),
                ('last', models.DateField()),
                ('figures', models.JSONField()),
                ('cases', models.JSONField()),
                ('conclusion', models.CharField(blank=True, max_length=40)),
                ('watch_from', models.DateField(null=True)),
                ('watch_until', models.DateField(null=True)),
                ('effect', models.JSONField(null=True)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='evaluation', to='store.case')),
            ],
        ),
    ]
