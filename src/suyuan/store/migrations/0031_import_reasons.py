from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0030_case_walks'),
    ]

    operations = [
        migrations.AddField(
            model_name='importrun',
            name='reasons',
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
