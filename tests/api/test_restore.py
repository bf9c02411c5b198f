"""A backup that is put back brings nobody back, and says nothing twice (F51)."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from procrastinate.jobs import Job
from typer.testing import CliRunner

from app import cli, db, ledger_commands, main
from app.desk import MACHINE, Desk
from app.ledger import Ledger, LedgerError
from app.services import casebook, ledgering, recalling
from app.services.hold_index import HoldIndex, NotRestoredError, load
from app.worker import Unending
from tests.api.acts import actions, one, rows, tables
from tests.api.papers import hand_in, review
from tests.conftest import REGISTER_SECRET
from tests.drill import Drill, dump, open_house, plain, put_back
from tests.house import ONLINE_MALL, Holder, House, bearer, key


@pytest.mark.slow
async def test_a_backup_that_is_put_back_brings_nobody_back_and_says_nothing_twice(
    database_url: str, register_url: str, tmp_path: Path, application: Callable[[Desk], FastAPI]
) -> None:
    drill, file = Drill(people=1), tmp_path / "backup.dump"
    settings = {
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": database_url,
        "REGISTER_URL": register_url,
        "REGISTER_SECRET": REGISTER_SECRET,
    }
    async with open_house(settings, application) as house:
        await drill.fill(house)
        await asyncio.to_thread(dump, database_url, file)
        await drill.go_on(house)
    with psycopg.connect(plain(database_url), autocommit=True) as server:
        server.execute("DROP SCHEMA public CASCADE")
        server.execute("CREATE SCHEMA public")
    await asyncio.to_thread(put_back, file, database_url)
    async with open_house(settings, application) as house:
        await drill.has_come_back(house.desk)
        told = await ledger_commands.replay(house.desk)
        await drill.check(house, told)


async def test_parts_that_were_destroyed_go_again_and_what_was_recalled_opens_nothing(house: House) -> None:
    filed = await house.file()
    this = {"id": filed["id"]}
    paper = await hand_in(house, filed, "correction_proof", party="subject")
    copied = await rows(house.desk, "SELECT evidence_id, part, position, sealed FROM evidence_chunk")
    refused = await review(house, paper, result="refused", checklist=[])
    assert copied and refused.status_code == 200 and await one(house.desk, "SELECT count(*) FROM evidence_chunk") == 0
    async with house.desk.database.transaction() as session:
        await recalling.recall(
            session, await casebook.open_request(session, UUID(filed["id"])), by=MACHINE, now=db.now()
        )
    await house.workshop.run()
    assert [line.body["what"] for line in _ledger(house).lines()] == ["evidence", "recall"]
    assert (await house.api.get("/readyz")).status_code == 200
    # Whoever died between line and commit leaves one line ahead: its deed is done, so the database is no copy.
    await rows(house.desk, "UPDATE ledger_head SET seq = 1 RETURNING 1")
    await ledgering.demand_current(house.desk)
    await rows(house.desk, "UPDATE request SET recalled_at = NULL RETURNING 1")
    await _is_a_copy(house)
    await rows(house.desk, "UPDATE request SET recalled_at = now() RETURNING 1")
    await rows(house.desk, "UPDATE ledger_head SET seq = 0 RETURNING 1")
    await _is_a_copy(house)
    # The copy of before knows nothing of either.
    await rows(
        house.desk,
        "UPDATE evidence SET state = 'pending', destroyed_at = NULL, destroyed_cause = NULL RETURNING 1",
    )
    for row in copied:
        values = {"a": row.evidence_id, "b": row.part, "c": row.position, "d": row.sealed}
        await rows(house.desk, "INSERT INTO evidence_chunk VALUES (:a, :b, :c, :d) RETURNING 1", **values)
    await rows(house.desk, "UPDATE request SET recalled_at = NULL, frozen_at = NULL RETURNING 1")
    mine = bearer(filed["requester_token"])
    assert (await house.api.get(f"/v1/requests/{filed['id']}", headers=mine)).status_code == 200
    assert (await ledger_commands.replay(house.desk))["destroyed_again"] == 2
    assert await one(house.desk, "SELECT count(*) FROM evidence_chunk") == 0
    assert await one(house.desk, "SELECT state FROM evidence") == "destroyed"
    assert await one(house.desk, "SELECT recalled_at IS NOT NULL FROM request WHERE id = :id", **this)
    assert (await house.api.get(f"/v1/requests/{filed['id']}", headers=mine)).status_code == 401
    assert (await actions(house.desk, filed["id"]))["request.recall"] == 2
    await ledgering.demand_current(house.desk)
    assert (await house.api.get("/readyz")).status_code == 200
    assert (await ledger_commands.replay(house.desk))["destroyed_again"] == 0
    # Whoever died before the restore was committed has not restored.
    await rows(house.desk, "UPDATE ledger_head SET seq = seq - 1 RETURNING 1")
    await _is_a_copy(house)


async def _is_a_copy(house: House) -> None:
    """Neither worker nor API works on it, and both say what is to be done."""
    with pytest.raises(LedgerError, match="rights-desk restore"):
        await ledgering.demand_current(house.desk)
    refused = await house.api.get("/readyz")
    assert (refused.status_code, refused.json()["code"]) == (503, "service.not_restored"), refused.text
    assert int(refused.headers["retry-after"]) > 0


async def test_events_wait_too_and_go_once_a_person_says_so(house: House) -> None:
    mall = await house.system(endpoint_url="http://127.0.0.1:9/events", scheme="v1")
    await rows(house.desk, "UPDATE system SET state = 'active' RETURNING 1")
    await rows(house.desk, "DELETE FROM delivery RETURNING 1")
    filed = await house.file(ONLINE_MALL)
    house.workshop.may_fail = True
    await house.prove(filed)
    assert await one(house.desk, "SELECT count(*) FROM delivery WHERE state = 'pending'") == 1
    told = await ledger_commands.replay(house.desk)
    assert (told["deliveries"], told["cases"]) == (1, 1)
    # What the machine says next of this case waits as well; a code that the person asks for does not.
    await mall.work()
    await _let_a_second_pass()
    officer = house.auth("officer")
    listing = await house.api.get("/v1/held-sendings?limit=1", headers=officer)
    first = listing.json()
    assert first["items"][0]["of"] == "delivery" and first["items"][0]["system_id"] == mall.id and first["next_cursor"]
    more = await house.api.get(f"/v1/held-sendings?cursor={first['next_cursor']}", headers=officer)
    assert {item["of"] for item in more.json()["items"]} == {"message"}
    assert await house.grant(filed)
    ids = [item["id"] for item in first["items"] + more.json()["items"]]
    path = "/v1/held-sendings/settlement"
    for wrong, status in (({"send": [str(db.new_id())]}, 404), ({"send": ids, "leave": ids[:1]}, 422)):
        assert (await house.api.post(path, json=wrong, headers={**officer, **key()})).status_code == status
    last = {"leave": ids[-1:]}
    assert (await house.api.post(path, json=last, headers={**officer, **key()})).json() == {"sent": 0, "left": 1}
    assert await one(house.desk, "SELECT restored_at IS NOT NULL FROM request"), "something of it still waits"
    body = {"send": ids[:1], "leave": ids[1:-1]}
    for _ in range(2):
        once = {"Idempotency-Key": "settled"}
        assert (await house.api.post(path, json=body, headers={**officer, **once})).json()["sent"] == 1
    assert await one(house.desk, "SELECT state FROM delivery") == "pending"
    assert await one(house.desk, "SELECT count(*) FROM message WHERE state = 'dropped'") == len(ids) - 1
    assert await one(house.desk, "SELECT restored_at IS NULL FROM request")
    assert (await house.api.post(path, json={"send": ids[:1]}, headers={**officer, **key()})).status_code == 404
    assert (await actions(house.desk, filed["id"]))["sending.settle"] == len(ids)


async def test_no_use_is_allowed_until_what_was_lost_is_entered_again(house: House) -> None:
    """Holds placed since the backup are missing in it: who asks or copies is put off, by memory and by the database."""
    mall = await house.system()
    index = HoldIndex(house.desk.database, house.desk.settings.database_url or "")
    address = index.address
    assert (await _may_use(house, mall)).json()["results"][0]["allowed"]
    await index._replace(await load(address))
    assert await index.is_sure()
    await ledger_commands.replay(house.desk)
    await _let_a_second_pass()
    assert not await index.is_sure(), "what was loaded before the restore answers nothing after it"
    await index.stop()
    with pytest.raises(NotRestoredError):
        await load(address)
    law = {"required_by_law": "형사소송법 제199조"}
    feed = await house.api.get("/v1/holds/snapshot", headers=mall.headers)
    for refused in (await _may_use(house, mall), await _may_use(house, mall, **law), feed):
        assert (refused.status_code, refused.json()["code"]) == (503, "holds.not_restored"), refused.text
        assert int(refused.headers["retry-after"]) > 0
    officer = house.auth("officer")
    since = (await house.api.get("/v1/held-sendings", headers=officer)).json()["holds_closed_since"]
    assert since and await _closed_for(house) > 0
    await ledger_commands.replay(house.desk)
    await _let_a_second_pass()
    again = (await house.api.get("/v1/held-sendings", headers=house.auth("officer", sid="anew"))).json()
    assert again["holds_closed_since"] == since, "closed is closed"
    officer = house.auth("officer", sid="anew")
    path, word = "/v1/held-sendings/settlement", {"holds_stand_again": True}
    assert (await house.api.post(path, json={}, headers={**officer, **key()})).status_code == 200
    assert (await _may_use(house, mall)).status_code == 503, "nobody has said so yet"
    for _ in range(2):
        assert (await house.api.post(path, json=word, headers={**officer, **key()})).status_code == 200
    assert (await house.api.get("/v1/held-sendings", headers=officer)).json()["holds_closed_since"] is None
    assert (await _may_use(house, mall)).json()["results"][0]["allowed"]
    assert (await house.api.get("/v1/holds/snapshot", headers=mall.headers)).status_code == 200
    assert (await load(address)).keys == 0
    said = await rows(house.desk, "SELECT convert_from(body, 'UTF8')::json ->> 'action' FROM audit_entry")
    assert sum(row == ("holds.reopen",) for row in said) == 1, "it is said once"


async def _closed_for(house: House) -> float:
    """What the operator sees."""
    told = (await house.api.get("/metrics")).text
    [line] = [line for line in told.splitlines() if line.startswith("desk_holds_closed_seconds ")]
    return float(line.split()[1])


async def _may_use(house: House, mall: Holder, **more: str) -> httpx.Response:
    use = {"subject": {"phone": "010-1234-5678"}, "category": "online_mall", "purpose": "delivery", **more}
    return await house.api.post("/v1/processing-checks", json={"checks": [use]}, headers=mall.headers)


async def _let_a_second_pass() -> None:
    """Tokens say in whole seconds when they were given: those of the second of the restore open nothing."""
    await asyncio.sleep(1.1)


async def test_staff_come_in_by_a_new_log_in_only(house: House) -> None:
    """Whose sessions the lost database had ended is not known: everybody's end."""
    used, never_used = house.auth("officer"), house.auth("approver")
    assert (await house.api.get("/v1/claims", headers=used)).status_code == 200
    told = await ledger_commands.replay(house.desk)
    assert told["sessions"] == 1
    await _let_a_second_pass()
    started = httpx.ASGITransport(main.create(house.desk), raise_app_exceptions=False)
    again = house.auth("officer", sid="another log-in")
    async with httpx.AsyncClient(transport=started, base_url="http://desk.example.com") as api:
        came = [await api.get("/v1/claims", headers=who) for who in (used, never_used, again)]
    assert [reply.status_code for reply in came] == [401, 401, 200]


async def test_whoever_had_ended_ends_again(house: House) -> None:
    """A client that was retired gets no token out of the copy, a system no events."""
    admin = house.auth("admin")
    mall, other = await house.system(), await house.system("another")
    made = await house.api.post("/v1/clients", json={"name": "매장", "role": "clerk"}, headers={**admin, **key()})
    client = made.json()
    for path in (f"/v1/clients/{client['client_id']}/retirement", f"/v1/systems/{mall.id}/retirement"):
        assert (await house.api.post(path, headers={**admin, **key()})).status_code == 200, path
    await house.workshop.run()
    assert [line.body["what"] for line in _ledger(house).lines()] == ["client", "client"]
    for statement in (
        "UPDATE client SET retired_at = NULL",
        "UPDATE system SET state = 'active'",
        "UPDATE ledger_head SET seq = 0",
    ):
        await rows(house.desk, f"{statement} RETURNING 1")
    await _is_a_copy(house)
    assert (await ledger_commands.replay(house.desk))["destroyed_again"] == 2
    left = await rows(house.desk, "SELECT system_id::text FROM client WHERE retired_at IS NULL")
    assert [row.system_id for row in left] == [other.id]
    assert await one(house.desk, "SELECT count(*) FROM system WHERE state = 'retired'") == 1
    assert (await ledger_commands.replay(house.desk))["destroyed_again"] == 0


async def test_a_ledger_that_does_not_hold_changes_nothing(house: House) -> None:
    async with house.desk.database.transaction() as session:
        await ledgering.enter(session, "evidence", str(db.new_id()), str(db.new_id()), now=db.now())
    path = _ledger(house).path
    path.write_text(path.read_text().replace('"what":"evidence"', '"what":"requester"'))
    before = await tables(house.desk)
    with pytest.raises(LedgerError, match="breaks at line 1"):
        await ledger_commands.replay(house.desk)
    assert await tables(house.desk) == before


@pytest.mark.parametrize("attempts", [0, 9, 10, 500])
def test_a_line_for_the_ledger_is_tried_until_it_is_written(attempts: int) -> None:
    job = Job(
        id=1, status="doing", queue="any", lock=None, queueing_lock=None, task_name="enter_in_ledger", attempts=attempts
    )
    assert Unending().get_retry_decision(exception=OSError(), job=job).retry_at > db.now()


async def test_what_the_ledger_lacks_is_put_back_before_anything_is_closed(house: House) -> None:
    """A folder that is empty or another's, or no key: the command ends before it has done half of its work."""
    await ledger_commands.replay(house.desk)
    before = await tables(house.desk)
    _ledger(house).path.unlink()
    with pytest.raises(LedgerError, match="ends before line 1"):
        await ledger_commands.replay(house.desk)
    keyless = replace(house.desk, settings=replace(house.desk.settings, audit_key=None))
    house.desk.database.info["desk"] = keyless
    with pytest.raises(LedgerError, match="AUDIT_KEY is missing"):
        await ledger_commands.replay(keyless)
    assert await tables(house.desk) == before


def _ledger(house: House) -> Ledger:
    return Ledger(house.desk.settings.ledger_dir, house.desk.settings.audit_key)


def test_the_commands_say_what_was_done_and_where_the_ledger_breaks(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"DATA_DIR": str(tmp_path), "DATABASE_URL": database_url}.items():
        monkeypatch.setenv(name, value)
    run = CliRunner().invoke
    assert run(cli.app, ["ledger", "verify"]).output == "no lines\n"
    with psycopg.connect(plain(database_url)):
        refused = run(cli.app, ["restore"])
    assert refused.exit_code == 1 and "stop every process" in refused.stderr
    done = json.loads(run(cli.app, ["restore"]).stdout.splitlines()[-1])
    assert (done["lines"], done["destroyed_again"], done["messages"]) == (0, 0, 0)
    assert run(cli.app, ["ledger", "verify"]).output.startswith("1 lines, head ")
    path = tmp_path / "ledger" / "destruction.jsonl"
    path.write_text(path.read_text().replace('"lines":0', '"lines":1'))
    for command in (["ledger", "verify"], ["restore"]):
        broken = run(cli.app, command)
        assert (broken.exit_code, broken.stderr) == (1, "the ledger breaks at line 1\n")
