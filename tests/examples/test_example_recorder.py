"""What a store's recorder does with its film, and that it does it once."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from examples.processor.recorder import KOREA, PLACE, act
from examples.processor.store import Store

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=KOREA)


def _task(action: str, *, days: float = 3, kind: str | None = None, **more: Any) -> dict[str, Any]:
    begins = NOW - timedelta(days=days)
    media = {"site": "s", "from": begins.isoformat(), "to": (begins + timedelta(hours=1)).isoformat(), **more}
    return {"id": f"t-{action}", "claim_id": "c", "action": action, "media": media | ({"kind": kind} if kind else {})}


def test_what_is_kept_outlives_its_days_until_it_is_let_go() -> None:
    shelf: dict[str, Any] = {}
    assert act(shelf, _task("preserve", days=29), NOW) == {"result": "done"}
    later = NOW + timedelta(days=20)
    assert act(shelf, _task("collect", days=29, kind="existence"), later) == {"result": "done"}
    assert act(shelf, _task("release", days=29), later)["result"] == "done"
    assert act(shelf, _task("collect", days=29, kind="existence"), later) == {"result": "not_held"}
    assert act(shelf, _task("release", days=29), later)["result"] == "done" and shelf == {}


def test_what_was_written_over_cannot_be_kept() -> None:
    shelf: dict[str, Any] = {}
    assert act(shelf, _task("preserve", days=30), NOW) == {"result": "not_held"} and shelf == {}
    assert act(shelf, _task("correct"), NOW)["result"] == "failed"


@pytest.mark.parametrize(
    ("not_before", "not_after", "opens"),
    [
        (None, "2026-12-03", "2026-11-24T10:05:00+09:00"),
        ("2026-11-26T00:00:00+09:00", "2026-12-03", "2026-11-26T00:00:00+09:00"),
        ("2026-11-20T00:00:00+09:00", "2026-11-24", "2026-11-24T10:05:00+09:00"),
        (None, "2026-11-20", "2026-11-24T10:05:00+09:00"),
    ],
)
def test_a_seat_is_offered_when_it_may_be(not_before: str | None, not_after: str, opens: str) -> None:
    answer = act({}, _task("collect", kind="view", not_before=not_before, not_after=not_after), NOW)
    assert answer["result"] == "done" and answer["media"]["place"] == PLACE and answer["media"]["masked"] is True
    assert answer["media"]["from"] == opens < answer["media"]["to"]


def test_the_store_remembers_what_it_keeps(tmp_path: Path) -> None:
    path = tmp_path / "store.json"
    task = _task("preserve")
    task["media"]["from"] = datetime.now(KOREA).isoformat()
    assert Store(path, None).result(task) == {"result": "done"}
    assert "c" in Store(path, None).shelf
