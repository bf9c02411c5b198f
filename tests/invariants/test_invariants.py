"""The check finds nothing in a life that was lived by the rules, and each promise that is broken on purpose."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from aiohttp import web
from psycopg.rows import dict_row

from app import db
from app.crypto import Keyring
from app.services import checkpoints
from tests.api.acts import DELETION, FILING
from tests.api.papers import accept, hand_in, review
from tests.api.shredding import grow_old
from tests.api.shredding import listed as of_today
from tests.api.test_destructions import confirm
from tests.api.test_results import fetch, listed, open_notice
from tests.house import ADDRESS, ONLINE_MALL, House
from tests.invariants import ALL, Answered, World, broken, look
from tests.invariants.world import present
from tests.worker.holders import Receiver

PERSON = ("홍길동", "gildong@example.com", "821012345678", "010-1234-5678", "최하늘", "최보람", "새길 2")
NUMBER = "-".join(("900101", "1" * 7))


@dataclass
class Lived:
    """A life at one desk, and what the outside got of it."""

    house: House
    world: World
    folder: Path


async def serve(receiver: Receiver) -> web.AppRunner:
    app = web.Application()
    app.router.add_post("/events", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/events"
    return runner


@pytest.fixture
async def lived(house: House, desk_url: str, tmp_path: Path) -> AsyncIterator[Lived]:
    """Three rights to their end, a child's paper accepted and another destroyed, a result in two people's hands."""
    receiver = Receiver(answers=[(200, {})])
    runner = await serve(receiver)
    mall = await house.system()
    told = await house.system("told by events", endpoint_url=receiver.url, scheme="v1")
    await house.workshop.run()
    body = {**FILING, "claims": [ONLINE_MALL, ADDRESS, DELETION]}
    first = await house.api.post("/v1/requests", json=body, headers={**house.auth("website"), "Idempotency-Key": "a"})
    filed = first.json()
    await house.prove(filed)
    access, correction, deletion = (one["id"] for one in filed["claims"])
    await house.decide(access, outcome="approve")
    await house.decide(correction, outcome="approve")
    await house.decide(deletion, outcome="partial", reason="보존합니다.")
    await house.approve(deletion, agree=True)
    for _ in range(3):
        for holder in (mall, told):
            await holder.work()
    [*notices] = await listed(house, filed)
    assert len(notices) == 3
    grant = await house.grant(filed)
    assert (await open_notice(house, filed, notices[0]["id"], grant)).status_code == 200
    assert (await fetch(house, filed, grant)).status_code == 200
    for_child = await house.file_as_guardian()
    await accept(house, for_child, "basic_certificate")
    spoilt = await hand_in(house, for_child, "family_relation_certificate")
    assert (await review(house, spoilt, "number_visible")).status_code == 200
    async with house.desk.database.transaction() as session:
        assert await checkpoints.take(session, now=db.now()) is not None
    over = await house.file()
    await grow_old(house.desk, [UUID(over["id"])])
    assert (await confirm(house, await of_today(house.desk))).status_code == 200
    await house.workshop.run()
    plain = desk_url.replace("postgresql+psycopg://", "postgresql://", 1)
    settings = house.desk.settings
    with psycopg.connect(plain, row_factory=dict_row) as rows:
        rows.execute("SET session_replication_role = replica")
        rows.commit()
        yield Lived(
            house,
            World(
                rows=rows,
                now=present(),
                keys=Keyring(settings.master_keys, *settings.lookup_key),
                answered=[Answered("a", first.headers["location"], filed)],
                mails=house.sent("mail"),
                texts=house.sent("sms"),
                events=[(headers["webhook-id"], sent) for headers, sent in receiver.seen],
                folders=[settings.data_dir],
                canaries=PERSON,
            ),
            tmp_path,
        )
        rows.rollback()
    await runner.cleanup()


Plant = str | Callable[[World], World]


def saying(action: str) -> str:
    """Entries of the chain about this action."""
    return f"convert_from(body, 'UTF8') LIKE '%{action}%'"


def copied(table: str, where: str, **changed: str) -> str:
    """A row once more, with some of it changed."""
    return (
        f"INSERT INTO {table} SELECT (jsonb_populate_record(one, jsonb_build_object("
        + ", ".join(f"'{name}', {value}" for name, value in changed.items())
        + f"))).* FROM {table} AS one WHERE {where} LIMIT 1"
    )


def answered_twice(world: World) -> World:
    """The same case as the answer to a second key."""
    assert world.keys is not None
    for row in world.ask("SELECT * FROM idempotency"):
        place = b"idempotency.answer|" + row["principal"]
        said = world.keys.service_unseal(row["answer_ct"], aad=place + row["key"])
        if "receipt_no" in json.loads(said)["body"]:
            sealed = world.keys.service_seal(said, aad=place + b"another")
            world.rows.execute(
                "INSERT INTO idempotency SELECT principal, %s, fingerprint, %s, at FROM idempotency WHERE key = %s",
                (b"another", sealed, row["key"]),
            )
            return world
    raise AssertionError("nothing is kept")


def written(name: str, said: str) -> Callable[[World], World]:
    def plant(world: World) -> World:
        path = world.folders[0] / name
        path.write_text(said, encoding="utf-8")
        return replace(world, logs=[path]) if name.endswith(".log") else world

    return plant


def mailed(**changed: Any) -> Callable[[World], World]:
    def plant(world: World) -> World:
        assert world.mails
        return replace(world, mails=[*world.mails, {**world.mails[0], **changed}])

    return plant


LATE = (
    "UPDATE request SET filed_at = filed_at - interval '1 day'; "
    "UPDATE claim SET due_on = due_on - 60, answered_at = NULL WHERE status = 'closed'"
)
GONE = "(SELECT request_id FROM destroyed_request)"
TOKEN = ".".join(("eyJ" + "a" * 9, "eyJ" + "b" * 9, "c" * 9))
PLANTS: tuple[tuple[str, Plant], ...] = (
    ("p1_what_was_answered_is_there", "DELETE FROM request WHERE capacity = 'self'"),
    ("p1_what_was_answered_is_there", "DELETE FROM evidence"),
    ("p1_what_was_answered_is_there", "UPDATE audit_entry SET hash = '\\x00'"),
    ("p1_a_request_is_whole", "DELETE FROM claim WHERE position = 2"),
    ("p1_a_request_is_whole", f"DELETE FROM audit_entry WHERE {saying('request.file')}"),
    ("p1_a_request_is_whole", "DELETE FROM request"),
    ("p1_what_follows_is_there", "UPDATE message SET state = 'queued', next_at = now() - interval '1 hour'"),
    ("p1_what_follows_is_there", "UPDATE delivery SET state = 'pending', next_at = now() - interval '1 hour'"),
    ("p1_what_follows_is_there", "UPDATE claim SET status = 'carried_out' WHERE status = 'closed'"),
    ("p2_one_case_for_one_key", answered_twice),
    ("p2_one_case_for_one_key", lambda w: replace(w, answered=[*w.answered, replace(w.answered[0], body={"id": "x"})])),
    ("p3_a_claim_is_where_its_entries_lead", "UPDATE claim SET status = 'withdrawn' WHERE position = 1"),
    ("p3_a_claim_is_where_its_entries_lead", "UPDATE claim SET round = 2"),
    ("p3_a_claim_is_where_its_entries_lead", "UPDATE claim SET version = 1"),
    ("p3_a_claim_is_where_its_entries_lead", f"DELETE FROM audit_entry WHERE {saying('claim.verify')}"),
    ("p3_once_for_each", "UPDATE evidence SET destroyed_at = now()"),
    ("p3_once_for_each", copied("audit_entry", saying('evidence.upload'), seq="seq + 9000")),
    ("p4_nothing_goes_out_unwritten", "DELETE FROM destroyed_request; DELETE FROM message"),
    ("p4_nothing_goes_out_unwritten", "DELETE FROM destroyed_request; DELETE FROM delivery"),
    ("p4_nothing_goes_out_unwritten", "UPDATE delivery SET body = body || ' '"),
    ("p4_nothing_goes_out_unwritten", mailed(text="something else")),
    ("p4_what_is_written_as_sent_went_out", lambda world: replace(world, mails=[])),
    ("p4_what_is_written_as_sent_went_out", lambda world: replace(world, events=[])),
    ("p4_what_is_written_as_sent_went_out", "DELETE FROM delivery_attempt"),
    ("p4_what_is_written_as_sent_went_out", "DELETE FROM message_attempt"),
    ("p5_nothing_before_its_time", "DELETE FROM proof"),
    ("p5_nothing_before_its_time", "DELETE FROM decision"),
    ("p5_nothing_before_its_time", "UPDATE decision SET approver_iss = proposer_iss, approver_sub = proposer_sub"),
    ("p5_nothing_before_its_time", "UPDATE assessment SET decides = 'two'"),
    ("p5_nothing_before_its_time", "UPDATE decision SET decided_by = 'machine'"),
    ("p5_nothing_before_its_time", "UPDATE claim SET available_from = now() + interval '1 day'"),
    ("p5_nothing_before_its_time", "UPDATE grant_use SET at = at + interval '1 hour'"),
    ("p6_one_decision_a_round", "UPDATE decision SET state = 'superseded'"),
    ("p6_one_decision_a_round", copied("decision", "state = 'effective'", id="gen_random_uuid()")),
    ("p7_no_day_passes_in_silence", LATE),
    ("p8_the_chain_holds", "UPDATE audit_entry SET body = body || ' ' WHERE seq = 2"),
    ("p8_the_chain_holds", "DELETE FROM audit_entry WHERE seq = (SELECT max(seq) FROM audit_entry)"),
    ("p8_the_chain_holds", "DELETE FROM audit_entry WHERE seq = 3"),
    ("p8_the_chain_holds", "UPDATE audit_entry SET detail_ct = '\\x00'"),
    ("p8_the_chain_holds", "UPDATE audit_entry SET request_id = NULL WHERE request_id IS NOT NULL"),
    ("p8_what_was_signed_stands", "UPDATE audit_entry SET hash = '\\x00' WHERE seq = 1"),
    ("p8_what_was_signed_stands", "DELETE FROM audit_entry"),
    ("p8_what_was_signed_stands", "UPDATE audit_checkpoint SET note = replace(note, 'audit', 'audiT')"),
    ("p8_what_was_signed_stands", "UPDATE audit_checkpoint SET root = sha256(root)"),
    ("p9_what_is_destroyed_is_gone", "UPDATE package SET destroyed_at = now()"),
    ("p9_what_is_destroyed_is_gone", "UPDATE evidence SET destroyed_at = now()"),
    ("p9_what_is_destroyed_is_gone", "UPDATE requester SET destroyed_at = now()"),
    ("p9_what_is_destroyed_is_gone", written(".half.tmp", "half")),
    ("p9_of_a_destroyed_request_nothing_is_left", f"UPDATE notice SET request_id = {GONE}"),
    ("p9_of_a_destroyed_request_nothing_is_left", f"UPDATE request SET id = {GONE} WHERE capacity = 'self'"),
    ("p10_nobody_is_named", "UPDATE delivery SET body = body || convert_to(' 010-0000-1234', 'UTF8')"),
    ("p10_nobody_is_named", written("serve.log", f"filed for {PERSON[1]}")),
    ("p10_nobody_is_named", written("worker.log", f"the number {NUMBER}")),
    ("p10_nobody_is_named", lambda world: replace(world, urls=[f"/v1/x?token={TOKEN}"])),
    ("p10_nobody_is_named", mailed(subject=f"{PERSON[0]}님께")),
    ("p10_rows_and_files_name_nobody", f"UPDATE request SET receipt_no = id || '{PERSON[0]}'"),
    ("p10_rows_and_files_name_nobody", f"UPDATE access_log SET purpose = '{NUMBER}'"),
    ("p10_rows_and_files_name_nobody", written("left.txt", PERSON[0])),
    ("p11_a_failure_has_an_owner", "UPDATE delivery SET state = 'exhausted'"),
    ("p11_a_failure_has_an_owner", "UPDATE message SET state = 'failed'"),
    ("p12_no_step_back", "UPDATE task SET status = 'pending' WHERE status = 'done'"),
    ("p12_no_step_back", f"DELETE FROM audit_entry WHERE {saying('task.answer')}"),
    ("p12_no_step_back", copied("audit_entry", saying('task.answer'), seq="seq + 9000")),
)  # fmt: skip


async def test_every_promise_that_is_broken_is_seen_and_none_that_is_kept(lived: Lived) -> None:
    assert broken(lived.world) == []
    by_name = {one.__name__: one for one in ALL}
    assert {name for name, _ in PLANTS} == by_name.keys()
    for name, plant in PLANTS:
        world, files = replace(lived.world), set(lived.world.folders[0].iterdir())
        if isinstance(plant, str):
            for statement in plant.split("; "):
                assert world.rows.execute(statement).rowcount, f"nothing was planted: {statement}"
        else:
            world = plant(world)
        found = list(by_name[name](world))
        assert found, f"{name} sees nothing of {plant}"
        # What is said of a broken promise may be shown to anybody.
        assert not any(word in line for word in (*PERSON, NUMBER) for line in found)
        world.rows.rollback()
        for left in set(world.folders[0].iterdir()) - files:
            left.unlink()
    assert broken(replace(lived.world)) == []


async def test_an_instance_is_looked_at_by_its_settings(lived: Lived, desk_url: str) -> None:
    assert look(lived.house.desk.settings, desk_url) == []
    filed = lived.house.desk.settings.outbox_dir / "mail"
    for mail in filed.glob("*.json"):
        mail.unlink()
    assert {one.partition(":")[0] for one in look(lived.house.desk.settings, desk_url)} == {"P4"}
