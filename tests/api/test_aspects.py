"""What was asked is answered and nothing else (Decree 41(1)); what a statute keeps is shown too (Act 35(1))."""

from typing import Any

import pytest
from sqlalchemy import text

from app.law.terms import Aspect
from app.models import Request
from app.services import fenced
from tests.api.acts import YOUNGHEE, one, rows, statuses
from tests.api.others import granted, guarded, notices, open_notice
from tests.api.readings import package
from tests.house import Holder, House

KEYS = {
    Aspect.ITEMS: "items",
    Aspect.PURPOSES: "purposes",
    Aspect.RETENTION: "retention",
    Aspect.THIRD_PARTIES: "third_parties",
    Aspect.CONSENTS: "consents",
}


async def seen(house: House, mall: Holder, *aspects: Aspect) -> tuple[dict[str, Any], dict[str, Any], str]:
    """An access to its end: the request, its one category as JSON, the report as text."""
    claim = {"right": "access", "aspects": [one_.value for one_ in aspects], "categories": ["online_mall"]}
    filed = await house.file(claim)
    await house.prove(filed)
    await mall.work()
    await house.workshop.run()
    data, printed = await package(house, filed)
    [category] = data["categories"]
    return filed, category, printed


@pytest.mark.parametrize("aspect", list(Aspect))
async def test_an_unmarked_aspect_is_not_asked_and_not_answered(house: House, aspect: Aspect) -> None:
    mall = await house.system()
    _, category, printed = await seen(house, mall, aspect)
    assert {name for name in KEYS.values() if category[name] is not None} == {KEYS[aspect]}
    collected = await one(house.desk, "SELECT count(*) FROM task WHERE action = 'collect'")
    assert collected == (1 if aspect is Aspect.ITEMS else 0), "nobody's data is collected to name a purpose"
    assert ("valueofname" in printed) is (aspect is Aspect.ITEMS)


async def deleted(house: House, mall: Holder, **more: Any) -> dict[str, Any]:
    """A deletion that leaves records which a statute keeps."""
    filed = await house.file({"right": "deletion", "categories": ["online_mall"]}, **more)
    await house.prove(filed)
    await granted(house, filed, outcome="partial", reason="계약과 대금 기록은 보존합니다.")
    await mall.work()
    assert await statuses(house, filed) == ["closed"]
    return filed


async def test_what_an_earlier_deletion_left_is_shown_with_statute_and_day(house: House) -> None:
    mall = await house.system()
    earlier = await deleted(house, mall)
    await rows(house.desk, "UPDATE fence SET state = 'destroyed' WHERE record_class = 'payment_5y' RETURNING id")
    await deleted(house, mall, subject=YOUNGHEE)
    [left] = await rows(
        house.desk, "SELECT until, basis, label FROM fence WHERE request_id = :id AND state = 'kept'", id=earlier["id"]
    )
    _, category, printed = await seen(house, mall, Aspect.ITEMS, Aspect.RETENTION)
    told = {"record": left.label, "statute": left.basis, "until": left.until.isoformat()}
    assert category["kept"] == [told], "what is destroyed is gone, and another person's is another's"
    assert "계약 또는 청약철회" in left.label and "법령에따라서만보관하는기록" in printed
    looks = [task for task in await mall.tasks("done") if task["action"] == "collect"]
    record = {"record_class": "contract_5y", "until": left.until.isoformat(), "basis": left.basis}
    assert (await mall.fetch(looks[-1]["id"]))["keep"] == [record], "the holder knows to look there too"


async def test_what_a_holder_reports_as_kept_by_law_is_shown_too(house: House) -> None:
    mall = await house.system("몰 시스템")
    filed = await house.file({"right": "access", "aspects": ["items"], "categories": ["online_mall"]})
    await house.prove(filed)
    [task] = await mall.tasks()
    kept = [{"statute": "부가가치세법 제71조", "until": "2031-07-25"}]
    await mall.report(task["id"], data={"online_mall": [{"name": "홍길동"}]}, kept=kept)
    await house.workshop.run()
    data, _ = await package(house, filed)
    reported = {"record": "몰 시스템에서 알려 온 기록", "statute": "부가가치세법 제71조", "until": "2031-07-25"}
    assert data["categories"][0]["kept"] == [reported]


async def test_nothing_held_anywhere_is_an_answer_in_form_9(house: House) -> None:
    """The person is known, but every holder says that it has nothing (trap 38)."""
    mall = await house.system()
    filed = await house.file({"right": "access", "aspects": ["items"], "categories": ["online_mall"]})
    await house.prove(filed)
    [task] = await mall.tasks()
    await mall.report(task["id"], "not_held")
    await house.workshop.run()
    assert await statuses(house, filed) == ["closed"]
    [notice] = await notices(house, filed)
    page = (await open_notice(house, filed, notice["id"], await house.grant(filed))).text
    assert "보유하고 있는 개인정보가 없습니다" in page and "다른 연락처" in page and "이의" in page
    assert "모두 열람하실 수 있습니다" not in page


async def test_what_is_not_there_is_said_item_by_item_beside_what_is(house: House) -> None:
    first = await house.system("한 곳", categories=["online_mall"])
    second = await house.system("다른 곳", categories=["separate_service"])
    claim = {"right": "access", "aspects": ["items", "purposes"], "categories": ["online_mall", "separate_service"]}
    filed = await house.file(claim)
    await house.prove(filed)
    await first.work()
    [task] = await second.tasks()
    await second.report(task["id"], "not_held")
    await house.workshop.run()
    [notice] = await notices(house, filed)
    page = (await open_notice(house, filed, notice["id"], await house.grant(filed))).text
    assert "보유하지 않음" in page and "가진 곳이 없음을 확인하였습니다" in page and "■ 열람 " in page


async def test_the_police_stand_among_those_who_are_given_data(house: House) -> None:
    mall = await house.system()
    _, category, printed = await seen(house, mall, Aspect.THIRD_PARTIES)
    assert [one_["name"] for one_ in category["third_parties"]] == ["경찰관서"]
    assert "법률이알리지못하게하는제공은적지않습니다" in printed


async def test_but_not_while_a_law_forbids_to_tell(silenced: None, house: House) -> None:
    """The words beside are the same for everybody, so that silence tells of no investigation."""
    mall = await house.system()
    _, category, printed = await seen(house, mall, Aspect.THIRD_PARTIES)
    assert category["third_parties"] == []
    assert "경찰" not in printed and "법률이알리지못하게하는제공은적지않습니다" in printed
    served = (await house.api.get("/v1/policy")).json()
    assert "silences" not in str(served), "nor does the published policy say so"


async def test_a_guardian_is_told_only_what_their_own_deletions_left(house: House) -> None:
    """That somebody else had data deleted is not a guardian's to know (askers do not meet)."""
    mall = await house.system()
    own = await deleted(house, mall)
    mothers = await guarded(house, {"right": "access", "aspects": ["items"], "categories": ["online_mall"]})
    childs = await one(house.desk, "SELECT subject_digest FROM request WHERE id = :id", id=mothers["id"])
    async with house.desk.database.transaction() as session:
        await session.execute(
            text("UPDATE request SET subject_digest = :digest WHERE id = :id"), {"digest": childs, "id": own["id"]}
        )
    async with house.desk.database.transaction() as session:
        assert await fenced.of(session, await session.get_one(Request, mothers["id"])) == []
        left = await fenced.of(session, await session.get_one(Request, own["id"]))
        assert {one_.record_class for one_ in left} == {"contract_5y", "payment_5y"}
