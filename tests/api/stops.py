"""What the tests of alerts and freezes do over and over: read stop codes where they were sent, enter them, rule."""

import re
from datetime import timedelta
from typing import Any

import httpx

from app import db
from app.services import watch
from tests.house import House

STOP = re.compile(r"(?<![a-z0-9])[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}(?![a-z0-9])")
RECEIVED = {"status": "received"}
JIHO = {"name": "송지호", "phone": "010-0000-6201"}
OTHER_PHONE, MAILBOX = "+821000006202", "jiho@example.com"
SHARES = {"name": "배시온", "phone": "010-0000-5201"}
CHILD_OF_TWO = {"name": "윤가온", "birth_date": "2017-03-15", "phone": "010-0000-4401"}
SEOJIN = {
    "name": "윤서진",
    "birth_date": "1985-02-02",
    "phone": "010-0000-4402",
    "email": "seojin@example.com",
    "relationship": "parent",
}


def alerts(house: House) -> dict[str, list[str]]:
    """Every word of a request that was sent to somebody who may stop it: the texts by recipient."""
    found: dict[str, list[str]] = {}
    for carrier in ("sms", "mail"):
        for message in house.sent(carrier):
            if STOP.search(message["text"]):
                found.setdefault(message["to"], []).append(message["text"])
    return found


def codes(house: House, to: str) -> list[str]:
    """The stop codes that went to this contact, oldest first."""
    return [STOP.findall(text)[0] for text in alerts(house)[to]]


async def stop(house: House, code: str, **headers: str) -> httpx.Response:
    """Somebody says that it was not them; whatever comes of it, they hear the same."""
    reply = await house.api.post("/v1/freezes", json={"stop_code": code}, headers=headers)
    assert (reply.status_code, reply.json()) == (202, RECEIVED), reply.text
    await house.workshop.run()
    return reply


async def frozen(house: House, filed: dict[str, Any]) -> bool:
    """Whether the request stands still, as its requester sees it."""
    return bool((await house.look(filed))["frozen"])


async def rule(
    house: House,
    filed: dict[str, Any],
    result: str = "released",
    reason: str | None = "본인과 통화하여 확인하였다.",
    sub: str = "approver-9",
    **headers: str,
) -> httpx.Response:
    """An approver who had no part in it rules on the version as it stands."""
    path, caller = f"/v1/requests/{filed['id']}", house.auth("approver", sub)
    seen = await house.api.get(path, headers=caller)
    body = {"result": result} | ({"reason": reason} if reason is not None else {})
    reply = await house.api.put(
        f"{path}/freeze/ruling", json=body, headers={**caller, "If-Match": seen.headers["etag"], **headers}
    )
    await house.workshop.run()
    return reply


async def filed_by(house: House, *claims: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A request that was proved, so that the person's other contacts heard of it."""
    filed = await house.file(*claims, **{"subject": JIHO, "notify_by": "sms", **more})
    assert (await house.prove(filed)).status_code == 200
    return filed


async def stopped(house: House, *claims: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The same, stopped by one of them."""
    filed = await filed_by(house, *claims, **more)
    assert (await stop(house, codes(house, OTHER_PHONE)[-1])).json() == RECEIVED
    assert await frozen(house, filed)
    return filed


def code_of(reply: httpx.Response) -> tuple[int, str]:
    """What a refusal says."""
    return reply.status_code, reply.json()["code"]


async def decision(house: House, claim_id: str, outcome: str = "approve", **body: Any) -> httpx.Response:
    """An officer decides: grants unless said otherwise."""
    return await house.decide(claim_id, outcome=outcome, **body)


async def swept(house: House) -> list[str]:
    """What the sweep would put back to work."""
    async with house.desk.database.transaction() as session:
        jobs = await watch.overlooked(session, now=db.now() + timedelta(minutes=5))
    return [name for name, _ in jobs]


async def settled(house: House, filed: dict[str, Any], outcome: str = "partial") -> None:
    """Two people decide its first claim."""
    claim_id = filed["claims"][0]["id"]
    reason = "법에 따라 보존합니다." if outcome == "partial" else None
    assert (await house.decide(claim_id, outcome=outcome, reason=reason)).status_code == 200
    assert (await house.approve(claim_id, agree=True)).status_code == 200
