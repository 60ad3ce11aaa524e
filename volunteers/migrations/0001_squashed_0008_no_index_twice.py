import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('volunteers', '0001_initial'),
        ('volunteers', '0003_names_in_admin'),
        ('volunteers', '0004_moments_of_the_week'),
        ('volunteers', '0005_people'),
        ('volunteers', '0006_those_who_help_already'),
        ('volunteers', '0007_ask_figures'),
        ('volunteers', '0008_no_index_twice'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0003_no_index_twice'),
        ('villages', '0001_squashed_0009_places_and_groups'),
    ]

    operations = [
        migrations.CreateModel(
            name='Volunteer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality', verbose_name='municipality')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='volunteers', to='villages.village', verbose_name='village')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='volunteer', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None, verbose_name='likes to do')),
                ('suits', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=11), blank=True, default=list, size=None, verbose_name='can help on')),
                ('where', models.CharField(choices=[('anywhere', "At people's homes too"), ('outside', 'Only outdoors or at the door'), ('place', 'Only at a place, like the village hall')], db_default='anywhere', default='anywhere', max_length=8, verbose_name='helps where')),
                ('transport', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('walk', 'On foot'), ('bike', 'By bike'), ('car', 'By car'), ('roomy_car', 'By car, with room for a walking frame')], max_length=9), blank=True, default=list, size=None, verbose_name='comes by')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('nl', 'Dutch'), ('en', 'English'), ('de', 'German'), ('fr', 'French'), ('es', 'Spanish'), ('tr', 'Turkish'), ('ar', 'Arabic'), ('pl', 'Polish'), ('uk', 'Ukrainian'), ('ti', 'Tigrinya'), ('sign', 'Sign language')], max_length=4), blank=True, default=list, size=None, verbose_name='speaks')),
                ('buddy', models.BooleanField(db_default=False, default=False, verbose_name='rather together')),
                ('light', models.BooleanField(db_default=False, default=False, verbose_name='rather light jobs')),
                ('week_limit', models.PositiveSmallIntegerField(choices=[(0, 'nothing for now'), (1, '1 time a week'), (2, '2 times a week'), (7, 'more often')], default=2, verbose_name='asks a week')),
                ('month_limit', models.PositiveSmallIntegerField(default=4, verbose_name='jobs a month')),
                ('paused_until', models.DateTimeField(blank=True, null=True, verbose_name='takes a break until')),
                ('resting_until', models.DateTimeField(blank=True, null=True, verbose_name='left alone until')),
                ('silences', models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='times without an answer')),
                ('certificate_seen_on', models.DateField(blank=True, null=True, verbose_name='certificate of conduct seen on')),
                ('certificate_until_on', models.DateField(blank=True, null=True, verbose_name='certificate of conduct until')),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='volunteer since')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='welcomed')),
                ('talk_first_at', models.DateTimeField(blank=True, null=True, verbose_name='a talk first, since')),
                ('retired_at', models.DateTimeField(blank=True, null=True, verbose_name='left in peace since')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='stopped')),
                ('pause_word_at', models.DateTimeField(blank=True, null=True)),
                ('certificate_word_at', models.DateTimeField(blank=True, null=True)),
                ('check_at', models.DateTimeField(blank=True, null=True, verbose_name='asked again whether all is right')),
                ('retire_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'volunteer',
                'verbose_name_plural': 'volunteers',
                'indexes': [models.Index(models.F('village'), condition=models.Q(('ended_at', None)), name='volunteer_of_village'), models.Index(models.F('municipality'), models.F('joined_at'), condition=models.Q(('approved_at', None), ('ended_at', None)), name='volunteer_waiting'), models.Index(models.F('pause_word_at'), condition=models.Q(('pause_word_at__isnull', False)), name='volunteer_pause_word_at'), models.Index(models.F('certificate_word_at'), condition=models.Q(('certificate_word_at__isnull', False)), name='volunteer_certificate_word_at'), models.Index(models.F('check_at'), condition=models.Q(('check_at__isnull', False)), name='volunteer_check_at'), models.Index(models.F('retire_at'), condition=models.Q(('retire_at__isnull', False)), name='volunteer_retire_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('month_limit__lte', 31), ('week_limit__in', [0, 1, 2, 7])), name='volunteer_limits'), models.CheckConstraint(condition=models.Q(('suits__contained_by', ['0-morning', '0-afternoon', '0-evening', '1-morning', '1-afternoon', '1-evening', '2-morning', '2-afternoon', '2-evening', '3-morning', '3-afternoon', '3-evening', '4-morning', '4-afternoon', '4-evening', '5-morning', '5-afternoon', '5-evening', '6-morning', '6-afternoon', '6-evening'])), name='volunteer_moments'), models.CheckConstraint(condition=models.Q(('where__in', ['anywhere', 'outside', 'place'])), name='volunteer_where'), models.CheckConstraint(condition=models.Q(('certificate_word_at', None), ('certificate_until_on__isnull', False), _connector='OR'), name='volunteer_certificate_word'), models.CheckConstraint(condition=models.Q(models.Q(('check_at', None), ('retire_at', None)), models.Q(('retire_at', None), ('retired_at', None)), models.Q(('check_at', None), ('retired_at', None)), _connector='OR'), name='volunteer_one_question')],
            },
        ),
        migrations.CreateModel(
            name='Ask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality', verbose_name='municipality')),
                ('volunteer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='asks', to='volunteers.volunteer', verbose_name='volunteer')),
                ('subject', models.BigIntegerField(verbose_name='number of the request')),
                ('wave', models.PositiveSmallIntegerField(default=1, verbose_name='wave')),
                ('chance', models.FloatField(verbose_name='chance of a yes')),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None, verbose_name='reasons')),
                ('figures', models.JSONField(blank=True, db_default={}, default=dict)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('answer', models.CharField(choices=[('open', 'no answer yet'), ('yes', 'yes'), ('no', 'not this time'), ('withdrawn', 'settled before the answer'), ('silent', 'no answer')], default='open', max_length=10, verbose_name='answer')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
            ],
            options={
                'verbose_name': 'ask',
                'verbose_name_plural': 'asks',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['volunteer', '-asked_at'], name='ask_record'), models.Index(models.F('subject'), condition=models.Q(('answer', 'open')), name='ask_open_for_subject')],
                'constraints': [models.UniqueConstraint(models.F('volunteer'), condition=models.Q(('answer', 'open')), name='ask_one_open'), models.UniqueConstraint(models.F('volunteer'), models.F('subject'), condition=models.Q(('answer__in', ['open', 'yes', 'no', 'silent'])), name='ask_once'), models.CheckConstraint(condition=models.Q(models.Q(('answer', 'open'), ('answered_at', None)), models.Q(models.Q(('answer', 'open'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='ask_answer_has_moment')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('volunteer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to='volunteers.volunteer', verbose_name='volunteer')),
                ('subject', models.BigIntegerField(verbose_name='number of the request')),
                ('on', models.DateField(verbose_name='day')),
                ('taken_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='taken')),
                ('given_back_at', models.DateTimeField(blank=True, null=True, verbose_name='given back')),
            ],
            options={
                'verbose_name': 'job',
                'verbose_name_plural': 'jobs',
                'ordering': ['-taken_at'],
                'indexes': [models.Index(fields=['volunteer', '-taken_at'], name='job_record')],
                'constraints': [models.UniqueConstraint(models.F('volunteer'), models.F('subject'), condition=models.Q(('given_back_at', None)), name='job_once')],
            },
        ),
    ]
