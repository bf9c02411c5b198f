"""A month with three long runs of closed days: forty requests, nothing late, every warning once, and a report of it."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.law import deadline, warnings
from app.law.terms import WarningStep
from app.services import audit, reports, warning
from examples.common.files import WatchedFile
from examples.register.__main__ import build
from tests.api.acts import rows
from tests.api.days import Clock, at, staffed, told
from tests.conftest import REGISTER_SECRET, serving
from tests.e2e.month import Month, day_of, register_of
from tests.house import House

BEGINS, ENDS = date(2026, 9, 15), date(2026, 10, 21)


@pytest.fixture
def register_url(tmp_path: Path) -> Iterator[str]:
    with serving(build(REGISTER_SECRET, WatchedFile(register_of(tmp_path)))) as url:
        yield url


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch, at(BEGINS, 8))


@pytest.mark.slow
async def test_in_a_month_nothing_is_late_and_every_warning_comes_once(house: House, clock: Clock) -> None:
    staffed(house.desk, BEGINS)
    month = Month(house, clock)
    await month.furnish()
    day = BEGINS
    while day <= ENDS:
        await month.day(day)
        day += timedelta(days=1)
    await nothing_is_late(house, month)
    await every_warning_came_once(house, month)
    await the_outlooks_came(house)
    await the_report_adds_up(house, month)
    async with house.desk.database.transaction() as session:
        assert (await audit.verify(session)).first_bad is None


async def nothing_is_late(house: House, month: Month) -> None:
    """Every answer came by its day, and nothing is open but what was told of in time."""
    assert await rows(house.desk, "SELECT * FROM overdue") == []
    answers = await rows(house.desk, "SELECT at, due_on FROM notice WHERE kind IN ('result', 'interim')")
    assert answers and all(deadline.seoul_date(row.at) <= row.due_on for row in answers)
    stands = {str(row.id): row.status for row in await rows(house.desk, "SELECT id, status FROM claim")}
    fates = {
        "unproved": "lapsed",
        "taken_back": "withdrawn",
        # Told in time, with the name of who is silent.
        "silent": "approved",
    }
    assert {one.number: stands[one.claim_id] for one in month.people} == {
        one.number: fates.get(one.fate, "closed") for one in month.people
    }
    told_of_silence = await rows(
        house.desk,
        "SELECT claim_id, at, internal_on FROM notice JOIN claim ON claim.id = claim_id WHERE kind = 'interim'",
    )
    [late] = [one for one in month.people if one.fate == "silent"]
    assert late.claim_id in {str(row.claim_id) for row in told_of_silence}
    assert all(deadline.seoul_date(row.at) <= row.internal_on for row in told_of_silence)


async def every_warning_came_once(house: House, month: Month) -> None:
    """Held against each claim's own life: what it was, at every moment at which the worker looked."""
    found = {
        (str(row.claim_id), row.due_on, row.step)
        for row in await rows(house.desk, "SELECT claim_id, due_on, step FROM due_warning WHERE \"of\" = 'claim'")
    }
    expected: set[tuple[str, date, str]] = set()
    for life in await lives(house):
        for moment in month.swept:
            if life["from"] <= moment < life["to"] and (step := step_of(house, life["due_on"], moment)) is not None:
                expected.add((life["claim_id"], life["due_on"], step.value))
    assert found == expected
    assert {step for *_, step in found} >= {"three"} and "overdue" not in {step for *_, step in found}
    mails = Counter(kind for kind, _ in await told(house))
    owed: Counter[str] = Counter()
    for row in await rows(house.desk, "SELECT step, told, at FROM due_warning"):
        on = deadline.seoul_date(row.at)
        desk = house.desk.database.info["desk"]
        owed[f"due_{row.step}"] += len(warning.addresses(desk, row.told, on))  # type: ignore[arg-type]
    assert mails == owed


def step_of(house: House, due_on: date, moment: datetime) -> WarningStep | None:
    today = deadline.seoul_date(moment)
    windows = warnings.windows(today, house.desk.closed)
    return next((one.step for one in windows if one.first <= due_on <= one.last), None)


async def lives(house: House) -> list[dict[str, Any]]:
    """From when until when each claim, in each of its clocks, waited for an answer; read from the audit chain."""
    entries = await rows(
        house.desk,
        "SELECT convert_from(body, 'UTF8')::jsonb AS body FROM audit_entry WHERE request_id IS NOT NULL ORDER BY seq",
    )
    claims = await rows(house.desk, "SELECT id, request_id, due_steps FROM claim")
    found: list[dict[str, Any]] = []
    for claim in claims:
        due = [date.fromisoformat(day) for day in last_days(claim.due_steps)]
        mine = [one.body for one in entries if one.body["request"] == str(claim.request_id)]
        life = {"claim_id": str(claim.id), "from": moment_of(mine[0]), "due_on": due.pop(0)}
        for entry in mine:
            if entry["action"] in ENDS_A_CLOCK and life:
                # Told in the moment after the worker looked: until then it waits, and is warned of.
                spoken = timedelta(seconds=entry["action"] == "claim.report_open")
                found.append(life | {"to": moment_of(entry) + spoken})
                life = {}
            elif entry["action"] in ("claim.resume", "claim.overturn"):
                life = {"claim_id": str(claim.id), "from": moment_of(entry), "due_on": due.pop(0)}
        assert not life, mine
    return found


ENDS_A_CLOCK = ("claim.notify", "claim.report_open", "claim.withdraw", "claim.lapse", "claim.postpone")


def moment_of(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["at"])


def last_days(steps: list[dict[str, Any]]) -> list[str]:
    """The last step of each counting."""
    begins = [place for place, step in enumerate(steps) if step["step"].endswith("not counted")]
    return [steps[place - 1]["date"] for place in (*begins[1:], len(steps))]


async def the_outlooks_came(house: House) -> None:
    """Chuseok, the day that follows National Foundation Day, and Hangul Day: each told to two on the day before."""
    seen = await rows(house.desk, "SELECT first_closed, last_closed, at FROM outlook ORDER BY 1")
    days = [
        (row.first_closed.isoformat(), row.last_closed.isoformat(), deadline.seoul_date(row.at).isoformat())
        for row in seen
    ]
    assert days == [
        ("2026-09-24", "2026-09-27", "2026-09-23"),
        ("2026-10-03", "2026-10-05", "2026-10-02"),
        ("2026-10-09", "2026-10-11", "2026-10-08"),
    ]
    mails = await told(house, "outlook")
    assert len(mails) == 6
    assert int(mails[0][1]["params"]["due"]) > 0


async def the_report_adds_up(house: House, month: Month) -> None:
    totals: Counter[str] = Counter()
    for first in (date(2026, 9, 1), date(2026, 10, 1)):
        async with house.desk.database.transaction() as session:
            found = await reports.month(session, first, now=at(ENDS, 20))
        came = found["open_at_start"] + found["received"]["claims"] + found["reopened"]
        left = found["answered"]["total"] + found["withdrawn"] + found["lapsed"] + found["open_at_end"]
        assert came == left
        assert found["passed"] == {} and found["answered"]["late"] == 0
        arrived = [one for one in month.people if day_of(one.number).replace(day=1) == first]
        assert found["received"]["claims"] == len(arrived)
        assert found["received"]["by_channel"] == dict(sorted(Counter(one.channel for one in arrived).items()))
        assert found["received"]["by_right"] == dict(sorted(Counter(one.claim["right"] for one in arrived).items()))
        for name in ("withdrawn", "lapsed", "reopened"):
            totals[name] += found[name]
        totals["confirmed"] += found["objections"]["confirmed"]
        totals["overturned"] += found["objections"]["overturned"]
        totals["postponed"] += found["postponements"]["begun"]
        totals["resumed"] += found["postponements"]["resumed"]
        totals["silent"] += sum(one["silent"] for one in found["holders"])
        totals.update({f"answered {name}": one["total"] for name, one in found["answered"]["by_right"].items()})
        totals.update({f"outcome {name}": one for name, one in found["answered"]["by_outcome"].items()})
    assert found["open_at_end"] == 0
    fates = Counter(one.fate for one in month.people)
    assert (totals["withdrawn"], totals["lapsed"]) == (fates["taken_back"], fates["unproved"])
    assert (totals["confirmed"], totals["overturned"], totals["reopened"]) == (1, 1, 1)
    assert (totals["postponed"], totals["resumed"], totals["silent"]) == (1, 1, 1)
    assert totals["outcome nothing_held"] == fates["stranger"] and totals["outcome refused"] == 2
    answered = len(month.people) - fates["taken_back"] - fates["unproved"] + 1
    assert sum(one for name, one in totals.items() if name.startswith("answered ")) == answered
