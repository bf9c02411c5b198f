"""The service runs as a role that may append to the audit chain and read it, and can do nothing else to it (H1)."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from app import migrations, worker
from app.services import checkpoints, log_keeping
from tests.api.test_checkpoints import witness
from tests.house import GILDONG, ONLINE_MALL, House, key

ROLE = "rights_desk_app_of_a_test"
FORBIDDEN = (
    "INSERT INTO audit_entry VALUES (99, NULL, 'x', NULL, 'x', 'x')",
    "UPDATE audit_entry SET body = 'x'",
    "UPDATE audit_entry SET detail_ct = 'x'",  # what could name a person may be emptied, never written
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "UPDATE audit_head SET seq = 0",
    "DELETE FROM audit_head",
    "UPDATE audit_checkpoint SET root = 'x'",
    "DELETE FROM audit_checkpoint",
    "UPDATE audit_tile SET hash = 'x'",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "DROP TABLE audit_entry",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    "UPDATE access_log SET result = 'ok'",
    "DELETE FROM access_log",
    "TRUNCATE access_log",
    "DROP TABLE access_log_other",
    "UPDATE grant_history SET act = 'grant'",
    "UPDATE alembic_version SET version_num = '0001'",
)


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


@pytest.fixture
def desk_url(database_url: str) -> Iterator[str]:
    """A database of its own, reached as the role of the service."""
    with psycopg.connect(plain(database_url), autocommit=True) as owner:
        with pytest.raises(migrations.RoleError, match="no such role"):
            migrations.allow(database_url, ROLE)
        owner.execute(f"CREATE ROLE {ROLE} LOGIN")
        [ruler] = owner.execute("SELECT current_user").fetchone() or ()
        with pytest.raises(migrations.RoleError, match="owns the tables"):
            migrations.allow(database_url, str(ruler))
        migrations.allow(database_url, ROLE)
        migrations.allow(database_url, ROLE)
        yield database_url.replace(f"{ruler}@", f"{ROLE}@", 1).replace(f"user={ruler}", f"user={ROLE}", 1)
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (ROLE,))
        owner.execute(f"DROP OWNED BY {ROLE}")
        owner.execute(f"DROP ROLE {ROLE}")


async def test_everything_works_but_changing_what_was_written(house: House, desk_url: str) -> None:
    mall = await house.system()
    filed = await house.file()
    await house.prove(filed)
    await mall.work()
    assert await witness(house, at_once=True)
    await house.workshop.run()
    await worker._each(house.desk, log_keeping.HOURLY)  # the coming months of the access log are made
    async with house.desk.database.transaction() as session:
        assert await checkpoints.unsigned_since(session) is None
    with psycopg.connect(plain(desk_url), autocommit=True) as service:
        assert service.execute("SELECT current_user").fetchone() == (ROLE,)
        before = service.execute("SELECT count(*) FROM audit_entry").fetchone()
        for statement in FORBIDDEN:
            with pytest.raises((errors.InsufficientPrivilege, errors.RaiseException)):
                service.execute(statement)
        # A table of one's own under that name catches nothing: the function looks in its own schema alone.
        service.execute("CREATE TEMP TABLE audit_head (id int, seq bigint, hash bytea)")
        service.execute("CREATE TEMP TABLE audit_entry (LIKE public.audit_entry)")
        service.execute("SELECT * FROM audit_append(ARRAY[NULL]::uuid[], ARRAY['{}'::bytea], ARRAY[NULL]::bytea[])")
        assert service.execute("SELECT count(*) FROM pg_temp.audit_entry").fetchone() == (0,)
        after = service.execute("SELECT count(*) FROM public.audit_entry").fetchone()
        assert before is not None and after == (before[0] + 1,)


async def test_without_the_right_to_append_nothing_happens(house: House, database_url: str) -> None:
    """F47."""
    with psycopg.connect(plain(database_url), autocommit=True) as owner:
        owner.execute(f"REVOKE EXECUTE ON FUNCTION audit_append(uuid[], bytea[], bytea[]) FROM {ROLE}")
        body = {"capacity": "self", "channel": "web", "subject": GILDONG, "claims": [ONLINE_MALL]}
        reply = await house.api.post("/v1/requests", json=body, headers={**house.auth("website"), **key()})
        assert reply.status_code >= 500
        for table in ("request", "claim", "audit_entry", "idempotency", "procrastinate_jobs"):
            assert owner.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
        migrations.allow(database_url, ROLE)
    assert (await house.file())["receipt_no"]
