from django.db import migrations

# A residency, and a place, lie in their village's municipality, also after a merger: the pair is one key.
ADD_KEYS = """
ALTER TABLE villages_residency ADD CONSTRAINT residency_village_municipality
    FOREIGN KEY (village_id, municipality_id) REFERENCES villages_village (id, municipality_id) ON UPDATE CASCADE;
ALTER TABLE villages_place ADD CONSTRAINT place_village_in_municipality
    FOREIGN KEY (village_id, municipality_id) REFERENCES villages_village (id, municipality_id) ON UPDATE CASCADE;
"""
DROP_KEYS = """
ALTER TABLE villages_place DROP CONSTRAINT place_village_in_municipality;
ALTER TABLE villages_residency DROP CONSTRAINT residency_village_municipality;
"""


class Migration(migrations.Migration):
    replaces = [("villages", "0002_residency_municipality")]
    dependencies = [("villages", "0001_squashed_0009_places_and_groups")]
    operations = [migrations.RunSQL(ADD_KEYS, DROP_KEYS)]
