from django.db import migrations

# A volunteer belongs to their village's municipality, also after a merger: the pair is one key.
ADD = """
ALTER TABLE volunteers_volunteer ADD CONSTRAINT volunteer_village_municipality
    FOREIGN KEY (village_id, municipality_id) REFERENCES villages_village (id, municipality_id) ON UPDATE CASCADE;
"""
DROP = (
    "ALTER TABLE volunteers_volunteer DROP CONSTRAINT volunteer_village_municipality;"
)


class Migration(migrations.Migration):
    dependencies = [
        ("volunteers", "0001_initial"),
        ("villages", "0002_residency_municipality"),
    ]
    operations = [migrations.RunSQL(ADD, DROP)]
