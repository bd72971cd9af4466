from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0034_second_person'),
    ]

    operations = [
        migrations.RenameField(
            model_name='person',
            old_name='phone',
            new_name='phone_clear',
        ),
        migrations.AddField(
            model_name='person',
            name='phone_sealed',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='preference',
            name='sms',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
