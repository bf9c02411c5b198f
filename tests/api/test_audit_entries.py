"""What an entry of the audit chain says, and what stands beside it: whoever changes either is found (H1)."""

import hashlib
import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app import db
from app.chain import merkle
from app.chain.links import GENESIS
from app.chain.trail import Verdict
from app.desk import MACHINE, Actor, Desk
from app.services import audit
from tests.api.acts import one, rows
from tests.house import House

REQUEST, CLAIM, OTHER = db.new_id(), db.new_id(), db.new_id()
KIM = Actor("officer", "urn:desk", "kim")


async def body_of(desk: Desk, **said: Any) -> Any:
    """The last entry as it was written, after one more was noted."""
    async with desk.database.transaction() as session:
        audit.note(session, "a.thing", **said)
    last = "SELECT convert_from(body, 'UTF8') FROM audit_entry ORDER BY seq DESC LIMIT 1"
    return json.loads(await one(desk, last))


async def test_an_entry_says_who_did_what_when_to_which_request(house: House) -> None:
    now = db.now()
    kim = {"role": "officer", "iss": "urn:desk", "sub": "kim", "agent": None}
    least = {"action": "a.thing", "request": None, "claim": None, "facts": {}, "detail": None}
    at = {"at": now.isoformat(timespec="microseconds")}
    assert await body_of(house.desk, by=KIM, now=now) == least | at | {"actor": kim}
    whole = {
        "request": str(REQUEST),
        "claim": str(CLAIM),
        "facts": {"one": 1},
        "detail": hashlib.sha256(b"d").hexdigest(),
    }
    said = {"request_id": REQUEST, "claim_id": CLAIM, "facts": {"one": 1}, "detail_ct": b"d"}
    assert await body_of(house.desk, by=KIM, now=now, **said) == least | at | {"actor": kim} | whole
    kept = await rows(house.desk, "SELECT request_id, detail_ct FROM audit_entry ORDER BY seq")
    assert [tuple(row) for row in kept] == [(None, None), (REQUEST, b"d")]


@pytest.mark.parametrize(
    ("by", "more"),
    (
        (Actor("call_center", "urn:desk", "center", "a17"), {"agent": "a17"}),
        (Actor("requester", "urn:desk", "r1"), {}),
        (Actor("requester", "urn:desk", "r1", party="requester"), {"party": "requester"}),
        (Actor("officer", "urn:desk", "kim", party="requester"), {}),
    ),
)
async def test_it_says_which_party_only_of_whoever_acts_for_another(
    house: House, by: Actor, more: dict[str, str]
) -> None:
    body = await body_of(house.desk, by=by, now=db.now())
    assert body["actor"] == {"role": by.role, "iss": by.iss, "sub": by.sub, "agent": None} | more


async def test_entries_of_one_transaction_are_chained_in_their_order_and_the_last_is_the_anchor(house: House) -> None:
    async with house.desk.database.transaction() as session:
        for number in range(3):
            audit.note(session, f"thing.{number}", by=MACHINE, now=db.now())
        anchor = await audit.append(session)
        assert await audit.append(session) is None, "nothing more was noted"
    found = await rows(
        house.desk, "SELECT seq, hash, convert_from(body, 'UTF8')::json ->> 'action' FROM audit_entry ORDER BY seq"
    )
    assert [(row[0], row[2]) for row in found] == [(1, "thing.0"), (2, "thing.1"), (3, "thing.2")]
    assert anchor == audit.Anchor(3, bytes(found[2].hash))


async def test_pages_of_the_chain_leave_out_no_entry_and_repeat_none(
    monkeypatch: pytest.MonkeyPatch, house: House
) -> None:
    async with house.desk.database.transaction() as session:
        for number in range(7):
            audit.note(session, f"thing.{number}", by=MACHINE, now=db.now())
    for size in (1, 2, 3, 7, 8):
        monkeypatch.setattr(audit, "_PAGE", size)
        for after, until in ((0, None), (2, None), (2, 5), (0, 7), (7, None)):
            async with house.desk.database.transaction() as session:
                found = [row.seq async for row in audit.entries(session, after=after, until=until)]
            assert found == list(range(after + 1, (until or 7) + 1)), (size, after, until)


CHANGES = (
    ("UPDATE audit_entry SET detail_ct = 'x' WHERE seq = 2", 2, "has another detail than it states"),
    ("UPDATE audit_entry SET detail_ct = 'x' WHERE seq = 3", 3, "has another detail than it states"),
    (f"UPDATE audit_entry SET request_id = '{OTHER}' WHERE seq = 2", 2, "belongs to another request than it states"),
    ("UPDATE audit_entry SET request_id = NULL WHERE seq = 2", 2, "belongs to another request than it states"),
    (f"UPDATE audit_entry SET request_id = '{OTHER}' WHERE seq = 1", 1, "belongs to another request than it states"),
    ("UPDATE audit_head SET seq = 4", 4, "is missing: the head of the chain says that it goes on"),
    ("UPDATE audit_head SET hash = 'x'", 4, "is missing: the head of the chain says that it goes on"),
    ("DELETE FROM audit_entry WHERE seq = 3", 3, "is missing: the head of the chain says that it goes on"),
)


async def test_what_stands_beside_an_entry_is_what_the_entry_states(house: House) -> None:
    async with house.desk.database.transaction() as session:
        audit.note(session, "a.thing", by=MACHINE, now=db.now())
        audit.note(session, "a.thing", by=MACHINE, now=db.now(), request_id=REQUEST, detail_ct=b"d")
        audit.note(session, "a.thing", by=MACHINE, now=db.now(), request_id=REQUEST)
    hashes = [
        GENESIS,
        *(bytes(row.hash) for row in await rows(house.desk, "SELECT hash FROM audit_entry ORDER BY seq")),
    ]
    for change, first_bad, because in CHANGES:
        found = await verified(house, change)
        assert found == Verdict(0, first_bad - 1, 0, first_bad, because, hashes[first_bad - 1]), change
    whole = Verdict(0, 3, 0, None, "", hashes[3])
    assert await verified(house, "UPDATE audit_entry SET detail_ct = NULL") == whole, "a detail that was destroyed"
    assert await verified(house, "SELECT 1") == whole


async def test_a_signature_over_an_entry_does_not_vouch_for_what_stands_beside_it(house: House) -> None:
    async with house.desk.database.transaction() as session:
        audit.note(session, "a.thing", by=MACHINE, now=db.now(), request_id=REQUEST)
        audit.note(session, "a.thing", by=MACHINE, now=db.now(), request_id=REQUEST)
    [one_, two] = [bytes(row.hash) for row in await rows(house.desk, "SELECT hash FROM audit_entry ORDER BY seq")]
    signed = {1: merkle.root([one_]), 2: merkle.root([one_, two])}
    because = "belongs to another request than it states"
    for seq, vouched, head in ((1, 0, GENESIS), (2, 1, one_)):
        found = await verified(house, f"UPDATE audit_entry SET request_id = NULL WHERE seq = {seq}", signed)
        assert found == Verdict(0, seq - 1, vouched, seq, because, head)
        assert found.unsigned == 0


async def test_what_this_service_does_not_write_is_named(house: House) -> None:
    """Whoever has the password of the service may append what they like."""
    append = "SELECT * FROM audit_append(ARRAY[NULL]::uuid[], ARRAY[convert_to(:body, 'UTF8')], ARRAY[NULL]::bytea[])"
    for body in ("not json", "[]"):
        found = await verified(house, append, body=body)
        assert (found.first_bad, found.because) == (1, "is none that this service writes")


async def verified(house: House, change: str, signed: dict[int, bytes] | None = None, **values: str) -> Verdict:
    """What verifying says after a change by whoever rules the database, which is then taken back."""
    async with house.desk.database.engine.connect() as connection:
        await connection.execute(text("SET session_replication_role = replica"))
        await connection.execute(text(change), values)
        async with AsyncSession(bind=connection, join_transaction_mode="create_savepoint") as session:
            found = await audit.verify(session, signed=signed)
        await connection.rollback()
    return found
