"""The chain is signed when it is due, said in three places, proved by entry; who tampers is found (H1, F48, F49)."""

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner

from app import db, opening
from app.chain import apart, merkle, notes, proofs
from app.chain.links import link
from app.cli import app as cli
from app.desk import MACHINE, Desk
from app.law.terms import Event
from app.services import audit, checkpoints, witnessing
from app.settings import ROOT
from tests.house import House

MANY = """
SELECT * FROM audit_append(array_fill(NULL::uuid, ARRAY[:many]), (
    SELECT array_agg(convert_to(jsonb_build_object('at', '2026-11-29T00:00:00+00:00', 'n', n)::text, 'UTF8'))
    FROM generate_series(1, :many) AS n
), array_fill(NULL::bytea, ARRAY[:many]))
"""


OTHER = bytes(32)
"""A key that is not ours."""


async def witness(house: House, **more: Any) -> bool:
    return await witnessing.witness(house.desk, house.workshop.world.ledger, db.now, **more)


async def due(house: House, hours: float = 0) -> bool:
    async with house.desk.database.transaction() as session:
        return await checkpoints.is_due(session, now=db.now() + timedelta(hours=hours))


async def noted(house: House, action: str) -> None:
    async with house.desk.database.transaction() as session:
        audit.note(session, action, by=MACHINE, now=db.now())


async def a_day_passes(house: House) -> None:
    async with house.desk.database.transaction() as session:
        await session.execute(
            text("UPDATE audit_checkpoint SET at = at - interval '1 day', mailed_at = mailed_at - interval '1 day'")
        )


async def many(house: House, count: int) -> None:
    async with house.desk.database.transaction() as session:
        await session.execute(text(MANY), {"many": count})


async def hashes(house: House) -> list[bytes]:
    async with house.desk.database.transaction() as session:
        return await checkpoints.hashes(session, after=0, until=10_000)


def folder(house: House) -> Path:
    return house.desk.settings.ledger_dir / "audit"


async def test_it_is_signed_when_it_is_due_and_said_in_three_places(house: House) -> None:
    assert not await due(house), "an empty chain has nothing to sign"
    await house.file()
    assert not await due(house) and await due(house, hours=1)
    assert await witness(house, at_once=True)
    assert not [one for one in house.sent("mail") if "감사기록" in one["subject"]], "a day has to end first"
    await a_day_passes(house)
    assert await witness(house)
    await house.workshop.run()

    key = checkpoints.key_of(house.desk)
    assert key is not None
    async with house.desk.database.transaction() as session:
        [kept] = await checkpoints.notes_kept(session)
    [written] = apart.notes_in((folder(house) / "checkpoints").read_text())
    mail = house.sent("mail")[-1]
    [mailed] = apart.notes_in(mail["text"])
    assert kept == written == mailed
    assert mail["to"] == house.desk.policy.approver_email and str(key) in mail["text"]
    leaves = await hashes(house)
    found = notes.checkpoint(kept, [key])
    assert (found.origin, found.root) == (checkpoints.origin(house.desk), merkle.root(leaves[: found.size]))
    assert found.size >= 1
    assert (folder(house) / "leaves").read_bytes() == b"".join(leaves[: found.size])

    # What does not weigh waits for the hour.
    assert await witness(house)
    await house.file()
    assert not await due(house) and await due(house, hours=1)
    await noted(house, "claim.approve_partly")
    assert await due(house)
    await house.workshop.queue.tasks["witness"](timestamp=0)  # as the worker does every minute
    assert not await due(house)
    await house.workshop.run()
    assert len(list(apart.notes_in((folder(house) / "checkpoints").read_text()))) >= 2
    assert sum("감사기록 서명" in one["subject"] for one in house.sent("mail")) == 1, "once a day"
    await a_day_passes(house)
    assert await witness(house)
    await house.workshop.run()
    assert sum("감사기록 서명" in one["subject"] for one in house.sent("mail")) == 2


async def test_trees_of_many_entries_are_kept_in_tiles_and_every_entry_is_proved(house: House) -> None:
    for count in (3, 253, 300, 1):
        await many(house, count)
        assert await witness(house, at_once=True)
    leaves, key = await hashes(house), checkpoints.key_of(house.desk)
    assert key is not None and len(leaves) == 557
    signed = apart.roots(apart.notes_in((folder(house) / "checkpoints").read_text()), [key])
    assert signed == {size: merkle.root(leaves[:size]) for size in (3, 256, 556, 557)}
    auditor = house.auth("auditor")
    for old in (3, 256, 556, 557):
        grown = (await house.api.get(f"/v1/audit/growth?from={old}&to=557", headers=auditor)).json()
        assert proofs.fault(grown, [key]) is None and f"that of {old}" in proofs.said(grown)
        other = grown | {"older": notes.sign(notes.Checkpoint(key.name, old, bytes(32)).text(), key.name, OTHER)}
        assert proofs.fault(other, [key]) == "signed by none of the given keys"
        assert proofs.fault(grown | {"path": [*grown["path"], "00" * 32]}, [key]) == "the chain did not only grow"
    unknown = await house.api.get("/v1/audit/growth?from=4&to=557", headers=auditor)
    assert unknown.json()["code"] == "audit.checkpoint_not_found"
    assert (await house.api.get("/v1/audit/growth?from=557&to=3", headers=auditor)).status_code == 422
    for seq in (1, 256, 257, 557):
        reply = await house.api.get(f"/v1/audit/proofs/{seq}.{leaves[seq - 1].hex()}")
        assert reply.status_code == 200, reply.text
        assert proofs.fault(reply.json(), [key], anchor=f"{seq}.{leaves[seq - 1].hex()}") is None

    for unknown in (f"1.{leaves[1].hex()}", f"558.{leaves[1].hex()}", "1", "x", f"01.{leaves[0].hex()}"):
        assert (await house.api.get(f"/v1/audit/proofs/{unknown}")).json()["code"] == "audit.anchor_not_found"
    filed = await house.file()
    anchor = "{seq}.{hash}".format(**filed["anchor"])
    assert (await house.api.get(f"/v1/audit/proofs/{anchor}")).json()["code"] == "audit.not_signed_yet"
    assert await witness(house, at_once=True)
    proof = (await house.api.get(f"/v1/audit/proofs/{anchor}")).json()
    assert proofs.fault(proof, [key]) is None and proof["hash"] == filed["anchor"]["hash"]

    # The file was lost: it is written anew. A write that broke off: it is completed.
    whole = (folder(house) / "leaves").read_bytes()
    (folder(house) / "leaves").write_bytes(whole[:-40])
    await many(house, 1)
    assert await witness(house, at_once=True)
    assert (folder(house) / "leaves").read_bytes() == b"".join(await hashes(house))
    (folder(house) / "leaves").unlink()
    with (folder(house) / "checkpoints").open("a") as torn:
        torn.write('{"size": 9')
    await many(house, 1)
    assert await witness(house, at_once=True)
    assert (folder(house) / "leaves").read_bytes() == b"".join(await hashes(house))
    again = apart.roots(apart.notes_in((folder(house) / "checkpoints").read_text()), [key])
    assert len(again) == 7


async def rewritten(session: AsyncSession, seq: int) -> None:
    """Change one entry as whoever rules the database can: with every link behind it remade, and the head."""
    rows = (
        await session.execute(
            text("SELECT seq, prev_hash, body FROM audit_entry WHERE seq >= :s ORDER BY seq"), {"s": seq}
        )
    ).all()
    before = bytes(rows[0].prev_hash)
    for row in rows:
        body = row.body.replace(b'"n":', b'"m":') if row.seq == seq else row.body
        made = link(row.seq, before, body)
        change = text("UPDATE audit_entry SET prev_hash = :p, body = :b, hash = :h WHERE seq = :s")
        await session.execute(change, {"p": before, "b": body, "h": made, "s": row.seq})
        before = made
    await session.execute(text("UPDATE audit_head SET hash = :h"), {"h": before})


async def cut(session: AsyncSession, seq: int) -> None:
    """Take away the end, with its checkpoints, and put the head back."""
    for statement in (
        "DELETE FROM audit_entry WHERE seq >= :s",
        "DELETE FROM audit_checkpoint WHERE size >= :s",
        "UPDATE audit_head SET seq = :s - 1, hash = coalesce((SELECT hash FROM audit_entry WHERE seq = :s - 1), hash)",
    ):
        await session.execute(text(statement), {"s": seq})


async def renumbered(session: AsyncSession, seq: int) -> None:
    """Put an entry in between: all behind it move up, and are made to fit."""
    await session.execute(text("UPDATE audit_entry SET seq = seq + 1000000 WHERE seq >= :s"), {"s": seq})
    await session.execute(text("UPDATE audit_entry SET seq = seq - 999999 WHERE seq > 1000000"))
    copy = "INSERT INTO audit_entry SELECT :s, NULL, body, NULL, hash, hash FROM audit_entry WHERE seq = :s - 1"
    await session.execute(text(copy), {"s": seq})
    await session.execute(text("UPDATE audit_head SET seq = seq + 1"))
    await rewritten(session, seq)


async def swapped(session: AsyncSession, seq: int) -> None:
    """Put two entries in each other's place, and make all fit."""
    swap = (
        "UPDATE audit_entry AS one SET body = other.body FROM audit_entry AS other"
        " WHERE (one.seq, other.seq) IN ((:s, :s + 1), (:s + 1, :s))"
    )
    await session.execute(text(swap), {"s": seq})
    await rewritten(session, seq)


async def removed(session: AsyncSession, seq: int) -> None:
    """Take one entry out of the middle, close the gap, and make all fit."""
    await session.execute(text("DELETE FROM audit_entry WHERE seq = :s"), {"s": seq})
    await session.execute(text("UPDATE audit_entry SET seq = seq + 1000000 WHERE seq > :s"), {"s": seq})
    await session.execute(text("UPDATE audit_entry SET seq = seq - 1000001 WHERE seq > 1000000"))
    await session.execute(
        text("UPDATE audit_entry SET prev_hash = (SELECT hash FROM audit_entry WHERE seq = :s - 1) WHERE seq = :s"),
        {"s": seq},
    )
    await session.execute(text("UPDATE audit_head SET seq = seq - 1"))
    await rewritten(session, seq)


Tampering = Callable[[AsyncSession, int], Any]


async def test_whoever_rules_the_database_and_makes_every_link_fit_is_found_all_the_same(house: House) -> None:
    for count in (40, 40, 40):
        await many(house, count)
        assert await witness(house, at_once=True)
    key = checkpoints.key_of(house.desk)
    assert key is not None
    ledger = apart.roots(apart.notes_in((folder(house) / "checkpoints").read_text()), [key])
    leaves = apart.leaves(folder(house) / "leaves")
    tamperings: tuple[Tampering, ...] = (rewritten, cut, renumbered, swapped, removed)
    for tamper in tamperings:
        for seq in (2, 60, 119):
            async with house.desk.database.engine.connect() as connection:
                await connection.execute(text("SET session_replication_role = replica"))
                session = AsyncSession(bind=connection, join_transaction_mode="create_savepoint")
                await tamper(session, seq)
                kept = await session.execute(text("SELECT note FROM audit_checkpoint ORDER BY size"))
                own = apart.roots(kept.scalars(), [key])
                alone = await audit.verify(session)
                by_table, by_file = await audit.verify(session, signed=own), await audit.verify(session, signed=ledger)
                exactly = await audit.verify(session, signed=ledger, elsewhere=leaves)
                await session.close()
                await connection.rollback()
            told = (tamper.__name__, seq)
            assert alone.first_bad is None, (*told, "within itself it fits")
            assert exactly.first_bad == seq, (*told, exactly)
            # By signatures alone: the first behind the last one that fits, or what is missing at the end.
            block = 120 if (tamper, seq) == (removed, 119) else (seq - 1) // 40 * 40 + 1
            assert by_file.first_bad == (seq if tamper is cut else block), (*told, by_file)
            assert by_table.first_bad == (None if tamper is cut else block), (*told, by_table)
    async with house.desk.database.transaction() as session:
        verdict = await audit.verify(session, signed=ledger, elsewhere=leaves)
    assert (verdict.first_bad, verdict.entries, verdict.vouched) == (None, 120, 120)


async def test_nothing_is_signed_over_a_chain_that_was_changed(house: House, caplog: pytest.LogCaptureFixture) -> None:
    await many(house, 10)
    assert await witness(house, at_once=True)
    await many(house, 10)
    flip = "UPDATE audit_entry SET body = set_byte(body, 8, get_byte(body, 8) # 1) WHERE seq = 15"
    tamperings: tuple[tuple[str, str], ...] = (
        (flip, "entry 15 does not follow"),
        ("DELETE FROM audit_entry WHERE seq = 15", "entry 15 does not follow"),
        ("DELETE FROM audit_entry WHERE seq > 15", "entry 16 is missing"),
        ("UPDATE audit_head SET seq = 5", "entry 6 is missing"),
        ("UPDATE audit_checkpoint SET root = sha256('x')", "entries that were signed is another"),
    )
    for change, said in tamperings:
        async with house.desk.database.engine.connect() as connection:
            await connection.execute(text("SET session_replication_role = replica"))
            await connection.execute(text(change))
            async with AsyncSession(bind=connection, join_transaction_mode="create_savepoint") as session:
                session.info["desk"] = house.desk
                with pytest.raises(checkpoints.ChainError, match=said):
                    await checkpoints.take(session, now=db.now())
            await connection.rollback()
    async with house.desk.database.engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(text(flip))
    with caplog.at_level(logging.CRITICAL, "rights_desk.audit"):
        assert not await witness(house, at_once=True)
    assert "entry 15" in caplog.text


async def unsigned(house: House) -> float:
    told = (await house.api.get("/metrics")).text
    [line] = [one for one in told.splitlines() if one.startswith("desk_audit_unsigned_seconds ")]
    return float(line.split()[1])


async def test_without_its_key_entries_go_on_and_somebody_is_told_after_an_hour(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """F49."""
    keyless: Desk = opening.over(
        house.desk.database,
        replace(house.desk.settings, audit_key=None),
        house.desk.rulebook,
        house.desk.policy,
    )
    house.desk = keyless
    assert await unsigned(house) == 0.0
    await house.file()
    assert 0.0 < await unsigned(house) < 3_600
    with caplog.at_level(logging.ERROR, "rights_desk.audit"):
        assert await witness(house)
        assert not caplog.records
        later = db.now() + timedelta(hours=1, minutes=1)
        assert await witnessing.witness(keyless, house.workshop.world.ledger, lambda: later)
    assert "AUDIT_KEY" in caplog.text
    await house.file()
    assert len(await hashes(house)) >= 2 and not folder(house).exists()


async def test_auditors_page_through_it_take_it_away_and_verify_it_with_the_key_alone(
    house: House, tmp_path: Path
) -> None:
    filed = await house.file()
    await house.prove(filed)
    assert await witness(house, at_once=True)
    auditor = house.auth("auditor")
    entries: list[dict[str, Any]] = []
    cursor = 0
    while cursor is not None:
        page = (await house.api.get(f"/v1/audit/entries?limit=2&cursor={cursor}", headers=auditor)).json()
        entries += page["items"]
        cursor = page["next_cursor"]
    leaves = await hashes(house)
    assert [one["hash"] for one in entries] == [one.hex() for one in leaves]
    assert entries[0]["action"] == "request.file" and entries[0]["request_id"] == filed["id"]
    about = f"/v1/audit/entries?request_id={filed['id']}&limit=200"
    mine = (await house.api.get(about, headers=auditor)).json()["items"]
    assert mine and {one["request_id"] for one in mine} == {filed["id"]}
    signed, *before = (await house.api.get("/v1/audit/checkpoints", headers=auditor)).json()["items"]
    assert signed["size"] == len(leaves) and signed["written_at"]
    below = (await house.api.get(f"/v1/audit/checkpoints?cursor={signed['size']}", headers=auditor)).json()
    assert below == {"items": before, "next_cursor": None}

    refused = await house.api.get("/v1/audit/export", headers=auditor)
    assert refused.json()["code"] == "document.purpose_required"
    taking = {**auditor, "Purpose": "yearly audit"}
    assert (await house.api.get("/v1/audit/export?from=3&to=2", headers=taking)).status_code == 422
    whole = await house.api.get("/v1/audit/export", headers=taking)
    part = await house.api.get(f"/v1/audit/export?from=2&to={len(leaves) - 1}", headers=taking)
    assert "홍길동" not in whole.text and "010-1234" not in whole.text
    run, file = CliRunner(), tmp_path / "audit.jsonl"
    key = str(checkpoints.key_of(house.desk))
    told = []
    for answer in (whole, part):
        file.write_bytes(answer.content)
        done = run.invoke(cli, ["audit", "verify", str(file), "--key", key, "--apart", str(folder(house))])
        assert done.exit_code == 0, done.stderr
        told.append(done.stdout.splitlines())
    # The first export is an entry itself; it came after the signature.
    assert told[0][0].startswith(f"{len(leaves) + 1} entries, head ")
    assert told[0][1] == f"signed up to entry {len(leaves)}, 1 after it not yet"
    assert told[1][1] == f"signed up to entry {len(leaves) - 1}"

    file.write_bytes(whole.content.replace(b"request.file", b"request.fail", 1))
    bad = run.invoke(cli, ["audit", "verify", str(file), "--key", key])
    assert bad.exit_code == 1 and bad.stderr.startswith("the chain breaks at entry 1: it does not follow")
    assert run.invoke(cli, ["audit", "verify", str(file)]).exit_code == 1
    file.write_bytes(whole.content)
    other = str(notes.Key.of(checkpoints.origin(house.desk), bytes(32)))
    assert "signed by none" in run.invoke(cli, ["audit", "verify", str(file), "--key", other]).stderr
    last = json.loads(whole.text.splitlines()[-1])
    assert json.loads(last["body"])["action"] == "audit.export"


async def test_an_operator_signs_exports_and_verifies_by_command(
    house: House, environment: dict[str, str], tmp_path: Path
) -> None:
    await house.file()

    async def run(*words: str) -> Any:
        return await asyncio.to_thread(CliRunner().invoke, cli, ["audit", *words], env=environment)

    key, file = (await run("key")).stdout.strip(), tmp_path / "audit.jsonl"
    assert key == str(checkpoints.key_of(house.desk))
    assert (await run("verify")).stdout.splitlines()[1] == "signed up to entry 0, 1 after it not yet"
    assert (await run("checkpoint")).exit_code == 0
    assert (await run("verify")).stdout.splitlines()[1] == "signed up to entry 1"
    assert (await run("export", "--out", str(file))).exit_code == 0
    assert (await run("verify", str(file), "--key", key)).stdout.splitlines()[1] == "signed up to entry 1"
    mail = tmp_path / "mail.txt"
    mail.write_text(next(apart.notes_in((folder(house) / "checkpoints").read_text())).replace("\n", "\r\n"))
    told = await run("verify", str(file), "--key", key, "--checkpoint", str(mail), "--apart", str(folder(house)))
    assert told.exit_code == 0, told.stderr
    # Our own key has signed another chain of this length: two histories, whichever of them the database tells.
    signed, ours = notes.Checkpoint.read(mail.read_text().replace("\r\n", "\n")), house.desk.settings.audit_key
    assert ours is not None
    fork = tmp_path / "fork.txt"
    fork.write_text(notes.sign(replace(signed, root=bytes(32)).text(), signed.origin, ours))
    told = await run("verify", "--checkpoint", str(fork))
    assert (told.exit_code, told.stderr.strip()) == (1, f"two checkpoints of size {signed.size} differ")
    async with house.desk.database.engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(text("DELETE FROM audit_entry"))
        await connection.execute(text("DELETE FROM audit_checkpoint"))
        await connection.execute(text("UPDATE audit_head SET seq = 0, hash = sha256('rights-desk audit chain')"))
    gone = await run("verify")
    assert gone.exit_code == 1 and "breaks at entry 1: it is missing" in gone.stderr
    refused = await run("checkpoint")
    assert refused.exit_code == 1 and "nothing was signed" in refused.stderr, "LEDGER_DIR knows of a longer one"
    assert (await run("verify", "--apart", str(tmp_path))).exit_code == 0, "without what lies apart nothing is missed"
    assert (await run("verify", str(tmp_path / "none"), "--key", key)).stderr.strip() == "the file cannot be read"


async def test_a_copy_of_before_is_neither_signed_nor_written_over_what_lies_apart(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """The database is set back, and goes on: LEDGER_DIR tells of another chain, and somebody is told."""
    await many(house, 10)
    assert await witness(house, at_once=True)
    await many(house, 10)
    assert await witness(house, at_once=True)
    apart_ = {one: (folder(house) / one).read_bytes() for one in ("leaves", "checkpoints")}
    assert await unsigned(house) == 0.0
    async with house.desk.database.engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(text("DELETE FROM audit_entry WHERE seq > 10"))
        await connection.execute(text("DELETE FROM audit_checkpoint WHERE size > 10"))
        await connection.execute(text("UPDATE audit_checkpoint SET at = at - interval '2 hours'"))
        set_back = "UPDATE audit_head SET seq = 10, hash = (SELECT hash FROM audit_entry WHERE seq = 10)"
        await connection.execute(text(set_back))

    with caplog.at_level(logging.CRITICAL, "rights_desk.audit"):
        assert not await witness(house)
        assert "entry 11 is missing: 20 stand in LEDGER_DIR" in caplog.text
        assert await unsigned(house) > 3_600, "also where nothing is new: the age that is alarmed on"
        await many(house, 5)
        assert not await witness(house, at_once=True)
        await noted(house, "claim.approve")
        for count in (4, 1):  # as long as what lies apart, then longer
            await many(house, count)
            assert not await witness(house, at_once=True)
            assert "entry 20 is another in LEDGER_DIR" in caplog.text
    async with house.desk.database.transaction() as session:
        with pytest.raises(checkpoints.ChainError, match="entry 20 is another"):
            await checkpoints.take(session, now=db.now())
        assert len(await checkpoints.notes_kept(session)) == 1
    assert apart_ == {one: (folder(house) / one).read_bytes() for one in apart_}

    # Put aside, as by the command that restores: it goes on beside what was.
    folder(house).rename(folder(house).with_name("audit-until"))
    assert await witness(house, at_once=True) and await unsigned(house) == 0.0
    assert (folder(house) / "leaves").read_bytes() == b"".join(await hashes(house))


def test_what_weighs_is_something_that_the_desk_writes() -> None:
    writes = [one for one in (ROOT / "app").rglob("*.py") if one.stem not in ("checkpoints", "timeline")]
    sources = "".join(one.read_text(encoding="utf-8") for one in writes)
    moves = {f"claim.{event}" for event in Event}
    assert [one for one in checkpoints.WEIGHTY if one not in moves and f'"{one}"' not in sources] == []
