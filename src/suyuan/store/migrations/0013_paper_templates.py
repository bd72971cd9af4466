from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0012_running_clocks"),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('version', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(max_length=10)),
                ('proposed_by', models.CharField(max_length=60)),
                ('proposed_at', models.DateTimeField()),
                ('settled_by', models.CharField(blank=True, max_length=60)),
                ('settled_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='paper_version_once')],
            },
        ),
    ]
