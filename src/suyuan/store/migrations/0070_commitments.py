import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0069_final_answers'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='promises',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveSmallIntegerField()),
                ('made_by', models.CharField(max_length=60)),
                ('made_at', models.DateTimeField()),
                ('promised_on', models.DateField()),
                ('state', models.CharField(max_length=8)),
                ('closed_by', models.CharField(blank=True, max_length=60)),
                ('closed_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promised', to='store.case')),
                ('what', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.note')),
                ('why', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.note')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['promised_on'], name='commitment_open'), models.Index(fields=['-promised_on'], name='commitment_newest')],
                'constraints': [models.UniqueConstraint(fields=('case', 'seq'), name='commitment_once')],
            },
        ),
    ]
