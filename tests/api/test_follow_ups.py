"""After a suspension: destroyed, or kept apart where a purpose goes on (Act 37(5)), each category on its own day."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from app import db
from app.law import deadline, period
from app.law.terms import Span
from app.services import following_up
from tests.api.acts import DELIVERY, actions, claims, one, refused, rows, statuses
from tests.api.test_holds_and_tasks import check, told
from tests.api.test_postponement import object_to, opened, rule
from tests.api.years import dawn, go_to, today
from tests.house import Holder, House, bearer

WHY = "정지된 목적 밖에는 쓸 곳이 없습니다."
INQUIRY = {"right": "suspension", "categories": ["inquiry"], "ends_contract": False}
LOG = {"right": "suspension", "categories": ["site_log"], "ends_contract": False}
MALL = {"right": "suspension", "categories": ["online_mall"], "ends_contract": True}
EVERY = ["online_mall", "site_log", "inquiry"]


async def stopped(house: House, claim: dict[str, Any], *, work: bool = True) -> tuple[Holder, dict[str, Any]]:
    """A suspension that was granted, carried out and told."""
    holder = await house.system(categories=EVERY)
    filed = await house.file(claim)
    await house.prove(filed)
    if await statuses(house, filed) == ["verified"]:
        await house.decide(filed["claims"][0]["id"], outcome="approve")
    if work:
        await holder.work()
        assert await statuses(house, filed) == ["closed"]
    return holder, filed


async def queue(house: House, state: str | None = None) -> list[dict[str, Any]]:
    """Measures as the officer sees them."""
    path = "/v1/follow-ups" + (f"?state={state}" if state else "")
    reply = await house.api.get(path, headers=house.auth("officer"))
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json()["items"]
    return found


async def whole(house: House, row: dict[str, Any]) -> httpx.Response:
    reply = await house.api.get(f"/v1/follow-ups/{row['id']}", headers=house.auth("officer"))
    assert reply.status_code == 200, reply.text
    return reply


async def measure(house: House, row: dict[str, Any], name: str, sub: str = "officer-1", **body: Any) -> httpx.Response:
    version = {"If-Match": (await whole(house, row)).headers["etag"]}
    headers = {**house.auth("officer", sub), **version}
    body = {"measure": name, "reason": WHY, **body}
    reply = await house.api.put(f"/v1/follow-ups/{row['id']}/measure", json=body, headers=headers)
    await house.workshop.run()
    return reply


async def agree(house: House, row: dict[str, Any], sub: str = "approver-1", **body: Any) -> httpx.Response:
    version = {"If-Match": (await whole(house, row)).headers["etag"]}
    headers = {**house.auth("approver", sub), **version}
    reply = await house.api.post(f"/v1/follow-ups/{row['id']}/approval", json={"agree": True, **body}, headers=headers)
    await house.workshop.run()
    return reply


async def test_each_stopped_category_has_its_own_row_within_ten_days_of_the_answer(house: House) -> None:
    both = {"right": "suspension", "purposes": ["inquiry_reply", "marketing"], "ends_contract": False}
    await stopped(house, both)
    found = await queue(house)
    assert [(row["category"], row["state"], row["measure"]) for row in found] == [
        ("inquiry", "open", None),
        ("site_log", "open", None),
    ]
    last = date.fromisoformat(found[0]["due_on"])
    assert last <= today() + timedelta(days=10) and deadline.is_open(last, house.desk.closed)
    assert "홍길동" not in str(found)


@pytest.mark.parametrize(
    ("claim", "proposed", "goes_on", "records"),
    [
        (INQUIRY, "destroy", [], []),
        (LOG, "keep_by_statute", [], ["telecom_log_3m"]),
        (MALL, "keep_by_statute", [], ["contract_5y", "payment_5y"]),
        (DELIVERY, "keep_apart", ["service_consultation"], ["contract_5y", "payment_5y"]),
    ],
)
async def test_what_the_engine_proposes_and_what_people_may_set(
    house: House, claim: dict[str, Any], proposed: str, goes_on: list[str], records: list[str]
) -> None:
    await stopped(house, claim)
    [row] = await queue(house)
    seen = (await whole(house, row)).json()
    assert (seen["proposed"], seen["goes_on"]) == (proposed, goes_on)
    assert [one_["record_class"] for one_ in seen["records"]] == records
    for name in {"destroy", "keep_by_statute"} - {proposed}:
        assert refused(await measure(house, row, name)) == (422, "/measure", "measure.not_allowed")
    assert refused(await measure(house, row, proposed, reason=" "))[2] == "decision.reason_required"
    assert (await queue(house))[0]["state"] == "open"


async def test_keeping_apart_is_one_persons_word_and_told_at_once(house: House) -> None:
    holder, filed = await stopped(house, DELIVERY)
    [row] = await queue(house)
    set_ = await measure(house, row, "keep_apart", reason="상담이 계속됩니다. 담당자 김직원")
    assert (set_.status_code, set_.json()["state"], set_.json()["ordered_by"]) == (200, "done", "officer-1")
    assert await told(holder) == [] and await queue(house) == []
    assert "김직원" not in str(await rows(house.desk, "SELECT encode(reason_ct, 'escape') FROM follow_up"))
    assert (await actions(house.desk, filed["id"]))["follow_up.carry_out"] == 1
    assert "필요한 조치를 마쳤습니다" in house.sent("mail")[-1]["text"]
    page = await opened(house, filed, "measure")
    for words in ("온라인 몰", "나누어 보관합니다", "제37조제5항", "이의"):
        assert words in page, words
    # What was stopped stays stopped; the rest goes on.
    use = {"category": "online_mall", "purpose": "delivery"}
    assert (await check(holder, **use))["allowed"] is False
    assert (await check(holder, **{**use, "purpose": "service_consultation"}))["allowed"] is True


async def test_a_destruction_takes_two_people_and_then_the_holders(house: House) -> None:
    holder, filed = await stopped(house, INQUIRY)
    [row] = await queue(house)
    proposed = await measure(house, row, "destroy")
    assert (proposed.status_code, proposed.json()["state"]) == (200, "proposed")
    assert await told(holder) == []
    assert house.sent("mail")[-1]["to"] == house.desk.policy.desk_email
    assert refused(await agree(house, row, sub="officer-1"))[2] == "approval.same_person"
    assert refused(await agree(house, row, agree=False))[2] == "approval.note_required"
    returned = await agree(house, row, agree=False, note="근거를 더 적어 주십시오.")
    assert (returned.json()["state"], returned.json()["note"]) == ("open", "근거를 더 적어 주십시오.")
    assert refused(await agree(house, row))[2] == "approval.not_proposed"
    await measure(house, row, "destroy")
    ordered = await agree(house, row)
    assert (ordered.status_code, ordered.json()["state"], ordered.json()["ordered_by"]) == (
        200,
        "ordered",
        "approver-1",
    )
    [task] = await holder.tasks()
    seen = await holder.fetch(task["id"])
    assert (seen["action"], seen["category"], sorted(seen["fields"]), seen["keep"]) == (
        "delete", "inquiry", ["content", "email"], [],
    )  # fmt: skip
    assert refused(await measure(house, row, "keep_apart"))[2] == "state.conflict"
    await holder.report(task["id"], "partly_done")
    await house.workshop.run()
    assert [one_["state"] for one_ in await queue(house, "done")] == ["done"]
    page = await opened(house, filed, "measure")
    assert "복구할 수 없도록 파기하였습니다" in page and "일부만 조치하였다고 알려 온 곳: a mall" in page
    assert await statuses(house, filed) == ["closed"]


async def test_what_a_statute_keeps_is_fenced_and_goes_on_its_day(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder, filed = await stopped(house, LOG)
    [row] = await queue(house)
    await measure(house, row, "keep_by_statute")
    await agree(house, row)
    until = period.last_day(today(), Span(months=3))
    assert [(f.item, f.until) for f in await rows(house.desk, "SELECT item, until FROM fence")] == [
        ("site_log:telecom_log_3m", until)
    ]
    [task] = await holder.tasks()
    assert [one_["record_class"] for one_ in (await holder.fetch(task["id"]))["keep"]] == ["telecom_log_3m"]
    await holder.work()
    page = await opened(house, filed, "measure")
    assert "남긴 기록" in page and "인터넷 로그기록" in page
    go_to(monkeypatch, until + timedelta(days=1))
    await dawn(house)
    assert await holder.work() == ["delete"]
    assert await one(house.desk, "SELECT state FROM fence") == "destroyed"
    # The stop is the person's own and does not end with the statute's period.
    assert (await check(holder, category="site_log", purpose="marketing"))["allowed"] is False


async def test_what_was_stopped_by_an_earlier_claim_counts(house: House) -> None:
    holder, _ = await stopped(house, DELIVERY)
    rest = {"right": "suspension", "purposes": ["service_consultation"], "categories": ["online_mall"],
            "ends_contract": True}  # fmt: skip
    await rows(house.desk, "UPDATE verification SET created_at = created_at - interval '2 hours' RETURNING id")
    filed = await house.file(rest)
    await house.prove(filed)
    await holder.work()
    assert await statuses(house, filed) == ["closed"]
    assert [(await whole(house, row)).json()["proposed"] for row in await queue(house)] == ["keep_by_statute"] * 2


async def test_a_silent_holder_delays_the_claim_and_not_the_measure(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder, filed = await stopped(house, INQUIRY, work=False)
    assert await queue(house) == []
    go_to(monkeypatch, today() + timedelta(days=10))
    await dawn(house)
    [row] = await queue(house)
    await measure(house, row, "destroy")
    await agree(house, row)
    assert sorted(await told(holder)) == ["delete inquiry", "suspend inquiry"]
    suspend = next(task for task in await holder.tasks() if task["action"] == "suspend")
    await holder.report(suspend["id"])
    await house.workshop.run()
    fresh = filed | {"requester_token": house.token("requester", filed["id"], rid=filed["id"], party="subject")}
    assert await statuses(house, fresh) == ["closed"]
    assert [one_["state"] for one_ in await queue(house)] == ["ordered"]


async def test_who_resumes_ends_the_measure(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    holder, filed = await stopped(house, INQUIRY, work=False)
    go_to(monkeypatch, today() + timedelta(days=10))
    await dawn(house)
    [row] = await queue(house)
    fresh = filed | {"requester_token": house.token("requester", filed["id"], rid=filed["id"], party="subject")}
    path = f"/v1/requests/{filed['id']}/withdrawal"
    assert (await house.api.post(path, json={}, headers=bearer(fresh["requester_token"]))).status_code == 200
    assert [one_["id"] for one_ in await queue(house, "ended")] == [row["id"]]
    assert refused(await measure(house, row, "destroy"))[2] == "state.conflict"
    assert (await check(holder, category="inquiry", purpose="inquiry_reply"))["allowed"] is True


async def test_once_holders_destroy_nobody_withdraws_any_more(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    holder, filed = await stopped(house, INQUIRY, work=False)
    go_to(monkeypatch, today() + timedelta(days=10))
    await dawn(house)
    [row] = await queue(house)
    await measure(house, row, "destroy")
    await agree(house, row)
    await holder.fetch(next(task["id"] for task in await holder.tasks() if task["action"] == "delete"))
    fresh = house.token("requester", filed["id"], rid=filed["id"], party="subject")
    reply = await house.api.post(f"/v1/requests/{filed['id']}/withdrawal", json={}, headers=bearer(fresh))
    assert refused(reply)[2] == "claim.irreversible"


async def test_an_objection_halts_the_measure_and_an_upheld_one_ends_it(house: House) -> None:
    _, filed = await stopped(house, INQUIRY)
    [row] = await queue(house)
    await measure(house, row, "destroy")
    objection = (await object_to(house, filed, reason="다시 보아 주십시오.")).json()
    assert refused(await agree(house, row))[2] == "state.conflict"
    await rule(house, objection["id"], "overturned")
    assert [one_["state"] for one_ in await queue(house, "ended")] == ["ended"]
    [claim] = await claims(house, filed)
    await house.decide(filed["claims"][0]["id"], sub="officer-4", outcome="approve")
    [claim] = await claims(house, filed)
    assert claim["status"] in ("approved", "closed")
    # Stopped anew, once: what the first round held is replaced and not doubled.
    held = "SELECT count(*) FROM hold WHERE kind = 'suspended' AND lifted_at IS NULL"
    assert await one(house.desk, held) == 1


async def test_what_falls_due_warns_people_until_it_is_done_or_ended(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, filed = await stopped(house, INQUIRY)
    [row] = await queue(house)
    go_to(monkeypatch, date.fromisoformat(row["due_on"]))
    await dawn(house)
    warned = "SELECT count(*) FROM due_warning WHERE about = :id AND step = 'today'"
    assert await one(house.desk, warned, id=row["id"]) == 1
    await rows(house.desk, "UPDATE follow_up SET state = 'ended' RETURNING id")
    go_to(monkeypatch, date.fromisoformat(row["due_on"]) + timedelta(days=3))
    await dawn(house)
    assert await one(house.desk, "SELECT count(*) FROM overdue") == 0
    await rows(house.desk, "UPDATE follow_up SET state = 'open' RETURNING id")
    await dawn(house)
    late = await rows(house.desk, "SELECT of, cause FROM overdue WHERE claim_id = :id", id=filed["claims"][0]["id"])
    assert [(one_.of, one_.cause) for one_ in late] == [("follow_up", "officer")]


async def test_a_refused_suspension_wants_no_measure(house: House) -> None:
    await house.system(categories=EVERY)
    filed = await house.file(DELIVERY, {"right": "access", "aspects": ["items"], "categories": ["online_mall"]})
    await house.prove(filed)
    claim = filed["claims"][0]["id"]
    facts = {"service": "주문한 상품의 배송", "contract": "온라인 몰 주문"}
    items = [{"item": "online_mall.delivery", "outcome": "refuse", "ground": "A37_2_4", "facts": facts}]
    # An officer decides, for another claim is open on the category.
    assert await statuses(house, filed) == ["verified", "verified"]
    await house.decide(claim, outcome="refuse", items=items, reason="계약을 이행하기 곤란합니다.")
    await house.approve(claim, agree=True)
    assert (await statuses(house, filed))[0] == "closed"
    assert await queue(house) == []


async def test_the_wrong_version_and_a_frozen_request_change_nothing(house: House) -> None:
    _, filed = await stopped(house, INQUIRY)
    [row] = await queue(house)
    headers = {**house.auth("officer"), "If-Match": '"v9"'}
    stale = await house.api.put(
        f"/v1/follow-ups/{row['id']}/measure", json={"measure": "destroy", "reason": WHY}, headers=headers
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition.failed")
    await rows(house.desk, "UPDATE request SET frozen_at = now() WHERE id = :id RETURNING id", id=filed["id"])
    assert refused(await measure(house, row, "destroy"))[2] == "request.frozen"
    async with house.desk.database.transaction() as session:
        assert await following_up.untold(session, now=db.now()) == []
