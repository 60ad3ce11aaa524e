"""What another index does already goes, where an earlier version of these migrations made it.

Not with AlterField: that draws every model around anew, and takes a partial unique constraint of the field along.
"""

from django.db import migrations, models

TWICE = [
    'requests_app_circleinvite_help_request_id_c469f6dc',
    'requests_app_conversationmessage_pick_up_id_87b44e14',
    'requests_app_event_help_request_id_e81d3022',
    'requests_app_event_municipality_id_0ca881c8',
    'requests_app_event_policy_id_70286fde',
    'requests_app_event_by_id_d530413a',
    'requests_app_helprequest_author_id_9528f63e',
    'requests_app_helprequest_municipality_id_5f5d4ff4',
    'requests_app_helprequest_owner_id_7b86e754',
    'requests_app_helprequest_policy_id_de502d07',
    'requests_app_offer_helper_id_df0ddb62',
    'requests_app_pickup_helper_id_7d993489',
    'requests_app_policy_municipality_id_48626fc0',
    'requests_app_policytrial_municipality_id_3cffe3fc',
    'requests_app_spareoffer_author_id_09a82a8b',
    'requests_app_spareoffer_municipality_id_83908355',
    'requests_app_spareplace_taker_id_97f3e0a0',
]


class Migration(migrations.Migration):

    dependencies = [
        ('requests_app', '0013_due_mark'),
    ]

    operations = [
        migrations.RunSQL(f"DROP INDEX IF EXISTS {', '.join(TWICE)}", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(models.F('by'), condition=models.Q(('by__isnull', False)), name='event_of_person'),
        ),
        migrations.AddIndex(
            model_name='helprequest',
            index=models.Index(models.F('owner'), condition=models.Q(('owner__isnull', False)), name='request_of_owner'),
        ),
        # With what the clock's look reads beside it: the index alone answers.
        migrations.RemoveIndex(model_name='helprequest', name='request_due'),
        migrations.AddIndex(
            model_name='helprequest',
            index=models.Index(models.F('next_at'), models.F('id'), condition=models.Q(('status__in', ('open', 'taken'))), include=('municipality',), name='request_due'),
        ),
    ]
