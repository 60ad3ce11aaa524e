"""What another index does already goes, where an earlier version of these migrations made it.

Not with AlterField: that draws every model around anew, and takes a partial unique constraint of the field along.
"""

from django.db import migrations

TWICE = [
    'villages_codeattempt_user_id_b7e2b762',
    'villages_residency_municipality_id_c626f58b',
    'villages_village_municipality_id_e7197201',
]


class Migration(migrations.Migration):

    dependencies = [
        ('villages', '0007_leave_and_awake_villages'),
    ]

    operations = [
        migrations.RunSQL(f"DROP INDEX IF EXISTS {', '.join(TWICE)}", migrations.RunSQL.noop),
    ]
