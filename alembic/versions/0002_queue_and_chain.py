"""the queue's own schema, the audit chain's function and guards, and the clock of the holds"""

from procrastinate.schema import SchemaManager
from sqlalchemy import text

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# hash = SHA-256(0x00 || seq || previous hash || body): the head row is locked until the caller commits. It runs with the
# rights of its owner, so that whoever calls it needs none on the tables, and looks for names in its own schema alone.
APPEND = """
CREATE FUNCTION audit_append(requests uuid[], bodies bytea[], details bytea[])
RETURNS TABLE (seq bigint, hash bytea) LANGUAGE plpgsql SECURITY DEFINER SET search_path = OWN_SCHEMA, pg_temp AS $$
DECLARE
    head audit_head%ROWTYPE;
    next_hash bytea;
BEGIN
    SELECT * INTO STRICT head FROM audit_head WHERE id = 1 FOR UPDATE;
    FOR place IN 1 .. cardinality(bodies) LOOP
        head.seq := head.seq + 1;
        next_hash := sha256('\\x00'::bytea || int8send(head.seq) || head.hash || bodies[place]);
        INSERT INTO audit_entry (seq, request_id, body, detail_ct, prev_hash, hash)
        VALUES (head.seq, requests[place], bodies[place], details[place], head.hash, next_hash);
        head.hash := next_hash;
    END LOOP;
    UPDATE audit_head SET seq = head.seq, hash = head.hash WHERE id = 1;
    RETURN QUERY SELECT head.seq, head.hash;
END $$
"""
CLOSED = "REVOKE ALL ON FUNCTION audit_append(uuid[], bytea[], bytea[]) FROM PUBLIC"
GUARD = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.detail_ct IS NULL
       AND (NEW.seq, NEW.request_id, NEW.body, NEW.prev_hash, NEW.hash)
           IS NOT DISTINCT FROM (OLD.seq, OLD.request_id, OLD.body, OLD.prev_hash, OLD.hash) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit chain is append-only';
END $$
"""
TRIGGERS = """
CREATE TRIGGER audit_entry_stands BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_entry_is_whole BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""
GENESIS = "INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, sha256('rights-desk audit chain'))"
# Deferred to the commit: the clock's row is locked last, behind the head of the audit chain, so that no two transactions
# wait for each other in a ring; and what rolls back takes no number. One number a hold and transaction: the list of those
# numbered already lives in a setting that ends with the transaction.
HOLD_CHANGED = """
CREATE FUNCTION hold_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    numbered text := coalesce(current_setting('desk.holds_numbered', true), '');
    changed uuid;
    moment timestamptz := clock_timestamp();
    number bigint;
BEGIN
    IF TG_TABLE_NAME = 'hold' THEN
        changed := coalesce(NEW.id, OLD.id);
    ELSE
        changed := coalesce(NEW.hold_id, OLD.hold_id);
    END IF;
    IF position(changed::text IN numbered) > 0 THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('desk.holds_numbered', numbered || ' ' || changed::text, true);
    UPDATE hold_clock SET seq = seq + 1, at = moment WHERE id = 1 RETURNING seq INTO STRICT number;
    INSERT INTO hold_change (seq, hold_id, at) VALUES (number, changed, moment);
    PERFORM pg_notify('hold_change', number::text);
    RETURN NULL;
END $$
"""
HOLD_TRIGGERS = """
CREATE CONSTRAINT TRIGGER hold_is_numbered AFTER INSERT OR UPDATE OR DELETE ON hold
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold_changed();
CREATE CONSTRAINT TRIGGER hold_key_is_numbered AFTER INSERT OR UPDATE OR DELETE ON hold_key
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold_changed();
"""
# Rows of months that nobody made lie in the part for all others, so that a worker that stands still loses no row.
# SECURITY DEFINER: whoever serves the API or works the queue need not own the table.
LOG_PARTS = """
CREATE TABLE access_log_other PARTITION OF access_log DEFAULT;
CREATE FUNCTION access_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the access log is append-only';
END $$;
CREATE TRIGGER access_log_stands BEFORE UPDATE OR DELETE ON access_log
    FOR EACH ROW EXECUTE FUNCTION access_log_refuse();
CREATE TRIGGER access_log_is_whole BEFORE TRUNCATE ON access_log
    FOR EACH STATEMENT EXECUTE FUNCTION access_log_refuse();
CREATE TRIGGER access_log_other_is_whole BEFORE TRUNCATE ON access_log_other
    FOR EACH STATEMENT EXECUTE FUNCTION access_log_refuse();
"""
GRANTS = """
CREATE FUNCTION grant_history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '3 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'grants and revocations are kept for three years';
END $$;
CREATE TRIGGER grant_history_stands BEFORE UPDATE OR DELETE ON grant_history
    FOR EACH ROW EXECUTE FUNCTION grant_history_refuse();
CREATE TRIGGER grant_history_is_whole BEFORE TRUNCATE ON grant_history
    FOR EACH STATEMENT EXECUTE FUNCTION grant_history_refuse();
"""
LOG_MONTH = """
CREATE FUNCTION access_log_month(first date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = OWN_SCHEMA, pg_temp AS $$
DECLARE
    part text := 'access_log_' || to_char(first, 'YYYY_MM');
    begins timestamptz := date_trunc('month', first::timestamp) AT TIME ZONE 'Asia/Seoul';
    ends timestamptz := (date_trunc('month', first::timestamp) + interval '1 month') AT TIME ZONE 'Asia/Seoul';
BEGIN
    IF to_regclass(part) IS NOT NULL THEN
        RETURN false;
    END IF;
    LOCK TABLE access_log IN SHARE UPDATE EXCLUSIVE MODE;
    LOCK TABLE access_log_other IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('CREATE TABLE %I (LIKE access_log INCLUDING DEFAULTS)', part);
    EXECUTE format('INSERT INTO %I SELECT * FROM access_log_other WHERE at >= %L AND at < %L', part, begins, ends);
    ALTER TABLE access_log_other DISABLE TRIGGER access_log_stands;
    DELETE FROM access_log_other WHERE at >= begins AND at < ends;
    ALTER TABLE access_log_other ENABLE TRIGGER access_log_stands;
    EXECUTE format('ALTER TABLE access_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part, begins, ends);
    EXECUTE format('CREATE TRIGGER access_log_part_is_whole BEFORE TRUNCATE ON %I'
        ' FOR EACH STATEMENT EXECUTE FUNCTION access_log_refuse()', part);
    RETURN true;
END $$
"""
LOG_DESTROY = """
CREATE FUNCTION access_log_destroy(
    first date, OUT entries bigint, OUT earliest timestamptz, OUT latest timestamptz
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = OWN_SCHEMA, pg_temp AS $$
DECLARE
    part text := 'access_log_' || to_char(first, 'YYYY_MM');
    ends timestamptz := (date_trunc('month', first::timestamp) + interval '1 month') AT TIME ZONE 'Asia/Seoul';
BEGIN
    IF ends > now() - interval '2 years' THEN
        RAISE EXCEPTION 'the access log is kept for two years';
    END IF;
    EXECUTE format('SELECT count(*), min(at), max(at) FROM %I', part) INTO entries, earliest, latest;
    EXECUTE format('DROP TABLE %I', part);
END $$
"""
LOG_CLOSED = "REVOKE ALL ON FUNCTION access_log_month(date), access_log_destroy(date) FROM PUBLIC"
FIRST_TICK = "INSERT INTO hold_clock (id, seq, at) VALUES (1, 0, 'epoch')"
DROP_QUEUE = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname = current_schema() AND c.relname LIKE 'procrastinate%' LOOP
        EXECUTE format('DROP TABLE %s CASCADE', found.name);
    END LOOP;
    FOR found IN SELECT p.oid::regprocedure AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = current_schema() AND p.proname LIKE 'procrastinate%' LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', found.name);
    END LOOP;
    FOR found IN SELECT t.oid::regtype AS name FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE n.nspname = current_schema() AND t.typname LIKE 'procrastinate%' AND t.typtype IN ('e', 'c') LOOP
        EXECUTE format('DROP TYPE %s CASCADE', found.name);
    END LOOP;
END $$
"""


def upgrade() -> None:
    schema = op.get_bind().scalar(text("SELECT quote_ident(current_schema())"))
    op.execute(text(APPEND.replace("OWN_SCHEMA", schema)))
    for statement in (CLOSED, GUARD, TRIGGERS, GENESIS, HOLD_CHANGED, HOLD_TRIGGERS, FIRST_TICK):
        op.execute(text(statement))
    for statement in (LOG_PARTS, LOG_MONTH, LOG_DESTROY, LOG_CLOSED, GRANTS):
        op.execute(text(statement.replace("OWN_SCHEMA", schema)))
    # Straight to the driver: the queue's script is full of signs that a parameter style would read.
    connection = op.get_bind().connection.driver_connection
    connection.execute(SchemaManager.get_schema())


def downgrade() -> None:
    op.execute(text(DROP_QUEUE))
    op.execute(text("DROP TRIGGER hold_key_is_numbered ON hold_key"))
    op.execute(text("DROP TRIGGER hold_is_numbered ON hold"))
    op.execute(text("DROP FUNCTION hold_changed()"))
    op.execute(text("DELETE FROM hold_clock"))
    op.execute(text("DROP TRIGGER audit_entry_stands ON audit_entry"))
    op.execute(text("DROP TRIGGER audit_entry_is_whole ON audit_entry"))
    op.execute(text("DROP FUNCTION audit_append(uuid[], bytea[], bytea[])"))
    op.execute(text("DROP FUNCTION audit_refuse()"))
    op.execute(text("DELETE FROM audit_head"))
    op.execute(text("DROP FUNCTION grant_history_refuse() CASCADE"))
    op.execute(text("DROP FUNCTION access_log_destroy(date)"))
    op.execute(text("DROP FUNCTION access_log_month(date)"))
    op.execute(text("DROP FUNCTION access_log_refuse() CASCADE"))
