import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0062_liability'),
    ]

    operations = [
        migrations.CreateModel(
            name='Supervision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_by', models.CharField(max_length=8)),
                ('issued_by', models.CharField(max_length=60)),
                ('urges', models.PositiveSmallIntegerField(default=0)),
                ('acknowledged_by', models.CharField(blank=True, max_length=60)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='supervision', to='store.case')),
            ],
        ),
        migrations.CreateModel(
            name='Urge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=60)),
                ('rungs', models.JSONField(default=list)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='urged', to='store.case')),
                ('contact', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='urge', to='store.contact')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'seq'), name='urge_counted_once')],
            },
        ),
    ]
