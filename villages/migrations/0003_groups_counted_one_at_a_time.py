from django.db import migrations

# What the groups of a village do stands with the village, so that the clock need not look for groups where there are
# none. Kept here, so that no road can forget it; a group without a host does not count. One at a time for each village:
# two who added a host at once would each count without the other's, and a group that is not counted is never asked.
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
CREATE OR REPLACE TRIGGER group_is_counted AFTER INSERT OR UPDATE OR DELETE ON villages_group
    FOR EACH ROW EXECUTE FUNCTION count_group_categories();
CREATE OR REPLACE TRIGGER host_is_counted AFTER INSERT OR UPDATE OR DELETE ON villages_host
    FOR EACH ROW EXECUTE FUNCTION count_group_categories();
"""
# What was counted in a race before now is counted anew.
COUNT_ANEW = """
UPDATE villages_group SET name = name;
"""
DROP = """
DROP TRIGGER host_is_counted ON villages_host;
DROP TRIGGER group_is_counted ON villages_group;
DROP FUNCTION count_group_categories();
"""


class Migration(migrations.Migration):
    dependencies = [("villages", "0002_guards")]
    operations = [
        migrations.RunSQL(COUNT, DROP),
        migrations.RunSQL(COUNT_ANEW, migrations.RunSQL.noop),
    ]
