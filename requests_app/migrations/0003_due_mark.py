from django.db import migrations

# The one who raises it. First the lock, then a look with a snapshot from after it: whoever has lowered the mark and did
# not commit holds the lock, and whoever lowers it from now on waits for us. A minute is left for who set a moment that
# was not past, and commits a little later. Once in ten minutes it looks without the mark, should all else fail.
RAISE = """
CREATE FUNCTION raise_due_mark(swept_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    mark requests_app_duemark;
    looks_back boolean;
    oldest timestamptz;
BEGIN
    IF NOT EXISTS (SELECT FROM requests_app_duemark) THEN  -- the first time
        INSERT INTO requests_app_duemark (id, low_at, looked_back_at) VALUES (1, 'epoch', 'epoch')
        ON CONFLICT (id) DO NOTHING;
    END IF;
    SELECT * INTO mark FROM requests_app_duemark FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    looks_back := mark.looked_back_at < clock_timestamp() - interval '10 minutes';
    SELECT next_at INTO oldest FROM requests_app_helprequest
    WHERE status IN ('open', 'taken') AND next_at >= CASE WHEN looks_back THEN '-infinity' ELSE mark.low_at END
    ORDER BY next_at LIMIT 1;
    oldest := least(oldest, swept_at, clock_timestamp()) - interval '1 minute';
    -- Not for less than a minute: each change of this row stays behind for as long as an old snapshot is held.
    UPDATE requests_app_duemark
    SET low_at = oldest, looked_back_at = CASE WHEN looks_back THEN clock_timestamp() ELSE looked_back_at END
    WHERE looks_back OR oldest < low_at OR oldest >= low_at + interval '1 minute';
END $$;
"""
# Whoever sets an earlier moment lowers it with that, by whatever road. The row is locked even when the mark is low
# enough already, so that nobody raises it before this commits.
LOWER = """
CREATE FUNCTION lower_due_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO requests_app_duemark AS mark (id, low_at, looked_back_at) VALUES (1, 'epoch', 'epoch')
    ON CONFLICT (id) DO UPDATE SET low_at = least(mark.low_at, NEW.next_at);
    RETURN NULL;
END $$;
CREATE TRIGGER request_is_due_by_insert AFTER INSERT ON requests_app_helprequest FOR EACH ROW
    WHEN (NEW.status IN ('open', 'taken') AND NEW.next_at < now() - interval '30 seconds')
    EXECUTE FUNCTION lower_due_mark();
CREATE TRIGGER request_is_due_earlier AFTER UPDATE OF next_at, status ON requests_app_helprequest FOR EACH ROW
    WHEN (
        NEW.status IN ('open', 'taken') AND NEW.next_at < now() - interval '30 seconds'
        AND (OLD.next_at IS NULL OR NEW.next_at < OLD.next_at OR OLD.status NOT IN ('open', 'taken'))
    ) EXECUTE FUNCTION lower_due_mark();
"""
DROP = """
DROP TRIGGER request_is_due_earlier ON requests_app_helprequest;
DROP TRIGGER request_is_due_by_insert ON requests_app_helprequest;
DROP FUNCTION lower_due_mark();
DROP FUNCTION raise_due_mark(timestamptz);
"""


class Migration(migrations.Migration):
    replaces = [("requests_app", "0013_due_mark")]
    dependencies = [("requests_app", "0002_guards")]
    operations = [migrations.RunSQL(RAISE + LOWER, DROP)]
