from django.db import migrations

# What lies in a village lies in its municipality, also after a merger: the pair is one key.
ADD_KEYS = """
ALTER TABLE requests_app_helprequest ADD CONSTRAINT request_village_municipality
    FOREIGN KEY (village_id, municipality_id) REFERENCES villages_village (id, municipality_id) ON UPDATE CASCADE;
ALTER TABLE requests_app_spareoffer ADD CONSTRAINT spare_offer_village_municipality
    FOREIGN KEY (village_id, municipality_id) REFERENCES villages_village (id, municipality_id) ON UPDATE CASCADE;
ALTER TABLE requests_app_monthfigures ADD CONSTRAINT month_figures_village_municipality
    FOREIGN KEY (village_id, municipality_id) REFERENCES villages_village (id, municipality_id) ON UPDATE CASCADE;
"""
DROP_KEYS = """
ALTER TABLE requests_app_monthfigures DROP CONSTRAINT month_figures_village_municipality;
ALTER TABLE requests_app_spareoffer DROP CONSTRAINT spare_offer_village_municipality;
ALTER TABLE requests_app_helprequest DROP CONSTRAINT request_village_municipality;
"""

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

# What was counted of a closed month, and what was published, stays: two versions could be subtracted. A merger of
# municipalities passes: it moves the row, not what is in it.
ADD_FIGURES = """
CREATE FUNCTION figures_are_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'municipality_id' = to_jsonb(OLD) - 'municipality_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'these figures are closed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER month_figures_closed BEFORE UPDATE ON requests_app_monthfigures
    FOR EACH ROW WHEN (OLD.closed) EXECUTE FUNCTION figures_are_closed();
CREATE TRIGGER quarter_to_share_closed BEFORE UPDATE ON requests_app_quartertoshare
    FOR EACH ROW EXECUTE FUNCTION figures_are_closed();
"""
DROP_FIGURES = """
DROP TRIGGER quarter_to_share_closed ON requests_app_quartertoshare;
DROP TRIGGER month_figures_closed ON requests_app_monthfigures;
DROP FUNCTION figures_are_closed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("requests_app", "0001_squashed_0015_before_a_group"),
        ("villages", "0002_guards"),
    ]
    operations = [
        migrations.RunSQL(ADD_KEYS, DROP_KEYS),
        migrations.RunSQL(ADD_EVENTS, DROP_EVENTS),
        migrations.RunSQL(ADD_POLICIES, DROP_POLICIES),
        migrations.RunSQL(ADD_FIGURES, DROP_FIGURES),
    ]
