"""What another index does already goes, where an earlier version of these migrations made it.

Not with AlterField: that draws every model around anew, and takes a partial unique constraint of the field along.
"""

import uuid

import django.contrib.postgres.functions
from django.db import migrations, models

TWICE = [
    'notifications_message_municipality_id_58747b4c',
    'notifications_message_user_id_89f939e6',
]


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0006_push_subscriptions'),
    ]

    operations = [
        migrations.RunSQL(f"DROP INDEX IF EXISTS {', '.join(TWICE)}", migrations.RunSQL.noop),
        migrations.RemoveIndex(
            model_name='message',
            name='message_in_app',
        ),
        migrations.AlterField(
            model_name='message',
            name='attempts',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='attempts'),
        ),
        migrations.AlterField(
            model_name='message',
            name='failure',
            field=models.CharField(blank=True, db_default='', max_length=300, verbose_name='what went wrong'),
        ),
        migrations.AlterField(
            model_name='message',
            name='message_id',
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['user', '-id'], name='message_of_person'),
        ),
    ]
