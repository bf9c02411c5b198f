"""Every crash point of the code, hit by SIGKILL in a process that is started again: nothing is lost or done twice."""

import asyncio
import re
import signal
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from sqlalchemy import text

from app.jobs import Job, defer
from app.settings import vault
from tests.api.papers import scan
from tests.conftest import REGISTER_SECRET, serving
from tests.e2e.crashes import SCENES
from tests.e2e.nursery import Born, Nursery
from tests.e2e.processes import Mailbox, SmsGateway, free_port, ready, until
from tests.e2e.test_processes import Stage
from tests.house import ADDRESS, CHILD, CODE, GILDONG, MOTHER, ONLINE_MALL, bearer
from tests.invariants import Answered
from tests.worker.holders import Receiver

TESTS = Path(__file__).resolve().parents[1]
POINT = re.compile(r'crashpoint\(\s*"([a-z_]+\.[a-z0-9_]+)"\s*\)')
PATIENCE_S = 180.0
PERSON = ("홍길동", "gildong@", "1012345678", "1234-5678", "새길 2", "최하늘", "최보람", "boram@")


def test_every_point_has_a_scene_that_hits_it() -> None:
    sources = [path.read_text("utf-8") for path in (TESTS.parent / "app").rglob("*.py") if path.stem != "crashpoints"]
    calls = [call for source in sources for call in re.findall(r"(?<!import )\bcrashpoint\(", source)]
    names = [name for source in sources for name in POINT.findall(source)]
    assert len(names) == len(calls) and len(set(names)) == len(names), "a point is named by a word of its own"
    assert set(names) == SCENES.keys(), "every point stands in tests/e2e/crashes.py with the test that hits it"
    for name, (file, test) in SCENES.items():
        source = (TESTS / file).read_text("utf-8")
        assert f"def {test}(" in source and f'"{name}"' in source, name


class UnderFire(Stage):
    """A desk whose processes die at a point, and its world outside, which does not."""

    def __init__(self, *parts: Any, receiver: Receiver) -> None:
        super().__init__(*parts)
        self.receiver = receiver
        self.http = httpx.AsyncClient(base_url=self.url, timeout=PATIENCE_S)
        self.answered: list[Answered] = []

    async def open(self, point: str = "") -> Born:
        """An API that will die at this point."""
        self.door = self.api(DESK_CRASHPOINT=point)
        await ready(self.url)
        return self.door

    def work(self, point: str = "") -> Born:
        """A worker that will die at this point."""
        return self.worker(DESK_CRASHPOINT=point)

    async def call(self, method: str, path: str, key: str, headers: dict[str, str], **sent: Any) -> httpx.Response:
        """A call under a key; what is answered 201 or 202 is remembered."""
        reply = await self.http.request(method, path, headers={"Idempotency-Key": key, **headers}, **sent)
        if reply.status_code in (201, 202):
            self.answered.append(Answered(key, reply.headers.get("location"), reply.json()))
        return reply

    def role(self, role: str, sub: str | None = None) -> dict[str, str]:
        """Who calls."""
        return bearer(self.token(role, sub or f"{role}-1"))

    async def dies(self, calling: Awaitable[httpx.Response]) -> None:
        """The process dies amid this call, and all promises hold."""
        with pytest.raises(httpx.TransportError):
            await calling
        await self.died(self.door)

    async def died(self, process: Born) -> None:
        """A process came to its point; what it left behind keeps every promise."""
        assert await process.ended(seconds=PATIENCE_S) == -signal.SIGKILL
        self.promises()

    def promises(self, *, at_rest: bool = False) -> None:
        """What everybody holds in their hands agrees with the rows."""
        events = [(headers["webhook-id"], body) for headers, body in self.receiver.seen]
        self.hold_promises(at_rest=at_rest, answered=self.answered, events=events, canaries=PERSON)

    async def a_minute_passes(self) -> None:
        """What waits is due again, and the sweep comes by."""
        async with self.desk.database.transaction() as session:
            for moved in (
                "UPDATE message SET next_at = next_at - interval '2 minutes' WHERE state = 'queued'",
                "UPDATE proof SET at = at - interval '1 minute' WHERE judged_at IS NULL",
                "UPDATE verification SET created_at = created_at - interval '1 minute' WHERE sent_at IS NULL",
                "UPDATE delivery SET lease_until = now() WHERE lease IS NOT NULL",
            ):
                await session.execute(text(moved))
            await defer(session, Job("sweep", {"timestamp": "0"}))

    async def statuses(self) -> list[str]:
        """Where the first request's claims stand."""
        async with self.desk.database.transaction() as session:
            found = await session.execute(text("SELECT status FROM claim ORDER BY request_id, position LIMIT 2"))
            return list(found.scalars())


@pytest.fixture
async def stage(database_url: str, register_url: str, tmp_path: Path, nursery: Nursery) -> AsyncIterator[UnderFire]:
    """Mail, SMS, register and a holder's endpoint are real servers; the desk's own processes are forked by the test."""
    gateway, receiver, app = SmsGateway(), Receiver(answers=[(200, {})]), web.Application()
    app.router.add_post("/events", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/events"
    with Mailbox() as mailbox, serving(gateway.app) as sms_url:
        env = {
            "DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": database_url, "PORT": str(free_port()),
            "REGISTER_URL": register_url, "REGISTER_SECRET": REGISTER_SECRET, "SMTP_URL": mailbox.url,
            "SMS_URL": f"{sms_url}/sms", "SMS_TOKEN": "sms-token", "EXAMPLES": "0",
        }  # fmt: skip
        built = UnderFire(tmp_path, env, mailbox, gateway, nursery, receiver=receiver)
        yield built
        for process in built.processes:
            process.kill()
        await built.http.aclose()
        await built.desk.database.dispose()
    await runner.cleanup()


@pytest.mark.slow
async def test_a_life_goes_on_whichever_step_is_killed(stage: UnderFire) -> None:
    """Each process is started to die at the next point: it first does what the one before it left undone."""
    filed = await _filing(stage)
    worker, mall = await _first_code(stage, filed)
    worker = await _proving(stage, filed, worker)
    worker = await _deciding(stage, filed, mall, worker)
    await _answering(stage, worker)
    await _handing_in(stage)
    await _changing_keys(stage, mall)
    await _asking_first(stage, mall)

    async def nothing_waits() -> bool:
        left = "SELECT count(*) FROM message WHERE state = 'queued'"
        async with stage.desk.database.transaction() as session:
            return bool((await session.execute(text(left))).scalar_one() == 0)

    await stage.a_minute_passes()
    await until(nothing_waits, "the last message", seconds=PATIENCE_S)
    assert await stage.statuses() == ["closed", "closed"]
    stage.promises(at_rest=True)
    await _changing_the_master_key(stage)


async def _filing(stage: UnderFire) -> dict[str, Any]:
    """Before the commit nothing is there, after it all is; the same key is then told what was done (F1, F2)."""
    body = {"capacity": "self", "channel": "web", "subject": GILDONG, "claims": [ONLINE_MALL, ADDRESS]}

    def file() -> Awaitable[httpx.Response]:
        return stage.call("POST", "/v1/requests", "first", stage.role("website"), json={**body, "notify_by": "email"})

    await stage.open("answer.before_commit")
    await stage.dies(file())
    assert await stage.count("request") == await stage.count("idempotency") == await stage.count("audit_entry") == 0
    await stage.open("answer.after_commit")
    await stage.dies(file())
    assert await stage.count("request") == 1
    await stage.open("code.after_count")
    first, again = await file(), await file()
    assert first.status_code == again.status_code == 201 and first.content == again.content
    assert await stage.count("request") == 1
    found: dict[str, Any] = first.json()
    return found


async def _first_code(stage: UnderFire, filed: dict[str, Any]) -> tuple[Born, dict[str, Any]]:
    """A message that was taken and not sent goes out later; one that was sent and not noted goes out again (F18)."""
    worker = stage.work("message.after_take")
    system = {
        "name": "a mall", "kind": "internal", "categories": ["online_mall", "separate_service"],
        "actions": ["hold", "release", "collect", "correct", "delete"], "matches_by": ["subject_ref", "name", "phone"],
        "contact_email": "holder@example.com", "endpoint_url": stage.receiver.url, "scheme": "v1",
    }  # fmt: skip
    mall = (await stage.call("POST", "/v1/systems", "mall", stage.role("admin"), json=system)).json()

    async def active() -> bool:
        seen = await stage.http.get(f"/v1/systems/{mall['id']}", headers=stage.role("admin"))
        return bool(seen.json()["state"] == "active")

    # A mail to the desk itself, that it has holders to register, may be what is taken first.
    asked = await stage.call(
        "POST",
        f"/v1/requests/{filed['id']}/verifications",
        "code",
        bearer(filed["requester_token"]),
        json={"party": "subject", "method": "phone_code", "purpose": "identity"},
    )
    await stage.died(worker)
    assert asked.status_code == 202 and stage.sms.messages == []
    worker = stage.work("message.after_carrier")
    await stage.a_minute_passes()
    await stage.died(worker)
    worker = stage.work("identity.after_lookup")
    await stage.a_minute_passes()
    await until(active, "the holder's challenge", seconds=PATIENCE_S)

    async def came() -> bool:
        return any(one["template"].startswith("code") for one in stage.sms.messages)

    await until(came, "the code", seconds=PATIENCE_S)
    return worker, {**mall, "asked": asked.json()["id"]}


async def _proving(stage: UnderFire, filed: dict[str, Any], worker: Born) -> Born:
    """A try is counted before it is judged; who was looked up is looked up again; what is held is held with it."""
    [asked] = [one.body["id"] for one in stage.answered if one.key == "code"]
    code = next(CODE.findall(one["text"])[0] for one in stage.sms.messages if one["template"].startswith("code"))

    def answer() -> Awaitable[httpx.Response]:
        path = f"/v1/verifications/{asked}/answer"
        return stage.http.post(path, json={"code": code}, headers=bearer(filed["requester_token"]))

    await stage.dies(answer())
    assert await stage.count("verification WHERE tries = 1 AND used_at IS NULL") == 1
    await stage.open("decision.before_commit")
    assert (await answer()).status_code == 200
    await stage.died(worker)
    worker = stage.work("hold.before_commit")
    await stage.a_minute_passes()
    await stage.died(worker)
    assert await stage.statuses() == ["received", "received"] and await stage.count("hold") == 0
    worker = stage.work("package.before_commit")
    await stage.a_minute_passes()
    return worker


async def _deciding(stage: UnderFire, filed: dict[str, Any], mall: dict[str, Any], worker: Born) -> Born:
    """A decision that was not committed is made again on the same version, once."""
    path = f"/v1/claims/{filed['claims'][1]['id']}"
    officer = stage.role("officer")

    async def assessed() -> str | None:
        reply = await stage.http.get(f"{path}/assessment", headers=officer)
        seen = await stage.http.get(path, headers=officer)
        return seen.headers["etag"] if reply.status_code == 200 and reply.json()["state"] == "ready" else None

    version = {"If-Match": await until(assessed, "the assessment", seconds=PATIENCE_S) or ""}

    def decide() -> Awaitable[httpx.Response]:
        return stage.http.put(f"{path}/decision", json={"outcome": "approve"}, headers={**officer, **version})

    await stage.dies(decide())
    assert await stage.count("decision WHERE decided_by = 'person'") == 0
    await stage.open("upload.after_store")
    assert (await decide()).status_code == 200
    assert (await decide()).status_code in (409, 412)
    await until(lambda: _do_tasks(stage, mall), "every task to be done", seconds=PATIENCE_S)
    return worker


async def _do_tasks(stage: UnderFire, mall: dict[str, Any]) -> bool:
    """The holder does what it finds; true once it has collected and corrected."""
    system = stage.role("system", mall["id"])
    listed = await stage.http.get("/v1/tasks?status=pending", headers=system)
    for task in listed.json()["items"]:
        whole = (await stage.http.get(f"/v1/tasks/{task['id']}", headers=system)).json()
        data = (
            {"data": {task["category"]: [dict.fromkeys(whole["fields"], "x")]}} if task["action"] == "collect" else {}
        )
        said = await stage.http.put(f"/v1/tasks/{task['id']}/result", json={"result": "done", **data}, headers=system)
        assert said.status_code == 200, said.text
    return await stage.count("task WHERE status = 'done' AND action IN ('collect', 'correct')") == 2


async def _answering(stage: UnderFire, worker: Born) -> None:
    """A package or notice that was not committed is not there; then it is, once, with one word that it is."""
    await stage.died(worker)
    assert await stage.count("package") == await stage.count("package_chunk") == 0
    worker = stage.work("notice.before_commit")
    await stage.a_minute_passes()
    await stage.died(worker)
    assert await stage.count("package") == 0
    stage.work()
    await stage.a_minute_passes()

    async def closed() -> bool:
        return await stage.statuses() == ["closed", "closed"]

    await until(closed, "both answers", seconds=PATIENCE_S)
    assert await stage.count("package") == 1 and await stage.count("notice") == 2


async def _handing_in(stage: UnderFire) -> None:
    """A paper that was stored and not committed is nowhere; sent again it is there once (F3)."""
    body = {"capacity": "guardian", "channel": "web", "subject": CHILD, "requester": MOTHER, "claims": [ONLINE_MALL]}
    child = (await stage.call("POST", "/v1/requests", "child", stage.role("website"), json=body)).json()
    paper = scan()

    def hand_in() -> Awaitable[httpx.Response]:
        return stage.call(
            "POST",
            f"/v1/requests/{child['id']}/evidence",
            "paper",
            bearer(child["requester_token"]),
            data={"kind": "basic_certificate", "party": "requester"},
            files={"file": ("a.png", paper, "image/png")},
        )

    await stage.dies(hand_in())
    assert await stage.count("evidence") == await stage.count("evidence_chunk") == 0
    await stage.open("signing_key.before_commit")
    first, again = await hand_in(), await hand_in()
    assert first.status_code == 201 and first.json()["id"] == again.json()["id"], first.text
    assert await stage.count("evidence") == 1


async def _changing_keys(stage: UnderFire, mall: dict[str, Any]) -> None:
    """A change of keys that was not committed leaves the old one as it was; made again it is one more."""

    def change() -> Awaitable[httpx.Response]:
        said = {"scheme": "v1", "overlap_hours": 24}
        return stage.call("POST", f"/v1/systems/{mall['id']}/keys", "change", stage.role("admin"), json=said)

    await stage.dies(change())
    assert await stage.count("system_key") == await stage.count("system_key WHERE valid_until IS NULL") == 1
    await stage.open("check.after_commit")
    first, again = await change(), await change()
    assert first.status_code == 201 and first.content == again.content, first.text
    assert await stage.count("system_key") == 2


async def _asking_first(stage: UnderFire, mall: dict[str, Any]) -> None:
    """Whoever asked before a use and heard nothing is on record, asks again, and is on record twice."""
    asked = {"subject": {"customer_no": "C-1"}, "category": "online_mall", "purpose": "delivery"}
    rows = "access_log WHERE operation = 'check_processing' AND result = 'ok'"

    async def ask() -> httpx.Response:
        system = stage.role("system", mall["id"])
        reply = await stage.http.post("/v1/processing-checks", json={"checks": [asked]}, headers=system)
        assert reply.status_code == 200, reply.text
        return reply

    async def ask_until_it_dies() -> httpx.Response:
        # Until the memory of the holds is sure of itself, another way is taken.
        while True:
            reply = await ask()
            assert await stage.count(rows) < 100, reply.text
            await asyncio.sleep(0.2)

    await stage.dies(ask_until_it_dies())
    before = await stage.count(rows)
    assert before >= 1
    await stage.open()
    await ask()
    assert await stage.count(rows) == before + 1


async def _changing_the_master_key(stage: UnderFire) -> None:
    """A page that was put under the new key and not committed is under the old one, and then under the new."""
    for process in stage.processes:
        process.kill()
    old = stage.desk.settings.master_keys[0]
    sealed = f"{old[0]}:{b64encode(old[1]).decode()}"
    stage.env["MASTER_KEYS"] = f"newest:{vault.Vault.key()},{sealed}"

    def rotate(point: str = "") -> Born:
        log = stage.folder / f"rotate-{point or 'whole'}.log"
        env = {**stage.env, "DESK_CRASHPOINT": point}
        return stage.nursery.start("keys", "rotate", env=env, log=log)

    under = "request WHERE position('newest'::bytea IN key) > 0"
    dying = rotate("rotate.before_commit")
    await stage.died(dying)
    assert await stage.count(under) == 0
    assert await rotate().ended(seconds=PATIENCE_S) == 0
    assert await stage.count(under) == await stage.count("request") == 2
    # Without the old key everything that is kept still opens.
    stage.env["MASTER_KEYS"] = stage.env["MASTER_KEYS"].partition(",")[0]
    stage.promises(at_rest=True)
