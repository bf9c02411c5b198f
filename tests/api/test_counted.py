"""How a day was counted can be read, in words and in both tongues: at filing, in the timeline, on the notice (E1)."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from app import workdays
from app.desk import Actor, Desk
from app.documents import tongue
from app.law.terms import Right
from app.services import intake
from app.services.intake import Ask, Filing
from tests.api.acts import claims, rows
from tests.api.test_objections import closed
from tests.api.test_postponement import act, object_to, opened, postpone, rule, verified
from tests.house import GILDONG, STRANGER, House, bearer

SEOUL = timezone(timedelta(hours=9))


async def timeline(house: House, filed: dict[str, object]) -> dict[str, dict[str, str]]:
    """What the person reads, by what happened; the last of each."""
    path = f"/v1/requests/{filed['id']}/timeline"
    items = (await house.api.get(path, headers=bearer(str(filed["requester_token"])))).json()["items"]
    return {item["action"]: item["text"] for item in items}


def korean(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.year}년 {found.month}월 {found.day}일"


def english(day: str) -> str:
    return tongue.day(date.fromisoformat(day), "en")


async def test_the_receipt_says_each_step_in_both_tongues(house: House) -> None:
    [claim] = (await house.file())["claims"]
    first, tenth, *_ = claim["due_steps"]
    assert first["step"] == "arrived, not counted" and first["text"]["ko"].startswith("요구가 도착한 날입니다.")
    assert "10일째" in tenth["text"]["ko"] and tenth["text"]["en"] == "Day 10, counted from the day after."


async def test_the_timeline_tells_the_day_and_how_it_was_counted(house: House) -> None:
    filed = await verified(house)
    told = (await timeline(house, filed))["request.file"]
    [claim] = await claims(house, filed)
    assert f"답변 기한은 {korean(claim['due_on'])}입니다." in told["ko"]
    assert "요구가 도착한 날입니다. 첫날은 세지 않습니다. (민법 157)" in told["ko"]
    assert f"It is to be answered by {english(claim['due_on'])}." in told["en"]
    assert "not counted" not in told["ko"] and "moved on" not in told["ko"] + told["en"]


async def test_several_claims_with_one_day_are_told_of_once(house: House) -> None:
    both = [{"right": "access", "aspects": [what], "categories": ["online_mall"]} for what in ("items", "purposes")]
    told = (await timeline(house, await house.file(*both)))["request.file"]
    assert told["ko"].count("답변 기한은") == 1


async def test_a_day_that_began_anew_is_told_where_it_began(house: House) -> None:
    filed = await verified(house)
    before = (await timeline(house, filed))["request.file"]
    await postpone(house, filed)
    objection = (await object_to(house, filed, reason="급히 필요합니다.", of="postponement")).json()
    await act(house, filed["claims"][0]["id"], "resumption")
    told = await timeline(house, filed)
    [claim] = await claims(house, filed)
    assert told["request.file"] == before
    assert f"답변 기한은 {korean(claim['due_on'])}입니다." in told["claim.resume"]["ko"]
    assert "미루었던 요구를 다시 시작한 날입니다." in told["claim.resume"]["ko"]
    assert "(Act 35(3), Standard Guideline)" in told["claim.resume"]["en"]
    assert f"It is to be answered by {english(objection['due_on'])}." in told["objection.file"]["en"]
    assert "이의제기가 도착한 날입니다." in told["objection.file"]["ko"]


async def test_an_objection_upheld_begins_a_day_that_is_told_too(house: House) -> None:
    filed = await closed(house)
    objection = (await object_to(house, filed, reason="다시 보아 주십시오.")).json()
    await rule(house, objection["id"], "overturned")
    told = await timeline(house, filed)
    assert "이의제기가 도착한 날입니다." in told["claim.object"]["ko"]
    assert "이의제기를 받아들인 날입니다." in told["claim.overturn"]["ko"]


async def test_an_english_notice_shows_it_in_english(house: House) -> None:
    filed = await house.file(subject=STRANGER, language="en")
    await house.prove(filed)
    page = await opened(house, filed, "result")
    assert "How the day for the answer was counted" in page
    assert f"{english(filed['claims'][0]['due_steps'][0]['date'])}: The day on which the request arrived;" in page


async def test_the_notice_shows_how_the_day_was_counted(house: House) -> None:
    filed = await house.file(subject=STRANGER)
    await house.prove(filed)
    page = await opened(house, filed, "result")
    [claim] = await claims(house, filed)
    assert "답변 기한을 센 방법" in page
    for step in claim["due_steps"]:
        assert f"{korean(step['date'])}: {step['text']['ko']} ({step['basis']})" in page
    assert "not counted" not in page


ARRIVED = datetime(2026, 11, 22, 10, tzinfo=SEOUL)
WEBSITE = Actor("website", "urn:example", "site")
FILING = Filing("web", dict(GILDONG), (Ask(Right.ACCESS, {"aspects": ["items"]}),), "email", "ko")


def announced(folder: Path, day: date) -> Path:
    """A file of corrections with a holiday that nobody knew of."""
    path = folder / "holidays.yaml"
    entry = f"{{date: {day}, name: 임시공휴일, source: 대통령령 제00000호, entered: 2026-11-25}}"
    path.write_text(f"add:\n  - {entry}\nremove: []\n", encoding="utf-8")
    return path


async def file(desk: Desk, at: datetime) -> dict[str, Any]:
    async with desk.database.transaction() as session:
        [claim] = (await intake.file(session, FILING, by=WEBSITE, now=at)).claims
    return claim


async def test_a_holiday_announced_later_moves_no_day_that_was_told(desk: Desk, tmp_path: Path) -> None:
    """Whoever was told a day keeps it, though that day turns out to be closed; who files now is told the later one."""
    told = await file(desk, ARRIVED)
    assert told["due_on"] == date(2026, 12, 2)
    closed_later = workdays.calendar(announced(tmp_path, told["due_on"]))
    desk.database.info["desk"] = replace(desk, closed=closed_later)
    new = await file(desk, ARRIVED + timedelta(hours=1))
    assert new["due_on"] == date(2026, 12, 3)
    assert "공휴일(임시공휴일, 대통령령 제00000호)이어서" in new["due_steps"][2]["text"]["ko"]
    stored = await rows(desk, "SELECT due_on, due_steps FROM claim ORDER BY id")
    assert [row.due_on for row in stored] == [told["due_on"], new["due_on"]]
    assert stored[0].due_steps == told["due_steps"]
