"""What these tests do over and over: spoil a filing, ask and answer codes, look into every table."""

import copy
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import text

from app.desk import Desk
from tests.api.years import today
from tests.house import CHILD, DELEGATE, GILDONG, MOTHER, ONLINE_MALL, House, bearer, key, signed_mandate

MISSING = object()
FILING: dict[str, Any] = {"capacity": "self", "channel": "web", "subject": GILDONG, "claims": [ONLINE_MALL]}
FOR_CHILD: dict[str, Any] = {**FILING, "capacity": "guardian", "subject": CHILD, "requester": MOTHER}
ON_MANDATE: dict[str, Any] = {
    **FILING,
    "capacity": "delegate",
    "requester": DELEGATE,
    "mandate": signed_mandate(signed_days_ago=3),
}
YOUNGHEE = {"name": "김영희", "phone": "010-0000-1234", "email": "younghee@example.com"}
DELETION = {"right": "deletion", "categories": ["online_mall"]}
DELIVERY = {"right": "suspension", "purposes": ["delivery"], "ends_contract": False}
MARKETING = {"right": "consent_withdrawal", "purposes": ["marketing"]}


def changed(pointer: str, value: object, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """A filing with one place changed, or missing; a `timedelta` stands for the day that is so far from today."""
    whole: dict[str, Any] = copy.deepcopy(body or FILING)
    if isinstance(value, timedelta):
        value = (today() + value).isoformat()
    *path, last = pointer.strip("/").split("/")
    place: Any = whole
    for step in path:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    if value is MISSING:
        del place[last]
    elif isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
    return whole


def refused(reply: httpx.Response) -> tuple[int, str, str]:
    """Status, pointer and code of a refusal; never an echo."""
    problem = reply.json()
    assert reply.headers["content-type"] == "application/problem+json"
    return reply.status_code, (problem["errors"] or [{"pointer": ""}])[0]["pointer"], problem["code"]


async def post(house: House, body: Any, role: str = "website", **claims: Any) -> httpx.Response:
    """File whatever this is."""
    if role == "call_center":
        claims = {"agent": "a17", **claims}
    return await house.api.post("/v1/requests", json=body, headers={**house.auth(role, **claims), **key()})


async def ask(
    house: House,
    filed: dict[str, Any],
    method: str = "phone_code",
    purpose: str = "identity",
    headers: dict[str, str] | None = None,
    party: str = "subject",
) -> httpx.Response:
    """Ask for proof; the worker sends what it sends."""
    reply = await house.api.post(
        f"/v1/requests/{filed['id']}/verifications",
        json={"party": party, "method": method, "purpose": purpose},
        headers={**(headers or bearer(filed["requester_token"])), **key()},
    )
    await house.workshop.run()
    return reply


async def answer(
    house: House, filed: dict[str, Any], verification: str, headers: dict[str, str] | None = None, **body: str
) -> httpx.Response:
    """Answer it; the worker does what follows."""
    reply = await house.api.post(
        f"/v1/verifications/{verification}/answer", json=body, headers=headers or bearer(filed["requester_token"])
    )
    await house.workshop.run()
    return reply


def wrong(code: str) -> str:
    """Another code of the same form."""
    return f"{(int(code) + 1) % 10**8:08d}"


async def claims(house: House, filed: dict[str, Any]) -> list[dict[str, Any]]:
    """The claims as the requester sees them."""
    found: list[dict[str, Any]] = (await house.look(filed))["claims"]
    return found


async def statuses(house: House, filed: dict[str, Any]) -> list[str]:
    """Where its claims stand."""
    return [claim["status"] for claim in await claims(house, filed)]


async def outcomes(house: House, filed: dict[str, Any]) -> set[str | None]:
    """What was decided, as the requester sees it."""
    return {claim["decision"] and claim["decision"]["outcome"] for claim in await claims(house, filed)}


async def review(house: House, filed: dict[str, Any]) -> list[str]:
    """What staff are asked to look at."""
    return [one["kind"] for one in (await house.look(filed, "officer"))["review"]]


async def waits(house: House, filed: dict[str, Any]) -> list[str]:
    """What of it nobody has settled yet."""
    found = (await house.look(filed, "officer"))["review"]
    return [one["kind"] for one in found if not one["settled"]]


async def rows(desk: Desk, statement: str, **values: Any) -> list[Any]:
    """What the database says."""
    async with desk.database.transaction() as session:
        return list((await session.execute(text(statement), values)).all())


async def one(desk: Desk, statement: str, **values: Any) -> Any:
    """The one value the database says."""
    [(value,)] = await rows(desk, statement, **values)
    return value


async def tables(desk: Desk) -> dict[str, int]:
    """How many rows every table has; the access log is counted once, whatever its parts."""
    every = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'access_log_%'"
    names = [name for (name,) in await rows(desk, f"{every} UNION SELECT 'access_log'")]
    return {name: await one(desk, f'SELECT count(*) FROM "{name}"') for name in sorted(names)}


async def actions(desk: Desk, request_id: str) -> Counter[str]:
    """What the audit chain says of a request, counted."""
    bodies = await rows(
        desk,
        "SELECT convert_from(body, 'UTF8')::json ->> 'action' FROM audit_entry WHERE request_id = :id",
        id=request_id,
    )
    return Counter(action for (action,) in bodies)


async def by_hand(house: House, task_id: str, result: str = "done", **more: Any) -> None:
    """An officer enters what a holder said, and a second person confirms it."""
    body = {"result": result, "proof": "회신 공문을 보았습니다.", **more}
    path, officer, approver = f"/v1/tasks/{task_id}", house.auth("officer"), house.auth("approver")
    entered = await house.api.put(f"{path}/result", json=body, headers=officer)
    assert entered.status_code == 200 and entered.json()["awaits_confirmation"], entered.text
    seen = await house.api.get(path, headers=approver)
    version = {"If-Match": seen.headers["etag"]}
    agreed = await house.api.put(f"{path}/result-confirmation", json={"agree": True}, headers={**approver, **version})
    assert (agreed.status_code, agreed.json()["status"]) == (200, result), agreed.text
    await house.workshop.run()
