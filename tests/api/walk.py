"""One walk past every operation: each is called with its example, and its answer held against the schema."""

import json
import os
import re
from copy import deepcopy
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
from jsonschema import Draft202012Validator, FormatChecker
from sqlalchemy import select
from sqlmodel import col

from app import db, signature
from app.contract import EXAMPLES
from app.law import log_review
from app.law.deadline import seoul_date, seoul_midnight
from app.models import AccessLog, Delivery, DeliveryAttempt, Message, System
from app.services import access_reviews, checkpoints, destroying
from tests.api.acts import YOUNGHEE, rows
from tests.api.days import at, sweep
from tests.api.mailroom import bring_by_hand
from tests.api.papers import scan
from tests.api.shelter import sheltered
from tests.api.shredding import Planted, all_requests, grow_old, listed, plant, planted
from tests.api.stops import JIHO, codes
from tests.api.visible import STAFF, Seen, principal_of
from tests.api.visitors import opened
from tests.house import STRANGER, Holder, House, bearer, key

HOME = {"postal_code": "06236", "road_address": "서울특별시 강남구 가상로 12", "detail": "301호"}
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MAGIC = {
    "application/pdf": b"%PDF-",
    "application/zip": b"PK",
    "image/png": b"\x89PNG",
    "image/jpeg": b"\xff\xd8",
    "text/plain": b"# HELP",
    "text/csv": b"\xef\xbb\xbf",
    "application/jsonl": b'{"format":',
}
FORMATS = FormatChecker()
_UNMARKED: dict[str, Any] = {"redactions": [], "grounds": [], "reason": None}
WRITES = os.environ.get("WRITE_EXAMPLES") == "1"
"""Whether the answers of this walk become the examples: then the old ones say nothing."""


@FORMATS.checks("uuid", raises=ValueError)
def _uuid(value: object) -> bool:
    return not isinstance(value, str) or str(UUID(value)) == value


@FORMATS.checks("date-time")
def _moment(value: object) -> bool:
    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    return not isinstance(value, str) or re.fullmatch(pattern, value) is not None


class Contract:
    """The contract, made strict: an answer may hold nothing that its schema does not name."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = deepcopy(document)
        for schema in self.document["components"]["schemas"].values():
            if "properties" in schema:
                schema.setdefault("additionalProperties", False)
        self.operations = {
            one["operationId"]: (method, path, one)
            for path, methods in document["paths"].items()
            for method, one in methods.items()
        }

    def check(self, schema: dict[str, Any], value: Any) -> None:
        """Fail unless the value is what the schema says."""
        whole = {**schema, "components": self.document["components"]}
        errors = [
            f"{one.json_path}: {one.message}"
            for one in Draft202012Validator(whole, format_checker=FORMATS).iter_errors(value)
        ]
        assert not errors, errors[:5]


class Walk:
    """Goes from operation to operation and keeps what was answered."""

    def __init__(self, house: House, contract: Contract) -> None:
        self.house = house
        self.contract = contract
        self.examples: dict[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
        self.answers: dict[str, Any] = {}
        self.seen = Seen()
        self.planted: Planted | None = None
        """What lay in the tables in clear before all of it was destroyed."""

    async def send(
        self,
        operation_id: str,
        auth: dict[str, str] | None = None,
        *,
        path: dict[str, str] | None = None,
        change: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Call one operation with its example; `change` holds what only this run knows, such as ids and codes."""
        method, target, operation = self.contract.operations[operation_id]
        example = self.examples.get(operation_id, {})
        given = example.get("parameters", {}) | (path or {})
        query, said = (parameters(operation, where, given) for where in ("query", "header"))
        sent = {**said, **(auth or {}), **(headers or {})}
        if {"$ref": "#/components/parameters/IdempotencyKey"} in operation["parameters"]:
            sent |= key()
        body: dict[str, Any] = {}
        if "requestBody" in operation:
            value = example["request"] | (change or {})
            [(kind, content)] = operation["requestBody"]["content"].items()
            self.contract.check(content["schema"], example["request"])
            body = carried(kind, value)
        reply = await self.house.api.request(method, target.format(**given), params=query, headers=sent, **body)
        self._held_against(operation_id, operation, reply)
        if method == "get" and "x-roles" in operation and self.answers[operation_id] is not None:
            self.seen.add(operation_id, principal_of(sent), reply.json())
            for role in set(STAFF) & set(operation["x-roles"]) - {principal_of(sent)}:
                await self.look(operation_id, self.house.auth(role), given)
        return reply

    async def look(self, operation_id: str, auth: dict[str, str], given: dict[str, str]) -> None:
        """What somebody else sees there: not an example, but a part of who sees what."""
        _, target, operation = self.contract.operations[operation_id]
        query, said = (parameters(operation, where, given) for where in ("query", "header"))
        reply = await self.house.api.get(target.format(**given), params=query, headers={**said, **auth})
        assert reply.status_code == 200, (operation_id, principal_of(auth), reply.text)
        self.contract.check(operation["responses"]["200"]["content"]["application/json"]["schema"], reply.json())
        self.seen.add(operation_id, principal_of(auth), reply.json())

    def _held_against(self, operation_id: str, operation: dict[str, Any], reply: httpx.Response) -> None:
        [(status, success)] = [one for one in operation["responses"].items() if one[0].startswith("2")]
        assert str(reply.status_code) == status, (operation_id, reply.status_code, reply.text)
        sheltered(reply)
        kind = reply.headers["content-type"].partition(";")[0]
        assert kind in success["content"], (operation_id, kind)
        for name in success["headers"]:
            assert name in reply.headers or name == "Idempotency-Replayed", (operation_id, name)
        if kind != "application/json":
            assert kind == "text/html" or reply.content.startswith(MAGIC[kind])
            self.answers[operation_id] = None
            return
        schema = success["content"]["application/json"]["schema"]
        assert "$ref" in schema, f"the answer of {operation_id} has no name"
        answer = reply.json()
        self.contract.check(schema, answer)
        self.answers[operation_id] = answer
        example = self.examples.get(operation_id, {}).get("answer")
        if example is not None and not WRITES:
            self.contract.check(schema, example)
            assert paths(example) <= paths(answer), (operation_id, sorted(paths(example) - paths(answer)))


async def film(tour: Walk) -> None:
    """Past the ledger of footage: filed, kept, granted, seen."""
    house, officer = tour.house, tour.house.auth("officer")
    store = await house.system("강남점", categories=["cctv"], actions=["preserve", "release", "collect"])
    ends = db.now() - timedelta(days=2)
    hour = {"from": (ends - timedelta(hours=1)).isoformat(), "to": ends.isoformat()}
    asked = {"site": store.id, **hour, "description": "검은 우산", "ground": "own_image", "kind": "view"}
    filed = await house.file({"right": "access", "media": asked}, subject=STRANGER)
    await store.work()
    await house.prove(filed)
    [claim] = filed["claims"]
    await house.decide(claim["id"], outcome="approve")
    seen = {"claim_id": claim["id"]}
    await tour.send("record_viewing", officer, path=seen, change={"seen_at": db.now().isoformat()})
    await tour.send("list_viewings", officer, path=seen)
    for auth in (store.headers, house.auth("clerk", site=store.id)):
        await tour.look("list_viewings", auth, seen)


async def walk(tour: Walk) -> None:
    """Past every operation, in the order in which a case makes them possible."""
    house = tour.house
    admin, officer, approver = (house.auth(role) for role in ("admin", "officer", "approver"))
    for open_ in (
        "get_health",
        "get_readiness",
        "get_metrics",
        "get_policy",
        "get_policy_proof",
        "get_policy_parity",
        "get_rulebook",
        "get_power_of_attorney",
        "get_request_form",
        "get_key_set",
        "list_problems",
        "get_problem",
    ):
        await tour.send(open_)

    private = signature.new_private_key()
    own = {"callback_keys": [signature.public_key(private)]}
    mall = await house.system(categories=["online_mall", "separate_service", "consultation"], **own)
    before = (await house.api.get("/v1/holds/snapshot", headers=mall.headers)).json()["after"]
    await house.system("a partner", kind="source", categories=["online_mall"], actions=[])
    filed = (await tour.send("file_request", house.auth("website"))).json()
    person = bearer(filed["requester_token"])
    this = {"request_id": filed["id"]}
    access, correction, deletion, suspension = filed["claims"]
    await tour.send("track_request", change={one: filed[one] for one in ("receipt_no", "access_code")})
    asked = (await tour.send("ask_verification", person, path=this)).json()
    await house.workshop.run()
    code = {"code": house.last_code("sms")}
    await tour.send("answer_verification", person, path={"verification_id": asked["id"]}, change=code)
    await house.workshop.run()
    await tour.send("withdraw_claims", person, path=this, change={"claim_ids": [suspension["id"]]})
    await tour.send("search_requests", officer, change={"receipt_no": filed["receipt_no"]})
    in_two_months = (seoul_date(db.now()) + timedelta(days=60)).isoformat()
    await tour.send("list_claims", officer, path={"due_before": in_two_months})

    that = {"claim_id": deletion["id"]}
    await tour.send("assign_claim", officer, path=that)
    await tour.send("get_assessment", officer, path=that)
    seen = await house.api.get(f"/v1/claims/{deletion['id']}", headers=officer)
    await tour.send("decide_claim", officer, path=that, headers={"If-Match": seen.headers["etag"]})
    seen = await tour.send("get_claim", approver, path=that)
    await tour.send("approve_decision", approver, path=that, headers={"If-Match": seen.headers["etag"]})
    [passed, *_] = (await tour.send("list_relays", officer)).json()["items"]
    on = {"relay_id": passed["id"]}
    seen = await tour.send("get_relay", officer, path=on)
    now = seoul_date(db.now()).isoformat()
    version = {"If-Match": seen.headers["etag"]}
    seen = await tour.send("tell_sending", officer, path=on, change={"sent_on": now}, headers=version)
    version = {"If-Match": seen.headers["etag"]}
    await tour.send("tell_answer", officer, path=on, change={"answered_on": now}, headers=version)
    await tour.send("get_sources", person, path=this)
    # The machine leaves the access to an officer, because a deletion of the same category is open beside it.
    await house.decide(access["id"], outcome="approve")
    seen = await house.api.get(f"/v1/claims/{correction['id']}", headers=officer)
    version = {"If-Match": seen.headers["etag"]}
    await tour.send("collect_current", officer, path={"claim_id": correction["id"]}, headers=version)
    await house.decide(correction["id"], outcome="approve")
    await tour.send("check_processing", mall.headers)
    said = [one | {"provided_on": now} for one in tour.examples["log_disclosures"]["request"]["disclosures"]]
    await tour.send("log_disclosures", mall.headers, change={"disclosures": said})
    await tour.send("list_disclosures", officer)
    await tour.send("get_feed_key", mall.headers)
    await tour.send("list_holds", mall.headers)
    await tour.send("follow_holds", mall.headers, path={"after": before})

    await tour.send("list_tasks", mall.headers)
    tasks = {one["action"]: {"task_id": one["id"]} for one in await mall.tasks()}
    await tour.send("get_task", mall.headers, path=tasks["correct"])
    soon = (db.now() + timedelta(days=2)).date().isoformat()
    await tour.send("acknowledge_task", mall.headers, path=tasks["correct"], change={"expected_on": soon})
    await tour.send("report_task", mall.headers, path=tasks["collect"])
    held = [{**tasks["hold"], "result": "done"}]
    await tour.send("report_tasks", mall.headers, change={"results": held})
    await _call_back(tour, mall, private, tasks["correct"]["task_id"])
    await house.workshop.run()
    while await mall.work():
        pass
    await tour.send("get_request", person, path=this)
    await tour.send("get_timeline", officer, path=this)

    [notice, *_] = (await tour.send("list_notices", officer, path=this)).json()["items"]
    grant = {"grant": await house.grant(filed)}
    await tour.send("open_notice", person, path={"notice_id": notice["id"]}, change=grant)
    await tour.send("read_notice", officer, path={"notice_id": notice["id"]}, headers={"Accept": "text/html"})
    await tour.send("fetch_package", person, path={"claim_id": access["id"]}, change=grant)

    by_post = await house.file(subject={**STRANGER, "address": HOME}, notify_by="post")
    await house.prove(by_post)
    path = f"/v1/requests/{by_post['id']}/notices"
    [letter] = (await house.api.get(path, headers=officer)).json()["items"]
    await tour.send("print_letter", officer, path={"notice_id": letter["id"]})
    today = {"posted_on": seoul_date(db.now()).isoformat()}
    await tour.send("tell_posting", officer, path={"notice_id": letter["id"]}, change=today)
    asked_by_post = {"request_id": by_post["id"]}
    await tour.send("read_request_form", officer, path=asked_by_post, headers={"Accept": "text/html"})
    await tour.send("wish_form_letter", officer, path=asked_by_post)
    await tour.send("print_form_letter", officer, path=asked_by_post)
    await tour.send("tell_form_posting", officer, path=asked_by_post, change=today)

    await _afterwards(tour)
    await bring_by_hand(tour, mall)

    visit = await house.file(role="clerk")
    await tour.send("attest_documents", house.auth("clerk"), path={"request_id": visit["id"]})
    free = await house.file({"right": "access", "aspects": ["items"], "categories": ["consultation"]})
    await house.prove(free)
    [talk] = free["claims"]
    await _put_off_and_object(tour, talk["id"], bearer(free["requester_token"]))
    await house.decide(talk["id"], outcome="approve")
    await mall.work()
    talked = {"claim_id": talk["id"]}
    seen = await tour.send("read_collection", officer, path=talked)
    stretches = [tour.examples["redact_collection"]["request"]["redactions"][0]]
    stretches[0] |= {"task_id": seen.json()["items"][0]["task_id"]}
    version = {"If-Match": seen.headers["etag"]}
    seen = await tour.send("redact_collection", officer, path=talked, change={"redactions": stretches}, headers=version)
    no = {"agree": False, "note": "이름만 가리면 됩니다."}
    seen = await tour.send(
        "approve_redactions", approver, path=talked, change=no, headers={"If-Match": seen.headers["etag"]}
    )
    version = {"If-Match": seen.headers["etag"]}
    seen = await tour.send("redact_collection", officer, path=talked, change=_UNMARKED, headers=version)
    await tour.send("release_collection", officer, path=talked, headers={"If-Match": seen.headers["etag"]})

    doubted = await house.file(subject=JIHO, notify_by="sms")
    await house.prove(doubted)
    await tour.send("stop_request", change={"stop_code": codes(house, "jiho@example.com")[-1]})
    seen = await house.api.get(f"/v1/requests/{doubted['id']}", headers=approver)
    ruled = {"request_id": doubted["id"]}
    await tour.send("rule_freeze", approver, path=ruled, headers={"If-Match": seen.headers["etag"]})

    friend = await house.file_as_delegate()
    await house.prove(friend, party="requester")
    asked_for = {"request_id": friend["id"]}
    await tour.send("call_for_papers", officer, path=asked_for)
    await tour.send("list_supplements", bearer(friend["requester_token"]), path=asked_for)
    paper = (await tour.send("upload_evidence", bearer(friend["requester_token"]), path=asked_for)).json()
    await tour.send("list_evidence", bearer(friend["requester_token"]), path=asked_for)
    await tour.send("queue_evidence", officer)
    handed_in = {"evidence_id": paper["id"]}
    seen = await tour.send("get_evidence", officer, path=handed_in)
    await tour.send("read_evidence", officer, path=handed_in)
    await tour.send("review_evidence", officer, path=handed_in, headers={"If-Match": seen.headers["etag"]})
    as_principal = house.auth("requester", friend["id"], rid=friend["id"], party="subject")
    await tour.send("revoke_mandate", as_principal, path={"request_id": friend["id"]})

    await _leak(tour, filed, officer, approver)
    await _controlled(tour, filed)
    await _looked_after(tour)
    await film(tour)
    await _without_a_machine(tour)

    client = (await tour.send("create_client", admin)).json()
    one = {"client_id": client["client_id"]}
    secret = (await tour.send("create_client_secret", admin, path=one)).json()
    await tour.send(
        "issue_token", change={name: secret[name] for name in ("client_id", "client_secret")} | {"agent": "a17"}
    )
    await tour.send("retire_client", admin, path=one)
    await tour.send("list_grants", tour.house.auth("auditor"))

    await _let_days_pass(tour)

    proposed = (await tour.send("list_system_proposals", admin)).json()["items"]
    await tour.send("confirm_system_proposal", admin, path={"proposal_id": proposed[0]["id"]})

    # Last: what its endpoint is to be told would be tried in earnest if the worker ran on.
    registered = await tour.send("register_system", admin)
    system = {"system_id": registered.json()["id"]}
    await tour.send("list_systems", admin)
    seen = await tour.send("get_system", admin, path=system)
    seen = await tour.send("change_system", admin, path=system, headers={"If-Match": seen.headers["etag"]})
    await _propose_endpoint(tour, registered.json())
    await tour.send("confirm_endpoint", admin, path=system, headers={"If-Match": seen.headers["etag"]})
    await tour.send("challenge_system", admin, path=system)
    tested = (await tour.send("send_test_event", admin, path=system)).json()
    await tour.send("make_test_task", admin, path=system)
    await tour.send("list_test_tasks", admin, path=system)
    await tour.send("create_system_key", admin, path=system)
    await tour.send("list_system_keys", admin, path=system)
    await tour.send("get_webhook_keys")
    await _send_again(tour, admin, system, tested["id"])
    await tour.send("retire_system", admin, path=system)
    await tour.send("revoke_sessions", admin)
    await tour.send("end_session", house.auth("admin", "admin-3", name="하늘"))


async def destroy_all(tour: Walk) -> None:
    """Years later: everything is on the list, an approver confirms it, and the worker carries it out."""
    desk, approver = tour.house.desk, tour.house.auth("approver")
    await plant(tour.house)
    await _held(tour)
    ids = await all_requests(desk)
    tour.planted = await planted(desk, ids)
    await _kept_back(tour)
    await grow_old(desk, ids)
    made = await listed(desk)
    await tour.send("list_destructions", approver)
    one = {"destruction_id": str(made)}
    seen = await tour.house.api.get(f"/v1/destructions/{made}", headers=approver)
    await tour.send("confirm_destruction", approver, path=one, headers={"If-Match": seen.headers["etag"]})
    await destroying.carry_out(desk, made, tour.house.workshop.world.outbox.forget, db.now)
    done = await tour.house.api.get(f"/v1/destructions/{made}", headers=approver)
    await tour.send("check_destruction", approver, path=one, headers={"If-Match": done.headers["etag"]})
    await tour.send("get_destruction", approver, path=one)


async def _kept_back(tour: Walk) -> None:
    """One request is kept back from a list of its own; then its day has come, and the next list has it again."""
    desk, approver = tour.house.desk, tour.house.auth("approver")
    spared = await tour.house.file(subject={"name": "까막딱따구리", "email": "spared@example.com"})
    await grow_old(desk, [UUID(spared["id"])])
    path = {"destruction_id": str(await listed(desk)), "request_id": spared["id"]}
    seen = await tour.house.api.get(f"/v1/destructions/{path['destruction_id']}", headers=approver)
    until = {"review_on": (seoul_date(db.now()) + timedelta(days=90)).isoformat()}
    await tour.send("keep_back", approver, change=until, path=path, headers={"If-Match": seen.headers["etag"]})
    await rows(desk, "UPDATE destroyed_request SET review_on = review_on - 90 RETURNING 1")
    await rows(desk, "UPDATE destruction SET planned_on = planned_on - 1 RETURNING 1")


async def _without_a_machine(tour: Walk) -> None:
    """Past a holder that answers by a page, and one for which an officer answers."""
    house, officer, approver = tour.house, tour.house.auth("officer"), tour.house.auth("approver")
    office = {"categories": ["report"], "actions": ["delete"], "contact_email": "desk@post.example.com"}
    await house.system("우체국", answers_by="page", **office)
    filed = await house.file({"right": "deletion", "categories": ["report"]}, subject=YOUNGHEE)
    await house.prove(filed)
    decided = await house.decide(filed["claims"][0]["id"], outcome="approve")
    assert decided.status_code == 200, decided.text
    queue = "/v1/tasks?status=pending&limit=500"
    tasks = (await house.api.get(queue, headers=officer)).json()["items"]
    [task] = [{"task_id": one["id"]} for one in tasks if one["claim_id"] == filed["claims"][0]["id"]]
    made = (await tour.send("make_answer_link", officer, path=task)).json()
    await house.workshop.run()
    visitor = await opened(house, "desk@post.example.com", made["pin"])
    await visitor.send(result="failed", note="자료를 찾고 있습니다.", photo=scan(), name="proof.png")
    await tour.send("read_task_proof", officer, path=task)
    said = {"result": "done", "proof": "회신 공문을 보았습니다."}
    await house.api.put(f"/v1/tasks/{task['task_id']}/result", json=said, headers=officer)
    seen = await house.api.get(f"/v1/tasks/{task['task_id']}", headers=approver)
    await tour.send("confirm_task", approver, path=task, headers={"If-Match": seen.headers["etag"]})
    await house.workshop.run()


async def _call_back(tour: Walk, mall: Holder, private: str, task_id: str) -> None:
    """A result as a message that the system signs with a key of its own."""
    said = tour.examples["take_callback"]["request"]
    change = {"timestamp": db.now().isoformat(), "data": said["data"] | {"task_id": task_id}}
    body = httpx.Request("POST", "http://desk.example.com", json=said | change).content
    signed = signature.headers([private], "msg_1", int(db.now().timestamp()), body)
    await tour.send("take_callback", path={"system_id": mall.id}, change=change, headers=signed)


async def _put_off_and_object(tour: Walk, claim_id: str, person: dict[str, str]) -> None:
    """Access put off and taken up again; one objection taken back, another ruled on."""
    house, that = tour.house, {"claim_id": claim_id}
    officer, approver = house.auth("officer"), house.auth("approver", "approver-2")

    async def version() -> dict[str, str]:
        return {"If-Match": (await house.api.get(f"/v1/claims/{claim_id}", headers=officer)).headers["etag"]}

    until = (seoul_date(db.now()) + timedelta(days=14)).isoformat()
    await tour.send("postpone_claim", officer, path=that, change={"expected_on": until}, headers=await version())
    dropped = (await tour.send("file_objection", person, path=that)).json()
    await tour.send("drop_objection", person, path={"objection_id": dropped["id"]})
    objection = {"objection_id": (await tour.send("file_objection", person, path=that)).json()["id"]}
    await tour.send("list_objections", approver)
    seen = await tour.send("get_objection", approver, path=objection)
    await tour.send("rule_objection", approver, path=objection, headers={"If-Match": seen.headers["etag"]})
    await tour.send("resume_claim", officer, path=that, headers=await version())
    await house.workshop.run()


async def _let_days_pass(tour: Walk) -> None:
    """A day that passed unanswered, and why."""
    house = tour.house
    approver, that = house.auth("approver"), {"claim_id": (await house.file())["claims"][0]["id"]}
    seen = await house.api.get(f"/v1/claims/{that['claim_id']}", headers=approver)
    await sweep(house.desk, at(date.fromisoformat(seen.json()["due_on"]) + timedelta(days=1)))
    await tour.send("explain_lateness", approver, path=that, headers={"If-Match": seen.headers["etag"]})
    # Some holder is silent, however far off the next closed days are.
    await rows(house.desk, "UPDATE task SET due_at = now() WHERE status IN ('pending', 'acknowledged') RETURNING 1")
    await tour.send("get_outlook", approver)
    today = seoul_date(db.now())
    await rows(house.desk, "UPDATE overdue SET due_on = :today RETURNING 1", today=today)
    await tour.send("get_report", house.auth("auditor"), path={"month": f"{today:%Y-%m}"})


async def _afterwards(tour: Walk) -> None:
    """What comes after an answer: what a statute keeps, and the measure after a suspension."""
    house = tour.house
    officer, approver = house.auth("officer"), house.auth("approver")
    in_six_years = (seoul_date(db.now()) + timedelta(days=6 * 366)).isoformat()
    await tour.send("list_fences", officer, path={"until_before": in_six_years})
    holder = await house.system(categories=["inquiry"])
    stopped = await house.file({"right": "suspension", "categories": ["inquiry"], "ends_contract": False})
    await house.prove(stopped)
    await house.decide(stopped["claims"][0]["id"], outcome="approve")
    await holder.work()
    [row] = (await tour.send("list_follow_ups", officer)).json()["items"]
    one = {"follow_up_id": row["id"]}
    seen = await tour.send("get_follow_up", officer, path=one)
    seen = await tour.send("propose_measure", officer, path=one, headers={"If-Match": seen.headers["etag"]})
    await tour.send("approve_measure", approver, path=one, headers={"If-Match": seen.headers["etag"]})


async def _propose_endpoint(tour: Walk, system: dict[str, Any]) -> None:
    """Another admin wants its events elsewhere; written here, for on a developer's machine one person is enough."""
    async with tour.house.desk.database.transaction() as session:
        row = await session.get_one(System, UUID(system["id"]))
        row.proposed_url, row.proposed_by, row.proposed_at = system["endpoint_url"], "issuer|admin-2", db.now()


async def _send_again(tour: Walk, admin: dict[str, str], system: dict[str, str], delivery_id: str) -> None:
    """Past the events of a system; that one was given up is written here, for it takes three days."""
    async with tour.house.desk.database.transaction() as session:
        lost = await session.get_one(Delivery, UUID(delivery_id))
        lost.state, lost.attempts = "exhausted", 10
        answer = "no such route"
        tried = {"at": db.now(), "status": 404, "outcome": "http_404", "milliseconds": 12, "answer": answer}
        session.add(DeliveryAttempt(id=db.new_id(), delivery_id=lost.id, **tried))
    await tour.send("list_deliveries", admin, path=system)
    since = {"since": (db.now() - timedelta(days=1)).isoformat()}
    await tour.send("recover_deliveries", admin, path=system, change=since)
    await tour.send("redeliver_event", admin, path={"delivery_id": delivery_id})


async def _leak(tour: Walk, filed: dict[str, Any], officer: dict[str, str], approver: dict[str, str]) -> None:
    """An answer that reached the wrong person, from its opening to its end."""
    now = db.now().isoformat()
    change = {"request_id": filed["id"], "known_at": now}
    this = {"incident_id": (await tour.send("open_incident", officer, change=change)).json()["id"]}
    await tour.send("list_incidents", officer)

    async def step(operation_id: str, auth: dict[str, str], **more: Any) -> None:
        seen = await tour.send("get_incident", officer, path=this)
        await tour.send(operation_id, auth, path=this, headers={"If-Match": seen.headers["etag"]}, change=more)

    await step("amend_incident", officer)
    await step("draft_leak_notice", officer)
    await step("approve_leak_notice", approver)
    await step("record_telling", officer, told_at=db.now().isoformat())
    await tour.send("read_leak_notice", officer, path=this)
    await tour.send("get_leak_report", officer, path=this)
    await tour.send("read_leak_report", officer, path=this)
    await step("record_leak_report", officer, reported_at=db.now().isoformat())
    await step("resume_request", approver)
    await step("close_incident", approver)
    await tour.send("download_ledger", tour.house.auth("auditor"))


async def _controlled(tour: Walk, filed: dict[str, Any]) -> None:
    """The chain, as an auditor and whoever holds an anchor see it."""
    async with tour.house.desk.database.transaction() as session:
        await checkpoints.take(session, now=db.now())
    auditor = tour.house.auth("auditor")
    for operation_id in ("list_audit_entries", "list_audit_checkpoints", "export_audit"):
        await tour.send(operation_id, auditor)
    await tour.send("export_case", tour.house.auth("approver"), path={"request_id": filed["id"]})
    newer, older, *_ = (await tour.send("list_audit_checkpoints", auditor)).json()["items"]
    await tour.send("prove_growth", auditor, path={"from": older["size"], "to": newer["size"]})
    await tour.send("prove_entry", path={"anchor": "{seq}.{hash}".format(**filed["anchor"])})


async def _looked_after(tour: Walk) -> None:
    """Past the access log: read, asked about, answered for, and a month of it signed."""
    house, auditor, officer = tour.house, tour.house.auth("auditor"), tour.house.auth("officer")
    await tour.send("list_access_log", auditor)
    taken = (await house.api.get("/v1/access-log?downloads=true", headers=auditor)).json()["items"]
    entry = next(one["id"] for one in taken if one["role"] == "officer")
    asked = (await tour.send("ask_about_download", auditor, path={"entry_id": entry})).json()
    await tour.send("list_download_questions", officer)
    await tour.send("answer_download_question", officer, path={"question_id": asked["id"]})
    month = log_review.month_after(seoul_date(db.now()).replace(day=1), -1)
    at = seoul_midnight(month) + timedelta(days=3, hours=1)
    async with house.desk.database.transaction() as session:
        for role, said in (
            ("officer", {"operation": "read_evidence", "purpose": "review of the mandate"}),
            ("system", {"operation": "check_processing"}),
            ("unknown", {"operation": "list_claims", "result": "auth.invalid:time"}),
        ):
            row = {"result": "ok", "actor": f"https://rights.example.com|{role}-1", "address": "192.0.2.7"} | said
            session.add(AccessLog(id=db.new_id(), at=at, role=role, trace=str(db.new_id()), **row))
    async with house.desk.database.transaction() as session:
        await access_reviews.draw(session, month, now=db.now())
    past = {"month": f"{month:%Y-%m}"}
    await tour.send("get_access_review", auditor, path=past)
    await tour.send("sign_access_review", auditor, path=past)


def carried(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    """A body as this media type carries it; a form's file is a picture of a paper."""
    if kind == MULTIPART:
        words = {name: one for name, one in value.items() if name != "file"}
        return {"data": words, "files": {"file": ("paper.png", scan(), "image/png")}}
    return {"data": value} if kind == FORM else {"json": value}


def parameters(operation: dict[str, Any], where: str, given: dict[str, Any]) -> dict[str, Any]:
    """The parameters of this place that are given."""
    names = [one["name"] for one in operation["parameters"] if one.get("in") == where]
    return {name: given[name] for name in names if name in given}


def paths(value: Any, at: str = "") -> set[str]:
    """Where something stands in an answer; the places of a list are one."""
    if isinstance(value, dict):
        return {at}.union(*(paths(inner, f"{at}/{name}") for name, inner in value.items()))
    if isinstance(value, list):
        return {at}.union(*(paths(inner, f"{at}/*") for inner in value))
    return {at}


# --- keeping what was answered as the examples of the contract -------------------------------------------------------

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_SECRETS = {
    "access_code": "abcd-efgh",
    "requester_token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJyb2xlIjoicmVxdWVzdGVyIn0.c2lnbmF0dXJl",
    "access_token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJyb2xlIjoiY2FsbF9jZW50ZXIifQ.c2lnbmF0dXJl",
    "client_secret": "told-this-once-0000000000000000000000000000",
    "grant": "good-for-ten-minutes-000000000000",
    "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "receipt_no": "482-0193-7756",
    "public_key": "whpk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "iss": "https://rights.example.com",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "kid": "k1",
    "feed_key": "hfk_" + "A" * 86 + "==",
    "subjects": "qxJ0q0m1gk1m2v8b3o7c1Q6xj5m0bq9w1lJ3mYv3a4E",
    "after": "17.5b2f0c7d9e3a1b48",
}


def settled(value: Any, ids: dict[str, str], name: str = "") -> Any:
    """An answer as an example: other ids, one moment, no secret, lists cut short."""
    if isinstance(value, dict):
        return {inner: settled(one, ids, inner) for inner, one in value.items()}
    if isinstance(value, list):
        return [settled(one, ids, name) for one in value[: 12 if name in ("actions", "methods", "due_steps") else 4]]
    if not isinstance(value, str):
        return value
    if name in _SECRETS:
        return _SECRETS[name]
    value = _UUID.sub(lambda found: ids.setdefault(found[0], f"0193a5b0-7c1e-7000-8000-{len(ids) + 1:012d}"), value)
    return _MOMENT.sub(f"{seoul_date(db.now())}T10:00:00+09:00", value)


def to_be_sent() -> dict[str, Any]:
    """The examples of the contract, with the one moment in them that has to be near today."""
    examples: dict[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    examples["recover_deliveries"]["request"]["since"] = (db.now() - timedelta(days=2)).isoformat()
    return examples


def keep(tour: Walk) -> None:
    """Write what was answered into openapi/examples.json."""
    ids: dict[str, str] = {}
    for operation_id, answer in sorted(tour.answers.items()):
        if answer is not None:
            tour.examples.setdefault(operation_id, {})["answer"] = settled(answer, ids)
    EXAMPLES.write_text(
        json.dumps(tour.examples, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8"
    )


async def _held(tour: Walk) -> None:
    """Past what a restored copy holds; that a backup was put back is written here."""
    async with tour.house.desk.database.transaction() as session:
        [message] = (await session.execute(select(Message).where(col(Message.state) == "sent").limit(1))).scalars()
        message.state = "held"
    officer = tour.house.auth("officer")
    await tour.send("list_held_sendings", officer)
    await tour.send("settle_held_sendings", officer, change={"send": [], "leave": [str(message.id)]})
