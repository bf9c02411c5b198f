"""Standing is judged again at every decision and every disclosure (B4); a release waits as the policy says (C4)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app import db
from app.desk import Actor
from app.errors import Conflict
from app.law.deadline import seoul_date
from app.law.decision import Verdict
from app.law.terms import Outcome
from app.services import adjudication, disclosure, handover, mandates
from tests.api.acts import one, rows, statuses
from tests.api.families import Ledger, contact, person
from tests.api.others import answered, granted, guarded, held_by, mandated, notices, timeline
from tests.api.years import today
from tests.conftest import serving
from tests.house import GILDONG, ONLINE_MALL, House, bearer, key

OFFICER, APPROVER = Actor("officer", "urn:test", "officer-1"), Actor("approver", "urn:test", "approver-1")
MOTHER = {"name": "임나래", "birth_date": "1980-01-01", "phone": "010-0000-7002", "email": "narae@example.com"}
HER = {"name": "임나래", "contacts": [contact("+821000007002", holder="guardian")]}


def dawn() -> dict[str, Any]:
    """Somebody who comes of age tomorrow."""
    tomorrow = today() + timedelta(days=1)
    birthday = tomorrow.replace(day=28) if (tomorrow.month, tomorrow.day) == (2, 29) else tomorrow
    return {
        "name": "임새벽",
        "birth_date": birthday.replace(year=tomorrow.year - 19).isoformat(),
        "phone": "010-0000-7001",
    }


@pytest.fixture
def register_url(tmp_path: Any) -> Any:
    """A register that knows them, and names the mother."""
    born = dawn()["birth_date"]
    grown = person("C-7001", "임새벽", born, contact("+821000007001"), guardians=[HER])
    gildong = person("C-1029", "홍길동", "1990-01-02", contact("+821012345678"), account_id="gildong")
    moved = person(
        "C-7003", "이사람", "1990-03-03", contact("+821000007003"), contact("moved@example.com", kind="email", **NEW)
    )
    with serving(Ledger(tmp_path, grown, gildong, moved)) as url:
        yield url


NEW: dict[str, Any] = {"since_days_ago": 2}
PARENT = {**MOTHER, "relationship": "parent"}


async def brought_up(house: House, *claims: dict[str, Any]) -> dict[str, Any]:
    """The mother's request for somebody who is a minor for one day more."""
    return await guarded(house, *claims, subject=dawn(), requester=PARENT)


async def version(house: House) -> int:
    return int(await one(house.desk, "SELECT version FROM claim ORDER BY position LIMIT 1"))


async def test_nobody_decides_for_a_parent_whose_child_came_of_age(house: House) -> None:
    filed = await brought_up(house, ONLINE_MALL)
    assert await statuses(house, filed) == ["verified"]
    claim, tomorrow = UUID(filed["claims"][0]["id"]), db.now() + timedelta(days=1)
    grant = adjudication.Opinion(Verdict(Outcome.APPROVE), None)
    with pytest.raises(Conflict, match=r"guardian\.ended"):
        async with house.desk.database.transaction() as session:
            await adjudication.decide(session, claim, grant, version=await version(house), by=OFFICER, now=tomorrow)
    assert (await house.decide(str(claim), outcome="approve")).status_code == 200, "today they may"
    seen = await version(house)
    with pytest.raises(Conflict, match=r"guardian\.ended"):
        async with house.desk.database.transaction() as session:
            await adjudication.approve(session, claim, agree=True, note=None, version=seen, by=APPROVER, now=tomorrow)


async def test_what_a_parent_asked_ends_on_the_day_the_child_comes_of_age(house: House) -> None:
    await house.system()
    filed = await brought_up(house, ONLINE_MALL, {**ONLINE_MALL, "categories": ["separate_service"]})
    await granted(house, filed)
    assert await statuses(house, filed) == ["approved", "verified"]
    tomorrow = db.now() + timedelta(days=1)
    async with house.desk.database.transaction() as session:
        await rows(house.desk, "UPDATE requester SET checked_on = NULL RETURNING 1")
        assert await mandates.doubtful(session, now=tomorrow) == [UUID(filed["id"])]
    async with house.desk.database.transaction() as session:
        await mandates.judge(session, UUID(filed["id"]), now=tomorrow)
    async with house.desk.database.transaction() as session:
        assert await mandates.doubtful(session, now=tomorrow) == []
        await disclosure.conclude(session, UUID(filed["claims"][0]["id"]), now=tomorrow)
    assert await statuses(house, filed) == ["lapsed", "lapsed"]
    assert await one(house.desk, "SELECT count(*) FROM task WHERE status <> 'cancelled'") == 0
    told = await rows(house.desk, "SELECT DISTINCT kind, party FROM message WHERE kind LIKE '%ended%'")
    assert [tuple(row) for row in told] == [("guardian_ended", "requester")]
    assert "대신 요구하실 수 있는 자격이 끝나" in (await timeline(house, filed))["claim.lapse"]


async def test_nothing_opens_for_a_parent_whose_child_came_of_age(house: House) -> None:
    mall = await house.system()
    filed = await brought_up(house, ONLINE_MALL)
    await answered(house, mall, filed)
    [notice] = await notices(house, filed)
    grant, claim = await house.grant(filed, party="requester"), UUID(filed["claims"][0]["id"])
    parent = Actor("requester", house.desk.issuer.name, filed["id"], party="requester")
    tomorrow = db.now() + timedelta(days=1)
    for opening in (
        lambda session: handover.open_package(session, claim, grant, by=parent, now=tomorrow),
        lambda session: handover.open_notice(
            session, UUID(notice["id"]), grant, html=True, large=False, by=parent, now=tomorrow
        ),
    ):
        with pytest.raises(Conflict, match=r"guardian\.ended"):
            async with house.desk.database.transaction() as session:
                await opening(session)
    assert await one(house.desk, "SELECT count(*) FROM grant_use") == 0
    async with house.desk.database.transaction() as session:
        package, _ = await handover.open_package(session, claim, grant, by=parent, now=db.now())
    assert package.claim_id == claim, "today it does"


async def test_an_answer_after_the_standing_ended_goes_to_the_subject(house: House) -> None:
    mall = await house.system()
    filed = await brought_up(house, {"right": "deletion", "categories": ["online_mall"]})
    await granted(house, filed, outcome="partial", reason="법령에 따라 거래 기록을 보존합니다.")
    [task] = await mall.tasks()
    await mall.fetch(task["id"])
    tomorrow, claim = db.now() + timedelta(days=1), UUID(filed["claims"][0]["id"])
    async with house.desk.database.transaction() as session:
        await mandates.judge(session, UUID(filed["id"]), now=tomorrow)
    assert await statuses(house, filed) == ["approved"], "a holder may be destroying already"
    house.workshop.may_fail = True
    await mall.report(task["id"], kept=[])
    async with house.desk.database.transaction() as session:
        await disclosure.conclude(session, claim, now=tomorrow)
    told = await rows(house.desk, "SELECT party, channel FROM message WHERE kind = 'result'")
    assert [tuple(row) for row in told] == [("subject", "sms")]


@pytest.mark.parametrize(
    ("how", "days", "why"),
    [
        ("phone", 0, None),
        ("login", 1, "전부터 쓰시던 연락처가 아닌 방법으로 확인하셔서"),
        ("changed", 3, "최근에 바뀐 연락처가 있어"),
        ("guardian", 3, "다른 사람을 대신한 요구여서"),
        ("delegate", 3, "다른 사람을 대신한 요구여서"),
    ],
)
async def test_when_it_can_be_fetched_and_why_not_before(house: House, how: str, days: int, why: str | None) -> None:
    filed = await _verified(house, how)
    if how in ("guardian", "delegate"):
        await granted(house, filed)
    else:
        await house.workshop.run()
    filed = held_by(house, filed, "requester" if how == "guardian" else "subject")
    opens = await one(house.desk, "SELECT available_from FROM claim")
    assert seoul_date(opens) == seoul_date(db.now()) + timedelta(days=days)
    said = (await timeline(house, filed))["claim.approve"]
    if why is None:
        assert said == "요구를 받아들이기로 결정했습니다."
    else:
        day = seoul_date(opens)
        assert why in said and f"{days}일 동안" in said and f"{day.year}년 {day.month}월 {day.day}일부터" in said


async def _verified(house: House, how: str) -> dict[str, Any]:
    match how:
        case "guardian":
            return await brought_up(house, ONLINE_MALL)
        case "delegate":
            return await mandated(house, ONLINE_MALL)
        case "login":
            filed = await house.file(ONLINE_MALL, subject=GILDONG)
            seen = await house.api.post(
                f"/v1/requests/{filed['id']}/attestation",
                json={"party": "subject", "documents_seen": ["identity_card"]},
                headers={**house.auth("officer"), **key()},
            )
            assert seen.is_success, seen.text
            await house.workshop.run()
            return filed
        case "changed":
            filed = await house.file(ONLINE_MALL, subject={"name": "이사람", "phone": "010-0000-7003"}, notify_by="sms")
        case _:
            filed = await house.file(ONLINE_MALL)
    await house.prove(filed)
    return filed


async def test_a_wait_never_passes_the_statutory_day(house: House) -> None:
    await house.system()
    filed = await mandated(house, ONLINE_MALL)
    due = await one(house.desk, "UPDATE claim SET due_on = due_on - 9 RETURNING due_on")
    await granted(house, filed)
    view = (await house.look(held_by(house, filed, "subject")))["claims"][0]
    assert seoul_date(datetime.fromisoformat(view["available_from"])) == due


async def test_a_mandate_that_ran_out_decides_and_opens_nothing(house: House) -> None:
    filed = await mandated(house, ONLINE_MALL, deliver_to="delegate")
    await rows(house.desk, "UPDATE mandate SET expires_on = signed_on - 1 RETURNING 1")
    decided = await house.decide(filed["claims"][0]["id"], outcome="approve")
    assert (decided.status_code, decided.json()["code"]) == (409, "mandate.expired")
    reply = await house.api.post(
        f"/v1/requests/{filed['id']}/verifications",
        json={"party": "requester", "method": "phone_code", "purpose": "release"},
        headers={**bearer(filed["requester_token"]), **key()},
    )
    assert (reply.status_code, reply.json()["code"]) == (409, "mandate.expired")
