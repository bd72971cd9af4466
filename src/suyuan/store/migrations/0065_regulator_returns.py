import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0064_appeals'),
    ]

    operations = [
        migrations.CreateModel(
            name='RegulatorReturn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('channel', models.CharField(max_length=20)),
                ('due_at', models.DateTimeField(null=True)),
                ('filed_on', models.DateField()),
                ('receipt_number', models.CharField(max_length=200)),
                ('days', models.PositiveSmallIntegerField(default=0)),
                ('filed_by', models.CharField(max_length=60)),
                ('filed_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns_filed', to='store.case')),
            ],
            options={
                'indexes': [models.Index(fields=['filed_at'], name='return_filed')],
                'constraints': [models.UniqueConstraint(fields=('case', 'kind'), name='return_filed_once')],
            },
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=models.Q(('kind', 'regulator')), fields=['limit', 'due_at'], name='clock_regulator'),
        ),
    ]
