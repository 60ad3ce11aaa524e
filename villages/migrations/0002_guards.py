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

# What the groups of a village do stands with the village, so that the clock need not look for groups where there are
# none. Kept here, so that no road can forget it; a group without a host does not count.
COUNT = """
CREATE FUNCTION count_group_categories() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE groups bigint[];
BEGIN
    IF TG_TABLE_NAME = 'villages_group' THEN
        groups := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.id] ELSE ARRAY[OLD.id] END;
    ELSIF TG_OP = 'INSERT' THEN
        groups := ARRAY[NEW.group_id];
    ELSIF TG_OP = 'UPDATE' THEN
        groups := ARRAY[OLD.group_id, NEW.group_id];
    ELSE
        groups := ARRAY[OLD.group_id];
    END IF;
    WITH places AS (
        SELECT place_id AS id FROM villages_group WHERE id = ANY (groups)
        UNION SELECT CASE WHEN TG_TABLE_NAME = 'villages_group' AND TG_OP <> 'INSERT'
                          THEN (to_jsonb(OLD) ->> 'place_id')::bigint END
    ), villages AS (
        SELECT DISTINCT place.village_id AS id FROM villages_place place JOIN places ON places.id = place.id
    ), counted AS (
        SELECT villages.id, coalesce((
            SELECT array_agg(DISTINCT category ORDER BY category)
            FROM villages_place place JOIN villages_group own ON own.place_id = place.id
            CROSS JOIN unnest(own.categories) AS category
            WHERE place.village_id = villages.id AND own.ended_at IS NULL
                  AND EXISTS (SELECT FROM villages_host host WHERE host.group_id = own.id)
        ), '{}') AS categories FROM villages
    )
    UPDATE villages_village village SET group_categories = counted.categories
    FROM counted WHERE village.id = counted.id AND village.group_categories IS DISTINCT FROM counted.categories;
    RETURN NULL;
END $$;
CREATE TRIGGER group_is_counted AFTER INSERT OR UPDATE OR DELETE ON villages_group
    FOR EACH ROW EXECUTE FUNCTION count_group_categories();
CREATE TRIGGER host_is_counted AFTER INSERT OR UPDATE OR DELETE ON villages_host
    FOR EACH ROW EXECUTE FUNCTION count_group_categories();
"""
DROP_COUNT = """
DROP TRIGGER host_is_counted ON villages_host;
DROP TRIGGER group_is_counted ON villages_group;
DROP FUNCTION count_group_categories();
"""


class Migration(migrations.Migration):
    replaces = [("villages", "0002_residency_municipality")]
    dependencies = [("villages", "0001_squashed_0009_places_and_groups")]
    operations = [
        migrations.RunSQL(ADD_KEYS, DROP_KEYS),
        migrations.RunSQL(COUNT, DROP_COUNT),
    ]
