"""What another index does already goes, where an earlier version of these migrations made it.

Not with AlterField: that draws every model around anew, and takes a partial unique constraint of the field along.
"""

from django.db import migrations

TWICE = [
    'accounts_staffrole_user_id_0ab5bad9',
]


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_preferences'),
    ]

    operations = [
        migrations.RunSQL(f"DROP INDEX IF EXISTS {', '.join(TWICE)}", migrations.RunSQL.noop),
    ]
