"""Opens a desk: reads policy, rulebook, calendar and keys once, before anything is served."""

from dataclasses import replace

from app import policy, rulebook, workdays
from app.crypto import Keyring
from app.db import Database
from app.desk import Desk
from app.settings import Settings
from app.tokens import Issuer, Verifier


def open_desk(settings: Settings, *, pool_size: int = 20) -> Desk:
    """The desk of these settings, over the database they name."""
    if settings.database_url is None:
        raise ValueError("an embedded database is started first, and its address put into the settings")
    issuer = Issuer(settings.issuer, settings.token_key)
    law = rulebook.load(settings.rulebook_dir)
    database = Database(settings.database_url, pool_size=pool_size)
    desk = Desk(
        settings=settings,
        policy=policy.load(settings.policy_file, law.records),
        rulebook=law,
        closed=workdays.calendar(),
        keys=Keyring(settings.master_keys, settings.lookup_key),
        issuer=issuer,
        verifier=Verifier(issuer, settings.trusted_issuers),
        database=database,
    )
    database.info["desk"] = desk
    return desk


def with_database(settings: Settings, url: str) -> Settings:
    """The settings over the embedded database."""
    return replace(settings, database_url=url, database_direct_url=url)
