"""The report of a month: against half a year counted by hand, and that it adds up (E3)."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import db
from app.desk import Desk
from app.law import deadline
from app.services import figures, reports
from app.services.figures import Answer, Ruled
from tests.api.acts import refused, rows
from tests.api.test_objections import closed
from tests.api.worlds import Life, Round, World, postponement
from tests.house import House

START = datetime(2026, 5, 1, tzinfo=UTC)
MONTHS = [date(2026, month, 1) for month in range(5, 13)]
NOW = datetime(2027, 1, 1, tzinfo=UTC)


async def report(desk: Desk, first: date, now: datetime = NOW) -> dict[str, Any]:
    async with desk.database.transaction() as session:
        return await reports.month(session, first, now=now)


def bounds(first: date) -> tuple[datetime, datetime]:
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return deadline.seoul_midnight(first), deadline.seoul_midnight(after)


def within(first: date, moment: datetime | None) -> bool:
    start, end = bounds(first)
    return moment is not None and start <= moment < end


def by_hand(lives: Iterable[Life], first: date) -> dict[str, Any]:
    """The same month, counted from the lives."""
    start, end = bounds(first)
    lives = list(lives)
    pairs = [(life, one) for life in lives for one in life.rounds]
    arrived = [life for life in lives if within(first, life.arrived)]
    ended = [(life, one) for life, one in pairs if within(first, one.ended)]
    told = [(life, one) for life, one in ended if one.how == "answered"]
    rulings = [one for life in lives for one in life.objections if within(first, one[1])]
    return {
        "open": tuple(
            sum(one.began < moment and (one.ended is None or one.ended >= moment) for _, one in pairs)
            for moment in (start, end)
        ),
        "claims": len(arrived),
        "requests": sum(life.first for life in arrived),
        "arrived": {
            name: Counter(getattr(life, name) for life in arrived) for name in ("right", "channel", "capacity")
        },
        "reopened": sum(one.reopened and within(first, one.began) for _, one in pairs),
        "ended": {how: sum(one.how == how for _, one in ended) for how in ("withdrawn", "lapsed")},
        "told": len(told),
        "late": sum(one.late for _, one in told),
        "causes": Counter(one.cause for _, one in told if one.late),
        "by": {
            name: {value: timely(one for life, one in told if getattr(life, name) == value) for value in values}
            for name in ("right", "channel", "capacity")
            for values in [{getattr(life, name) for life, _ in told}]
        },
        "outcomes": Counter(figures.OUTCOMES[one.outcome] for _, one in told),
        "grounds": Counter(ground for _, one in told for ground in one.grounds),
        "deciders": {
            decider: (
                sum(one.decider == decider for _, one in told),
                middle(
                    (one.ended - life.verified).total_seconds()  # type: ignore[operator]
                    for life, one in told
                    if one.decider == decider and not one.reopened and life.verified is not None
                ),
            )
            for decider in {one.decider for _, one in told}
        },
        "passed": Counter(
            one.cause for _, one in pairs if one.late and first <= one.due_on < deadline.seoul_date(bounds(first)[1])
        ),
        "objections": (
            sum(within(first, arrived_at) for life in lives for arrived_at, *_ in life.objections),
            Counter(result for *_, result in rulings),
            middle(days(arrived_at, ruled) for arrived_at, ruled, _, result in rulings if result != "dropped"),
            sum(
                result != "dropped" and deadline.seoul_date(ruled) > due_on  # type: ignore[arg-type]
                for _, ruled, due_on, result in rulings
            ),
        ),
    }


def timely(some: Iterable[Round]) -> dict[str, int]:
    found = list(some)
    late = sum(one.late for one in found)
    return {"total": len(found), "on_time": len(found) - late, "late": late}


def days(arrived: datetime, ruled: datetime | None) -> int:
    assert ruled is not None
    return (deadline.seoul_date(ruled) - deadline.seoul_date(arrived)).days


def middle(values: Iterable[float]) -> int | None:
    found = list(values)
    return round(median(found)) if found else None


@pytest.mark.parametrize("seed", range(4))
async def test_half_a_year_is_counted_as_by_hand(desk: Desk, seed: int) -> None:
    world = World(seed, START)
    async with desk.database.transaction() as session:
        await world.fill(session, 90)
    seen = 0
    for first in MONTHS:
        found, hand = await report(desk, first), by_hand(world.lives, first)
        answered, objections = found["answered"], found["objections"]
        assert (found["open_at_start"], found["open_at_end"]) == hand["open"]
        assert (found["received"]["claims"], found["received"]["requests"]) == (hand["claims"], hand["requests"])
        assert {name: Counter(found["received"][f"by_{name}"]) for name in hand["arrived"]} == hand["arrived"]
        assert found["reopened"] == hand["reopened"]
        assert {how: found[how] for how in hand["ended"]} == hand["ended"]
        assert (answered["total"], answered["late"]) == (hand["told"], hand["late"])
        assert answered["on_time"] == hand["told"] - hand["late"]
        assert Counter(answered["late_by_cause"]) == hand["causes"]
        assert {name: answered[f"by_{name}"] for name in hand["by"]} == hand["by"]
        assert Counter(answered["by_outcome"]) == hand["outcomes"]
        assert Counter(answered["by_ground"]) == hand["grounds"]
        deciders = {name: (one["total"], one["median_seconds"]) for name, one in answered["by_decider"].items()}
        assert deciders == hand["deciders"]
        assert Counter(found["passed"].get("claim", {})) == hand["passed"]
        results = Counter({name: objections[name] for name in ("confirmed", "overturned", "dropped")})
        told = (objections["filed"].get("decision", 0), +results, objections["median_days"], objections["late"])
        assert told == hand["objections"]
        due = [one for one in world.duties if within(first, one[1])]
        assert sum(one["due"] for one in found["holders"]) == len(due)
        assert sum(one["silent"] for one in found["holders"]) == sum(finished is None for *_, finished in due)
        came_in = found["open_at_start"] + found["received"]["claims"] + found["reopened"]
        assert came_in == answered["total"] + found["withdrawn"] + found["lapsed"] + found["open_at_end"]
        seen += answered["total"]
    assert seen > 100


async def test_what_was_put_off_is_counted_where_it_began_and_where_it_ended(desk: Desk) -> None:
    world = World(0, START)
    async with desk.database.transaction() as session:
        await world.fill(session, 2)
    [(claim, request), *_] = await rows(desk, "SELECT id, request_id FROM claim ORDER BY id")
    may, july = datetime(2026, 5, 20, tzinfo=UTC), datetime(2026, 7, 2, tzinfo=UTC)
    async with desk.database.transaction() as session:
        session.add(postponement(claim, request, "A35_3_gathering", may, july))
        session.add(postponement(claim, request, "A35_3_failure", may, None))
    begun = {"A35_3_failure": 1, "A35_3_gathering": 1}
    found = [(await report(desk, first))["postponements"] for first in MONTHS[:4]]
    assert found[0] == {"begun": 2, "resumed": 0, "by_ground": begun}
    assert [(one["begun"], one["resumed"]) for one in found[1:]] == [(0, 0), (0, 1), (0, 0)]


# --- the counting alone ---------------------------------------------------------------------------------------------

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
ANSWERS = st.lists(
    st.builds(
        Answer,
        right=st.sampled_from(("access", "deletion")),
        channel=st.sampled_from(("web", "post")),
        capacity=st.sampled_from(("self", "guardian")),
        round=st.integers(1, 3),
        at=MOMENTS,
        due_on=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        verified_at=st.none() | MOMENTS,
        outcome=st.none() | st.sampled_from(tuple(figures.OUTCOMES)),
        decided_by=st.sampled_from(("machine", "person")),
        two=st.booleans(),
        grounds=st.lists(st.sampled_from(("A", "B")), unique=True),
        cause=st.none() | st.just("officer"),
    ),
    max_size=30,
)


@given(ANSWERS)
def test_every_parting_of_the_answers_adds_up(answers: list[Answer]) -> None:
    found = figures.answered(answers)
    assert found["on_time"] + found["late"] == found["total"] == len(answers)
    assert sum(found["late_by_cause"].values()) == found["late"]
    for name in ("right", "channel", "capacity"):
        for count in ("total", "on_time", "late"):
            assert sum(one[count] for one in found[f"by_{name}"].values()) == found[count]
    decided = sum(one.outcome is not None for one in answers)
    assert sum(found["by_outcome"].values()) == decided
    assert sum(one["total"] for one in found["by_decider"].values()) == decided


@given(st.lists(st.tuples(st.sampled_from(("confirmed", "overturned", "dropped")), MOMENTS, st.integers(0, 40))))
def test_rulings_add_up(some: list[tuple[str, datetime, int]]) -> None:
    rulings = [
        Ruled(result, at, at + timedelta(days=taken), deadline.seoul_date(at) + timedelta(days=10))
        for result, at, taken in some
    ]
    found = figures.ruled(rulings)
    assert found["confirmed"] + found["overturned"] + found["dropped"] == len(some)
    assert found["late"] == sum(result != "dropped" and taken > 10 for result, _, taken in some)
    judged = [taken for result, _, taken in some if result != "dropped"]
    assert found["median_days"] == (round(median(judged)) if judged else None)


def test_the_table_names_each_figure_once() -> None:
    whole = {"month": "2026-09", "received": {"by_right": {"access": 2}}, "holders": [{"system": "a", "due": 1}]}
    assert figures.flat(whole) == [("month", "2026-09"), ("received.by_right.access", 2), ("holders.a.due", 1)]


# --- at the door ----------------------------------------------------------------------------------------------------


async def test_a_report_at_the_door(house: House) -> None:
    await closed(house)
    month = f"{deadline.seoul_date(db.now()):%Y-%m}"
    reply = await house.api.get(f"/v1/reports/{month}", headers=house.auth("auditor"))
    found = reply.json()
    assert found["complete"] is False
    assert found["received"]["by_right"] == {"deletion": 1}
    assert (found["answered"]["on_time"], found["answered"]["by_outcome"]) == (1, {"refused": 1})
    assert found["answered"]["by_ground"] == {"A36_1": 1}
    assert found["answered"]["by_decider"]["two"]["total"] == 1
    assert found["open_at_end"] == 0
    assert "홍길동" not in reply.text


async def test_a_report_as_a_table(house: House, desk: Desk) -> None:
    world = World(1, START)
    async with desk.database.transaction() as session:
        await world.fill(session, 20)
    headers = {**house.auth("officer"), "Accept": "text/csv"}
    reply = await house.api.get("/v1/reports/2026-06", headers=headers)
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == 'attachment; filename="report-2026-06.csv"'
    lines = dict(csv.reader(io.StringIO(reply.text.removeprefix("\ufeff"))))
    whole = (await house.api.get("/v1/reports/2026-06", headers=house.auth("officer"))).json()
    assert lines["received.claims"] == str(whole["received"]["claims"])
    assert lines["holders.=b\tcourier.due"] == str(
        next(one["due"] for one in whole["holders"] if one["system"][0] == "=")
    )
    assert not any(name.startswith(("=", "+", "-", "@")) for name in lines)


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "26-09", "2026-9", "2026-09-01", "2099-01", "current"])
async def test_what_is_no_month_is_not_found(house: House, month: str) -> None:
    reply = await house.api.get(f"/v1/reports/{month}", headers=house.auth("auditor"))
    assert (reply.status_code, refused(reply)[2]) == (404, "request.path_not_found")
