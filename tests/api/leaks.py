"""What the tests of incidents do over and over: a fetched answer, an incident of it, acts on the version at hand."""

from datetime import datetime
from typing import Any

import httpx

from app import db
from app.services import incident_clock, incident_notices
from tests.api.test_results import fetch, listed, open_notice
from tests.house import ONLINE_MALL, House, bearer, key

DRAFT = {
    "what": ["온라인몰: 성명, 전화번호"],
    "how": "답변이 다른 사람의 전화로 열렸습니다.",
    "can_do": "모르는 전화에 인증번호를 알려 주지 마세요.",
    "did": "답변을 거두어들여 파기했습니다.",
}


async def answered(house: House, *, fetched: bool = True, **more: Any) -> dict[str, Any]:
    """An access claim to its end; unless said otherwise its notice was opened and its package fetched."""
    mall = await house.system()
    filed = await house.file(ONLINE_MALL, **more)
    await house.prove(filed)
    assert await mall.work() == ["collect"]
    if fetched:
        grant = await house.grant(filed)
        [notice] = await listed(house, filed)
        assert (await open_notice(house, filed, notice["id"], grant)).status_code == 200
        assert (await fetch(house, filed, grant)).status_code == 200
    return filed


def body(filed: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An incident of this request, known just now."""
    return {
        "request_id": filed["id"],
        "kind": "wrong_recipient",
        "known_at": db.now().isoformat(),
        "subjects": 1,
        "categories": ["online_mall"],
        "sensitive": False,
        "outside": False,
        "account": "전화번호의 주인이 바뀌어 있었다.",
        **more,
    }


async def opened(house: House, filed: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An officer opens it."""
    reply = await post(house, body(filed, **more))
    assert reply.status_code == 201, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def post(house: House, sent: dict[str, Any], role: str = "officer", **headers: str) -> httpx.Response:
    """Open whatever this is."""
    reply = await house.api.post("/v1/incidents", json=sent, headers={**house.auth(role), **key(), **headers})
    await house.workshop.run()
    return reply


async def act(
    house: House,
    incident: dict[str, Any],
    method: str,
    path: str,
    sent: dict[str, Any],
    role: str = "approver",
    sub: str | None = None,
) -> httpx.Response:
    """Do something with it, on the version as it stands."""
    caller = house.auth(role, sub)
    whole = f"/v1/incidents/{incident['id']}"
    seen = await house.api.get(whole, headers=house.auth("officer"))
    headers = {**caller, "If-Match": seen.headers["etag"]}
    reply = await house.api.request(method, f"{whole}{path}", json=sent, headers=headers)
    await house.workshop.run()
    return reply


async def read(house: House, incident: dict[str, Any], role: str = "officer") -> dict[str, Any]:
    """The incident as this role sees it."""
    reply = await house.api.get(f"/v1/incidents/{incident['id']}", headers=house.auth(role))
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def drafted(house: House, incident: dict[str, Any], **more: Any) -> httpx.Response:
    """An officer writes what the person is told."""
    return await act(house, incident, "PUT", "/notice", DRAFT | more, "officer")


async def approved(house: House, incident: dict[str, Any], sub: str = "approver-1", **more: Any) -> httpx.Response:
    """Another person agrees; the worker sends, and the next look at the day notes it."""
    reply = await act(house, incident, "POST", "/notice/approval", {"agree": True, **more}, sub=sub)
    await day(house)
    return reply


async def day(house: House, at: datetime | None = None) -> None:
    """What the minute's look finds about incidents, done twice: nothing may come of it twice."""
    now = at or db.now()
    for _ in range(2):
        for find, do in (
            (incident_notices.unnoted, incident_notices.note_told),
            (incident_clock.pressing, incident_clock.warn),
        ):
            async with house.desk.database.transaction() as session:
                found = await find(session, now=now)
            for one in found:
                async with house.desk.database.transaction() as session:
                    await do(session, one, now=now)
    await house.workshop.run()


def old(filed: dict[str, Any]) -> dict[str, str]:
    """The header of the token that was given at filing."""
    return bearer(filed["requester_token"])
