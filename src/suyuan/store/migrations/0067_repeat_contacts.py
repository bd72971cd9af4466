import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0066_filings'),
    ]

    operations = [
        migrations.CreateModel(
            name='RepeatEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contacts', models.PositiveIntegerField()),
                ('last_at', models.DateTimeField()),
                ('told_at', models.DateTimeField()),
                ('first', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='repeated', to='store.case')),
            ],
            options={
                'indexes': [models.Index(fields=['-last_at'], name='repeat_last')],
            },
        ),
        migrations.CreateModel(
            name='RepeatMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ways', models.JSONField(default=list)),
                ('similarity', models.FloatField(default=0.0)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='repeats', to='store.case')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='store.repeatevent')),
            ],
        ),
    ]
