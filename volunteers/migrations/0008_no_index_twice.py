"""What another index does already goes, where an earlier version of these migrations made it.

Not with AlterField: that draws every model around anew, and takes a partial unique constraint of the field along.
"""

from django.db import migrations

TWICE = [
    'volunteers_ask_volunteer_id_763da6d4',
    'volunteers_job_volunteer_id_5cfb0e1c',
]


class Migration(migrations.Migration):

    dependencies = [
        ('volunteers', '0007_ask_figures'),
    ]

    operations = [
        migrations.RunSQL(f"DROP INDEX IF EXISTS {', '.join(TWICE)}", migrations.RunSQL.noop),
    ]
