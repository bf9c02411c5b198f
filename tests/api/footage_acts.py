"""What tests of footage do over and over: a store, a claim, what the store answers, what stands in the ledger."""

from datetime import timedelta
from typing import Any

import httpx

from app import db
from tests.api.acts import statuses
from tests.house import Holder, House, bearer, key

RECORDER = {
    "name": "강남점",
    "categories": ["cctv"],
    "actions": ["preserve", "release", "collect"],
    "matches_by": ["name"],
}
CANARY = "초록 우산을 든 사람"


async def store(house: House, **more: Any) -> Holder:
    """A store whose recorder keeps footage."""
    return await house.system(**{**RECORDER, **more})


def media(site: Holder, *, days: int = 3, hours: int = 1, later: int = 0, **more: Any) -> dict[str, Any]:
    """A claim for some hours of footage some days ago."""
    start = (db.now() - timedelta(days=days)).replace(minute=0, second=0, microsecond=0) + timedelta(hours=later)
    asked = {
        "site": site.id,
        "from": start.isoformat(),
        "to": (start + timedelta(hours=hours)).isoformat(),
        "description": CANARY,
        "ground": "own_image",
        "kind": "view",
        **more,
    }
    return {"right": "access", "media": asked}


async def kept(house: House, site: Holder, claim: dict[str, Any] | None = None, **filing: Any) -> dict[str, Any]:
    """Filed, and kept by the recorder."""
    filed = await house.file(claim or media(site), **filing)
    await site.work()
    return filed


async def order(site: Holder, action: str) -> dict[str, Any]:
    """The one open task of this action, fetched."""
    [task] = [one for one in await site.tasks() if one["action"] == action]
    return await site.fetch(task["id"])


async def granted(house: House, site: Holder, filed: dict[str, Any]) -> dict[str, Any]:
    """Proved and granted by an officer: the task to look for it."""
    await house.prove(filed)
    assert await statuses(house, filed) == ["verified"]
    reply = await house.decide(filed["claims"][0]["id"], outcome="approve")
    assert reply.status_code == 200, reply.text
    return await order(site, "collect")


async def reported(house: House, site: Holder, task: dict[str, Any], result: str = "done", **more: Any) -> None:
    """The store's answer, and what follows from it."""
    reply = await site.report(task["id"], result, **more)
    assert reply.status_code == 200, reply.text
    await house.workshop.run()


def seat(hours: int = 2, **more: Any) -> dict[str, Any]:
    """Where and when it can be seen."""
    opens = db.now() + timedelta(hours=hours)
    closes = opens + timedelta(hours=3)
    return {"place": "강남점 2층", "from": opens.isoformat(), "to": closes.isoformat(), "masked": True, **more}


async def opened(house: House, filed: dict[str, Any]) -> str:
    """The latest notice as the person reads it."""
    grant, who = {"grant": await house.grant(filed)}, bearer(filed["requester_token"])
    listed = await house.api.get(f"/v1/requests/{filed['id']}/notices", headers=who)
    notice = listed.json()["items"][-1]["id"]
    headers = {**who, "Accept": "text/html"}
    page = await house.api.post(f"/v1/notices/{notice}/document", json=grant, headers=headers)
    assert page.status_code == 200, page.text
    return page.text


async def write(house: House, filed: dict[str, Any], headers: dict[str, str], **changes: Any) -> httpx.Response:
    """A line of the ledger."""
    line = {
        "act": "view",
        "file": "CAM3-1015.mp4",
        "purpose": "물건을 두고 간 시각 확인",
        "viewer": "홍길동",
        "seen_at": db.now().isoformat(),
        "masked": True,
        "identity_checked": True,
        **changes,
    }
    path = f"/v1/claims/{filed['claims'][0]['id']}/viewings"
    return await house.api.post(path, json=line, headers={**headers, **key()})


async def ledger(house: House, filed: dict[str, Any]) -> list[dict[str, Any]]:
    """Every line."""
    path = f"/v1/claims/{filed['claims'][0]['id']}/viewings"
    reply = await house.api.get(path, headers=house.auth("officer"))
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json()["items"]
    return found


async def acts(house: House, filed: dict[str, Any]) -> list[str]:
    """What stands in the ledger, in order."""
    return [line["act"] for line in await ledger(house, filed)]
