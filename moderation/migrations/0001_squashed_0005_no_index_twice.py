import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('moderation', '0001_initial'),
        ('moderation', '0002_names_in_admin'),
        ('moderation', '0003_block'),
        ('moderation', '0004_report'),
        ('moderation', '0005_no_index_twice'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed_0003_no_index_twice'),
    ]

    operations = [
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality', verbose_name='municipality')),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('hide', 'hidden'), ('restore', 'put back')], max_length=10, verbose_name='decision')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='moment')),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['subject_kind', 'subject', '-at'], name='decision_of_subject')],
            },
        ),
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who wished it')),
                ('other', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='the other')),
                ('kind', models.CharField(choices=[('block', 'no more contact'), ('apart', 'rather not together again')], max_length=10, verbose_name='what')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='moment')),
            ],
            options={
                'verbose_name': 'block',
                'verbose_name_plural': 'blocks',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['other', 'by'], name='block_of_other')],
                'constraints': [models.UniqueConstraint(models.F('by'), models.F('other'), models.F('kind'), name='block_once'), models.CheckConstraint(condition=models.Q(('by', models.F('other')), _negated=True), name='block_of_somebody_else')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality', verbose_name='municipality')),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject', models.BigIntegerField()),
                ('about', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='about whom')),
                ('reporter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who told us')),
                ('reason', models.CharField(choices=[('money', 'Someone asks for money or a bank card'), ('unsafe', "It doesn't feel safe"), ('unkind', 'Someone is unkind'), ('private', 'It has something private in it'), ('unreal', 'This is not real'), ('other', 'Something else')], max_length=10, verbose_name='what is wrong')),
                ('text', models.CharField(blank=True, max_length=300, verbose_name='what they saw')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='told')),
                ('answer_before', models.DateTimeField(verbose_name='answer before')),
                ('outcome', models.CharField(blank=True, choices=[('', 'not yet'), ('kept', 'it stays'), ('hidden', 'hidden'), ('other', 'another step')], default='', max_length=10, verbose_name='decision')),
                ('answer', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('handled_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('handled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'report',
                'verbose_name_plural': 'reports',
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('handled_at', None)), fields=['municipality', 'answer_before'], name='report_waiting'), models.Index(fields=['municipality', '-id'], name='report_of_municipality'), models.Index(fields=['reporter', 'at'], name='report_of_reporter'), models.Index(condition=models.Q(('handled_at', None)), fields=['subject_kind', 'subject'], name='report_of_subject')],
                'constraints': [models.UniqueConstraint(models.F('reporter'), models.F('subject_kind'), models.F('subject'), condition=models.Q(('handled_at', None)), name='report_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('handled_at', None), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('handled_at__isnull', False)), _connector='OR'), name='report_outcome_has_moment'), models.CheckConstraint(condition=models.Q(('about', None), models.Q(('about', models.F('reporter')), _negated=True), _connector='OR'), name='report_of_somebody_else')],
            },
        ),
    ]
