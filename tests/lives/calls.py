"""What people say to the desk in these lives, as calls."""

from typing import Any

import httpx

from tests.house import House, bearer, key
from tests.lives.model import Case


async def post(house: House, path: str, body: dict[str, Any], headers: dict[str, str]) -> httpx.Response:
    """Somebody says something; the worker does what follows."""
    reply = await house.api.post(path, json=body, headers=headers)
    await house.workshop.run()
    return reply


async def prove(house: House, case: Case, right_code: bool) -> httpx.Response:
    """A code is asked for by telephone, and answered rightly or wrongly."""
    as_person = bearer(case.filed["requester_token"])
    wanted = {"party": "subject", "method": "phone_code", "purpose": "identity"}
    path = f"/v1/requests/{case.id}/verifications"
    asked = await house.api.post(path, json=wanted, headers={**as_person, **key()})
    assert asked.status_code == 202, asked.text
    await house.workshop.run()
    code = house.last_code("sms")
    said = code if right_code else f"{(int(code) + 1) % 10**8:08d}"
    path = f"/v1/verifications/{asked.json()['id']}/answer"
    reply = await house.api.post(path, json={"code": said}, headers=as_person)
    await house.workshop.run()
    return reply


async def rule_on_an_objection(house: House, case: Case, result: str, sub: str) -> httpx.Response:
    """Somebody rules on the objection as it stands."""
    headers, path = house.auth("approver", sub), f"/v1/objections/{case.objection}"
    seen = await house.api.get(path, headers=headers)
    body = {"result": result, "reason": "다시 살펴보았습니다."}
    version = {"If-Match": seen.headers["etag"]}
    reply = await house.api.put(f"{path}/ruling", json=body, headers={**headers, **version})
    await house.workshop.run()
    return reply


async def rule_on_a_freeze(house: House, case: Case, result: str) -> httpx.Response:
    """An approver who had no part in it rules on the freeze."""
    headers, path = house.auth("approver", "approver-8"), f"/v1/requests/{case.id}"
    seen = await house.api.get(path, headers=headers)
    version = {"If-Match": seen.headers["etag"]}
    body = {"result": result, "reason": "본인과 통화하였다."}
    reply = await house.api.put(f"{path}/freeze/ruling", json=body, headers={**headers, **version})
    await house.workshop.run()
    return reply
