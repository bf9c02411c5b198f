"""The schema: brought up to date, compared, and named, so that code and database never disagree unseen."""

import psycopg
from alembic.config import Config
from alembic.script import ScriptDirectory

from alembic import command
from app.settings import ROOT


def config(url: str | None = None) -> Config:
    """The migrations with the address to run them on."""
    found = Config(str(ROOT / "alembic.ini"))
    if url is not None:
        found.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return found


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the schema up to a revision."""
    command.upgrade(config(url), revision)


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
