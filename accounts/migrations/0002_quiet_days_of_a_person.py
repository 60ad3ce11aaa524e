import django.contrib.postgres.fields
from django.db import migrations, models

# Who kept the Sunday keeps it. Back: who kept other days as well keeps the Sunday of them.
KEEP_SUNDAY = "UPDATE accounts_user SET quiet_days = '{6}' WHERE quiet_on_sunday"
BACK_TO_SUNDAY = "UPDATE accounts_user SET quiet_on_sunday = true WHERE 6 = ANY (quiet_days)"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_squashed_0003_no_index_twice'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='quiet_days',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, db_default=[], default=list, size=None, verbose_name='quiet days'),
        ),
        migrations.RunSQL(KEEP_SUNDAY, BACK_TO_SUNDAY),
        migrations.RemoveField(
            model_name='user',
            name='quiet_on_sunday',
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('quiet_days__contained_by', [0, 1, 2, 3, 4, 5, 6]), ('quiet_days__len__lt', 7)), name='user_keeps_a_day'),
        ),
    ]
