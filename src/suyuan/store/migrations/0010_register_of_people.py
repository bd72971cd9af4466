
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0009_schedules_and_publications'),
    ]

    operations = [
        migrations.CreateModel(
            name='Holding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('-since',),
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('duties', models.TextField(blank=True)),
                ('specialty', models.CharField(blank=True, max_length=20)),
                ('roles', models.JSONField(default=list)),
                ('over', models.CharField(max_length=10)),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('code',),
            },
        ),
        migrations.RemoveConstraint(
            model_name='grant',
            name='grant_once',
        ),
        migrations.AddField(
            model_name='grant',
            name='expires_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='grant',
            name='given_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='grant',
            name='given_by',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='grant',
            name='reason',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='person',
            name='active_from',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='active_until',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='competence',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='person',
            name='employee_number',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='person',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='phone',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='person',
            name='seat',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='person',
            name='specialty',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='unit',
            name='closed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='unit',
            name='former_names',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='unit',
            name='merged_into',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='store.unit'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(condition=models.Q(('employee_number', ''), _negated=True), fields=('employee_number',), name='employed_once'),
        ),
        migrations.AddField(
            model_name='holding',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holdings', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='holding',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='store.unit'),
        ),
        migrations.AddField(
            model_name='grant',
            name='holding',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='store.holding'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.UniqueConstraint(condition=models.Q(('holding', None)), fields=('person', 'role', 'unit'), name='grant_given_once'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.UniqueConstraint(condition=models.Q(('holding__isnull', False)), fields=('holding', 'role', 'unit'), name='grant_held_once'),
        ),
        migrations.AddField(
            model_name='holding',
            name='post',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='store.post'),
        ),
        migrations.AddConstraint(
            model_name='holding',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('person',), name='holding_one_post'),
        ),
    ]
