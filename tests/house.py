"""Everybody who uses the desk, each doing what they do through the API; the world is files and real receivers."""

import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from procrastinate import App
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import text

from app import db, worker
from app.desk import Desk
from app.law.deadline import seoul_date

CODE = re.compile(r"(?<!\d)\d{8}(?!\d)")
ONLINE_MALL = {"right": "access", "aspects": ["items", "purposes"], "categories": ["online_mall"]}
ADDRESS = {
    "right": "correction",
    "changes": [
        {"category": "separate_service", "field": "address", "current": None, "corrected": "서울특별시 강남구 새길 2"}
    ],
}
GILDONG = {"name": "홍길동", "phone": "010-1234-5678", "email": "gildong@example.com"}
STRANGER = {"name": "나그네", "phone": "010-0000-9999", "email": "nobody@example.com"}

# A family that the register knows: the child, the mother on record as guardian, the father who is not.
CHILD = {"name": "최하늘", "birth_date": "2016-04-05", "phone": "010-0000-4001"}
MOTHER = {
    "name": "최보람",
    "birth_date": "1988-09-09",
    "phone": "010-0000-4002",
    "email": "boram@example.com",
    "relationship": "parent",
}
FATHER = {
    "name": "최진호",
    "birth_date": "1986-02-14",
    "phone": "010-0000-4003",
    "email": "jinho@example.com",
    "relationship": "parent",
}
# A family whose child the register marks: no guardian is to be told.
GUARDED = {"name": "윤다온", "birth_date": "2017-09-09", "phone": "010-0000-4101"}
KEPT_AWAY = {"name": "윤재희", "birth_date": "1985-12-01", "phone": "010-0000-4102", "relationship": "parent"}
# A family that nobody knows.
FOUNDLING = {"name": "나별이", "birth_date": "2017-06-01", "phone": "010-0000-9981"}
NOBODYS_MOTHER = {
    "name": "나은하",
    "birth_date": "1987-01-05",
    "phone": "010-0000-9982",
    "email": "eunha@example.com",
    "relationship": "parent",
}
# Somebody who asks for 홍길동 on a mandate.
DELEGATE = {"name": "도우미", "phone": "010-0000-5501", "email": "helper@example.com", "relationship": "변호사"}
RIGHTS = ("access", "correction", "deletion", "suspension", "consent_withdrawal")


def signed_mandate(*rights: str, signed_days_ago: int = 1, **more: Any) -> dict[str, Any]:
    """A mandate signed lately; for every right unless some are named."""
    signed_on = seoul_date(db.now()) - timedelta(days=signed_days_ago)
    return {"rights": list(rights or RIGHTS), "signed_on": signed_on.isoformat(), **more}


class Workshop:
    """The queue's handlers over the real gateways, run until nothing that is due waits."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.world = worker.World.of(desk)
        self.queue: App = worker.queue_of(desk, self.world)
        # What comes with the clock is called by whoever tests it, at the moment that it means: here it would come once
        # a test, at no moment of the test's choosing, and cost a quarter of it.
        self.queue.periodic_registry.periodic_tasks.clear()
        self.may_fail = False

    @asynccontextmanager
    async def open(self, pool: AsyncConnectionPool | None = None) -> AsyncIterator["Workshop"]:
        """With the queue's connections, of its own or of the given pool."""
        async with self.queue.open_async(pool):
            yield self
        await self.world.close()

    async def run(self) -> None:
        """Do every job that is due, and what follows from it."""
        while await self._waiting():
            await self.queue.run_worker_async(
                wait=False, concurrency=4, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
            )

    async def _waiting(self) -> int:
        """How many jobs are due; one that failed before is a defect of the code or of the test."""
        counted = text(
            "SELECT count(*) FILTER (WHERE scheduled_at IS NULL OR scheduled_at <= now()) AS due,"
            " count(*) FILTER (WHERE attempts > 0) AS failed FROM procrastinate_jobs WHERE status = 'todo'"
        )
        async with self.desk.database.transaction() as session:
            row = (await session.execute(counted)).one()
        assert self.may_fail or not row.failed, "a job failed"
        due: int = row.due
        return due


class House:
    """The people and machines around one desk."""

    def __init__(self, desk: Desk, api: httpx.AsyncClient, token: Callable[..., str], workshop: Workshop) -> None:
        self.desk = desk
        self.api = api
        self.token = token
        self.workshop = workshop
        self._logged_in: dict[tuple[str, str | None], tuple[datetime, str]] = {}

    def auth(self, role: str, sub: str | None = None, **claims: object) -> dict[str, str]:
        """The headers of a caller; whoever takes documents of others says what for."""
        said = {"Purpose": "work on the case"} if role in ("officer", "approver") else {}
        if role in ("officer", "approver", "auditor", "admin"):
            claims = {"sid": self._log_in(role, sub), **claims}
        return {"Authorization": f"Bearer {self.token(role, sub or f'{role}-1', **claims)}", **said}

    def _log_in(self, role: str, sub: str | None) -> str:
        """One log-in for ten minutes, as at an issuer that gives out short tokens."""
        now, (since, sid) = db.now(), self._logged_in.get((role, sub), (None, ""))
        if since is None or not timedelta() <= now - since < timedelta(minutes=10):
            sid = str(uuid4())
            self._logged_in[role, sub] = now, sid
        return sid

    async def file(
        self, *claims: dict[str, Any], subject: dict[str, Any] | None = None, role: str = "website", **more: Any
    ) -> dict[str, Any]:
        """File a request; more than one claim in one."""
        body = {
            "capacity": "self",
            "channel": {"website": "web", "call_center": "phone", "clerk": "store"}.get(role, "web"),
            "subject": subject or GILDONG,
            "claims": list(claims) or [ONLINE_MALL],
            **more,
        }
        claims_of = {"agent": "a17"} if role == "call_center" else {}
        reply = await self.api.post("/v1/requests", json=body, headers={**self.auth(role, **claims_of), **key()})
        assert reply.status_code == 201, reply.text
        found: dict[str, Any] = reply.json()
        return found

    async def file_as_guardian(
        self,
        *claims: dict[str, Any],
        subject: dict[str, Any] | None = None,
        requester: dict[str, Any] | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """A parent files for a child: unless said otherwise the mother on record for hers."""
        more = {"capacity": "guardian", "requester": requester or MOTHER, **more}
        return await self.file(*claims, subject=subject or CHILD, **more)

    async def file_as_delegate(
        self,
        *claims: dict[str, Any],
        subject: dict[str, Any] | None = None,
        requester: dict[str, Any] | None = None,
        mandate: dict[str, Any] | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """Somebody files for another on a mandate: unless said otherwise for 홍길동, with every right."""
        mandate = mandate or signed_mandate()
        more = {"capacity": "delegate", "requester": requester or DELEGATE, "mandate": mandate, **more}
        return await self.file(*claims, subject=subject, **more)

    async def prove(self, filed: dict[str, Any], method: str = "phone_code", party: str = "subject") -> httpx.Response:
        """This party asks for a code and answers it; the worker does the rest."""
        answered = await self._answer(filed, method, "identity", party)
        await self.workshop.run()
        return answered

    async def grant(self, filed: dict[str, Any], method: str = "phone_code", party: str = "subject") -> str:
        """A fresh code for release, and the grant it gives."""
        answered = await self._answer(filed, method, "release", party)
        assert answered.status_code == 200, answered.text
        found: str = answered.json()["grant"]
        return found

    async def _answer(self, filed: dict[str, Any], method: str, purpose: str, party: str) -> httpx.Response:
        """Ask for a code with the request's token, read it where it was sent, answer it."""
        as_person = bearer(filed["requester_token"])
        asked = await self.api.post(
            f"/v1/requests/{filed['id']}/verifications",
            json={"party": party, "method": method, "purpose": purpose},
            headers={**as_person, **key()},
        )
        assert asked.status_code == 202, asked.text
        await self.workshop.run()
        code = self.last_code("sms" if method == "phone_code" else "mail")
        return await self.api.post(
            f"/v1/verifications/{asked.json()['id']}/answer", json={"code": code}, headers=as_person
        )

    async def look(self, filed: dict[str, Any], role: str = "requester") -> dict[str, Any]:
        """The request as this role sees it."""
        headers = bearer(filed["requester_token"]) if role == "requester" else self.auth(role)
        reply = await self.api.get(f"/v1/requests/{filed['id']}", headers=headers)
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        return found

    async def system(self, name: str = "a mall", **more: Any) -> "Holder":
        """A registered system that polls."""
        body = {
            "name": name,
            "kind": "internal",
            "categories": ["online_mall", "separate_service"],
            "actions": [
                "hold", "release", "collect", "correct", "delete", "suspend", "resume", "withdraw_consent", "inform",
            ],
            "matches_by": ["subject_ref", "name", "phone"],
            "contact_email": "holder@example.com",
            **more,
        }  # fmt: skip
        reply = await self.api.post("/v1/systems", json=body, headers={**self.auth("admin"), **key()})
        assert reply.status_code == 201, reply.text
        return Holder(self, reply.json())

    async def decide(self, claim_id: str, *, sub: str = "officer-1", **body: Any) -> httpx.Response:
        """An officer decides on the version as it stands."""
        headers = self.auth("officer", sub)
        seen = await self.api.get(f"/v1/claims/{claim_id}", headers=headers)
        assert seen.status_code == 200, seen.text
        version = {"If-Match": seen.headers["etag"]}
        reply = await self.api.put(f"/v1/claims/{claim_id}/decision", json=body, headers={**headers, **version})
        await self.workshop.run()
        return reply

    async def approve(self, claim_id: str, *, sub: str = "approver-1", **body: Any) -> httpx.Response:
        """The second person's word."""
        headers = self.auth("approver", sub)
        seen = await self.api.get(f"/v1/claims/{claim_id}", headers=headers)
        version = {"If-Match": seen.headers["etag"]}
        reply = await self.api.post(f"/v1/claims/{claim_id}/approval", json=body, headers={**headers, **version})
        await self.workshop.run()
        return reply

    async def assessment(self, claim_id: str) -> dict[str, Any]:
        """What the engine proposes."""
        reply = await self.api.get(f"/v1/claims/{claim_id}/assessment", headers=self.auth("officer"))
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        return found

    def sent(self, carrier: str) -> list[dict[str, Any]]:
        """What the carrier got, in order."""
        folder: Path = self.desk.settings.outbox_dir / carrier
        files = sorted(folder.glob("*.json"), key=lambda one: one.stat().st_mtime_ns) if folder.exists() else []
        return [json.loads(one.read_text(encoding="utf-8")) for one in files]

    def last_code(self, carrier: str) -> str:
        """The code in the last message that has one: messages go out several at a time."""
        return [found for sent in self.sent(carrier) for found in CODE.findall(sent["text"])][-1]


class Holder:
    """A system that does its tasks over the API, with a token of its own."""

    def __init__(self, house: House, registered: dict[str, Any]) -> None:
        self.house = house
        self.registered = registered
        self.id: str = registered["id"]

    @property
    def headers(self) -> dict[str, str]:
        """Its own token."""
        return self.house.auth("system", self.id)

    async def tasks(self, status: str = "pending") -> list[dict[str, Any]]:
        """Its tasks."""
        reply = await self.house.api.get(f"/v1/tasks?status={status}", headers=self.headers)
        assert reply.status_code == 200, reply.text
        found: list[dict[str, Any]] = reply.json()["items"]
        return found

    async def fetch(self, task_id: str) -> dict[str, Any]:
        """One of them whole."""
        reply = await self.house.api.get(f"/v1/tasks/{task_id}", headers=self.headers)
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        return found

    async def report(self, task_id: str, result: str = "done", **more: Any) -> httpx.Response:
        """Its result."""
        body = {"result": result, **more}
        return await self.house.api.put(f"/v1/tasks/{task_id}/result", json=body, headers=self.headers)

    async def work(self) -> list[str]:
        """Do whatever waits; tells which actions that were."""
        done = []
        for task in await self.tasks():
            whole = await self.fetch(task["id"])
            data = {}
            if task["action"] == "collect":
                data = {"data": {task["category"]: [{name: f"value of {name}" for name in whole["fields"]}]}}
            reply = await self.report(task["id"], **data)
            assert reply.status_code == 200, reply.text
            done.append(task["action"])
        await self.house.workshop.run()
        return done


def bearer(token: str) -> dict[str, str]:
    """The header of a token."""
    return {"Authorization": f"Bearer {token}"}


def key() -> dict[str, str]:
    """A fresh Idempotency-Key."""
    return {"Idempotency-Key": str(uuid4())}
