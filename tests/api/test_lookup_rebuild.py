"""The look-up key is changed while the desk stands still: everybody is found as before, and nothing starts halfway."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import LargeBinary, text
from sqlmodel import SQLModel
from typer.testing import CliRunner

from app import cli, main, opening, serving
from app.crypto import KeyringError
from app.db import Database
from app.desk import Desk
from app.errors import Conflict
from app.services import rebuilding
from app.services.rebuilding import Rebuilt
from tests.api.acts import YOUNGHEE, one, rows
from tests.api.sealed import columns
from tests.api.test_holds_and_tasks import check
from tests.api.test_provided import entry, log
from tests.house import ADDRESS, GILDONG, Holder, House, Workshop

NEW, OTHER = bytes(range(32, 64)), bytes(range(64, 96))
ASKERS = "SELECT count(DISTINCT subject_digest), count(DISTINCT asker_digest), count(*) FROM request WHERE asker_digest"


@asynccontextmanager
async def over(desk: Desk, *keys: bytes) -> AsyncIterator[Desk]:
    """The same desk, started anew with these look-up keys."""
    database = Database(desk.database.engine.url.render_as_string(hide_password=False), pool_size=6)
    yield opening.over(database, replace(desk.settings, lookup_key=keys), desk.rulebook, desk.policy)
    await database.dispose()


@asynccontextmanager
async def moved_into(house: House, desk: Desk) -> AsyncIterator[House]:
    """Everybody uses that one."""
    transport = httpx.ASGITransport(main.create(desk))
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://desk.example.com") as api,
        Workshop(desk).open() as workshop,
    ):
        yield House(desk, api, house.token, workshop)


async def begun(house: House) -> tuple[Holder, dict[str, Any]]:
    """A hold, a guardian's request, a stranger's, and what was provided of one who asked and of one who did not."""
    mall = await house.system()
    filed = await house.file(ADDRESS)
    assert (await house.prove(filed)).status_code == 200
    guardians = await house.file_as_guardian()
    assert (await house.prove(guardians, party="requester")).status_code == 200
    await house.file(subject={"name": "나그네", "email": "nobody@example.com"})
    given = [entry(ref="asked"), entry(ref="silent", subject={"phone": YOUNGHEE["phone"]})]
    assert (await log(house, mall, *given)).status_code == 201
    assert (await check(mall, fields=["address"]))["allowed"] is False
    async with house.desk.database.transaction() as session:
        assert await rebuilding.claim(session), "a new database takes the key for its own"
    return mall, filed


async def test_everybody_is_found_under_the_new_key_as_before(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    mall, filed = await begun(house)
    digests = "SELECT array_agg(digest ORDER BY digest) FROM contact"
    before = await one(house.desk, digests)
    monkeypatch.setattr(rebuilding, "PAGE", 1)
    async with over(house.desk, NEW, *house.desk.settings.lookup_key) as both:
        assert await rebuilding.rebuild(both) == Rebuilt(3)
        assert await rebuilding.rebuild(both) == Rebuilt(0)
        assert not set(await one(both, digests)) & set(before)
        async with moved_into(house, both) as anew:
            holder = Holder(anew, mall.registered)
            assert (await check(holder, fields=["address"]))["allowed"] is False, "a hold is found"
            for known in ({"phone": GILDONG["phone"]}, {"email": "nobody@example.com"}):
                found = await anew.api.post("/v1/request-searches", json=known, headers=anew.auth("officer"))
                assert len(found.json()["items"]) == 1, "a request is found by a contact"
            tracked = {"receipt_no": filed["receipt_no"], "access_code": filed["access_code"]}
            assert (await anew.api.post("/v1/tracking", json=tracked)).status_code == 200, "secrets are as they were"
            again = await anew.file(ADDRESS)
            await anew.prove(again)
            same = await rows(both, f"{ASKERS} IS NOT NULL")
            assert [tuple(row) for row in same] == [(2, 2, 3)], "one person is one, and the child another"
            given = [entry(ref="asked"), entry(ref="silent", subject={"phone": YOUNGHEE["phone"]})]
            assert (await log(anew, holder, *given)).status_code == 201
            assert await one(both, "SELECT count(*) FROM disclosure") == 2, "a repeat is one, whoever it is about"
            late = await anew.file(ADDRESS, subject=YOUNGHEE)
            await anew.prove(late)
            path = f"/v1/disclosures?request_id={late['id']}"
            provided = (await anew.api.get(path, headers=anew.auth("officer"))).json()["items"]
            assert len(provided) == 1, "what was said of somebody before they asked is told to them"


async def killed_midway(desk: Desk, both: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rebuild that made one request anew and came no further."""
    monkeypatch.setattr(rebuilding, "PAGE", 1)
    before = await one(desk, "SELECT array_agg(digest) FROM contact")

    async def left() -> int:
        found: int = await one(desk, "SELECT count(*) FROM contact WHERE digest = ANY(:before)", before=before)
        return found

    async with desk.database.transaction() as session:
        await session.execute(text("SELECT 1 FROM contact ORDER BY request_id DESC LIMIT 1 FOR UPDATE"))
        working = asyncio.create_task(rebuilding.rebuild(both))
        while await left() == len(before):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
    assert 0 < await left() < len(before)


async def test_nothing_starts_under_another_key_or_halfway(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    _, filed = await begun(house)
    old = house.desk.settings.lookup_key

    async def starts(desk: Desk) -> bool:
        try:
            await serving._refuse_unfit(desk)
        except KeyringError:
            transport = httpx.ASGITransport(main.create(desk))
            async with httpx.AsyncClient(transport=transport, base_url="http://desk.example.com") as api:
                assert (await api.get("/readyz")).status_code == 503
            return False
        return True

    assert await starts(house.desk)
    async with over(house.desk, NEW) as wrong:
        assert not await starts(wrong)
    async with over(house.desk, NEW, OTHER) as stranger:
        with pytest.raises(Conflict):
            await rebuilding.rebuild(stranger)
    assert await starts(house.desk), "a rebuild that cannot be begins nothing"
    async with over(house.desk, NEW, *old) as both:
        await killed_midway(house.desk, both, monkeypatch)
        assert not await starts(both) and not await starts(house.desk)
        lost = "UPDATE request SET key = substring(key FROM 1 FOR 40) WHERE id = :id RETURNING id"
        await rows(house.desk, lost, id=filed["id"])
        assert await rebuilding.rebuild(both) == Rebuilt(2, lost=1), "one that cannot be read holds nobody up"
        assert await starts(both)
    assert not await starts(house.desk)


async def test_the_last_key_goes_on_with_what_cannot_be_made_anew(house: House) -> None:
    old = house.desk.keys
    async with over(house.desk, NEW, *house.desk.settings.lookup_key) as both:
        new = both.keys
    assert new.lookup("phone", "+82") != old.lookup("phone", "+82") == new.lookups("phone", "+82")[1]
    assert new.digest("a code") == old.digest("a code")
    assert new.feed_digest("phone", "+82") == old.feed_digest("phone", "+82")
    assert new.feed_key(b"system") == old.feed_key(b"system")


MADE_ANEW = {f"{table}.{column}" for table, column in rebuilding.OF_REQUESTS} | {
    *("hold_key.digest", "disclosure.digest", "request.asker_digest"),
}
FORGOTTEN = {"tally.digest", "age_seen.digest", "pace.digest"}
"""Kept for a day or two."""
STAYS = {"access_log.subject_digest", "request.likeness", "disclosure.ref"}
"""Nothing looks for them after the change, or it looks under each key."""
SECRETS_OF_CHANCE = {
    *("request.access_code_digest", "requester.subject_code_digest", "alert.stop_digest", "release_grant.digest"),
    *("client_secret.digest", "answer_link.token_digest", "answer_link.session_digest", "evidence.digest"),
    *("callback.message", "callback.digest", "idempotency.principal", "idempotency.key", "idempotency.fingerprint"),
    *("staff_session.ref", "hold_key.feed_digest", "lookup_mark.digest"),
}
"""Under the last key, which goes on; and the mark itself."""
NO_KEYED_HASH = {
    *("request.key", "requester.key", "verification.salt", "verification.code_hash", "answer_link.salt"),
    *("answer_link.pin_hash", "delivery.body", "audit_entry.body", "audit_entry.prev_hash", "audit_entry.hash"),
    *("audit_head.hash", "audit_tile.hash", "audit_checkpoint.root", "destruction.record", "destruction.signature"),
}


def test_of_every_hash_it_is_known_what_becomes_of_it() -> None:
    """A new column of bytes has to be given its place here, and one that people are found by to the rebuild."""
    kept = {
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    } - columns()
    parts = [MADE_ANEW, FORGOTTEN, STAYS, SECRETS_OF_CHANCE, NO_KEYED_HASH]
    assert set().union(*parts) == kept
    assert sum(map(len, parts)) == len(kept)


def test_the_command_rebuilds_while_nobody_else_is_there(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rebuild(*keys: bytes) -> tuple[int, str]:
        monkeypatch.setenv("LOOKUP_KEY", ",".join(b64encode(one).decode() for one in keys))
        done = CliRunner().invoke(cli.app, ["keys", "rebuild"])
        assert not any(b64encode(one).decode() in done.output for one in keys)
        return done.exit_code, done.output

    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    nobody = (0, "0 requests are found under the newest look-up key\n")
    assert rebuild(OTHER) == nobody, "a new database takes the key for its own"
    code, said = rebuild(NEW)
    assert code == 1 and "of no key in LOOKUP_KEY" in said
    with psycopg.connect(database_url.replace("postgresql+psycopg://", "postgresql://", 1)):
        code, said = rebuild(NEW, OTHER)
        assert code == 1 and "1 connections are open" in said
    assert rebuild(NEW, OTHER) == nobody
    assert rebuild(OTHER)[0] == 1, "it is the newer one's now"
