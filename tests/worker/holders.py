"""A holder's endpoint on a real socket, and the rows that events for it need."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from aiohttp import web
from sqlalchemy import text as sql
from sqlmodel import col, select

from app import db
from app.db import new_id
from app.desk import MACHINE
from app.gateways.outcome import Retryable
from app.gateways.webhooks import Attempt
from app.models import Claim, Delivery, DeliveryAttempt, Request, Task
from app.services import keyring, registry, sending

SECOND = timedelta(seconds=1)


@dataclass
class Receiver:
    """An endpoint that answers as told and remembers what came."""

    url: str = ""
    answers: list = field(default_factory=list)
    seen: list = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    pause: float = 0.0
    says: str | None = None

    async def take(self, request):
        body = await request.read()
        self.seen.append((dict(request.headers), body))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.pause)
        self.at_once -= 1
        status, headers = self.answers.pop(0) if self.answers else (204, {})
        data = json.loads(body)["data"]
        if status == 200 and "challenge" in data:
            return web.json_response(data)
        return web.Response(
            status=status if status != 204 or self.says is None else 200, headers=headers, text=self.says
        )

    @property
    def ids(self):
        return [headers["webhook-id"] for headers, _ in self.seen]


@dataclass
class Holder:
    """A registered system and how its events are verified."""

    id: object
    key: str
    registered_at: object


async def register(desk, url, *, scheme="v1", state="active", at=None):
    now = at or db.now()
    entry = registry.Entry(
        name="a holder",
        kind="processor",
        categories=["online_mall"],
        actions=["delete"],
        matches_by=["name"],
        contact_email="desk@example.com",
        endpoint_url=url,
        scheme=scheme,
    )
    async with desk.database.transaction() as session:
        made = await registry.register(session, entry, by=MACHINE, now=now)
        made.system.state = state
        key = made.keys[0].secret or made.keys[0].row.public_key
        return Holder(made.system.id, key, now)


async def file_claim(desk):
    """A filed request with one claim, as far as tasks need it."""
    now = db.now()
    request = Request(
        id=new_id(),
        receipt_no=f"t-{uuid4()}",
        capacity="self",
        channel="web",
        language="ko",
        notify_by="email",
        filed_at=now,
        arrived_at=now,
        filer_role="website",
        filer_iss="x",
        filer_sub="x",
        key=b"",
        subject_ct=b"s",
        likeness=b"l",
        contacts=[],
        policy="p",
    )
    claim = Claim(
        id=new_id(),
        request_id=request.id,
        position=0,
        right="deletion",
        status="approved",
        edition="e",
        due_on=now.date(),
        internal_on=now.date(),
        due_steps=[],
        scope={},
    )
    async with desk.database.transaction() as session:
        request.key = keyring.make(session, request.id)
        session.add(request)
        await session.flush()
        session.add(claim)
    return claim


async def queue(desk, holder, claim=None, *, at=None):
    """One event for this holder; with a claim about a task of it."""
    now = at or db.now()
    task_id = None
    async with desk.database.transaction() as session:
        if claim is not None:
            task_id = new_id()
            session.add(
                Task(
                    id=task_id,
                    claim_id=claim.id,
                    request_id=claim.request_id,
                    system_id=holder.id,
                    action="delete",
                    category="online_mall",
                    status="pending",
                    due_at=now,
                    created_at=now,
                )
            )
            await session.flush()
        kind = "task.created" if claim is not None else "endpoint.test"
        body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": {}}).encode()
        delivery = Delivery(
            id=new_id(),
            system_id=holder.id,
            task_id=task_id,
            claim_id=claim.id if claim is not None else None,
            type=kind,
            body=body,
            next_at=now,
            created_at=now,
            sent_from=now,
        )
        session.add(delivery)
    return delivery.id


async def stored(desk, table, row_id):
    async with desk.database.transaction() as session:
        return await session.get(table, row_id)


async def outcomes(desk, delivery_id):
    mine = (
        select(DeliveryAttempt).where(col(DeliveryAttempt.delivery_id) == delivery_id).order_by(col(DeliveryAttempt.id))
    )
    async with desk.database.transaction() as session:
        return [(one.status, one.outcome) for one in (await session.execute(mine)).scalars()]


async def job_times(desk, name, holder):
    waiting = sql(
        "SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = :name AND args->>'system_id' = :id ORDER BY id"
    )
    async with desk.database.transaction() as session:
        return list((await session.execute(waiting, {"name": name, "id": str(holder.id)})).scalars())


async def claim_round(desk, holder, now):
    async with desk.database.transaction() as session:
        return await sending.claim(session, holder.id, now=now)


async def record(desk, claimed, leased, attempt, now):
    async with desk.database.transaction() as session:
        return await sending.record(session, claimed, leased, attempt, began=now, now=now)


def failed(status=500, retry_after=None):
    return Attempt(Retryable(f"http_{status}", retry_after), status, 3, b"")
