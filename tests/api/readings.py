"""An officer's reading before release: collected free text, what is hidden of it, who agrees."""

import io
import json
import zipfile
from typing import Any

import httpx

from tests.documents.reading import pdf_text
from tests.house import Holder, House, bearer

SPOKEN = {"right": "access", "aspects": ["items"], "categories": ["consultation"]}
WORDS = "이웃 김아무개(010-0000-7788)가 밤마다 시끄럽다고 하셨습니다"
NEIGHBOUR = "김아무개(010-0000-7788)"
GROUNDS = [{"ground": "A35_4_2", "facts": {"whose": "이웃", "harm": "누가 무슨 말을 들었는지 알려집니다"}}]
REASON = "다른 사람의 이름과 연락처는 가렸습니다."


async def talk(house: House, **more: Any) -> Holder:
    """A system that keeps consultations."""
    return await house.system("상담 시스템", categories=["consultation"], **more)


async def collected(
    house: House, holder: Holder, *records: dict[str, str], claim: dict[str, Any] | None = None
) -> dict[str, Any]:
    """An access to what was said, granted by an officer, collected, and waiting to be read."""
    filed = await house.file(claim or SPOKEN)
    await house.prove(filed)
    decided = await house.decide(filed["claims"][0]["id"], outcome="approve")
    assert decided.status_code == 200, decided.text
    [task] = [one for one in await holder.tasks() if one["action"] == "collect"]
    data = list(records) or [{"name": "홍길동", "phone": "010-1234-5678", "content": WORDS}]
    reply = await holder.report(task["id"], data={task["category"]: data})
    assert reply.status_code == 200, reply.text
    await house.workshop.run()
    return filed


async def read(house: House, filed: dict[str, Any], role: str = "officer") -> httpx.Response:
    """What was collected, whole."""
    return await house.api.get(f"/v1/claims/{filed['claims'][0]['id']}/collection", headers=house.auth(role))


async def mark(
    house: House, filed: dict[str, Any], *stretches: dict[str, Any], sub: str = "officer-1", **more: Any
) -> httpx.Response:
    """An officer marks stretches of what stands there now."""
    seen = await read(house, filed)
    body = {"redactions": list(stretches), "grounds": GROUNDS if stretches else [], "reason": REASON, **more}
    return await _act(house, filed, "PUT", "redactions", "officer", sub, seen, body)


async def agree(
    house: House, filed: dict[str, Any], *, sub: str = "approver-1", role: str = "approver", **body: Any
) -> httpx.Response:
    """The second person's word on it."""
    return await _act(house, filed, "POST", "approval", role, sub, await read(house, filed), {"agree": True, **body})


async def release(house: House, filed: dict[str, Any]) -> httpx.Response:
    """An officer lets it out as it stands."""
    return await _act(house, filed, "PUT", "review", "officer", "officer-1", await read(house, filed), None)


def neighbour(task: str, value: str = WORDS, row: int = 0) -> dict[str, Any]:
    """The stretch that names the neighbour."""
    starts = value.index(NEIGHBOUR)
    place = {"task_id": task, "row": row, "field": "content"}
    return {**place, "from": starts, "to": starts + len(NEIGHBOUR), "ground": "A35_4_2"}


async def task_of(house: House, filed: dict[str, Any]) -> str:
    """Whose answer is read."""
    [item, *_] = (await read(house, filed)).json()["items"]
    task: str = item["task_id"]
    return task


async def package(house: House, filed: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """access.json, and the text of access.pdf."""
    path = f"/v1/claims/{filed['claims'][0]['id']}/package"
    grant = await house.grant(filed)
    reply = await house.api.post(path, json={"grant": grant}, headers=bearer(filed["requester_token"]))
    assert reply.status_code == 200, reply.text
    with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
        return json.loads(archive.read("access.json")), pdf_text(archive.read("access.pdf"))


async def _act(
    house: House,
    filed: dict[str, Any],
    method: str,
    what: str,
    role: str,
    sub: str,
    seen: httpx.Response,
    body: dict[str, Any] | None,
) -> httpx.Response:
    path = f"/v1/claims/{filed['claims'][0]['id']}/collection/{what}"
    headers = {**house.auth(role, sub), "If-Match": seen.headers["etag"]}
    reply = await house.api.request(method, path, json=body, headers=headers)
    await house.workshop.run()
    return reply
