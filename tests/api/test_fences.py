"""What a statute keeps is fenced, and destroyed by itself when its period ends (Act 21(1)(3), policy 8.8)."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from app import db
from app.law import period
from app.law.terms import Span
from app.models import Request
from app.services import disposal, fencing, keyring
from tests.api.acts import DELETION, actions, by_hand, claims, one, refused, review, rows, statuses
from tests.api.others import granted, guarded, mandated
from tests.api.test_holds_and_tasks import check, told
from tests.api.test_kept import settled
from tests.api.test_postponement import object_to, opened, rule
from tests.api.years import dawn, go_to, today
from tests.house import GILDONG, House, bearer

KEPT = "법에 따라 보존합니다."
CONSULTATION = {"right": "deletion", "categories": ["consultation"]}
USE = {"category": "online_mall", "purpose": "delivery"}


async def fenced(house: House, claim: dict[str, Any] = DELETION, *, work: bool = True, **system: Any) -> Any:
    """A deletion that two people granted but for what a statute keeps, carried out and told."""
    mall = await house.system(**{"categories": ["online_mall", "consultation"], **system})
    filed = await house.file(claim)
    await house.prove(filed)
    await settled(house, filed["claims"][0]["id"], outcome="partial", reason=KEPT)
    if work:
        await mall.work()
    return mall, filed


async def fences(house: House) -> list[tuple[str, str, date]]:
    """Item, state and last day of every fence."""
    found = await rows(house.desk, "SELECT item, state, until FROM fence ORDER BY item, round")
    return [(row.item, row.state, row.until) for row in found]


async def held(house: House) -> int:
    return int(await one(house.desk, "SELECT count(*) FROM hold WHERE kind = 'kept_by_law' AND lifted_at IS NULL"))


def in_five_years() -> date:
    return period.last_day(today(), Span(years=5))


async def test_the_decision_makes_a_fence_for_each_record_with_a_hold_of_its_own(house: House) -> None:
    mall, filed = await fenced(house, work=False)
    until = in_five_years()
    assert await fences(house) == [
        ("online_mall:contract_5y", "kept", until),
        ("online_mall:payment_5y", "kept", until),
    ]
    linked = "SELECT count(*) FROM fence JOIN hold ON hold.id = fence.hold_id WHERE hold.kind = 'kept_by_law'"
    assert await one(house.desk, linked) == 2 == await held(house)
    assert (await actions(house.desk, filed["id"]))["fence.raise"] == 1
    # For every other purpose it is held; what the statute itself demands passes, and leaves its entry.
    for purpose in ("delivery", "service_consultation", "marketing"):
        assert (await check(mall, **{**USE, "purpose": purpose}))["allowed"] is False
    demanded = await check(mall, **USE, required_by_law="전자상거래법 6")
    assert demanded["allowed"] is True
    entry = "SELECT count(*) FROM audit_entry WHERE convert_from(body, 'UTF8')::json ->> 'action' = :action"
    assert await one(house.desk, entry, action="check.required_by_law") == 1


async def test_a_single_field_is_fenced_with_the_record_and_the_rest_goes_on(house: House) -> None:
    field = {"right": "deletion", "fields": [{"category": "online_mall", "field": "phone"}]}
    mall, _ = await fenced(house, field, work=False)
    answer = await check(mall, **USE)
    assert (answer["allowed"], answer["except"]) == (True, ["phone"])
    assert (await check(mall, **USE, fields=["phone"]))["allowed"] is False


async def test_five_years_on_the_deletion_is_carried_out_by_itself_and_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mall, filed = await fenced(house)
    [claim] = await claims(house, filed)
    until = in_five_years()
    assert claim["status"] == "closed"
    kept = [(item["until"], item["destroyed_on"]) for item in claim["decision"]["items"] if item["outcome"] == "keep"]
    assert kept == [(until.isoformat(), None)] * 2
    # The last day itself still belongs to the keeping, whatever day of the week it is.
    go_to(monkeypatch, until)
    await dawn(house)
    assert await told(mall) == []
    go_to(monkeypatch, until + timedelta(days=1))
    await disposal.sweep(house.desk, db.now)  # the other sweep of destruction leaves what this one needs
    await dawn(house)
    assert [state for _, state, _ in await fences(house)] == ["destroying"] * 2
    tasks = [await mall.fetch(task["id"]) for task in await mall.tasks()]
    assert [(task["action"], task["record_class"], task["fields"], task["keep"]) for task in tasks] == [
        ("delete", "contract_5y", None, []),
        ("delete", "payment_5y", None, []),
    ]
    assert tasks[0]["subject"] == {"subject_ref": "C-1029", "name": "홍길동", "phone": "+821012345678"}
    # Until it is done the fence stands.
    first, second = tasks
    mails = len(house.sent("mail"))
    await mall.report(first["id"])
    await house.workshop.run()
    assert sorted(state for _, state, _ in await fences(house)) == ["destroyed", "destroying"]
    assert (await check(mall, **USE))["allowed"] is False
    assert len(house.sent("mail")) == mails
    await mall.report(second["id"], "not_held")
    await house.workshop.run()
    assert [state for _, state, _ in await fences(house)] == ["destroyed"] * 2
    assert (await check(mall, **USE))["allowed"] is True
    assert await held(house) == 0
    # One notice for both, one word that it is there, and the claim has not moved.
    assert len(house.sent("mail")) == mails + 1
    said = house.sent("mail")[-1]
    assert said["to"] == GILDONG["email"] and "보존 기간이 끝나 파기했습니다" in said["text"]
    assert await one(house.desk, "SELECT count(*) FROM notice WHERE form = 'destroyed'") == 1
    assert (await actions(house.desk, filed["id"]))["fence.destroy"] == 2
    fresh = filed | {"requester_token": house.token("requester", filed["id"], rid=filed["id"], party="subject")}
    [claim] = await claims(house, fresh)
    assert claim["status"] == "closed"
    assert {i["destroyed_on"] for i in claim["decision"]["items"] if i["outcome"] == "keep"} == {today().isoformat()}
    page = await opened(house, fresh, "destroyed")
    for words in ("계약 또는 청약철회", "대금결제", "전자상거래", f"{until.year}년 {until.month}월 {until.day}일"):
        assert words in page, words
    # Another look changes nothing.
    await dawn(house)
    assert len(house.sent("mail")) == mails + 1
    assert await one(house.desk, "SELECT count(*) FROM task WHERE fence_id IS NOT NULL") == 2


async def test_the_person_and_the_key_of_a_request_outlive_its_fences(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, filed = await fenced(house)
    go_to(monkeypatch, in_five_years())
    await disposal.sweep(house.desk, db.now)
    async with house.desk.database.transaction() as session:
        request = await session.get_one(Request, filed["id"])
        person = keyring.person(session, request)
        assert person is not None and person["subject_ref"] == "C-1029"


async def test_two_sweeps_at_once_make_one_task_a_record_and_holder(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mall, _ = await fenced(house)
    go_to(monkeypatch, in_five_years() + timedelta(days=1))
    async with house.desk.database.transaction() as session:
        due = await fencing.due(session, now=db.now())
    assert len(due) == 2

    async def begin(fence: Any) -> None:
        async with house.desk.database.transaction() as session:
            await fencing.destroy(session, fence, now=db.now())

    await asyncio.gather(*(begin(fence) for fence in due for _ in range(4)))
    assert len(await mall.tasks()) == 2
    # A sweep that dies midway has done nothing of what it did not commit, and the next one does it.
    await rows(house.desk, "UPDATE task SET fence_id = NULL WHERE fence_id IS NOT NULL RETURNING id")
    await rows(house.desk, "UPDATE fence SET state = 'kept' RETURNING id")

    async def die_midway() -> None:
        async with house.desk.database.transaction() as session:
            await fencing.destroy(session, due[0], now=db.now())
            raise RuntimeError("the machine loses its power")

    with pytest.raises(RuntimeError):
        await die_midway()
    assert [state for _, state, _ in await fences(house)] == ["kept", "kept"]
    await dawn(house)
    assert [state for _, state, _ in await fences(house)] == ["destroying", "destroying"]
    assert await one(house.desk, "SELECT count(*) FROM task WHERE fence_id IS NOT NULL") == 2


async def test_a_holders_own_earlier_day_shortens_and_a_later_one_never_lengthens(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mall, filed = await fenced(house, work=False)
    [task] = await mall.tasks()
    contract, payment = (await mall.fetch(task["id"]))["keep"]
    earlier, later = today() + timedelta(days=90), today() + timedelta(days=9000)
    own = [
        {"statute": contract["basis"], "until": earlier.isoformat()},
        {"statute": payment["basis"], "until": later.isoformat()},
    ]
    await mall.report(task["id"], kept=own)
    await house.workshop.run()
    assert [until for *_, until in await fences(house)] == [earlier, in_five_years()]
    assert (await actions(house.desk, filed["id"]))["fence.shorten"] == 1
    [claim] = await claims(house, filed)
    assert [i["until"] for i in claim["decision"]["items"] if i["outcome"] == "keep"] == [
        earlier.isoformat(),
        in_five_years().isoformat(),
    ]
    page = await opened(house, filed, "result")
    assert f"{earlier.month}월 {earlier.day}일" in page and f"{later.year}년" not in page
    go_to(monkeypatch, earlier + timedelta(days=1))
    await dawn(house)
    assert [state for _, state, _ in await fences(house)] == ["destroying", "kept"]


async def test_the_last_holders_day_counts_where_they_differ(house: House) -> None:
    other = await house.system("archive")
    mall, _ = await fenced(house, work=False)
    days = {mall.id: today() + timedelta(days=40), other.id: today() + timedelta(days=80)}
    for holder in (mall, other):
        [task] = await holder.tasks()
        statute = (await holder.fetch(task["id"]))["keep"][0]["basis"]
        await holder.report(task["id"], kept=[{"statute": statute, "until": days[holder.id].isoformat()}])
        # As long as one has not said its day, it is the decided one.
        wanted = in_five_years() if holder is mall else days[other.id]
        assert (await fences(house))[0][2] == wanted


async def test_a_failed_or_silent_holder_goes_to_a_person_and_the_fence_stands(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mall, filed = await fenced(house, CONSULTATION)
    until = period.last_day(today(), Span(years=3))
    go_to(monkeypatch, until + timedelta(days=1))
    await dawn(house)
    [task] = await mall.tasks()
    assert refused(await mall.report(task["id"], "partly_done")) == (422, "/result", "field.value")
    await mall.report(task["id"], "failed")
    assert "task.failed" in await review(house, filed)
    assert [state for _, state, _ in await fences(house)] == ["destroying"]
    go_to(monkeypatch, until + timedelta(days=15))
    mails = len(house.sent("mail"))
    await dawn(house)
    await dawn(house)
    assert (await review(house, filed)).count("fence.overdue") == 1
    # Its contact hears that it is late, and the desk's own people, since when.
    said = {mail["to"]: mail["text"] for mail in house.sent("mail")[mails:]}
    assert len(house.sent("mail")) == mails + 2 and set(said) == {"holder@example.com", house.desk.policy.desk_email}
    assert (until + timedelta(days=1)).isoformat() in said[house.desk.policy.desk_email]
    await mall.report(task["id"])
    assert [state for _, state, _ in await fences(house)] == ["destroyed"]


async def test_a_holder_that_was_retired_meanwhile_still_has_its_duty(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fenced(house, CONSULTATION)
    await rows(house.desk, "UPDATE system SET state = 'retired' RETURNING id")
    go_to(monkeypatch, today() + timedelta(days=366 * 3 + 1))
    await dawn(house)
    officer = house.auth("officer")
    [task] = (await house.api.get("/v1/tasks?status=pending", headers=officer)).json()["items"]
    assert task["action"] == "delete"
    # Nothing reaches it any more, so people are asked, once.
    asked = await rows(house.desk, "SELECT kind FROM review_item WHERE kind = 'holder.retired'")
    assert len(asked) == 1
    await by_hand(house, task["id"], proof="폐기 확인서를 보았습니다.")
    assert [state for _, state, _ in await fences(house)] == ["destroyed"]


async def test_where_nobody_holds_it_any_more_it_is_destroyed_on_its_day(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mall, _ = await fenced(house, CONSULTATION, work=False)
    [task] = await mall.tasks()
    await mall.report(task["id"], "not_held")
    await rows(house.desk, "UPDATE system SET state = 'retired' RETURNING id")
    go_to(monkeypatch, today() + timedelta(days=366 * 3 + 1))
    await dawn(house)
    assert [state for _, state, _ in await fences(house)] == ["destroyed"]


async def test_who_withdraws_before_anything_is_deleted_has_no_fence_left(house: House) -> None:
    mall, filed = await fenced(house, work=False)
    path = f"/v1/requests/{filed['id']}/withdrawal"
    reply = await house.api.post(path, json={}, headers=bearer(filed["requester_token"]))
    assert reply.status_code == 200, reply.text
    assert [state for _, state, _ in await fences(house)] == ["ended", "ended"]
    assert (await check(mall, **USE))["allowed"] is True and await held(house) == 0


async def test_an_upheld_objection_ends_the_old_fences_and_the_new_round_makes_its_own(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mall, filed = await fenced(house)
    objection = (await object_to(house, filed, reason="보존할 기록이 없습니다.")).json()
    # While it is objected to, no day brings a destruction.
    go_to(monkeypatch, in_five_years() + timedelta(days=1))
    await dawn(house)
    assert {state for _, state, _ in await fences(house)} == {"kept"}
    monkeypatch.undo()
    assert (await rule(house, objection["id"], "overturned")).status_code == 200
    assert {state for _, state, _ in await fences(house)} == {"ended"}
    # Nobody may use it while it is judged anew.
    assert (await check(mall, **USE))["allowed"] is False
    claim_id = filed["claims"][0]["id"]
    await house.decide(claim_id, sub="officer-3", outcome="partial", reason=KEPT)
    assert (await house.approve(claim_id, sub="approver-3", agree=True)).status_code == 200
    assert [state for _, state, _ in await fences(house)] == ["ended", "kept"] * 2
    assert await held(house) == 2 and (await check(mall, **USE))["allowed"] is False
    await mall.work()
    assert await statuses(house, filed) == ["closed"]


async def test_a_stop_delays_it_and_the_word_of_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    mall, filed = await fenced(house, CONSULTATION)
    go_to(monkeypatch, today() + timedelta(days=366 * 3 + 1))
    frozen = "UPDATE request SET frozen_at = now() WHERE id = :id RETURNING id"
    await rows(house.desk, frozen, id=filed["id"])
    await dawn(house)
    assert [state for _, state, _ in await fences(house)] == ["kept"]
    free = "UPDATE request SET frozen_at = NULL WHERE id = :id RETURNING id"
    await rows(house.desk, free, id=filed["id"])
    await dawn(house)
    await rows(house.desk, frozen, id=filed["id"])
    await mall.report(str(await one(house.desk, "SELECT id FROM task WHERE fence_id IS NOT NULL")))
    assert await one(house.desk, "SELECT count(*) FROM notice WHERE form = 'destroyed'") == 0
    await rows(house.desk, free, id=filed["id"])
    await dawn(house)
    assert await one(house.desk, "SELECT count(*) FROM notice WHERE form = 'destroyed'") == 1


async def test_staff_list_what_falls_due_and_nobody_else(house: House) -> None:
    await fenced(house)
    officer = house.auth("officer")
    until = in_five_years()
    none = await house.api.get(f"/v1/fences?until_before={until}", headers=officer)
    assert none.json() == {"items": [], "next_cursor": None}
    path = f"/v1/fences?until_before={until + timedelta(days=1)}&limit=1"
    first = (await house.api.get(path, headers=officer)).json()
    rest = (await house.api.get(f"{path}&cursor={first['next_cursor']}", headers=officer)).json()
    found = [*first["items"], *rest["items"]]
    assert [one_["record_class"] for one_ in found] == ["contract_5y", "payment_5y"]
    assert rest["next_cursor"] is None and "홍길동" not in str(found)
    assert (await house.api.get("/v1/fences?state=destroyed", headers=officer)).json()["items"] == []
    wrong = await house.api.get("/v1/fences?cursor=x", headers=officer)
    assert refused(wrong) == (422, "/query/cursor", "field.value")


@pytest.mark.parametrize(
    ("category", "years", "told_to"),
    [("consultation", 3, ("subject", "failed")), ("online_mall", 5, ("subject", "sent"))],
)
async def test_whose_guardian_is_forgotten_is_told_alone_once_old_enough_to_ask_alone(
    house: House, monkeypatch: pytest.MonkeyPatch, category: str, years: int, told_to: tuple[str, str]
) -> None:
    mall = await house.system(categories=[category])
    filed = await guarded(house, {"right": "deletion", "categories": [category]}, notify_by="sms")
    await granted(house, filed, outcome="partial", reason=KEPT)
    await mall.work()
    assert await statuses(house, filed) == ["closed"]
    # The child was ten: thirteen when the dispute record's three years are over, fifteen after the contract's five.
    go_to(monkeypatch, period.last_day(today(), Span(years=years)) + timedelta(days=1))
    await disposal.sweep(house.desk, db.now)
    assert await one(house.desk, "SELECT destroyed_at IS NOT NULL FROM requester") is True
    await dawn(house)
    await mall.work()
    assert {state for _, state, _ in await fences(house)} == {"destroyed"}
    [message] = await rows(house.desk, "SELECT party, state FROM message WHERE kind = 'fenced_destroyed'")
    assert (message.party, message.state) == told_to


async def test_the_subject_is_told_once_the_mandate_is_over(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    mall = await house.system(categories=["consultation"])
    filed = await mandated(house, CONSULTATION, deliver_to="delegate")
    await granted(house, filed, outcome="partial", reason=KEPT)
    await mall.work()
    go_to(monkeypatch, today() + timedelta(days=366 * 3 + 1))
    await disposal.sweep(house.desk, db.now)
    await dawn(house)
    await mall.work()
    [message] = await rows(house.desk, "SELECT party, state FROM message WHERE kind = 'fenced_destroyed'")
    assert (message.party, message.state) == ("subject", "sent")


async def test_a_field_that_people_keep_is_destroyed_on_the_day_they_said(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mall = await house.system("shop")
    filed = await house.file(DELETION)
    await house.prove(filed)
    until = in_five_years() + timedelta(days=30)
    facts = {"statute": "국세기본법 제85조의3", "record_class": "거래 증빙", "until": until.isoformat()}
    item = {"item": "online_mall.name", "outcome": "keep", "ground": "A21_1", "facts": facts}
    await settled(house, filed["claims"][0]["id"], outcome="partial", items=[item], reason=KEPT)
    await mall.work()
    go_to(monkeypatch, until)
    await dawn(house)
    await mall.work()
    assert {name: state for name, state, _ in await fences(house)}["online_mall.name"] == "kept"
    go_to(monkeypatch, until + timedelta(days=1))
    await dawn(house)
    [task] = await mall.tasks()
    whole = await mall.fetch(task["id"])
    assert (whole["fields"], whole["record_class"]) == (["name"], None)
    await mall.work()
    fresh = filed | {"requester_token": house.token("requester", filed["id"], rid=filed["id"], party="subject")}
    grant = await house.grant(fresh)
    items = (await house.api.get(f"/v1/requests/{filed['id']}/notices", headers=house.auth("officer"))).json()["items"]
    notice = [one_ for one_ in items if one_["kind"].startswith("destroyed")][-1]
    headers = {**bearer(fresh["requester_token"]), "Accept": "text/html"}
    page = await house.api.post(f"/v1/notices/{notice['id']}/document", json={"grant": grant}, headers=headers)
    assert "국세기본법 제85조의3" in page.text and "성명" in page.text
