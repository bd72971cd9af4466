import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0032_masking_versions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('template', models.CharField(max_length=40)),
                ('content', models.JSONField()),
                ('first_used_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='message',
            name='wording',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='store.wording'),
        ),
    ]
