"""The months of the access log: made ahead, never changed, destroyed whole after two years with proof."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from app import db, worker
from app.desk import Desk
from app.law import log_review
from app.law.deadline import seoul_date
from app.services import access_reviews, log_keeping
from tests.api.acts import one, rows

OLD = date(2023, 3, 1)


@pytest.fixture
def desk_url(database_url: str) -> str:
    """A database of its own: parts are made and dropped in it."""
    return database_url


async def written(desk: Desk, at: datetime) -> None:
    """A row of another time."""
    await rows(
        desk,
        "INSERT INTO access_log (id, at, role, actor, operation, result, trace)"
        " VALUES (:id, :at, 'officer', 'x|y', 'list_claims', 'ok', 't') RETURNING id",
        id=db.new_id(),
        at=at,
    )


async def parts(desk: Desk) -> dict[str, int]:
    """How many rows lie in which part."""
    found = await rows(desk, "SELECT tableoid::regclass::text AS part, count(*) FROM access_log GROUP BY 1")
    return dict(tuple(row) for row in found)  # type: ignore[arg-type]


async def _reviewed(desk: Desk, month: date) -> dict[str, Any]:
    """The figures of a month's review; at first ones in which people stand."""
    figures: dict[str, Any] = {
        "actors": [{"role": "officer", "actor": "x|kim", "agent": None, "calls": 4, "requests": 1, "subjects": 1,
                    "refused": 1, "off_hours": 2, "downloads": 1}],
        "machines": [{"role": "system", "actor": "x|mall", "calls": 1, "refused": 0}],
        "bulk": [{"role": "officer", "actor": "x|kim", "agent": None, "day": "2023-03-02", "requests": 100}],
        "failed_logins": [{"operation": "list_claims", "result": "auth.invalid", "address": "198.51.100.7",
                           "times": 3}],
        "downloads": [{"id": "i", "role": "officer", "actor": "x|kim", "purpose": "for the dispute"}],
        "downloads_total": 1,
        "on_behalf": {"calls": 2},
        "own_name": [{"role": "officer", "actor": "x|kim", "request_id": "r", "calls": 1}],
    }  # fmt: skip
    await rows(
        desk,
        "INSERT INTO access_review (id, month, drawn_at, figures, signed_at, signed_by, finding, remark_ct)"
        " VALUES (gen_random_uuid(), :month, now(), CAST(:figures AS jsonb), now(), 'x|auditor', 'nothing', 'x')"
        " ON CONFLICT (month) DO NOTHING RETURNING id",
        month=month,
        figures=json.dumps(figures),
    )
    found: dict[str, Any] = await one(desk, "SELECT figures FROM access_review WHERE month = :month", month=month)
    return found


async def keep(desk: Desk) -> None:
    """What the worker does each hour."""
    await worker._each(desk, log_keeping.HOURLY)


async def test_a_month_is_made_ahead_filled_and_destroyed_with_proof_after_two_years(desk: Desk) -> None:
    seoul_first = datetime(2023, 2, 28, 15, 0, tzinfo=UTC)
    before, last = seoul_first - timedelta(seconds=1), datetime(2023, 3, 31, 14, 59, 59, tzinfo=UTC)
    for at in (before, seoul_first, last, db.now()):
        await written(desk, at)
    assert await parts(desk) == {"access_log_other": 4}
    present = seoul_date(db.now()).replace(day=1)
    async with desk.database.transaction() as session:
        wanted = await log_keeping.wanted(session, now=db.now())
    assert wanted == [date(2023, 2, 1), OLD, *(log_review.month_after(present, count) for count in range(3))]
    for month in wanted:
        async with desk.database.transaction() as session:
            await log_keeping.make(session, month, now=db.now())
    assert await parts(desk) == {
        "access_log_2023_02": 1,
        "access_log_2023_03": 2,
        f"access_log_{present:%Y_%m}": 1,
    }
    before = await _reviewed(desk, OLD)
    await keep(desk)
    assert (await _reviewed(desk, OLD))["hash"] == access_reviews._hash(before), "what was signed can still be told"
    left = json.dumps(await _reviewed(desk, OLD))
    assert not any(word in left for word in ("kim", "198.51.100.7", "for the dispute", "list_claims"))
    assert (await _reviewed(desk, OLD))["totals"] == {
        "people": 1, "calls": 5, "refused": 1, "off_hours": 2, "bulk_days": 1, "failed_logins": 3, "own_name": 1,
    }  # fmt: skip
    assert (await _reviewed(desk, OLD))["on_behalf"] == {"calls": 2}
    assert await rows(desk, "SELECT signed_by, finding, remark_ct FROM access_review") == [
        ("x|auditor", "nothing", None)
    ]
    await keep(desk)  # said again it changes nothing
    assert await parts(desk) == {f"access_log_{present:%Y_%m}": 1}
    proofs = await rows(
        desk,
        "SELECT convert_from(body, 'UTF8')::json -> 'facts' AS facts FROM audit_entry"
        " WHERE convert_from(body, 'UTF8')::json ->> 'action' = 'access_log.destroy' ORDER BY seq",
    )
    assert [(row.facts["month"], row.facts["entries"]) for row in proofs] == [("2023-02", 1), ("2023-03", 2)]
    assert datetime.fromisoformat(proofs[1].facts["earliest"]) == seoul_first
    assert datetime.fromisoformat(proofs[1].facts["latest"]) == last


async def test_what_is_younger_than_two_years_cannot_be_destroyed_nor_any_row_changed(desk: Desk) -> None:
    await written(desk, db.now())
    await keep(desk)
    present = seoul_date(db.now()).replace(day=1)
    young = log_review.month_after(present, -23)
    async with desk.database.transaction() as session:
        await log_keeping.make(session, young, now=db.now())
        assert await log_keeping.over(session, now=db.now()) == []
    plain = str(desk.settings.database_url).replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        for statement in (
            f"SELECT access_log_destroy('{young}')",
            "UPDATE access_log SET result = 'ok'",
            "DELETE FROM access_log",
            "TRUNCATE access_log",
            f"TRUNCATE access_log_{present:%Y_%m}",
            f"DELETE FROM access_log_{present:%Y_%m}",
            "TRUNCATE access_log_other",
        ):
            with pytest.raises(psycopg.errors.RaiseException):
                connection.execute(statement)  # type: ignore[call-overload]
    assert await one(desk, "SELECT count(*) FROM access_log") == 1
