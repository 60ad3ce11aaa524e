from django.db import migrations

# A request lies in its village's municipality, also after a merger: the pair is one key.
ADD_KEY = """
ALTER TABLE requests_app_helprequest ADD CONSTRAINT request_village_municipality
    FOREIGN KEY (village_id, municipality_id) REFERENCES villages_village (id, municipality_id) ON UPDATE CASCADE;
"""
DROP_KEY = (
    "ALTER TABLE requests_app_helprequest DROP CONSTRAINT request_village_municipality;"
)

# Events are append-only; only retention and erasure say so for their transaction, and may pass.
# A merger of municipalities passes too: it moves the event, not what happened.
ADD_EVENTS = """
CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('samsam.erasure', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'municipality_id' = to_jsonb(OLD) - 'municipality_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON requests_app_event
    FOR EACH ROW EXECUTE FUNCTION event_is_append_only();
"""
DROP_EVENTS = """
DROP TRIGGER event_append_only ON requests_app_event;
DROP FUNCTION event_is_append_only();
"""

# A running request keeps the numbers it started with, so a version never changes; it can only be switched off.
ADD_POLICIES = """
CREATE FUNCTION policy_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'switched_off_at' - 'created_by_id' - 'municipality_id'
       = to_jsonb(OLD) - 'switched_off_at' - 'created_by_id' - 'municipality_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a policy version never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER policy_immutable BEFORE UPDATE ON requests_app_policy
    FOR EACH ROW EXECUTE FUNCTION policy_is_immutable();
"""
DROP_POLICIES = """
DROP TRIGGER policy_immutable ON requests_app_policy;
DROP FUNCTION policy_is_immutable();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("requests_app", "0001_initial"),
        ("villages", "0002_residency_municipality"),
    ]
    operations = [
        migrations.RunSQL(ADD_KEY, DROP_KEY),
        migrations.RunSQL(ADD_EVENTS, DROP_EVENTS),
        migrations.RunSQL(ADD_POLICIES, DROP_POLICIES),
    ]
