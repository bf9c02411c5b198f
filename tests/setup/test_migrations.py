"""One set of migrations: clean against the models, and the same schema after up as after up, down and up."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from app import db, migrations

SHAPE = """
SELECT 'column', table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
    WHERE table_schema = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'function', proname, pg_get_function_identity_arguments(oid), md5(prosrc), '', ''
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '', ''
    FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'type', typname, typtype::text, '', '', '' FROM pg_type
    WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'c')
UNION ALL SELECT 'row', 'audit_head', seq::text, encode(hash, 'hex'), '', '' FROM audit_head
UNION ALL SELECT 'row', 'hold_clock', seq::text, at::text, '', '' FROM hold_clock
ORDER BY 1, 2, 3, 4
"""


@pytest.fixture
def empty_url(cluster: str) -> Iterator[str]:
    """A database with nothing in it."""
    name = f"desk_{db.new_id().hex}"
    plain = cluster.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    address, mark, query = cluster.partition("?")
    yield f"{address.rpartition('/')[0]}/{name}{mark}{query}"
    with psycopg.connect(plain, dbname="postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _shape(url: str) -> list[tuple[str, ...]]:
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        return connection.execute(SHAPE).fetchall()


def test_up_equals_up_down_up_and_fits_the_models(empty_url: str) -> None:
    assert migrations.current(empty_url) is None
    migrations.bring_up(empty_url)
    first = _shape(empty_url)
    assert migrations.current(empty_url) == migrations.head()
    migrations.check(empty_url)
    migrations.downgrade(empty_url, "base")
    left = {row[1] for row in _tables(empty_url)}
    assert left == {"alembic_version"}
    migrations.upgrade(empty_url)
    assert _shape(empty_url) == first


def _tables(url: str) -> list[tuple[str, str]]:
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        return connection.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()


def test_the_chain_cannot_be_changed_by_ordinary_means(empty_url: str) -> None:
    migrations.bring_up(empty_url)
    plain = empty_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("SELECT * FROM audit_append(ARRAY[NULL]::uuid[], ARRAY['{}'::bytea], ARRAY['\\x01'::bytea])")
        for statement in (
            "UPDATE audit_entry SET body = 'x'",
            "DELETE FROM audit_entry",
            "TRUNCATE audit_entry",
        ):
            with pytest.raises(psycopg.errors.RaiseException):
                connection.execute(statement)
        # A destroyed detail is the one change that the chain allows: its hash stays in the body.
        connection.execute("UPDATE audit_entry SET detail_ct = NULL")


def test_what_cannot_get_its_locks_gives_up_and_leaves_nothing(empty_url: str) -> None:
    """F13: somebody reads on and on; the change is given up after seconds, whole, and goes through later."""
    migrations.bring_up(empty_url)
    before, plain = _shape(empty_url), empty_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain) as reader:
        reader.execute("SELECT FROM request")
        with pytest.raises(OperationalError, match="lock timeout"):
            migrations.downgrade(empty_url, "base")
        assert migrations.current(empty_url) == migrations.head() and _shape(empty_url) == before
        # Who wrote meanwhile did not have to wait behind it for long, and nothing of theirs is lost.
        reader.execute("INSERT INTO tally VALUES ('x', now(), 1)")
    migrations.downgrade(empty_url, "base")
    migrations.upgrade(empty_url)
    assert _shape(empty_url) == before
