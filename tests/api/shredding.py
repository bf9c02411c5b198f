"""What lies in the tables about somebody, told in clear; made old; looked for in a dump once it is destroyed."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import LargeBinary, Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import db
from app.desk import Desk
from app.models import IncidentNotice, Request, Requester
from app.services import disposal, keyring, remains, retention
from tests.api.acts import YOUNGHEE, rows
from tests.common_database import TABLES
from tests.house import ONLINE_MALL, STRANGER, House

NOBODYS = re.compile(r"[a-z0-9_.:,+-]*|[0-9T:.+-]+|[A-Z0-9_]+|[0-9a-f-]{36}")
"""Words of the contract, days and ids."""
OTHERS = (
    "SELECT digest FROM disclosure UNION ALL SELECT digest FROM age_seen UNION ALL SELECT digest FROM pace"
    " UNION ALL SELECT subject_digest FROM access_log WHERE subject_digest IS NOT NULL"
)
LONG_AGO = timedelta(days=4 * 366)
WORDS_OF_OURS = 6
"""Shorter words stand in any program; of a person nothing that short is planted."""
_OLD = (
    "UPDATE claim SET status = 'withdrawn', closed_at = now() - :past, objection_until = NULL"
    " WHERE request_id = ANY(:ids)",
    "UPDATE request SET arrived_at = arrived_at - :past, filed_at = filed_at - :past, frozen_at = NULL"
    " WHERE id = ANY(:ids)",
    "UPDATE hold SET lifted_at = now() - :past WHERE lifted_at IS NULL"
    " AND claim_id IN (SELECT id FROM claim WHERE request_id = ANY(:ids))",
    "UPDATE hold SET lifted_at = lifted_at - :past"
    " WHERE lifted_at > now() - interval '1 year' AND claim_id IN (SELECT id FROM claim WHERE request_id = ANY(:ids))",
    "UPDATE notice SET at = at - :past, due_on = due_on - :days WHERE request_id = ANY(:ids)",
    "UPDATE task SET due_at = due_at - :past, finished_at = finished_at - :past WHERE request_id = ANY(:ids)",
    "UPDATE overdue SET due_on = due_on - :days WHERE request_id = ANY(:ids)",
    "UPDATE fence SET state = 'ended', ended_at = now() - :past, destroyed_at = NULL WHERE request_id = ANY(:ids)",
    "UPDATE follow_up SET state = 'done', done_at = now() - :past WHERE request_id = ANY(:ids)",
    "UPDATE incident SET state = 'closed', closed_at = now() - :past WHERE request_id = ANY(:ids)",
    "UPDATE objection SET result = 'dropped', ruled_at = now() - :past WHERE request_id = ANY(:ids)",
)


async def all_requests(desk: Desk) -> list[UUID]:
    """Every request there is."""
    return [row.id for row in await rows(desk, "SELECT id FROM request ORDER BY id")]


async def grow_old(desk: Desk, ids: Iterable[UUID]) -> None:
    """Years go by and nothing of these moves any more; what goes sooner is destroyed by itself."""
    for statement in _OLD:
        values = {"past": LONG_AGO, "days": LONG_AGO.days, "ids": list(ids)}
        await rows(
            desk, statement + " RETURNING 1", **{name: values[name] for name in values if f":{name}" in statement}
        )
    await disposal.sweep(desk, db.now)


async def listed(desk: Desk) -> UUID:
    """The day's list."""
    async with desk.database.transaction() as session:
        made = await retention.plan(session, now=db.now())
    assert made is not None
    return made


async def plant(house: House) -> None:
    """Free words and references that no walk past the operations leaves: each comes in where people bring them in."""
    told = {"caller_number": "010-0000-6001", "recording_ref": "녹취-딱새-6001"}
    await house.file(subject=STRANGER, role="call_center", **told)
    slow = await house.system("a slow mall", categories=["online_mall"])
    filed = await house.file(ONLINE_MALL, subject=YOUNGHEE)
    await house.prove(filed)
    [task] = [one for one in await slow.tasks() if one["claim_id"] == filed["claims"][0]["id"]]
    path, officer, approver = f"/v1/tasks/{task['id']}", house.auth("officer"), house.auth("approver")
    later = (datetime.fromisoformat(task["due_at"]) + timedelta(days=3)).date().isoformat()
    said = {"expected_on": later, "reason": "박새가 창고를 찾고 있습니다."}
    assert (await house.api.put(f"{path}/acknowledgement", json=said, headers=slow.headers)).status_code == 200
    entered = {"result": "not_held", "proof": "동고비 공문을 보았습니다."}
    assert (await house.api.put(f"{path}/result", json=entered, headers=officer)).status_code == 200
    version = {"If-Match": (await house.api.get(path, headers=approver)).headers["etag"]}
    back = {"agree": False, "note": "곤줄박이 공문이 아닙니다."}
    answered = await house.api.put(f"{path}/result-confirmation", json=back, headers={**approver, **version})
    assert answered.status_code == 200, answered.text
    async with house.desk.database.transaction() as session:
        for notice in (await session.execute(select(IncidentNotice))).scalars():
            request = await session.get_one(Request, notice.request_id)
            returned = "쇠딱따구리의 이름이 빠졌습니다."
            notice.note_ct = keyring.seal(session, request, "incident_notice.note", notice.id, returned)


@dataclass(frozen=True)
class Planted:
    """What stood about people: words by the sealed column they lie in; and sealed values and hashes in hexadecimal."""

    by_column: dict[str, set[str]]
    words: set[str]
    coded: set[str]


async def planted(desk: Desk, ids: Iterable[UUID]) -> Planted:
    """Open every sealed column of every table that hangs on these requests."""
    clear: dict[str, set[str]] = {}
    coded: set[str] = set()
    async with desk.database.transaction() as session:
        requests = {one: await session.get_one(Request, one) for one in ids}
        for table in remains.hanging():
            for column in (one for one in table.c if isinstance(one.type, LargeBinary)):
                place, said = f"{table.name}.{column.name}", set[str]()
                for row, owner in await _owned(session, table, requests):
                    value = row[column.name]
                    if value is None:
                        continue
                    if table.name != "delivery":
                        coded.add(bytes(value)[-24:].hex())
                    if column.name.endswith("_ct"):
                        said |= set(_words(await _opened(session, table, column.name, row, requests[owner])))
                if column.name.endswith("_ct"):
                    clear[place] = said
    return await _personal(desk, clear, coded)


async def _personal(desk: Desk, clear: dict[str, set[str]], coded: set[str]) -> Planted:
    """Of what was found, what is somebody's: no ids or days, nor what stands in registers with a clock of their own."""
    registers = [str(one) for (one,) in await rows(desk, "SELECT system::text FROM system")]
    registers.append(desk.settings.policy_file.read_text(encoding="utf-8"))
    receipts = {one for (one,) in await rows(desk, "SELECT receipt_no FROM request")}
    others = await rows(desk, OTHERS)
    words = {
        word
        for found in clear.values()
        for word in found
        if not NOBODYS.fullmatch(word) and word not in receipts and not any(word in one for one in registers)
    }
    return Planted(clear, words, coded - {bytes(one)[-24:].hex() for (one,) in others})


async def left(desk: Desk, words: Iterable[str], coded: Iterable[str]) -> list[str]:
    """Which of it still stands anywhere: in a dump of every table, or in a file of DATA_DIR."""
    files = [path for path in desk.settings.data_dir.rglob("*") if path.is_file()]
    whole = "\n".join([_dump(desk), *(path.read_bytes().decode(errors="replace") for path in files)])
    found = [word for word in words if word in whole or word.encode().hex() in whole or _escaped(word) in whole]
    return found + [one for one in coded if one in whole]


def _dump(desk: Desk) -> str:
    """Every table as text, and every byte in it as hexadecimal."""
    parts = []
    with psycopg.connect(_plain(desk), autocommit=True) as server:
        for (table,) in server.execute(TABLES).fetchall():
            with server.cursor().copy(f"COPY {table} TO STDOUT".encode()) as copy:
                parts += [bytes(part).decode() for part in copy]
    return "".join(parts)


def _plain(desk: Desk) -> str:
    return (desk.settings.database_url or "").replace("postgresql+psycopg://", "postgresql://", 1)


def _escaped(word: str) -> str:
    return json.dumps(word)[1:-1]


async def _owned(session: AsyncSession, table: Table, requests: dict[UUID, Request]) -> list[tuple[Any, UUID]]:
    """The rows of a table, each with its request."""
    found = []
    for one in requests:
        of = select(table).where(remains._of(table, one))
        found += [(row, one) for row in (await session.execute(of)).mappings()]
    return found


async def _opened(session: AsyncSession, table: Table, column: str, row: Any, request: Request) -> Any:
    label = f"{table.name}.{column.removesuffix('_ct')}"
    place = row[next(iter(table.primary_key.columns)).name]
    if label in ("message.content", "proof.asserted", "requester.details"):
        requester = await session.get(Requester, request.id)
        theirs = table.name == "requester" or row.get("party") == "requester"
        if theirs and requester is not None and requester.key is not None:
            return keyring.unseal_for(session, requester, label, place, row[column])
        if theirs:
            return None
    return keyring.unseal(session, request, label, place, row[column])


def _words(value: Any) -> Iterator[str]:
    """Every text in it that is long enough to be somebody's."""
    if isinstance(value, dict):
        for one in value.values():
            yield from _words(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _words(one)
    elif isinstance(value, str) and len(value.encode()) >= WORDS_OF_OURS:
        yield value
