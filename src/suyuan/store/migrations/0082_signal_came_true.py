from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep when what a signal warned of happened."""

    dependencies = [
        ("store", "0081_monthly_comparisons"),
    ]

    operations = [
        migrations.AddField(
            model_name="keptsignal",
            name="came_true_at",
            field=models.DateTimeField(null=True),
        ),
    ]
