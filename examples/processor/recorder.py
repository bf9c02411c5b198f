"""What a store does with the film of its cameras: keep it, look for somebody in it, let it go. Pure, and without film.

The shelf is what the recorder must not write over, by claim:

    {"0193...": {"from": "2026-11-20T10:00:00+09:00", "to": "2026-11-20T11:00:00+09:00"}}
"""

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

JSON = dict[str, Any]
KOREA = timezone(timedelta(hours=9))
KEPT_DAYS = 30
NOTICE, OPEN_FOR = timedelta(minutes=5), timedelta(hours=4)
PLACE = "매장 관리실 (신분증을 가져와 주십시오)"


def act(shelf: JSON, task: JSON, now: datetime) -> JSON:
    """Carry out a task about film and return the body of its result. The shelf is changed in place."""
    match task["action"]:
        case "preserve":
            return _keep(shelf, task, now)
        case "collect":
            return _find(shelf, task, now)
        case "release":
            shelf.pop(task["claim_id"], None)
            return {"result": "done", "method": "the recorder may write over it again"}
        case _:
            return {"result": "failed", "note": "a recorder knows no such action"}


def _keep(shelf: JSON, task: JSON, now: datetime) -> JSON:
    if not _is_there(shelf, task, now):
        return {"result": "not_held"}
    shelf[task["claim_id"]] = {"from": task["media"]["from"], "to": task["media"]["to"]}
    return {"result": "done"}


def _find(shelf: JSON, task: JSON, now: datetime) -> JSON:
    """Say whether there is film; where it is to be seen or copied, when somebody may come for it."""
    media = task["media"]
    if not _is_there(shelf, task, now):
        return {"result": "not_held"}
    if media["kind"] == "existence":
        return {"result": "done"}
    opens = _opening(media, now)
    closes = opens + OPEN_FOR
    seat = {"place": PLACE, "from": opens.isoformat(), "to": closes.isoformat(), "masked": True}
    return {"result": "done", "media": seat}


def _opening(media: JSON, now: datetime) -> datetime:
    """The first moment that is allowed, and no later than the last day."""
    first = now + NOTICE
    if media.get("not_before"):
        first = max(first, datetime.fromisoformat(media["not_before"]))
    last = datetime.combine(date.fromisoformat(media["not_after"]), time(23, 0), tzinfo=KOREA)
    return min(first, last) if last > now else first


def _is_there(shelf: JSON, task: JSON, now: datetime) -> bool:
    """What was kept for this claim is there; else what is not yet written over."""
    began = datetime.fromisoformat(task["media"]["from"])
    return task["claim_id"] in shelf or now - began < timedelta(days=KEPT_DAYS)
