"""Opens a desk: reads policy, rulebook, calendar and keys once, before anything is served."""

from dataclasses import replace
from pathlib import Path

from app import policy, rulebook, workdays
from app.crypto import Keyring
from app.db import Database
from app.desk import Desk
from app.law.controller import Policy
from app.rulebook import Rulebook
from app.settings import Settings
from app.tokens import Issuer, Verifier


def open_desk(settings: Settings, *, pool_size: int = 20) -> Desk:
    """The desk of these settings, over the database they name."""
    if settings.database_url is None:
        raise ValueError("an embedded database is started first, and its address put into the settings")
    law, promises = read(settings.policy_file, settings.rulebook_dir)
    return over(Database(settings.database_url, pool_size=pool_size), settings, law, promises)


def read(policy_file: Path, rulebook_dir: Path | None) -> tuple[Rulebook, Policy]:
    """The law and the controller's promises, from their files."""
    law = rulebook.load(rulebook_dir)
    return law, policy.load(policy_file, law.records)


def over(database: Database, settings: Settings, law: Rulebook, promises: Policy) -> Desk:
    """The desk over a database that is open already."""
    issuer = Issuer(settings.issuer, settings.token_key)
    desk = Desk(
        settings=settings,
        policy=promises,
        rulebook=law,
        closed=workdays.calendar(),
        keys=Keyring(settings.master_keys, *settings.lookup_key),
        issuer=issuer,
        verifier=Verifier(issuer, settings.trusted_issuers),
        database=database,
    )
    database.info["desk"] = desk
    return desk


def with_database(settings: Settings, url: str) -> Settings:
    """The settings over the embedded database."""
    return replace(settings, database_url=url, database_direct_url=url)
