"""Requests whose time is over (H5, F50): listed, confirmed, destroyed whole, and proved."""

import base64
import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app import db, ledger_commands
from app.law.deadline import seoul_date
from app.ledger import Ledger
from app.services import audit, destroying, ledgering, remains, retention
from tests.api.acts import actions, one, rows
from tests.api.shredding import grow_old, left, listed, planted
from tests.api.test_ledgers import table
from tests.house import ONLINE_MALL, STRANGER, House, bearer

DOMAIN = b"rights-desk destruction record\x00"
KEPT: dict[str, str] = {
    "claim": "UPDATE claim SET status = 'approved', closed_at = NULL WHERE request_id = :id",
    "window": "UPDATE claim SET objection_until = current_date + 30 WHERE request_id = :id",
    "late end": "UPDATE claim SET closed_at = now() - interval '2 years 11 months' WHERE request_id = :id",
    "frozen": "UPDATE request SET frozen_at = now() WHERE id = :id",
    "stop": (
        "INSERT INTO hold (id, claim_id, kind, category, basis, since)"
        " SELECT gen_random_uuid(), id, 'suspended', 'online_mall', '법 37②', now() FROM claim WHERE request_id = :id"
    ),
    "record": (
        "INSERT INTO fence (id, claim_id, request_id, round, item, category, label, basis, decided_until, until, state,"
        " reported_by) SELECT gen_random_uuid(), id, request_id, 1, 'a', 'a', 'a', 'a', current_date, current_date,"
        " 'kept', '{}' FROM claim WHERE request_id = :id"
    ),
    "record gone lately": (
        "INSERT INTO fence (id, claim_id, request_id, round, item, category, label, basis, decided_until, until, state,"
        " reported_by, destroyed_at) SELECT gen_random_uuid(), id, request_id, 1, 'a', 'a', 'a', 'a', current_date,"
        " current_date, 'destroyed', '{}', now() FROM claim WHERE request_id = :id"
    ),
}
"""What has a request kept on, however old it is."""


async def old(house: House, **more: Any) -> dict[str, Any]:
    """A request that ended years ago."""
    filed = await house.file(**more)
    await grow_old(house.desk, [UUID(filed["id"])])
    return filed


async def confirm(house: House, made: UUID, role: str = "approver", version: str | None = None) -> Any:
    headers = house.auth(role)
    if version is None:
        version = (await house.api.get(f"/v1/destructions/{made}", headers=headers)).headers["etag"]
    path = f"/v1/destructions/{made}/confirmation"
    return await house.api.put(path, headers={**headers, "If-Match": version})


async def look(house: House, made: UUID) -> dict[str, Any]:
    reply = await house.api.get(f"/v1/destructions/{made}", headers=house.auth("auditor"))
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def test_a_request_goes_on_an_approvers_word_and_the_proof_stays(house: House) -> None:
    holder = await house.system()
    filed = await house.file(ONLINE_MALL)
    await house.prove(filed)
    await holder.work()
    kept = await house.file(subject=STRANGER)
    before = await planted(house.desk, [UUID(filed["id"])])
    month = await one(house.desk, "SELECT to_char(arrived_at, 'YYYY-MM') FROM request WHERE id = :id", id=kept["id"])
    await grow_old(house.desk, [UUID(filed["id"])])
    then = await one(house.desk, "SELECT to_char(arrived_at, 'YYYY-MM') FROM request WHERE id = :id", id=filed["id"])
    figures = {}
    for which in (then, month):
        figures[which] = (await house.api.get(f"/v1/reports/{which}", headers=house.auth("auditor"))).json()
    assert figures[then]["received"]["requests"] == 1
    made = await listed(house.desk)
    async with house.desk.database.transaction() as session:
        assert await retention.plan(session, now=db.now()) is None, "once a day"
    # The approver sees what it is about, nobody else does.
    for role, seen in (
        ("approver", (filed["receipt_no"], ["access"])),
        ("officer", (None, None)),
        ("auditor", (None, None)),
    ):
        [item] = (await house.api.get(f"/v1/destructions/{made}", headers=house.auth(role))).json()["items"]
        assert (item["receipt_no"], item["rights"]) == seen, role
        assert (item["closed_on"] is not None) == (role == "approver")
    await house.workshop.run()
    assert "1건" in house.sent("mail")[-1]["text"] and filed["receipt_no"] not in house.sent("mail")[-1]["text"]

    assert (await confirm(house, made, "officer")).status_code == 403
    assert (await confirm(house, made, version='"v7"')).status_code == 412
    # Nobody confirmed: nothing goes, however often the worker looks.
    await destroying.carry_out(house.desk, made, house.workshop.world.outbox.forget, db.now)
    assert await one(house.desk, "SELECT count(*) FROM request") == 2
    agreed = await confirm(house, made)
    assert (agreed.status_code, agreed.json()["state"]) == (200, "confirmed"), agreed.text
    assert (await confirm(house, made)).status_code == 409
    await house.workshop.run()

    done = await look(house, made)
    [item] = done["items"]
    assert done["state"] == "done" and item["request_id"] == filed["id"] and item["destroyed_at"]
    assert await left(house.desk, before.words - {"홍길동"}, before.coded) == [] and len(before.words) > 5
    assert (
        await house.api.get(f"/v1/requests/{filed['id']}", headers=bearer(filed["requester_token"]))
    ).status_code == 404
    assert (await house.look(kept))["id"] == kept["id"]
    # The figures of every month stand as they stood.
    for which, found in figures.items():
        assert (await house.api.get(f"/v1/reports/{which}", headers=house.auth("auditor"))).json() == found
    # The chain holds; what it says are ids.
    assert (await actions(house.desk, filed["id"]))["request.destroy"] == 1
    async with house.desk.database.transaction() as session:
        assert (await audit.verify(session)).first_bad is None
    # The record is signed, and says nothing of anybody.
    record, key = done["record"], Ed25519PublicKey.from_public_bytes(base64.b64decode(done["public_key"]))
    signed = base64.b64decode(done["signature"])
    key.verify(signed, DOMAIN + rfc8785.dumps(record))
    with pytest.raises(InvalidSignature):
        key.verify(signed, DOMAIN + rfc8785.dumps({**record, "requests": 2}))
    assert (record["requests"], record["kept_on"], record["confirmed_by"]["sub"]) == (1, 0, "approver-1")
    assert record["categories"]["request"] == 1 and record["categories"]["task"] >= 1
    assert (
        "제21조제1항" in record["why"]
        and "시행령 제6조제1항제4호" in record["why"]
        and "requests_kept" not in record["why"]
    )
    assert "영구 삭제" in record["how"] and record["items"].startswith("요구서와 처리 기록 전부")
    assert record["due_since"] == item["due_since"]
    async with house.desk.database.transaction() as session:
        lines = list(ledgering.ledger_of(session).lines())
    assert [line.body["kind"] for line in lines] == ["request", "record"] and lines[0].body["id"] == filed["id"]
    today = seoul_date(db.now()).isoformat()
    path = f"/v1/ledgers/destruction?from={today}&to={today}"
    listing = await house.api.get(path, headers={**house.auth("auditor"), "Purpose": "inspection"})
    assert filed["id"] in listing.text and "요구 기록 전체" in listing.text
    assert f"개인정보 보호책임자 approver-1, {today}" in listing.text and record["items"] in listing.text
    assert "시행령 제6조제1항제4호" in listing.text and "영구 삭제" in listing.text


async def test_the_approver_is_told_every_day_until_a_word_is_said(house: House) -> None:
    await old(house)
    assert await _waiting(house) == 0
    made = await listed(house.desk)
    await house.workshop.run()
    before = len(house.sent("mail"))
    await rows(house.desk, "UPDATE destruction SET at = at - interval '2 days' RETURNING 1")
    for days, mails in ((0, 0), (1, 1), (0, 1), (3, 2)):
        await rows(house.desk, f"UPDATE destruction SET told_on = told_on - {days} RETURNING 1")
        await house.workshop.queue.tasks["tidy"](timestamp=0)
        await house.workshop.run()
        assert len(house.sent("mail")) - before == mails, days
    assert house.sent("mail")[-1]["to"] == house.desk.policy.approver_email and "1건" in house.sent("mail")[-1]["text"]
    assert 172_000 < await _waiting(house) < 180_000
    await confirm(house, made)
    await rows(house.desk, "UPDATE destruction SET told_on = told_on - 1 RETURNING 1")
    async with house.desk.database.transaction() as session:
        assert await retention.remind(session, now=db.now()) == 0
    assert await _waiting(house) == 0


async def test_the_result_waits_for_an_approvers_look(house: House) -> None:
    """Told every day until somebody has looked; refused before it is done and while any of it is there."""
    filed = await old(house)
    made = await listed(house.desk)
    assert (await check(house, made)).json()["code"] == "state.conflict", "nothing is done yet"
    await confirm(house, made)
    await house.workshop.run()
    assert (await look(house, made))["checked_at"] is None
    told = len(house.sent("mail"))
    for _ in range(2):
        await rows(house.desk, "UPDATE destruction SET told_on = told_on - 1 RETURNING 1")
        await house.workshop.queue.tasks["tidy"](timestamp=0)
        await house.workshop.run()
    assert len(house.sent("mail")) - told == 2
    assert (
        "파기 결과" in house.sent("mail")[-1]["subject"] and filed["receipt_no"] not in house.sent("mail")[-1]["text"]
    )
    assert "(결과 확인 전)" in (await table(house, "destruction"))[0]["확인"]
    assert (await check(house, made, version='"v1"')).status_code == 412
    assert (await check(house, made, role="officer")).status_code == 403
    # A copy that was put back has it again: then nobody can say that it is gone.
    back = await house.file(ONLINE_MALL)
    await rows(house.desk, "UPDATE destroyed_request SET request_id = :id RETURNING 1", id=back["id"])
    assert (await check(house, made)).json()["code"] == "destruction.not_whole"
    await rows(house.desk, "UPDATE destroyed_request SET request_id = :id RETURNING 1", id=filed["id"])
    checked = (await check(house, made)).json()
    assert checked["checked_by"] == "approver-1" and checked["checked_at"] and checked["state"] == "done"
    assert (await check(house, made)).json()["code"] == "state.conflict", "it is said once"
    await rows(house.desk, "UPDATE destruction SET told_on = told_on - 1 RETURNING 1")
    async with house.desk.database.transaction() as session:
        assert await retention.remind(session, now=db.now()) == 0
    assert "결과 확인 approver-1" in (await table(house, "destruction"))[0]["확인"]
    noted = await rows(house.desk, "SELECT convert_from(body, 'UTF8')::json ->> 'action' FROM audit_entry")
    assert ("destruction.check",) in [tuple(row) for row in noted]


async def check(house: House, made: UUID, role: str = "approver", version: str | None = None) -> Any:
    """The approver has looked at the result."""
    headers = house.auth(role)
    version = version or (await house.api.get(f"/v1/destructions/{made}", headers=headers)).headers["etag"]
    return await house.api.put(f"/v1/destructions/{made}/check", headers={**headers, "If-Match": version})


async def _waiting(house: House) -> float:
    """What the operator sees."""
    told = (await house.api.get("/metrics")).text
    [line] = [one_ for one_ in told.splitlines() if one_.startswith("desk_destructions_waiting_seconds ")]
    return float(line.split()[1])


async def test_what_still_moves_is_kept_on_and_found_again(house: House) -> None:
    ids = {}
    for cause, statement in KEPT.items():
        ids[cause] = (await old(house))["id"]
        await rows(house.desk, f"{statement} RETURNING 1", id=ids[cause])
    plain = (await old(house))["id"]
    made = await listed(house.desk)
    assert [item["request_id"] for item in (await look(house, made))["items"]] == [plain]
    # Between list and deed it moves again: it is left out, and on a later list when it is over.
    await rows(house.desk, f"{KEPT['window']} RETURNING 1", id=plain)
    assert (await confirm(house, made)).status_code == 200
    await house.workshop.run()
    done = await look(house, made)
    assert done["state"] == "done" and done["items"][0]["kept_on_at"] and not done["items"][0]["destroyed_at"]
    assert (done["record"]["requests"], done["record"]["kept_on"]) == (0, 1)
    assert (await actions(house.desk, plain))["destruction.drop"] == 1
    await rows(house.desk, "UPDATE claim SET objection_until = NULL WHERE request_id = :id RETURNING 1", id=plain)
    await rows(house.desk, "UPDATE destruction SET planned_on = planned_on - 1 RETURNING 1")
    assert [item["request_id"] for item in (await look(house, await listed(house.desk)))["items"]] == [plain]


async def test_an_approver_keeps_one_back_until_a_day_and_then_it_comes_up_again(house: House) -> None:
    kept, other = (await old(house))["id"], (await old(house))["id"]
    made, today = await listed(house.desk), seoul_date(db.now())
    path, approver = f"/v1/destructions/{made}/requests", house.auth("approver")
    version = (await house.api.get(f"/v1/destructions/{made}", headers=approver)).headers["etag"]
    review_on = today + timedelta(days=90)
    body = {"ground": "dispute", "review_on": review_on.isoformat()}
    for wrong, status in (
        ({"ground": "because"}, 422),
        ({"review_on": today.isoformat()}, 422),
        ({"review_on": (today + timedelta(days=367)).isoformat()}, 422),
    ):
        headers = {**approver, "If-Match": version}
        reply = await house.api.put(f"{path}/{kept}/keeping", json=body | wrong, headers=headers)
        assert reply.status_code == status, (wrong, reply.text)
    for who, stated, which, status in (
        ("officer", version, kept, 403),
        ("approver", '"v7"', kept, 412),
        ("approver", version, str(db.new_id()), 404),
        ("approver", version, kept, 200),
        ("approver", version, other, 412),
    ):
        headers = {**house.auth(who), "If-Match": stated}
        reply = await house.api.put(f"{path}/{which}/keeping", json=body, headers=headers)
        assert reply.status_code == status, (who, reply.text)
    assert (await confirm(house, made)).status_code == 200
    await house.workshop.run()
    items = {item["request_id"]: item for item in (await look(house, made))["items"]}
    assert items[other]["destroyed_at"] and not items[kept]["destroyed_at"]
    assert (items[kept]["kept_ground"], items[kept]["review_on"]) == ("dispute", review_on.isoformat())
    assert (await actions(house.desk, kept))["destruction.keep_back"] == 1
    # Not before its day, whatever else is listed; on its day it is.
    await rows(house.desk, "UPDATE destruction SET planned_on = planned_on - 1 RETURNING 1")
    async with house.desk.database.transaction() as session:
        assert await retention.plan(session, now=db.now()) is None
    await rows(house.desk, "UPDATE destroyed_request SET review_on = review_on - 90 RETURNING 1")
    assert [item["request_id"] for item in (await look(house, await listed(house.desk)))["items"]] == [kept]


async def test_a_line_that_death_left_behind_is_taken_back_where_the_request_is_kept_on(house: House) -> None:
    filed = await old(house)
    made = await listed(house.desk)
    await confirm(house, made)
    async with house.desk.database.transaction() as session:
        plan, [row] = await retention.look(session, made)
        await ledgering.append(session, destroying._line(plan, row, {"request": 1}, db.now()))
    await rows(house.desk, f"{KEPT['window']} RETURNING 1", id=filed["id"])
    await house.workshop.run()
    assert (await look(house, made))["items"][0]["kept_on_at"]
    ledger = Ledger(house.desk.settings.ledger_dir, house.desk.settings.audit_key)
    assert [line.body["kind"] for line in ledger.lines()] == ["request", "kept_on", "record"]
    # Neither does anybody take this database for an old copy, nor would a restore destroy what was kept on.
    await ledgering.demand_current(house.desk)
    assert (await ledger_commands.replay(house.desk))["destroyed_again"] == 0
    assert await one(house.desk, "SELECT count(*) FROM request") == 1


def test_every_table_with_a_request_in_it_hangs_on_it() -> None:
    apart = {"audit_entry", "access_log", "destroyed_request"}
    with_request = {name for name, table in remains.metadata.tables.items() if "request_id" in table.c}
    hanging = {table.name for table in remains.hanging()}
    assert with_request - hanging == apart
    assert {"hold_key", "evidence_chunk", "delivery_attempt", "grant_use", "decision"} <= hanging


@pytest.mark.slow
async def test_killed_at_any_point_it_is_whole_or_gone_and_goes_on(house: House) -> None:
    ids = [(await old(house))["id"] for _ in range(2)]
    made = await listed(house.desk)
    assert (await confirm(house, made)).status_code == 200
    expected = {"destroy.before_ledger": (2, 0), "destroy.before_commit": (2, 1), "destroy.after_commit": (1, 1)}
    for point, (requests, lines) in expected.items():
        assert _die(house, made, point) == -signal.SIGKILL, point
        assert await one(house.desk, "SELECT count(*) FROM request") == requests, point
        async with house.desk.database.transaction() as session:
            written = list(ledgering.ledger_of(session).lines())
        assert len(written) == lines, point
        # Either plainly gone, or whole and still listed.
        undone = [item["request_id"] for item in (await look(house, made))["items"] if not item["destroyed_at"]]
        assert len(undone) == requests
        for request_id in undone:
            assert await one(house.desk, "SELECT key IS NOT NULL FROM request WHERE id = :id", id=request_id)
            assert await one(house.desk, "SELECT count(*) FROM contact WHERE request_id = :id", id=request_id) > 0
    # The sweep finds the plan that nobody is at work on, whatever became of its job.
    await rows(house.desk, "DELETE FROM procrastinate_jobs RETURNING 1")
    await rows(house.desk, "UPDATE destruction SET confirmed_at = now() - interval '2 minutes' RETURNING 1")
    await rows(
        house.desk,
        "UPDATE destroyed_request SET destroyed_at = destroyed_at - interval '2 minutes'"
        " WHERE destroyed_at IS NOT NULL RETURNING 1",
    )
    await house.workshop.queue.tasks["sweep"](timestamp=0)
    await house.workshop.run()
    done = await look(house, made)
    assert done["state"] == "done" and done["record"]["requests"] == 2
    async with house.desk.database.transaction() as session:
        written = list(ledgering.ledger_of(session).lines())
    assert [line.body["id"] for line in written] == [*ids, str(made)]


def _die(house: House, made: UUID, point: str) -> int:
    """A worker of its own that carries the plan out, killed for good at a point."""
    program = (
        "import asyncio, sys, uuid\nfrom app import db, worker\nfrom app.services import destroying\n"
        "from app.opening import open_desk\n"
        "from app.settings import Settings\n"
        "desk = open_desk(Settings.load())\nworld = worker.World.of(desk)\n"
        "asyncio.run(destroying.carry_out(desk, uuid.UUID(sys.argv[1]), world.outbox.forget, db.now))"
    )
    settings = house.desk.settings
    environment = {
        **os.environ,
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url or "",
        "DESK_CRASHPOINT": point,
    }
    ended = subprocess.run(
        [sys.executable, "-c", program, str(made)], env=environment, check=False, capture_output=True
    )
    return ended.returncode


async def test_answers_to_a_key_go_after_the_days_of_the_policy(house: House) -> None:
    await house.file()
    for days, left_over in ((29, 1), (2, 0)):
        await rows(house.desk, f"UPDATE idempotency SET at = at - make_interval(days => {days}) RETURNING 1")
        await house.workshop.queue.tasks["tidy"](timestamp=0)
        assert await one(house.desk, "SELECT count(*) FROM idempotency") == left_over
