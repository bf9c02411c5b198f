"""The traps of the law, by number: periods, days and the clock. Each is a mistake that looks right at first."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app import db
from app.law import deadline, period, release
from app.law.terms import Capacity, Reached, Right, Span
from app.workdays import calendar
from tests.api.acts import DELIVERY, MARKETING, claims, one, refused, rows
from tests.api.test_postponement import SPOKEN, act, in_days, opened, postpone, verified
from tests.house import ADDRESS, House
from tests.law.world import POLICY


def due(arrived: date, days: int = 10) -> deadline.Deadline:
    return deadline.due(arrived, days, calendar(), basis="영 41④", margin=1)


def test_trap_01_the_day_of_receipt_is_not_counted() -> None:
    assert due(date(2026, 11, 23)).raw_on == date(2026, 12, 3)


def test_trap_02_calendar_days_are_counted_not_working_days() -> None:
    # Two weekends and a substitute holiday stand between; ten days are ten days.
    assert due(date(2024, 4, 30)).due_on == date(2024, 5, 10)


def test_trap_03_a_holiday_in_the_middle_does_not_extend() -> None:
    quiet = deadline.due(date(2026, 9, 21), 10, lambda _: None, basis="영 41④", margin=1)
    assert calendar()(date(2026, 9, 25)) is not None
    assert due(date(2026, 9, 21)).due_on == quiet.due_on == date(2026, 10, 1)


def test_trap_04_the_last_day_rolls_until_a_day_is_open() -> None:
    assert due(date(2025, 9, 23)).due_on == date(2025, 10, 10)
    moved = [step for step in due(date(2025, 9, 23)).steps if step.step.endswith("moved on")]
    assert len(moved) == 7


def test_trap_05_the_day_is_the_korean_day() -> None:
    arrived = deadline.seoul_date(datetime(2026, 9, 14, 16, 30, tzinfo=UTC))
    assert arrived == date(2026, 9, 15)
    assert due(arrived).due_on == date(2026, 9, 28)


def test_trap_06_holidays_change_and_a_table_says_so(tmp_path: Path) -> None:
    assert calendar()(date(2026, 7, 17)) and calendar()(date(2026, 5, 1)) and not calendar()(date(2025, 5, 1))
    table = tmp_path / "holidays.yaml"
    entry = "{date: 2026-12-02, name: 임시공휴일, source: 관보 제1호, entered: 2026-11-25}"
    table.write_text(f"add:\n  - {entry}\nremove: []\n", "utf-8")
    announced = deadline.due(date(2026, 11, 22), 10, calendar(table), basis="영 41④", margin=1)
    assert (due(date(2026, 11, 22)).due_on, announced.due_on) == (date(2026, 12, 2), date(2026, 12, 3))


def test_trap_07_the_lunar_new_year_is_the_korean_one() -> None:
    assert "설날" in str(calendar()(date(2027, 2, 7))) and "설날" in str(calendar()(date(2028, 1, 27)))
    assert due(date(2027, 1, 27)).due_on == date(2027, 2, 10)


def test_trap_08_what_comes_on_a_sunday_night_came_that_day() -> None:
    night = datetime(2026, 11, 22, 23, 59, tzinfo=deadline.seoul_midnight(date(2026, 11, 22)).tzinfo)
    assert due(deadline.seoul_date(night)).due_on == date(2026, 12, 2)


async def test_trap_09_the_clock_starts_where_it_arrived_and_proof_does_not_stop_it(house: House) -> None:
    shop = await house.system("a franchised shop", kind="processor")
    arrived = db.now() - timedelta(days=3)
    body = {
        "capacity": "self",
        "channel": "processor",
        "arrived_at": arrived.isoformat(),
        "subject": {"name": "홍길동", "phone": "010-1234-5678"},
        "claims": [SPOKEN],
    }
    reply = await house.api.post("/v1/requests", json=body, headers={**shop.headers, "Idempotency-Key": "window"})
    assert reply.status_code == 201, reply.text
    [claim] = reply.json()["claims"]
    assert claim["due_steps"][0]["date"] == deadline.seoul_date(arrived).isoformat()
    filed = reply.json()
    asked = {"party": "subject", "documents_seen": ["id_card"]}
    attested = await house.api.post(
        f"/v1/requests/{filed['id']}/attestation", json=asked, headers={**house.auth("officer"), "Idempotency-Key": "a"}
    )
    assert attested.status_code < 300, attested.text
    await house.workshop.run()
    stored = await one(house.desk, "SELECT due_on FROM claim")
    assert stored.isoformat() == claim["due_on"]


@pytest.mark.parametrize("capacity", list(Capacity))
@pytest.mark.parametrize("reached", list(Reached))
def test_trap_10_by_the_tenth_day_the_data_itself_can_be_seen(capacity: Capacity, reached: Reached) -> None:
    arrived = date(2026, 11, 23)
    last = due(arrived).due_on
    for granted in (arrived, last - timedelta(days=1), last):
        opens = release.available_on(
            granted, last, right=Right.ACCESS, capacity=capacity, reached=reached, policy=POLICY
        )
        assert opens <= last


@pytest.mark.parametrize(
    "claim", [ADDRESS, {"right": "deletion", "categories": ["online_mall"]}, DELIVERY, MARKETING], ids=str
)
async def test_trap_11_only_access_can_be_put_off(house: House, claim: dict[str, object]) -> None:
    filed = await house.file(claim)
    await house.prove(filed)
    reply = await postpone(house, filed)
    assert refused(reply)[2] in ("postponement.not_allowed", "claim.already_decided", "ground.not_available")
    assert await rows(house.desk, "SELECT * FROM postponement") == []
    assert "postponed" not in [one["status"] for one in await claims(house, filed)]


async def test_trap_12_a_postponement_tells_how_to_object_and_its_end_is_followed(house: House) -> None:
    filed = await verified(house)
    assert (await postpone(house, filed)).status_code == 200
    page = await opened(house, filed, "postponement")
    assert "이의제기방법" in page and "까지" in page
    assert (await act(house, filed["claims"][0]["id"], "resumption")).status_code == 200
    [claim] = await claims(house, filed)
    assert claim["due_on"] >= in_days(10) and "resumed, not counted" in [one["step"] for one in claim["due_steps"]]


def test_trap_47_three_months_from_the_end_of_february_end_in_may() -> None:
    assert period.last_day(date(2026, 2, 28), Span(months=3)) == date(2026, 5, 31)


def test_trap_48_keeping_does_not_grow_over_a_sunday() -> None:
    ends = period.last_day(date(2026, 8, 15), Span(months=3))
    assert ends.weekday() == 6 and ends == date(2026, 11, 15)
    assert period.destroy_from(date(2026, 8, 15), Span(months=3)) == date(2026, 11, 16)
