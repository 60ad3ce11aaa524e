from django.db import migrations

# Who may be asked already was welcomed when they joined. The yearly question comes after a year, for who helps longer
# spread over a month, so that nobody's village is asked on one day.
WELCOME = """
UPDATE volunteers_volunteer SET
    approved_at = joined_at,
    check_at = CASE WHEN ended_at IS NULL THEN
        greatest(joined_at + interval '365 days', now() + interval '30 days' + id % 30 * interval '1 day') END,
    certificate_word_at = CASE WHEN certificate_until_on - 56 > current_date AND ended_at IS NULL THEN
        (certificate_until_on - 56 + time '10:00') AT TIME ZONE 'Europe/Amsterdam' END,
    pause_word_at = CASE WHEN paused_until - interval '1 day' > now() AND ended_at IS NULL THEN
        (((paused_until AT TIME ZONE 'Europe/Amsterdam')::date - 1) + time '10:00') AT TIME ZONE 'Europe/Amsterdam' END
WHERE approved_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0005_people")]
    operations = [migrations.RunSQL(WELCOME, migrations.RunSQL.noop)]
