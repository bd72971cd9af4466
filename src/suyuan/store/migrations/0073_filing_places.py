from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0072_returns_by_clock_and_pressing'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='supplypoint',
            index=models.Index(condition=models.Q(('line', ''), _negated=True), fields=['line'], name='supply_line_name'),
        ),
        migrations.AddIndex(
            model_name='supplypoint',
            index=models.Index(condition=models.Q(('area', ''), _negated=True), fields=['area'], name='supply_area_name'),
        ),
    ]
