"""The schema: brought up to date, compared, and named, so that code and database never disagree unseen."""

from typing import LiteralString

import psycopg
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import sql

from alembic import command
from app.settings import ROOT

_ROLE = """
SELECT rolsuper, pg_has_role(rolname, relowner, 'MEMBER') FROM pg_roles, pg_class
WHERE rolname = %(role)s AND pg_class.oid = 'audit_entry'::regclass
"""
_RIGHTS: tuple[LiteralString, ...] = (
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER"
    " ON audit_entry, audit_head, audit_tile, audit_checkpoint, alembic_version FROM {role}",
    "GRANT UPDATE (detail_ct) ON audit_entry TO {role}",  # its trigger lets it be emptied, and nothing else
    "GRANT INSERT ON audit_tile, audit_checkpoint TO {role}",
    "GRANT UPDATE (written_at, mailed_at) ON audit_checkpoint TO {role}",
    "GRANT EXECUTE ON FUNCTION audit_append(uuid[], bytea[], bytea[]) TO {role}",
    "REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON access_log, access_log_other FROM {role}",
    "REVOKE UPDATE, TRUNCATE, REFERENCES, TRIGGER ON grant_history FROM {role}",
    "GRANT EXECUTE ON FUNCTION access_log_month(date), access_log_destroy(date) TO {role}",
)


def config(url: str | None = None) -> Config:
    """The migrations with the address to run them on."""
    found = Config(str(ROOT / "alembic.ini"))
    if url is not None:
        found.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return found


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the schema up to a revision."""
    command.upgrade(config(url), revision)


class RoleError(ValueError):
    """A role that cannot be the one the service runs as."""


def allow(url: str, role: str) -> None:
    """Give a role what the service needs at run time and no more: of the audit chain it may append and read."""
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        found = connection.execute(_ROLE, {"role": role}).fetchone()
        if found is None:
            raise RoleError("there is no such role: CREATE ROLE it first, with LOGIN")
        if any(found):
            raise RoleError("the role owns the tables, or rules over every table: it must be another than migrates")
        for right in _RIGHTS:
            connection.execute(sql.SQL(right).format(role=sql.Identifier(role)))


def bring_up(url: str) -> None:
    """Upgrade unless the schema is at head already: a restart asks one question instead of running the tool."""
    if current(url) != head():
        upgrade(url)


def current(url: str) -> str | None:
    """The revision of this database, None before the first."""
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None


def downgrade(url: str, revision: str) -> None:
    """Take the schema back to a revision."""
    command.downgrade(config(url), revision)


def check(url: str) -> None:
    """Raise where the tables differ from the models."""
    command.check(config(url))


def head() -> str:
    """The revision that this code was written for."""
    found = ScriptDirectory.from_config(config()).get_current_head()
    if found is None:
        raise RuntimeError("no migration")
    return found
