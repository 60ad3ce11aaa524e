from django.db import migrations

# A residency lies in its village's municipality, also after a merger: the pair is one key.
ADD = """
ALTER TABLE villages_residency ADD CONSTRAINT residency_village_municipality
    FOREIGN KEY (village_id, municipality_id) REFERENCES villages_village (id, municipality_id) ON UPDATE CASCADE;
"""
DROP = "ALTER TABLE villages_residency DROP CONSTRAINT residency_village_municipality;"


class Migration(migrations.Migration):
    dependencies = [("villages", "0001_initial")]
    operations = [migrations.RunSQL(ADD, DROP)]
