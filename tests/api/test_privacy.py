"""What must not be found: names, contacts, addresses and reasons, in clear, anywhere but in what is sent to them."""

import io
import json
import logging
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app import logs
from app.services import audit
from examples.register.__main__ import build
from tests.api.acts import DELETION, one, rows, statuses, tables
from tests.conftest import REGISTER_SECRET, serving
from tests.house import Holder, House, bearer, key

PERSON = {"name": "제갈카나리", "phone": "010-7391-8264", "email": "canary.quagga@example.com"}
ADDRESS = {"postal_code": "63309", "road_address": "제주특별자치도 두루미길 7391", "detail": "카나리빌 82동"}
CANARIES = (
    "제갈카나리",
    "canary.quagga",
    "quagga",
    "1073918264",
    "7391-8264",
    "두루미길",
    "카나리빌",
    "왜가리거리",
    "따오기사유",
    "저어새이유",
    "황새메모",
    "뜸부기쪽지",
    "두견새답변",
    "010-6482-1937",
    "rec-canary-77",
    "1971-03-19",
    "C-QUAGGA-1",
)
REGISTERED = {
    "subject_ref": "C-QUAGGA-1",
    "account_id": None,
    "name": PERSON["name"],
    "birth_date": "1971-03-19",
    "contacts": [
        {"kind": "phone", "value": "+821073918264", "since": "2024-03-01", "holder": "subject"},
        {"kind": "email", "value": PERSON["email"], "since": "2024-03-01", "holder": "subject"},
    ],
    "guardians": [],
    "flags": [],
}


class People:
    """A register's book with the canary in it."""

    def read(self) -> list[dict[str, Any]]:
        return [REGISTERED]


@pytest.fixture
def canary_register(environment: dict[str, str]):
    with serving(build(REGISTER_SECRET, People())) as url:  # type: ignore[arg-type]
        environment["REGISTER_URL"] = url
        yield


class Catcher:
    """A receiver that keeps what it is sent, and answers its challenge."""

    def __init__(self) -> None:
        self.got: list[str] = []

    async def __call__(self, scope, receive, send) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        self.got.append(f"{scope['path']} {scope['query_string']} {scope['headers']} {body.decode()}")
        said = json.loads(body)["data"]
        answer = json.dumps({"challenge": said["challenge"]} if "challenge" in said else {}).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": answer})


def clear(where: str, found: str) -> None:
    for canary in CANARIES:
        assert canary not in found, f"{canary} in {where}"


async def work(holder: Holder) -> None:
    """Do whatever waits, with words and data of the person."""
    for task in await holder.tasks():
        await holder.fetch(task["id"])
        data = {"data": {task["category"]: [{"name": PERSON["name"]}]}} if task["action"] == "collect" else {}
        await holder.report(task["id"], note="두루미길 다녀옴", **data)
    await holder.house.workshop.run()


async def journey(house: House, catcher: Holder, urls: list[str], problems: list[str]) -> dict[str, Any]:
    """Everything that can be said and typed of a person, through a whole life."""
    house.api.event_hooks["request"].append(lambda request: _note(urls, str(request.url)))
    house.api.event_hooks["response"].append(lambda reply: _keep(problems, reply))
    mall = await house.system(matches_by=["subject_ref", "name", "phone", "email", "birth_date"])
    changes = [
        {"category": "separate_service", "field": "address", "current": "왜가리거리 1", "corrected": "두루미길 2"}
    ]
    filed = await house.file(
        {"right": "access", "aspects": ["items", "purposes"], "categories": ["online_mall", "consultation"]},
        {"right": "correction", "changes": changes, "reason": "저어새이유"},
        {**DELETION, "reason": "따오기사유"},
        subject={**PERSON, "address": ADDRESS},
        notify_by="email",
    )
    await house.api.post(
        "/v1/requests", json={"subject": {**PERSON, "name": "제갈카나리9"}}, headers={**house.auth("website"), **key()}
    )
    await house.prove(filed)
    assert await statuses(house, filed) == ["verified"] * 3
    access, correction, deletion = (claim["id"] for claim in filed["claims"])
    await house.decide(correction, outcome="approve", internal_note="황새메모")
    await house.decide(access, outcome="approve")
    await house.decide(deletion, outcome="partial", reason="두견새답변", internal_note="황새메모")
    await house.approve(deletion, agree=False, note="뜸부기쪽지")
    await house.decide(deletion, outcome="partial", reason="두견새답변")
    await house.approve(deletion, agree=True, note="뜸부기쪽지")
    for _ in range(4):
        for holder in (catcher, mall):
            await work(holder)
    collection = f"/v1/claims/{access}/collection"
    seen = await house.api.get(collection, headers=house.auth("officer"))
    await house.api.put(f"{collection}/review", headers={**house.auth("officer"), "If-Match": seen.headers["etag"]})
    await house.workshop.run()
    assert await statuses(house, filed) == ["closed"] * 3
    call = {"caller_number": "010-6482-1937", "recording_ref": "rec-canary-77", "external_ref": "카나리빌"}
    await house.file(subject=PERSON, role="call_center", **call)
    await house.api.post("/v1/request-searches", json={"phone": PERSON["phone"]}, headers=house.auth("officer"))
    return filed


async def _note(kept: list[str], value: str) -> None:
    kept.append(value)


async def _keep(kept: list[str], reply: httpx.Response) -> None:
    if reply.status_code >= 400:
        kept.append((await reply.aread()).decode())


async def dump(house: House) -> dict[str, str]:
    """Every table as text, bytes as they are."""
    found = {}
    async with house.desk.database.transaction() as session:
        names = [
            name
            for (name,) in await session.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        ]
        for name in names:
            kept = [str(row) for row in (await session.execute(text(f'SELECT * FROM "{name}"'))).mappings()]
            raw = [
                bytes(value).decode("utf-8", "ignore")
                for row in (await session.execute(text(f'SELECT * FROM "{name}"'))).mappings()
                for value in row.values()
                if isinstance(value, bytes | memoryview)
            ]
            found[name] = "\n".join(kept + raw)
    return found


async def test_canaries_are_nowhere_in_clear(canary_register: None, house: House) -> None:
    urls: list[str] = []
    problems: list[str] = []
    caught = Catcher()
    written = io.StringIO()
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    with serving(caught) as url, redirect_stderr(written), redirect_stdout(written):
        logs.set_up("DEBUG", pretty=False)
        try:
            catcher = await house.system("catcher", endpoint_url=f"{url}/events", scheme="v1")
            await house.workshop.run()
            filed = await journey(house, catcher, urls, problems)
        finally:
            root.handlers[:] = before
            root.setLevel(level)
    clear("the log", written.getvalue())
    for found in ("file_request", "answered"):
        assert found in written.getvalue()
    clear("URLs", "\n".join(urls))
    assert len(problems) >= 1
    clear("problems", "\n".join(problems))
    assert any("task.created" in event for event in caught.got)
    clear("events", "\n".join(caught.got))
    dumped = await dump(house)
    assert filed["receipt_no"] in dumped["request"] and len(dumped) > 30
    for name, content in dumped.items():
        clear(f"table {name}", content)
    for message in house.sent("sms") + house.sent("mail"):
        headers = {name: value for name, value in message.get("headers", {}).items() if name != "To"}
        clear("a message", str({**message, "to": "", "headers": headers}))


async def test_what_stays_clear_is_found_by_the_same_search(house: House) -> None:
    """The search itself can fail: what is written in clear is found by it."""
    await house.system("두루미길 시스템")
    dumped = await dump(house)
    with pytest.raises(AssertionError, match="table system"):
        clear("table system", dumped["system"])


async def test_every_contact_of_staff_clients_and_systems_is_one_row_and_the_persons_own_none(house: House) -> None:
    system = await house.system()
    filed = await house.file()
    claim = filed["claims"][0]["id"]
    staff, person = house.auth("officer"), bearer(filed["requester_token"])
    unknown = "0193b9a0-0000-7000-8000-000000000000"

    async def rows_of(call: Any) -> list[Any]:
        asked = " FROM access_log WHERE operation <> 'log_in'"
        before = await one(house.desk, f"SELECT count(*){asked}")
        await call
        every = await rows(house.desk, f"SELECT role, operation, result, request_id, actor{asked} ORDER BY id")
        return every[before:]

    get, post, put = house.api.get, house.api.post, house.api.put
    for call, role, operation, result, whose in (
        (get(f"/v1/requests/{filed['id']}", headers=staff), "officer", "get_request", "ok", True),
        (get(f"/v1/requests/{unknown}", headers=staff), "officer", "get_request", "request.not_found", False),
        (get("/v1/requests/nonsense", headers=staff), "officer", "get_request", "failed", False),
        (
            get(f"/v1/requests/{filed['id']}", headers=house.auth("auditor")),
            "auditor",
            "get_request",
            "auth.forbidden",
            False,
        ),
        (
            get(f"/v1/requests/{filed['id']}", headers=house.auth("clerk")),
            "clerk",
            "get_request",
            "request.not_found",
            False,
        ),
        (get(f"/v1/claims/{claim}/assessment", headers=staff), "officer", "get_assessment", "ok", True),
        (
            put(f"/v1/claims/{claim}/decision", json={"outcome": "approve"}, headers={**staff, "If-Match": '"v1"'}),
            "officer",
            "decide_claim",
            "claim.not_verified",
            False,
        ),
        (
            post("/v1/requests", json={}, headers={**house.auth("website"), **key()}),
            "website",
            "file_request",
            "failed",
            False,
        ),
        (
            post("/v1/request-searches", json={"phone": "010-1234-5678"}, headers=staff),
            "officer",
            "search_requests",
            "ok",
            True,
        ),
        (get("/v1/tasks", headers=system.headers), "system", "list_tasks", "ok", False),
        (get(f"/v1/tasks/{unknown}", headers=system.headers), "system", "get_task", "task.not_found", False),
    ):
        [row] = await rows_of(call)
        assert (row[0], row[1], row[3] is not None) == (role, operation, whose), (operation, row)
        assert row[2] == result or (result == "failed" and row[2] != "ok"), (operation, row)
        assert "홍길동" not in str(row) and row[4]
    for call in (
        get(f"/v1/requests/{filed['id']}", headers=person),
        get(f"/v1/requests/{filed['id']}/timeline", headers=person),
        post(f"/v1/requests/{filed['id']}/withdrawal", json={}, headers=person),
    ):
        assert await rows_of(call) == []


async def test_a_relayed_code_is_logged_with_whose_request_it_was(house: House) -> None:
    filed = await house.file(role="call_center", notify_by="sms")
    agent = house.auth("call_center", agent="a17")
    path = f"/v1/requests/{filed['id']}/verifications"
    body = {"party": "subject", "method": "phone_code", "purpose": "identity"}
    asked = (await house.api.post(path, json=body, headers={**agent, **key()})).json()
    await house.api.post(f"/v1/verifications/{asked['id']}/answer", json={"code": "00000000"}, headers=agent)
    [row] = await rows(
        house.desk,
        "SELECT request_id::text, result, agent FROM access_log WHERE operation = 'answer_verification'",
    )
    assert tuple(row) == (filed["id"], "verification.failed", "a17")


async def test_every_change_is_one_entry_and_the_chain_verifies(house: House) -> None:
    mall = await house.system()
    filed = await house.file(DELETION)
    await house.prove(filed)
    claim = filed["claims"][0]["id"]
    await house.decide(claim, outcome="partial", reason="보존")
    await house.approve(claim, agree=True)
    await mall.work()
    bodies = await rows(
        house.desk,
        "SELECT convert_from(body, 'UTF8')::json FROM audit_entry WHERE request_id = :id ORDER BY seq",
        id=filed["id"],
    )
    told = Counter(body["action"] for (body,) in bodies)
    assert told == {
        "request.file": 1,
        "verification.ask": 1,
        "verification.answer": 1,
        "identity.judge": 1,
        "alert.tell": 1,
        "claim.verify": 1,
        "claim.assess": 1,
        "claim.propose": 1,
        "claim.approve_partly": 1,
        "fence.raise": 1,
        "task.answer": 1,
        "claim.carry_out": 1,
        "claim.notify": 1,
        "notice.write": 1,
        "message.send": 1,
    }
    moves = [(body["facts"]["from"], body["facts"]["to"]) for (body,) in bodies if "from" in body["facts"]]
    assert moves == [
        ("received", "verified"),
        ("verified", "verified"),
        ("verified", "approved"),
        ("approved", "carried_out"),
        ("carried_out", "closed"),
    ]
    assert await verdict(house) is None
    receipt = filed["anchor"]
    kept = await one(house.desk, "SELECT encode(hash, 'hex') FROM audit_entry WHERE seq = :seq", seq=receipt["seq"])
    assert kept == receipt["hash"]


async def verdict(house: House) -> int | None:
    """The first entry that does not follow, or None."""
    async with house.desk.database.transaction() as session:
        return (await audit.verify(session)).first_bad


TAMPERINGS = (
    ("UPDATE audit_entry SET body = set_byte(body, 20, get_byte(body, 20) # 1) WHERE seq = 3", 3),
    ("UPDATE audit_entry SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE seq = 2", 2),
    ("UPDATE audit_entry SET prev_hash = hash WHERE seq = 4", 4),
    ("UPDATE audit_entry SET detail_ct = 'x' WHERE seq = 2", 2),
    ("DELETE FROM audit_entry WHERE seq = 3", 3),
    ("DELETE FROM audit_entry WHERE seq = 1", 1),
    ("DELETE FROM audit_entry WHERE seq > 3", 4),
    ("DELETE FROM audit_entry", 1),
    ("UPDATE audit_entry SET seq = seq + 1000 WHERE seq = 2", 2),
    (
        "UPDATE audit_entry AS one SET request_id = other.request_id, body = other.body, detail_ct = other.detail_ct,"
        " prev_hash = other.prev_hash, hash = other.hash"
        " FROM audit_entry AS other WHERE (one.seq, other.seq) IN ((2, 3), (3, 2))",
        2,
    ),
    (
        "INSERT INTO audit_entry SELECT seq + 100, request_id, body, detail_ct, prev_hash, hash"
        " FROM audit_entry WHERE seq = 2",
        None,
    ),
)


async def test_whoever_tampers_with_the_chain_is_found_even_as_superuser(house: House) -> None:
    for _ in range(5):
        await house.file()
    assert await verdict(house) is None
    for change, first_bad in TAMPERINGS:
        async with house.desk.database.engine.connect() as connection:
            await connection.execute(text("SET session_replication_role = replica"))
            await connection.execute(text(change))
            async with AsyncSession(bind=connection, join_transaction_mode="create_savepoint") as session:
                found = (await audit.verify(session)).first_bad
            assert found is not None and (first_bad is None or found == first_bad), (change, found)
            await connection.rollback()
        async with house.desk.database.engine.connect() as connection:
            if not change.startswith("INSERT"):
                with pytest.raises(Exception, match="append-only"):
                    await connection.execute(text(change))
            await connection.rollback()
    assert await verdict(house) is None


async def test_an_entry_that_cannot_be_written_stops_the_act(house: House) -> None:
    before = await tables(house.desk)
    before.pop("access_log")
    async with house.desk.database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE audit_head RENAME TO away"))
    body = {"capacity": "self", "channel": "web", "subject": PERSON, "claims": [DELETION]}
    reply = await house.api.post("/v1/requests", json=body, headers={**house.auth("website"), **key()})
    assert reply.status_code >= 500 and reply.json()["code"] in ("internal.error", "service.unavailable")
    async with house.desk.database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE away RENAME TO audit_head"))
    after = await tables(house.desk)
    after.pop("access_log")
    assert after == before
