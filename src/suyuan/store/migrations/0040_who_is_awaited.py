import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0039_callback_again'),
    ]

    operations = [
        migrations.CreateModel(
            name='Awaited',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('node', models.CharField(max_length=40)),
                ('place', models.CharField(max_length=80)),
                ('role', models.CharField(blank=True, max_length=20)),
                ('path', models.CharField(blank=True, max_length=400)),
                ('person', models.CharField(blank=True, max_length=60)),
                ('since', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='awaited', to='store.case')),
            ],
            options={
                'indexes': [models.Index(fields=['role', 'case'], name='awaited_role'), models.Index(condition=models.Q(('person', ''), _negated=True), fields=['person', 'case'], name='awaited_person')],
            },
        ),
    ]
