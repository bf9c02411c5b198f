"""Notices of what comes after an answer: a record destroyed when its period ended, a measure after a suspension."""

from collections.abc import Mapping, Sequence

from app.desk import Desk
from app.documents import korean
from app.documents.free import Destroyed, DestroyedNotice, MeasureNotice
from app.law import deadline
from app.law.follow_up import Measure
from app.models import Fence, FollowUp
from app.services import composing
from app.services.composing import Facts

_MEASURES: Mapping[str, str] = {
    Measure.DESTROY: "복구할 수 없도록 파기하였습니다.",
    Measure.KEEP_APART: "멈춘 목적으로 쓰이지 않도록 다른 개인정보와 나누어 보관합니다.",
    Measure.KEEP_BY_STATUTE: "법령이 보존하게 한 기록만 나누어 보관하고, 나머지는 복구할 수 없도록 파기하였습니다.",
}


def destroyed(desk: Desk, facts: Facts, fences: Sequence[Fence]) -> DestroyedNotice:
    """What was destroyed on which day, and which statute had kept it until when (Act 21(1)(2), policy 8.8)."""
    return DestroyedNotice(
        receipt_no=facts.request.receipt_no,
        sender=composing.sender(desk),
        recipient=composing.recipient(facts),
        records=tuple(_record(facts, one) for one in fences),
        dated=facts.on,
        easy=facts.young,
    )


def measures(
    desk: Desk, facts: Facts, rows: Sequence[FollowUp], kept: Sequence[Fence], partly: Mapping[str, Sequence[str]]
) -> MeasureNotice:
    """What became of each category whose processing was stopped (Act 37(5)); `partly`: who has done only a part."""
    return MeasureNotice(
        receipt_no=facts.request.receipt_no,
        sender=composing.sender(desk),
        recipient=composing.recipient(facts),
        measures=tuple(
            (composing.label(desk, one.category), _done(one, kept, partly.get(one.category, ()))) for one in rows
        ),
        objection=composing.objection(desk, facts),
        dated=facts.on,
        easy=facts.young,
    )


def _record(facts: Facts, fence: Fence) -> Destroyed:
    assert fence.destroyed_at is not None
    # Of a single field that people kept, the statute is among the facts they stated.
    stated = next((one["facts"].get("statute") for one in facts.items if one["item"] == fence.item), None)
    return Destroyed(
        label=fence.label,
        statute=stated or fence.basis,
        until=fence.until,
        destroyed_on=deadline.seoul_date(fence.destroyed_at),
    )


def _done(row: FollowUp, kept: Sequence[Fence], partly: Sequence[str]) -> str:
    said = [_MEASURES[row.measure or Measure.KEEP_APART]]
    said += [
        f"남긴 기록: {one.label}({one.basis}, {korean.day(one.until)}까지)."
        for one in kept
        if one.category == row.category
    ]
    if partly:
        said.append(f"일부만 조치하였다고 알려 온 곳: {', '.join(partly)}.")
    return " ".join(said)
