from django.db import migrations

# As before, but one at a time for each village: two who added a host at once each counted without the other's, and a
# group whose likes are not counted is never asked.
COUNT = """
CREATE OR REPLACE FUNCTION count_group_categories() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE groups bigint[]; touched bigint[];
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
    SELECT array_agg(DISTINCT place.village_id) INTO touched FROM villages_place place WHERE place.id IN (
        SELECT place_id FROM villages_group WHERE id = ANY (groups)
        UNION SELECT CASE WHEN TG_TABLE_NAME = 'villages_group' AND TG_OP <> 'INSERT'
                          THEN (to_jsonb(OLD) ->> 'place_id')::bigint END
    );
    -- Held before counting, so that the count, a statement of its own, sees what somebody else just committed.
    PERFORM FROM villages_village WHERE id = ANY (touched) ORDER BY id FOR NO KEY UPDATE;
    WITH counted AS (
        SELECT village.id, coalesce((
            SELECT array_agg(DISTINCT category ORDER BY category)
            FROM villages_place place JOIN villages_group own ON own.place_id = place.id
            CROSS JOIN unnest(own.categories) AS category
            WHERE place.village_id = village.id AND own.ended_at IS NULL
                  AND EXISTS (SELECT FROM villages_host host WHERE host.group_id = own.id)
        ), '{}') AS categories FROM villages_village village WHERE village.id = ANY (touched)
    )
    UPDATE villages_village village SET group_categories = counted.categories
    FROM counted WHERE village.id = counted.id AND village.group_categories IS DISTINCT FROM counted.categories;
    RETURN NULL;
END $$;
"""
# What was counted in a race before now is counted anew.
COUNT_ANEW = """
UPDATE villages_group SET name = name;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION count_group_categories() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("villages", "0002_guards")]
    operations = [
        migrations.RunSQL(COUNT, BEFORE),
        migrations.RunSQL(COUNT_ANEW, migrations.RunSQL.noop),
    ]
