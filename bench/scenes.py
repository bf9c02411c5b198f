"""What is asked, and how a right answer looks: the service's main operations beside the yardstick's echo."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import psycopg

from app import db
from app.desk import Desk
from bench import load
from bench.load import Judge, Make
from bench.stage import Stage

CONNECTIONS = (1, 16, 64)
HELD_PHONE = "010-0000-0001"
QUEUE_PAGE = 50
CLAIMS_BEFORE = 120
BATCH = 1_000
_people = count(1)


@dataclass(frozen=True, slots=True)
class Scene:
    """One operation: what is sent, how the answer is judged, at how many connections it is driven."""

    name: str
    make: Make
    judge: Judge
    connections: tuple[int, ...] = CONNECTIONS


def echo() -> Scene:
    """The yardstick."""
    said = {"subject": "010-0000-0001", "category": "online_mall", "purpose": "delivery"}
    sent = load.request("POST", "/echo", _json(said))
    return Scene("echo (yardstick)", lambda _: sent, _expect(200, lambda body: body == said))


async def scenes(stage: Stage, desk: Desk) -> list[Scene]:
    """The operations of the service, after filling it with what they look at."""
    port = stage.desk.port
    bearer = _bearer(desk)
    website = bearer("website", "bench-site")
    filed = [await _file(port, website) for _ in range(CLAIMS_BEFORE)]
    registered = await _register(port, bearer("admin", "bench-admin"))
    _hold(desk, stage, UUID(filed[0]["claims"][0]["id"]))
    system, officer = bearer("system", registered["id"]), bearer("officer", "bench-officer")
    one = filed[0]
    look = load.request("GET", f"/v1/requests/{one['id']}", Authorization=f"Bearer {one['requester_token']}")
    queue = load.request("GET", f"/v1/claims?limit={QUEUE_PAGE}", Authorization=officer)
    check = _checks(system, [HELD_PHONE])
    batch = _checks(system, [f"010-0000-{n:04d}" for n in range(1, BATCH + 1)])
    return [
        Scene("file a request", lambda _: _filing(website), _expect(201, lambda body: bool(body["receipt_no"]))),
        Scene("get one request", lambda _: look, _expect(200, lambda body: body["id"] == one["id"])),
        Scene("queue page of 50", lambda _: queue, _expect(200, lambda body: len(body["items"]) == QUEUE_PAGE)),
        Scene("processing check", lambda _: check, _expect(200, lambda body: _held_back(body["results"]) == [True])),
        Scene("checks, batch of 1,000", lambda _: batch, _expect(200, _one_in_a_thousand), connections=(1, 16)),
    ]


def _expect(status: int, holds: Callable[[Any], bool]) -> Judge:
    def judge(got: int, body: bytes) -> str | None:
        if got != status:
            return f"{got} {body[:200].decode(errors='replace')}"
        return None if holds(json.loads(body)) else f"another answer than expected: {body[:200].decode()}"

    return judge


def _held_back(results: list[dict[str, Any]]) -> list[bool]:
    return [one["except"] == ["phone"] for one in results]


def _one_in_a_thousand(body: Any) -> bool:
    return _held_back(body["results"]) == [True] + [False] * (BATCH - 1)


def _bearer(desk: Desk) -> Callable[[str, str], str]:
    def make(role: str, sub: str) -> str:
        return f"Bearer {desk.issuer.issue(role, sub, timedelta(minutes=15), now=db.now())}"

    return make


def _filing(website: str) -> bytes:
    """Another person each time: who files twice the same is looked for, and found, another way."""
    number = next(_people)
    body = {
        "capacity": "self",
        "channel": "web",
        "subject": {
            "name": "홍길동",
            "phone": f"010-0000-{number % 10_000:04d}",
            "email": f"person{number}@example.com",
        },
        "claims": [
            {"right": "access", "aspects": ["items", "purposes"], "categories": ["online_mall"]},
            {
                "right": "correction",
                "changes": [
                    {
                        "category": "separate_service",
                        "field": "address",
                        "current": None,
                        "corrected": "서울특별시 강남구 새길 2",
                    }
                ],
            },
        ],
        "notify_by": "email",
    }
    return load.request("POST", "/v1/requests", _json(body), Authorization=website, Idempotency_Key=f"bench-{number}")


def _checks(system: str, phones: list[str]) -> bytes:
    asked = [{"subject": {"phone": phone}, "category": "online_mall", "purpose": "delivery"} for phone in phones]
    return load.request("POST", "/v1/processing-checks", _json({"checks": asked}), Authorization=system)


async def _file(port: int, website: str) -> dict[str, Any]:
    return await _made(port, _filing(website))


async def _register(port: int, admin: str) -> dict[str, Any]:
    body = {
        "name": "bench",
        "kind": "internal",
        "categories": ["online_mall"],
        "actions": ["collect"],
        "matches_by": ["phone"],
        "contact_email": "bench@example.com",
    }
    sent = load.request("POST", "/v1/systems", _json(body), Authorization=admin, Idempotency_Key="bench-system")
    return await _made(port, sent)


async def _made(port: int, sent: bytes) -> dict[str, Any]:
    status, body = await load.once(port, sent)
    if status != 201:
        raise SystemExit(f"the bench could not be set up: {status} {body[:500].decode(errors='replace')}")
    made: dict[str, Any] = json.loads(body)
    return made


def _hold(desk: Desk, stage: Stage, claim_id: UUID) -> None:
    """A field held back, put there directly: the journey to it needs a worker, which is not what is measured."""
    url = (stage.settings.database_url or "").replace("postgresql+psycopg://", "postgresql://", 1)
    hold_id = db.new_id()
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO hold (id, claim_id, kind, category, fields, basis, since)"
            " VALUES (%s, %s, 'correction_pending', 'online_mall', ARRAY['phone'], '처리방침 8장 7', now())",
            (hold_id, claim_id),
        )
        held = "phone", "+8210" + HELD_PHONE[3:].replace("-", "")
        connection.execute(
            "INSERT INTO hold_key (hold_id, digest, feed_digest) VALUES (%s, %s, %s)",
            (hold_id, desk.handle(*held), desk.feed_digest(*held)),
        )


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
