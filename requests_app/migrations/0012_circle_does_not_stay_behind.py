from django.db import migrations, models

# What its asker's own circle still has was listed as left by neighbours.
BEFORE = ["circle", "neighbours", "group"]


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0011_circle_stands_by")]
    operations = [
        migrations.RemoveIndex(model_name="helprequest", name="request_stays_behind"),
        migrations.AddIndex(
            model_name="helprequest",
            index=models.Index(
                models.F("municipality"),
                models.F("needed_by"),
                condition=models.Q(
                    ("slots_taken", 0), ("status", "open"), models.Q(("rung__in", BEFORE), _negated=True)
                ),
                name="request_stays_behind",
            ),
        ),
    ]
