"""Requests asked for somebody else, brought along as far as a test needs them."""

from typing import Any

import httpx

from tests.api.acts import rows
from tests.api.papers import accept
from tests.house import DELEGATE, Holder, House, bearer, signed_mandate

SEPARATE = {"right": "access", "aspects": ["items", "purposes"], "categories": ["separate_service"]}
MINE = {"name": "홍길동", "phone": "010-1234-5678", "email": "gildong@example.com"}


async def mandated(house: House, *claims: dict[str, Any], deliver_to: str = "subject", **more: Any) -> dict[str, Any]:
    """A delegate who was reached, whose mandate was accepted, and whose principal said so themselves."""
    mandate = signed_mandate(deliver_to=deliver_to, **more.pop("mandate", {}))
    filed = await house.file_as_delegate(*claims, mandate=mandate, **more)
    await house.prove(filed, party="requester")
    await house.prove(filed)
    await accept(house, filed, "power_of_attorney")
    return filed


async def guarded(house: House, *claims: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A guardian whom the register names, and who has answered a code."""
    filed = await house.file_as_guardian(*claims, **more)
    await house.prove(filed, party="requester")
    return filed


async def granted(house: House, filed: dict[str, Any], place: int = 0, **body: Any) -> None:
    """Two people grant a claim."""
    claim = filed["claims"][place]["id"]
    proposed = await house.decide(claim, **({"outcome": "approve"} | body))
    assert proposed.status_code == 200, proposed.text
    agreed = await house.approve(claim, agree=True)
    assert agreed.status_code == 200, agreed.text


async def answered(house: House, mall: Holder, filed: dict[str, Any], **body: Any) -> None:
    """The first claim granted by two, carried out by its holder, told, and its days of waiting over."""
    await granted(house, filed, **body)
    await mall.work()
    await days_go_by(house)


async def days_go_by(house: House) -> None:
    """What waits can be fetched now."""
    await rows(house.desk, "UPDATE claim SET available_from = now() WHERE available_from IS NOT NULL RETURNING id")


def as_party(house: House, filed: dict[str, Any], party: str) -> dict[str, str]:
    """The headers of the subject, or of who asks for them."""
    return house.auth("requester", filed["id"], rid=filed["id"], party=party)


def held_by(house: House, filed: dict[str, Any], party: str) -> dict[str, Any]:
    """The same request in the hands of this party."""
    return filed | {"requester_token": as_party(house, filed, party)["Authorization"].removeprefix("Bearer ")}


async def revoke(house: House, filed: dict[str, Any], headers: dict[str, str], **body: str) -> httpx.Response:
    """Somebody ends the mandate; the worker does what follows."""
    path = f"/v1/requests/{filed['id']}/mandate/revocation"
    reply = await house.api.post(path, json=body, headers=headers)
    await house.workshop.run()
    return reply


async def notices(house: House, filed: dict[str, Any]) -> list[dict[str, Any]]:
    """The notices as the holder of the token sees them."""
    path = f"/v1/requests/{filed['id']}/notices"
    found: list[dict[str, Any]] = (await house.api.get(path, headers=bearer(filed["requester_token"]))).json()["items"]
    return found


async def open_notice(house: House, filed: dict[str, Any], notice: str, grant: str) -> httpx.Response:
    """A notice as page, by grant."""
    headers = {**bearer(filed["requester_token"]), "Accept": "text/html"}
    return await house.api.post(f"/v1/notices/{notice}/document", json={"grant": grant}, headers=headers)


async def fetch(house: House, filed: dict[str, Any], grant: str) -> httpx.Response:
    """The package of the first claim, by grant."""
    path = f"/v1/claims/{filed['claims'][0]['id']}/package"
    return await house.api.post(path, json={"grant": grant}, headers=bearer(filed["requester_token"]))


async def timeline(house: House, filed: dict[str, Any]) -> dict[str, str]:
    """What the holder of the token is told happened, by action."""
    path = f"/v1/requests/{filed['id']}/timeline"
    items = (await house.api.get(path, headers=bearer(filed["requester_token"]))).json()["items"]
    return {one["action"]: one["text"]["ko"] for one in items}


def told(house: House, carrier: str, to: str) -> list[str]:
    """What this contact was sent by this carrier."""
    return [one["text"] for one in house.sent(carrier) if _reads(one, to)]


def _reads(sent: dict[str, Any], to: str) -> bool:
    return to.replace("-", "").lstrip("0") in str(sent["to"]).replace("-", "")


HELPER_PHONE, HELPER_MAIL = DELEGATE["phone"], DELEGATE["email"]
