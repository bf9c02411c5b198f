"""Answers as signed messages: the official library signs them, and what is not signed, late or foreign gets nowhere."""

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import standardwebhooks
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app import db
from app.law.deadline import seoul_date
from app.services import upkeep
from examples.common import signature
from tests.api.acts import one, refused, rows
from tests.house import ONLINE_MALL, Holder, House, key

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


class Signing:
    """A system that signs its answers with the secret it shares with us, by the official library."""

    def __init__(self, holder: Holder, secret: str) -> None:
        self.holder, self.house, self.library = holder, holder.house, standardwebhooks.Webhook(secret)
        self.path = f"/v1/systems/{holder.id}/callbacks"

    def signed(self, body: str, message_id: str = "msg_1", at: datetime | None = None) -> dict[str, str]:
        moment = (at or datetime.now(UTC)).replace(microsecond=0)
        return {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": self.library.sign(message_id, moment, body),
            "content-type": "application/json",
        }

    async def post(self, body: str, headers: dict[str, str], path: str | None = None) -> httpx.Response:
        return await self.house.api.post(path or self.path, content=body.encode(), headers=headers)

    async def say(self, kind: str, message_id: str = "msg_1", *, at: datetime | None = None, **data: Any) -> Any:
        """Say something of a task; `at`: when it was written."""
        body = said(kind, at=at, **data)
        return await self.post(body, self.signed(body, message_id))


def said(kind: str, *, at: datetime | None = None, **data: Any) -> str:
    return json.dumps({"type": kind, "timestamp": (at or db.now()).isoformat(), "data": data}, ensure_ascii=False)


async def sharing(house: House, name: str) -> Signing:
    """A system with a shared secret."""
    holder = await house.system(name)
    made = await house.api.post(
        f"/v1/systems/{holder.id}/keys", json={"scheme": "v1"}, headers={**house.auth("admin"), **key()}
    )
    return Signing(holder, made.json()["secret"])


async def signing(house: House) -> tuple[Signing, str]:
    """One for which a task waits."""
    mall = await sharing(house, "a mall")
    await house.prove(await house.file(ONLINE_MALL))
    [task] = await mall.holder.tasks()
    return mall, task["id"]


async def test_a_message_is_acted_on_once_and_never_moves_a_state_back(house: House) -> None:
    mall, task = await signing(house)
    soon, now = seoul_date(db.now()), db.now()
    promised = {"task_id": task, "expected_on": soon.isoformat()}
    first = await mall.say("task.acknowledged", at=now, **promised)
    assert (first.status_code, first.json()["duplicate"], first.json()["task"]["status"]) == (
        200,
        False,
        "acknowledged",
    )
    again = await mall.say("task.acknowledged", at=now, **promised)
    assert again.json() == first.json() | {"duplicate": True}
    other = await mall.say("task.acknowledged", at=now, **promised, reason="다른 말")
    assert refused(other)[::2] == (422, "idempotency.key_reused")
    # What was written earlier comes later: it says nothing any more.
    past = {**promised, "expected_on": (soon - DAY).isoformat()}
    assert (await mall.say("task.acknowledged", "msg_0", at=now - MINUTE, **past)).status_code == 200
    assert await one(house.desk, "SELECT expected_on FROM task") == soon
    done = {"task_id": task, "result": "done", "data": {"online_mall": [{"name": "홍길동"}]}}
    assert (await mall.say("task.answered", "msg_2", **done)).json()["task"]["status"] == "done"
    for _ in range(2):
        back = await mall.say("task.answered", "msg_3", task_id=task, result="failed")
        assert (back.status_code, back.json()["code"]) == (409, "state.conflict")
    # The same message many times at once: one of them does it.
    body = said("task.answered", task_id=task, result="done", onward=[{"name": "가상물류(주)", "result": "failed"}])
    many = await asyncio.gather(*(mall.post(body, mall.signed(body, "msg_5")) for _ in range(4)))
    assert sorted(one_.json()["duplicate"] for one_ in many) == [False, True, True, True]
    late = await mall.say("task.acknowledged", "msg_4", **promised)
    assert (late.status_code, late.json()["task"]["status"]) == (200, "done")
    logged = "SELECT result, actor FROM access_log WHERE operation = 'take_callback' ORDER BY id"
    seen = await rows(house.desk, logged)
    assert [row.result for row in seen].count("state.conflict") == 2
    assert {row.actor for row in seen} == {f"{house.desk.issuer.name}|{mall.holder.id}"}
    # Ids of messages are forgotten after thirty days.
    async with house.desk.database.transaction() as session:
        await upkeep.forget(session, now=db.now() + 31 * DAY)
    assert await one(house.desk, "SELECT count(*) FROM callback") == 0


async def test_what_is_not_signed_now_by_this_system_gets_nowhere(house: House) -> None:
    mall, task = await signing(house)
    other = await sharing(house, "another")
    body = said("task.answered", task_id=task, result="not_held")
    right, now = mall.signed(body), datetime.now(UTC)
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        lacking = await mall.post(body, {one_: value for one_, value in right.items() if one_ != name})
        assert (lacking.status_code, lacking.json()["code"]) == (401, "signature.missing")
    unknown = f"/v1/systems/{db.new_id()}/callbacks"
    wrong = [
        (body + " ", right, None),
        (body, mall.signed(body, at=now - 6 * MINUTE), None),
        (body, mall.signed(body, at=now + 6 * MINUTE), None),
        (body, {**right, "webhook-id": "msg_2"}, None),
        (body, {**right, "webhook-signature": "v1," + "A" * 44}, None),
        (body, {**right, "webhook-signature": " ".join(["v1,x"] * 500)}, None),
        (body, other.signed(body), None),
        (body, right, other.path),
        (body, right, unknown),
        ("{", right, None),
    ]
    answers = [await mall.post(*each) for each in wrong]
    assert {(one_.status_code, one_.json()["code"]) for one_ in answers} == {(401, "signature.invalid")}
    assert len({json.dumps(one_.json() | {"instance": ""}) for one_ in answers}) == 1, "nobody learns which it was"
    assert answers[0].headers["www-authenticate"] == "Standard-Webhooks"
    await house.api.post(f"/v1/systems/{mall.holder.id}/retirement", headers=house.auth("admin"))
    assert (await mall.post(body, right)).status_code == 401
    assert await one(house.desk, "SELECT count(*) FROM task WHERE status <> 'pending'") == 0
    logged = "SELECT DISTINCT role, result FROM access_log WHERE operation = 'take_callback'"
    assert [tuple(row) for row in await rows(house.desk, logged)] == [("unknown", "signature.invalid")]


async def test_what_is_signed_and_makes_no_sense_is_told_why(house: House) -> None:
    mall, task = await signing(house)
    other = await sharing(house, "another")
    event = json.dumps({"type": "task.created", "timestamp": db.now().isoformat(), "data": {"task_id": task}})
    for body, status, code in (
        ("{", 400, "request.malformed_json"),
        (event, 422, "field.value"),
        (said("task.answered", task_id=task), 422, "field.required"),
        (said("task.answered", task_id=task, result="done", more="홍길동"), 422, "field.unknown"),
        (said("task.answered", task_id=task, result="done", data={"report": []}), 422, "field.unknown"),
    ):
        reply = await mall.post(body, mall.signed(body))
        assert (reply.status_code, reply.json()["code"]) == (status, code), body
        assert "홍길동" not in reply.text
    foreign = [
        await other.say("task.answered", task_id=one_, result="not_held") for one_ in (task, str(db.new_id()), task)
    ]
    assert {one_.status_code for one_ in foreign} == {404}
    assert len({json.dumps(one_.json() | {"instance": ""}) for one_ in foreign}) == 1
    assert await one(house.desk, "SELECT count(*) FROM callback") == 0, "what is refused is not remembered"


def pair() -> tuple[str, str]:
    """A private key and its public half."""
    private = Ed25519PrivateKey.generate()
    halves = private.private_bytes_raw(), private.public_key().public_bytes_raw()
    seed, public = (base64.b64encode(one_).decode() for one_ in halves)
    return "whsk_" + seed, "whpk_" + public


async def test_a_key_of_its_own_is_put_on_record_and_changed_with_an_overlap(house: House) -> None:
    (old, old_key), (new, new_key) = pair(), pair()
    mall = await house.system(callback_keys=[old_key])
    assert mall.registered["callback_keys"] == [old_key]
    await house.prove(await house.file(ONLINE_MALL))
    [task] = await mall.tasks()
    body = said("task.answered", task_id=task["id"], result="failed").encode()
    path, admin = f"/v1/systems/{mall.id}", house.auth("admin")

    async def post(private: str, message_id: str) -> int:
        headers = signature.headers(private, message_id, int(datetime.now(UTC).timestamp()), body)
        headers |= {"content-type": "application/json"}
        return (await house.api.post(f"{path}/callbacks", content=body, headers=headers)).status_code

    async def trust(*keys: str) -> httpx.Response:
        seen = await house.api.get(path, headers=admin)
        named = {**admin, "If-Match": seen.headers["etag"]}
        return await house.api.patch(path, json={"callback_keys": list(keys)}, headers=named)

    assert [await post(old, "m1"), await post(new, "m2")] == [200, 401]
    assert (await trust(old_key, new_key)).json()["callback_keys"] == [old_key, new_key]
    assert [await post(old, "m3"), await post(new, "m4")] == [200, 200]
    assert (await trust(new_key)).status_code == 200
    assert [await post(old, "m5"), await post(new, "m6")] == [401, 200]
    assert (await trust()).status_code == 200 and await post(new, "m7") == 401


@pytest.mark.parametrize(
    ("keys", "pointer", "code"),
    [
        (["whpk_AAAA"], "/callback_keys/0", "field.format"),
        (["whsec_" + "A" * 44], "/callback_keys/0", "field.format"),
        (["x"], "/callback_keys/0", "field.format"),
        ([pair()[1]] * 2, "/callback_keys/1", "field.duplicate"),
        ([pair()[1] for _ in range(6)], "/callback_keys", "field.length"),
    ],
)
async def test_only_public_keys_are_put_on_record(house: House, keys: list[str], pointer: str, code: str) -> None:
    body = {
        "name": "a mall", "kind": "internal", "categories": [], "actions": [], "matches_by": ["name"],
        "contact_email": "holder@example.com", "callback_keys": keys,
    }  # fmt: skip
    reply = await house.api.post("/v1/systems", json=body, headers={**house.auth("admin"), **key()})
    assert refused(reply) == (422, pointer, code)
