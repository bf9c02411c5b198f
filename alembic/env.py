"""Runs the migrations on the address that the caller put into the configuration; two at once wait for each other."""

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from alembic import context
from app.models import metadata

LOCK = 7_305_011
QUEUE = "procrastinate_"
MONTHS = "access_log_"


def mine(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """The queue makes its tables itself, the worker the months of the access log: neither is compared."""
    return not (kind == "table" and name is not None and name.startswith((QUEUE, MONTHS)))


def run() -> None:
    """Migrate in one transaction: a failed step leaves nothing behind."""
    url = context.config.get_main_option("sqlalchemy.url")
    if url is None:
        raise SystemExit("no database address: use `rights-desk migrate`")
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.execute(text(f"SELECT pg_advisory_lock({LOCK})"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            include_object=mine,
            compare_type=True,
            compare_server_default=True,
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
