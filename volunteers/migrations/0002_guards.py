from django.db import migrations

# A volunteer belongs to their village's municipality, also after a merger: the pair is one key.
ADD_KEY = """
ALTER TABLE volunteers_volunteer ADD CONSTRAINT volunteer_village_municipality
    FOREIGN KEY (village_id, municipality_id) REFERENCES villages_village (id, municipality_id) ON UPDATE CASCADE;
"""
DROP_KEY = "ALTER TABLE volunteers_volunteer DROP CONSTRAINT volunteer_village_municipality;"


class Migration(migrations.Migration):
    replaces = [("volunteers", "0002_volunteer_municipality")]
    dependencies = [
        ("volunteers", "0001_squashed_0008_no_index_twice"),
        ("villages", "0002_guards"),
    ]
    operations = [migrations.RunSQL(ADD_KEY, DROP_KEY)]
