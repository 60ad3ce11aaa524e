import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
import django.utils.timezone
import phonenumber_field.modelfields
import villages.codes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('villages', '0001_initial'),
        ('villages', '0003_code_attempt'),
        ('villages', '0004_residency_lists'),
        ('villages', '0005_names_in_admin'),
        ('villages', '0006_board_seen'),
        ('villages', '0007_leave_and_awake_villages'),
        ('villages', '0008_no_index_twice'),
        ('villages', '0009_places_and_groups'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0003_no_index_twice'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality', verbose_name='municipality')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contact_for', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('name', models.CharField(max_length=40, verbose_name='name on the pages')),
                ('phone', phonenumber_field.modelfields.PhoneNumberField(max_length=128, region=None, verbose_name='phone number')),
                ('hours', models.CharField(max_length=120, verbose_name='hours')),
                ('hours_en', models.CharField(blank=True, max_length=120, verbose_name='hours, in English')),
                ('away_from_on', models.DateField(blank=True, null=True, verbose_name='away from')),
                ('away_until_on', models.DateField(blank=True, null=True, verbose_name='away until and including')),
                ('stand_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='villages.contactperson', verbose_name='who stands in')),
            ],
            options={
                'verbose_name': 'contact person',
                'verbose_name_plural': 'contact persons',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('away_from_on', None), ('away_until_on', None)), ('away_until_on__gte', models.F('away_from_on')), _connector='OR'), name='contact_person_leave'), models.CheckConstraint(condition=models.Q(('stand_in', models.F('id')), _negated=True), name='contact_person_other_stands_in')],
            },
        ),
        migrations.CreateModel(
            name='PostcodeArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postcode_areas', to='accounts.municipality', verbose_name='municipality')),
                ('pc4', models.CharField(max_length=4, verbose_name='postcode')),
                ('place', models.CharField(max_length=80, verbose_name='place')),
                ('lat', models.FloatField()),
                ('lon', models.FloatField()),
            ],
            options={
                'verbose_name': 'postcode area',
                'verbose_name_plural': 'postcode areas',
                'ordering': ['pc4'],
                'constraints': [models.UniqueConstraint(models.F('pc4'), models.F('municipality'), models.F('place'), name='postcode_area_once')],
            },
        ),
        migrations.CreateModel(
            name='CodeAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ip', models.GenericIPAddressField(null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'at'], name='attempt_of_person'), models.Index(fields=['ip', 'at'], name='attempt_from_address'), models.Index(models.F('at'), name='attempt_old')],
            },
        ),
        migrations.CreateModel(
            name='Village',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='villages', to='accounts.municipality', verbose_name='municipality')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('slug', models.SlugField(max_length=100, unique=True)),
                ('kind', models.CharField(choices=[('place', 'village or town'), ('district', 'district')], default='place', max_length=10, verbose_name='kind')),
                ('shares_name', models.BooleanField(default=False, editable=False)),
                ('pc4s', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=4), blank=True, default=list, size=None, verbose_name='postcodes')),
                ('lat', models.FloatField(blank=True, null=True)),
                ('lon', models.FloatField(blank=True, null=True)),
                ('contact_person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='villages', to='villages.contactperson', verbose_name='contact person')),
                ('usual_contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='villages.contactperson')),
                ('switched_on_at', models.DateTimeField(blank=True, null=True, verbose_name='switched on')),
                ('quiet_from', models.TimeField(default=datetime.time(21, 0), verbose_name='quiet from')),
                ('quiet_until', models.TimeField(default=datetime.time(8, 0), verbose_name='quiet until')),
                ('skips_neighbours', models.BooleanField(db_default=False, default=False, verbose_name='requests are not on the board here')),
                ('skips_groups', models.BooleanField(db_default=False, default=False, verbose_name='groups are not asked here')),
                ('skips_volunteers', models.BooleanField(db_default=False, default=False, verbose_name='volunteers are not asked here')),
                ('group_categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), db_default=[], default=list, editable=False, size=None)),
                ('letter_code', models.CharField(default=villages.codes.new_code, max_length=8, unique=True, verbose_name='code on letters')),
                ('letter_code_until', models.DateTimeField(default=villages.codes.code_end, verbose_name='code valid until')),
            ],
            options={
                'verbose_name': 'village',
                'verbose_name_plural': 'villages',
                'ordering': ['name'],
                'indexes': [models.Index(models.F('name'), name='village_name')],
                'constraints': [models.UniqueConstraint(models.F('municipality'), models.F('name'), name='village_once_in_municipality'), models.UniqueConstraint(models.F('id'), models.F('municipality'), name='village_in_municipality'), models.CheckConstraint(condition=models.Q(('switched_on_at', None), ('contact_person__isnull', False), _connector='OR'), name='village_on_has_contact_person'), models.CheckConstraint(condition=models.Q(models.Q(django.db.models.lookups.LessThanOrEqual(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('quiet_until'), '-', models.F('quiet_from')), output_field=models.DurationField()), datetime.timedelta(seconds=57600)), ('quiet_from__lte', models.F('quiet_until'))), models.Q(django.db.models.lookups.LessThanOrEqual(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('quiet_until'), '-', models.F('quiet_from')), output_field=models.DurationField()), datetime.timedelta(days=-1, seconds=57600)), ('quiet_from__gt', models.F('quiet_until'))), _connector='OR'), name='village_is_awake')],
            },
        ),
        migrations.CreateModel(
            name='Residency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality', verbose_name='municipality')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='residencies', to='villages.village', verbose_name='village')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='residencies', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('street', models.CharField(blank=True, max_length=80, verbose_name='street')),
                ('proof', models.CharField(blank=True, choices=[('', 'not yet'), ('code', 'code from a letter'), ('contact', 'seen by the contact person')], default='', max_length=10, verbose_name='proof')),
                ('claimed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='valid until')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('board_seen_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='looked at the board')),
            ],
            options={
                'verbose_name': 'residency',
                'verbose_name_plural': 'residencies',
                'ordering': ['-claimed_at'],
                'indexes': [models.Index(models.F('village'), models.F('claimed_at'), condition=models.Q(('ended_at', None)), name='residency_of_village'), models.Index(models.F('municipality'), models.F('claimed_at'), condition=models.Q(('confirmed_at', None), ('ended_at', None)), name='residency_waiting'), models.Index(fields=['municipality', '-id'], name='residency_of_municipality')],
                'constraints': [models.UniqueConstraint(models.F('user'), condition=models.Q(('ended_at', None)), name='residency_one_home'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('proof', '')), models.Q(('confirmed_at__isnull', False), ('expires_at__isnull', False), models.Q(('proof', ''), _negated=True)), _connector='OR'), name='residency_proof_has_end')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality', verbose_name='municipality')),
                ('village', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='places', to='villages.village', verbose_name='village')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('address', models.CharField(blank=True, max_length=120, verbose_name='address')),
                ('meets', models.CharField(blank=True, max_length=120, verbose_name='when people meet')),
            ],
            options={
                'verbose_name': 'place to meet',
                'verbose_name_plural': 'places to meet',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(models.F('village'), models.F('name'), name='place_once_in_village')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('village', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='tally', serialize=False, to='villages.village')),
                ('neighbours', models.IntegerField(default=0)),
                ('open_requests', models.IntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('neighbours__gte', 0), ('open_requests__gte', 0)), name='tally_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Group',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='groups', to='villages.place', verbose_name='place to meet')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None, verbose_name='what they like to do')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
            ],
            options={
                'verbose_name': 'group',
                'verbose_name_plural': 'groups',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(models.F('place'), models.F('name'), name='group_once_at_place')],
            },
        ),
        migrations.CreateModel(
            name='Host',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='hosts', to='villages.group', verbose_name='group')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hosts', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'host',
                'verbose_name_plural': 'hosts',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(models.F('group'), models.F('user'), name='host_once')],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='villages.group', verbose_name='group')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('name', models.CharField(blank=True, max_length=40, verbose_name='first name')),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('left_at', models.DateTimeField(blank=True, null=True, verbose_name='left')),
            ],
            options={
                'verbose_name': 'member',
                'verbose_name_plural': 'members',
                'ordering': ['name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), ('user__isnull', False)), models.Q(('user', None), models.Q(models.Q(('name', ''), _negated=True), ('left_at__isnull', False), _connector='OR')), _connector='OR'), name='member_account_or_name'), models.UniqueConstraint(models.F('group'), models.F('user'), condition=models.Q(('left_at', None)), name='member_once')],
            },
        ),
    ]
