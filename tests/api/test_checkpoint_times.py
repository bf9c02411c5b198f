"""When the chain is signed, to the entry and the moment, under which name, and what is proved of each entry (H1)."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app import db, opening
from app.chain import apart, merkle
from app.desk import MACHINE, Desk
from app.law.deadline import seoul_date
from app.services import audit, checkpoints, witnessing
from app.services.checkpoints import Proved
from tests.api.acts import one, rows
from tests.api.days import APPROVER, staffed
from tests.api.test_checkpoints import a_day_passes, hashes, many, witness
from tests.house import House

WRITTEN = datetime(2026, 11, 29, tzinfo=UTC)
"""What `many` says of itself."""
MOMENT = timedelta(microseconds=1)


async def due(house: House, now: datetime = WRITTEN) -> bool:
    async with house.desk.database.transaction() as session:
        return await checkpoints.is_due(session, now=now)


async def test_it_is_time_five_minutes_before_the_oldest_entry_has_waited_an_hour(house: House) -> None:
    await many(house, 2)
    early = WRITTEN + timedelta(minutes=55)
    assert not await due(house, early - MOMENT) and await due(house, early)


async def test_so_many_entries_are_signed_whenever_they_were_written(
    monkeypatch: pytest.MonkeyPatch, house: House
) -> None:
    monkeypatch.setattr(checkpoints, "ENTRIES_MOST", 10)
    await many(house, 9)
    assert not await due(house)
    await many(house, 1)
    assert await due(house)
    assert await witness(house, at_once=True)
    assert not await due(house)
    await many(house, 9)
    assert not await due(house), "those that are signed do not count"
    await many(house, 1)
    assert await due(house)


async def test_a_chain_that_is_shorter_than_what_was_signed_is_looked_at_at_once(house: House) -> None:
    await many(house, 10)
    assert await witness(house, at_once=True)
    async with house.desk.database.engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(text("UPDATE audit_head SET seq = 5"))
    assert await due(house)
    # Where nothing lies apart, the checkpoint in the database itself tells of it.
    ledger = house.desk.settings.ledger_dir / "audit"
    ledger.rename(ledger.with_name("away"))
    async with house.desk.database.transaction() as session:
        with pytest.raises(checkpoints.ChainError, match=r"^entry 6 is missing: 10 were signed$"):
            await checkpoints.take(session, now=WRITTEN)


async def test_two_who_sign_at_once_sign_one_after_the_other(house: House) -> None:
    await many(house, 3)

    async def take() -> int | None:
        async with house.desk.database.transaction() as session:
            taken = await checkpoints.take(session, now=WRITTEN)
            return taken.size if taken else None

    assert sorted(await asyncio.gather(take(), take()), key=str) == [3, None], "the second finds nothing new"


@pytest.mark.parametrize("action", (*checkpoints.WEIGHTY, "request.file", "claims.approve", "x.case.export"))
async def test_what_weighs_is_signed_at_once_and_nothing_else(house: House, action: str) -> None:
    async with house.desk.database.transaction() as session:
        audit.note(session, action, by=MACHINE, now=db.now())
        await audit.append(session)
        assert await checkpoints.is_due(session, now=db.now()) is (action in checkpoints.WEIGHTY)


async def test_what_does_not_weigh_waits_for_its_hour(house: House) -> None:
    async with house.desk.database.transaction() as session:
        audit.note(session, "request.file", by=MACHINE, now=db.now())
    async with house.desk.database.transaction() as session:
        assert await witness(house) and await checkpoints.newest(session) is None


async def test_somebody_is_told_once_an_entry_has_waited_an_hour(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await many(house, 1)
    keyless = opening.over(
        house.desk.database, replace(house.desk.settings, audit_key=None), house.desk.rulebook, house.desk.policy
    )
    for waited, told in ((timedelta(hours=1) - MOMENT, 0), (timedelta(hours=1), 1)):
        caplog.clear()
        with caplog.at_level(logging.ERROR, "rights_desk.audit"):
            await witnessing.witness(keyless, house.workshop.world.ledger, lambda at=WRITTEN + waited: at)
        assert len(caplog.records) == told


async def test_what_was_signed_is_written_out_in_parts_and_in_order(
    monkeypatch: pytest.MonkeyPatch, house: House
) -> None:
    """As after a time in which nothing could be written there."""
    for _ in range(5):
        await many(house, 3)
        async with house.desk.database.transaction() as session:
            await checkpoints.take(session, now=WRITTEN)
    await touched(house, 9, 3)
    monkeypatch.setattr(witnessing, "LEAVES_AT_ONCE", 4)
    monkeypatch.setattr(checkpoints, "_PAGE", 2)
    clock = iter(WRITTEN + timedelta(seconds=second) for second in range(20))
    assert await witnessing.witness(house.desk, house.workshop.world.ledger, lambda: next(clock))
    folder = house.desk.settings.ledger_dir / "audit"
    assert (folder / "leaves").read_bytes() == b"".join(await hashes(house))
    async with house.desk.database.transaction() as session:
        assert list(apart.notes_in((folder / "checkpoints").read_text())) == await checkpoints.notes_kept(session)
        assert await checkpoints.unwritten(session) == []
    kept = await rows(house.desk, "SELECT written_at FROM audit_checkpoint ORDER BY size")
    seconds = [(row.written_at - WRITTEN).total_seconds() for row in kept]
    assert seconds == sorted(seconds) and 0 < seconds[0] < seconds[-1], "each when it was written"


async def touched(house: House, *sizes: int) -> None:
    """Write about these checkpoints: each comes to lie behind the others, as rows do."""
    for size in sizes:
        await rows(house.desk, "UPDATE audit_checkpoint SET mailed_at = NULL WHERE size = :size RETURNING 1", size=size)


async def test_a_checkpoint_is_mailed_once_whoever_looks_and_however_many_days_nothing_is_new(house: House) -> None:
    async def tell() -> None:
        async with house.desk.database.transaction() as session:
            await checkpoints.tell(session, now=db.now())

    told = []
    for is_more in (True, False, True, False):
        if is_more:
            await many(house, 1)
        assert await witness(house, at_once=True)
        await a_day_passes(house)
        async with house.desk.database.transaction() as session:
            await checkpoints.tell(session, now=db.now())
            second = asyncio.create_task(tell())
            await asyncio.sleep(0.2)
        await second
        told.append(await one(house.desk, "SELECT count(*) FROM message WHERE kind = 'audit_checkpoint'"))
    assert told == [1, 1, 2, 2]


async def test_a_checkpoint_goes_to_the_approver_whoever_deputises(house: House) -> None:
    await many(house, 1)
    assert await witness(house, at_once=True)
    await a_day_passes(house)
    now = db.now()
    staffed(house.desk, seoul_date(now))
    async with house.desk.database.transaction() as session:
        await checkpoints.tell(session, now=now)
    assert await one(house.desk, "SELECT count(*) FROM message WHERE kind = 'audit_checkpoint'") == 1
    await house.workshop.run()
    assert [mail["to"] for mail in house.sent("mail")] == [APPROVER]


async def test_an_entry_is_proved_with_the_note_and_the_key_of_the_last_checkpoint(house: House) -> None:
    for _ in range(2):
        await many(house, 300)
        assert await witness(house, at_once=True)
    leaves = await hashes(house)
    await many(house, 1)
    async with house.desk.database.transaction() as session:
        last = await checkpoints.newest(session)
        assert last is not None and last.size == 600
        assert await checkpoints.newest(session, covering=600) == last
        assert await checkpoints.newest(session, covering=601) is None
        assert await checkpoints.prove(session, [1, 601]) is None, "until it reaches them all"
        proved = await checkpoints.prove(session, [1, 600])
    paths = [merkle.inclusion(place, 600, lambda start, end: merkle.root(leaves[start:end])) for place in (0, 599)]
    assert proved == [Proved(path, 600, last.note, str(checkpoints.key_of(house.desk))) for path in paths]
    assert last.key == str(checkpoints.key_of(house.desk))


async def test_the_notes_are_kept_in_the_order_of_what_they_sign(house: House) -> None:
    for _ in range(3):
        await many(house, 1)
        assert await witness(house, at_once=True)
    # Whatever is written about a row puts it behind the others.
    for size in (2, 1):
        await rows(
            house.desk, "UPDATE audit_checkpoint SET mailed_at = now() WHERE size = :size RETURNING 1", size=size
        )
    async with house.desk.database.transaction() as session:
        notes = await checkpoints.notes_kept(session)
    assert [note.split("\n")[1] for note in notes] == ["1", "2", "3"]


async def test_entries_that_come_while_it_is_signed_are_left_for_the_next_time(house: House) -> None:
    await many(house, 10)
    async with house.desk.database.transaction() as session:
        await checkpoints._grow(session, 5)
        with pytest.raises(checkpoints.ChainError, match=r"^entry 11 is missing$"):
            await checkpoints._grow(session, 11)


async def test_the_entry_that_a_full_tile_ends_with_is_missed(house: House) -> None:
    await many(house, 256)
    assert await witness(house, at_once=True)
    await many(house, 1)
    async with house.desk.database.engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(text("DELETE FROM audit_entry WHERE seq = 256"))
    async with house.desk.database.transaction() as session:
        with pytest.raises(checkpoints.ChainError, match=r"^entry 256 is missing$"):
            await checkpoints._grow(session, 257)


@pytest.mark.parametrize(
    ("issuer", "origin"),
    (
        ("https://desk.example.com", "desk.example.com/audit"),
        ("https://desk.example.com/kr", "desk.example.com/kr/audit"),
        ("urn:rights-desk:example", "urn:rights-desk:example/audit"),
    ),
)
def test_a_chain_is_named_by_where_the_service_is(desk: Desk, issuer: str, origin: str) -> None:
    named = opening.over(desk.database, replace(desk.settings, issuer=issuer), desk.rulebook, desk.policy)
    assert checkpoints.origin(named) == origin
    key = checkpoints.key_of(named)
    assert key is not None and key.name == origin
    keyless = opening.over(desk.database, replace(desk.settings, audit_key=None), desk.rulebook, desk.policy)
    assert checkpoints.key_of(keyless) is None
