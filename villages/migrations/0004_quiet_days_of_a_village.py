import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('villages', '0003_groups_counted_one_at_a_time'),
    ]

    operations = [
        migrations.AddField(
            model_name='village',
            name='quiet_days',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, db_default=[], default=list, size=None, verbose_name='quiet days'),
        ),
        migrations.AddField(
            model_name='village',
            name='quiet_on_holidays',
            field=models.BooleanField(db_default=False, default=False, verbose_name='quiet on public holidays'),
        ),
        migrations.AddConstraint(
            model_name='village',
            constraint=models.CheckConstraint(condition=models.Q(('quiet_days__contained_by', [0, 1, 2, 3, 4, 5, 6]), ('quiet_days__len__lt', 7)), name='village_keeps_a_day'),
        ),
    ]
