from django.db import migrations

# What is stored is the last wave behind it, not a place in a plan that is worked out anew each time. Where waves found
# nobody this is fewer than it was: then such a wave is looked for once more.
AS_ASKED = "UPDATE requests_app_helprequest SET waves_walked = waves_asked WHERE waves_walked <> waves_asked;"


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0003_due_mark")]
    operations = [
        migrations.RenameField("helprequest", "steps_walked", "waves_walked"),
        migrations.RunSQL(AS_ASKED, migrations.RunSQL.noop),
    ]
