import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0037_lists_taken_out'),
    ]

    operations = [
        migrations.CreateModel(
            name='Rectification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on', models.DateField()),
                ('digest', models.CharField(blank=True, max_length=32)),
                ('nodes', models.JSONField(default=list)),
                ('round', models.PositiveSmallIntegerField(default=0)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rectification', to='store.case')),
            ],
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('node', models.CharField(max_length=40)),
                ('place', models.CharField(max_length=80)),
                ('act', models.CharField(max_length=10)),
                ('by', models.CharField(max_length=60)),
                ('on_behalf_of', models.CharField(blank=True, max_length=60)),
                ('to', models.CharField(blank=True, max_length=60)),
                ('digest', models.CharField(blank=True, max_length=32)),
                ('at', models.DateTimeField()),
                ('ended', models.CharField(blank=True, max_length=20)),
                ('ended_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='store.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('act__in', ('signed', 'rejected')), ('ended', '')), fields=('case', 'node', 'place'), name='one_signature_a_place')],
            },
        ),
    ]
