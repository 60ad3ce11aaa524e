import django.contrib.postgres.functions
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('notifications', '0001_initial'),
        ('notifications', '0002_key_by_bytes'),
        ('notifications', '0003_message_failed'),
        ('notifications', '0004_names_in_admin'),
        ('notifications', '0005_urgent_and_digest'),
        ('notifications', '0006_push_subscriptions'),
        ('notifications', '0007_no_index_twice'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0003_no_index_twice'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality', verbose_name='municipality')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('channel', models.CharField(choices=[('in_app', 'on the site'), ('mail', 'e-mail'), ('push', 'on a phone')], max_length=10, verbose_name='channel')),
                ('key', models.CharField(db_collation='C', max_length=120)),
                ('user', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('address', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('params', models.JSONField(blank=True, default=dict, verbose_name='numbers')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written')),
                ('state', models.CharField(choices=[('due', 'waiting'), ('sent', 'sent'), ('dropped', 'no longer true'), ('failed', 'failed')], default='due', max_length=10, verbose_name='state')),
                ('not_before', models.DateTimeField(default=django.utils.timezone.now, verbose_name='not before')),
                ('urgent', models.BooleanField(db_default=False, default=False, verbose_name='urgent')),
                ('attempts', models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='attempts')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read')),
                ('message_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False)),
                ('failure', models.CharField(blank=True, db_default='', max_length=300, verbose_name='what went wrong')),
            ],
            options={
                'verbose_name': 'notification',
                'verbose_name_plural': 'notifications',
                'ordering': ['-pk'],
                'indexes': [models.Index(models.F('not_before'), condition=models.Q(('state', 'due')), name='message_due'), models.Index(fields=['user', '-id'], name='message_of_person'), models.Index(models.F('user'), condition=models.Q(('channel', 'in_app'), ('read_at', None)), name='message_unread'), models.Index(fields=['municipality', '-id'], name='message_by_municipality'), models.Index(condition=models.Q(('state', 'failed')), fields=['municipality', '-id'], name='message_failed')],
                'constraints': [models.UniqueConstraint(models.F('key'), models.F('channel'), name='message_told_once'), models.CheckConstraint(condition=models.Q(models.Q(('address', ''), ('user__isnull', False)), models.Q(('user__isnull', True), models.Q(('address', ''), _negated=True)), _connector='OR'), name='message_one_recipient')],
            },
        ),
        migrations.CreateModel(
            name='PushSubscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='push_subscriptions', to=settings.AUTH_USER_MODEL)),
                ('endpoint', models.CharField(max_length=1000, unique=True)),
                ('p256dh', models.CharField(max_length=100)),
                ('auth', models.CharField(max_length=40)),
                ('device', models.CharField(blank=True, max_length=40)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_ok_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='digest', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('every', models.CharField(choices=[('daily', 'Once a day'), ('weekly', 'Once a week')], max_length=10, verbose_name='how often')),
                ('next_at', models.DateTimeField(blank=True, null=True, verbose_name='next')),
                ('told_until', models.DateTimeField(verbose_name='told until')),
            ],
            options={
                'verbose_name': 'digest',
                'verbose_name_plural': 'digests',
                'indexes': [models.Index(models.F('next_at'), condition=models.Q(('next_at__isnull', False)), name='digest_due')],
            },
        ),
    ]
