"""What a holder says it keeps by statute, does in part, or has passed on: judged, told, and followed (F4, F9)."""

from datetime import timedelta
from typing import Any

import pytest

from app.law import period
from app.law.terms import Span
from tests.api.acts import DELETION, actions, claims, one, review, rows
from tests.api.test_holds_and_tasks import check, told
from tests.api.test_kept import settled
from tests.api.test_postponement import opened
from tests.api.years import dawn, go_to, today
from tests.house import GILDONG, Holder, House, bearer

INQUIRY = {"right": "deletion", "categories": ["inquiry"]}
USE = {"category": "inquiry", "purpose": "inquiry_reply"}
TAX = "국세기본법 제85조의3"
AGAIN = {"name": "가상문서보관(주)", "result": "failed"}


async def deleting(house: House, **more: Any) -> tuple[Holder, dict[str, Any], dict[str, Any]]:
    """A deletion that was granted whole, and the task of its holder."""
    holder = await house.system("a desk", categories=["inquiry"], **more)
    filed = await house.file(INQUIRY)
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    [task] = await holder.tasks()
    return holder, filed, task


async def waiting(house: House, filed: dict[str, Any]) -> list[str]:
    """What staff are still asked to look at."""
    return [one_["kind"] for one_ in (await house.look(filed, "officer"))["review"] if not one_["settled"]]


async def test_what_nobody_decided_to_keep_is_judged_fenced_told_and_destroyed_on_its_day(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await house.system("another", categories=["inquiry"])
    holder, filed, task = await deleting(house)
    soon, late = today() + timedelta(days=40), today() + timedelta(days=9_000)
    kept = [{"statute": TAX, "until": soon.isoformat()}, {"statute": "dispute_3y", "until": late.isoformat()}]
    assert (await holder.report(task["id"], "partly_done", kept=kept)).status_code == 200
    await other.work()
    await house.workshop.run()
    longest = period.last_day(today(), Span(years=3))
    found = await rows(house.desk, "SELECT record_class, basis, until, state FROM fence ORDER BY until")
    assert [(row.record_class, row.until, row.state) for row in found] == [
        (None, soon, "kept"),
        ("dispute_3y", longest, "kept"),
    ]
    assert found[0].basis == TAX and "소비자보호" in found[1].basis
    # A statute that is not known here, and one that does not keep so long: a person looks, and the person is told.
    assert await waiting(house, filed) == ["kept.undecided"]
    [claim] = await claims(house, filed)
    assert claim["status"] == "closed"
    assert [(one_["basis"], one_["until"], one_["destroyed_on"]) for one_ in claim["kept"]] == [
        (TAX, soon.isoformat(), None),
        (found[1].basis, longest.isoformat(), None),
    ]
    page = await opened(house, filed, "result")
    assert TAX in page and f"{soon.month}월 {soon.day}일" in page and f"{late.year}년" not in page
    reply = await house.api.get(f"/v1/requests/{filed['id']}/timeline", headers=bearer(filed["requester_token"]))
    assert [entry["action"] for entry in reply.json()["items"]].count("fence.report") == 2
    listed = await house.api.get("/v1/fences", headers=house.auth("officer"))
    assert [one_["reported"] for one_ in listed.json()["items"]] == [True, True]
    assert (await check(holder, **USE))["allowed"] is False
    # On its day the one that has it destroys it, and nobody else is asked.
    go_to(monkeypatch, soon + timedelta(days=1))
    await dawn(house)
    assert await told(other) == []
    [again] = await holder.tasks()
    whole = await holder.fetch(again["id"])
    assert (whole["action"], sorted(whole["fields"]), whole["record_class"]) == ("delete", ["content", "email"], None)
    mails = len(house.sent("mail"))
    await holder.report(again["id"])
    await house.workshop.run()
    assert [row.state for row in await rows(house.desk, "SELECT state FROM fence ORDER BY until")] == [
        "destroyed",
        "kept",
    ]
    assert [mail["to"] for mail in house.sent("mail")[mails:]] == [GILDONG["email"]]
    seen = (await house.look(filed, "officer"))["claims"][0]
    assert [one_["destroyed_on"] is None for one_ in seen["kept"]] == [False, True]


async def test_a_record_that_was_decided_may_be_named_by_its_id_and_is_told_in_words(house: House) -> None:
    mall, filed = await house.system(), await house.file(DELETION)
    await house.prove(filed)
    await settled(house, filed["claims"][0]["id"], outcome="partial", reason="법에 따라 보존합니다.")
    [task] = await mall.tasks()
    soon = today() + timedelta(days=90)
    await mall.report(task["id"], kept=[{"statute": "payment_5y", "until": soon.isoformat()}])
    await house.workshop.run()
    assert await one(house.desk, "SELECT until FROM fence WHERE record_class = 'payment_5y'") == soon
    page = await opened(house, filed, "result")
    assert f"{soon.month}월 {soon.day}일" in page and "payment_5y" not in page
    assert "kept.undecided" not in await review(house, filed)
    assert (await claims(house, filed))[0]["kept"] == []
    assert "fence.report" not in await actions(house.desk, filed["id"])


async def test_a_holders_day_is_of_its_own_category(house: House) -> None:
    """One statute keeps records of two categories: the day of the one says nothing about the other."""
    mall = await house.system("a mall", categories=["online_mall"])
    order = await house.system("orders", categories=["separate_service"])
    filed = await house.file({"right": "deletion", "categories": ["online_mall", "separate_service"]})
    await house.prove(filed)
    await settled(house, filed["claims"][0]["id"], outcome="partial", reason="법에 따라 보존합니다.")
    soon, later = today() + timedelta(days=90), today() + timedelta(days=400)
    for holder, day in ((mall, soon), (order, later)):
        [task] = await holder.tasks()
        kept = [{"statute": "contract_5y", "until": day.isoformat()}]
        assert (await holder.report(task["id"], kept=kept)).status_code == 200
    await house.workshop.run()
    days = "SELECT category, until FROM fence WHERE record_class = 'contract_5y' ORDER BY category"
    assert [(row.category, row.until) for row in await rows(house.desk, days)] == [
        ("online_mall", soon),
        ("separate_service", later),
    ]


async def test_a_part_left_undone_without_a_statute_is_looked_at(house: House) -> None:
    holder, filed, task = await deleting(house)
    await holder.report(task["id"], "partly_done")
    await house.workshop.run()
    assert await waiting(house, filed) == ["task.partly_done"]
    assert "일부만 조치하였다고 알려 온 곳: a desk" in await opened(house, filed, "result")


async def test_whom_it_was_passed_to_is_named_and_followed_until_the_last_has_done_it(house: House) -> None:
    holder, filed, task = await deleting(house)
    done = {"name": "가상물류(주)", "result": "done"}
    await holder.report(task["id"], onward=[done, AGAIN])
    await house.workshop.run()
    assert await waiting(house, filed) == ["onward.open"]
    page = await opened(house, filed, "result")
    assert AGAIN["name"] in page and done["name"] not in page
    officer = house.auth("officer")

    async def known() -> dict[str, str]:
        reply = await house.api.get(f"/v1/tasks/{task['id']}", headers=officer)
        return {one_["name"]: one_["result"] for one_ in reply.json()["result"]["onward"]}

    # A repeat may only tell that somebody has come further: nobody once named is dropped, and nothing goes back.
    await holder.report(task["id"], onward=[{**done, "result": "failed"}])
    assert await known() == {done["name"]: "done", AGAIN["name"]: "failed"}
    assert await waiting(house, filed) == ["onward.open"]
    for _ in range(2):
        assert (await holder.report(task["id"], onward=[{**AGAIN, "result": "not_held"}])).status_code == 200
    assert await known() == {done["name"]: "done", AGAIN["name"]: "not_held"}
    assert await waiting(house, filed) == []
    assert (await actions(house.desk, filed["id"]))["task.onward"] == 1
