"""What another index does already goes, where an earlier version of these migrations made it.

Not with AlterField: that draws every model around anew, and takes a partial unique constraint of the field along.
"""

from django.db import migrations

TWICE = [
    'moderation_block_by_id_8bf1aeb9',
    'moderation_block_other_id_e4aac2c3',
    'moderation_report_municipality_id_040144b1',
    'moderation_report_reporter_id_d4ec1c2f',
]


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0004_report'),
    ]

    operations = [
        migrations.RunSQL(f"DROP INDEX IF EXISTS {', '.join(TWICE)}", migrations.RunSQL.noop),
    ]
