"""Notices of what comes after an answer: a record destroyed when its period ended, a measure after a suspension."""

from collections.abc import Mapping, Sequence

from app.desk import Desk
from app.documents.free import Destroyed, DestroyedNotice, MeasureNotice
from app.documents.tongue import day, either, say
from app.law import deadline
from app.law.follow_up import Measure
from app.law.terms import Label
from app.models import Fence, FollowUp
from app.services import composing, itemised, left_over
from app.services.facts import Facts

_MEASURES: Mapping[str, Label] = {
    Measure.DESTROY: Label("복구할 수 없도록 파기하였습니다.", "Destroyed beyond recovery."),
    Measure.KEEP_APART: Label(
        "멈춘 목적으로 쓰이지 않도록 다른 개인정보와 나누어 보관합니다.",
        "Kept apart from other data, so that it is not used for what was stopped.",
    ),
    Measure.KEEP_BY_STATUTE: Label(
        "법령이 보존하게 한 기록만 나누어 보관하고, 나머지는 복구할 수 없도록 파기하였습니다.",
        "Only what statutes demand is kept, apart from the rest, which was destroyed beyond recovery.",
    ),
}


def destroyed(desk: Desk, facts: Facts, fences: Sequence[Fence]) -> DestroyedNotice:
    """What was destroyed on which day, and which statute had kept it until when (Act 21(1)(2), policy 8.8)."""
    return DestroyedNotice(
        receipt_no=facts.request.receipt_no,
        sender=composing.sender(desk, facts.tongue),
        recipient=composing.recipient(facts, facts.tongue),
        records=tuple(_record(desk, facts, one) for one in fences),
        dated=facts.on,
        easy=facts.young,
        language=facts.tongue,
    )


def measures(
    desk: Desk, facts: Facts, rows: Sequence[FollowUp], kept: Sequence[Fence], partly: Mapping[str, Sequence[str]]
) -> MeasureNotice:
    """What became of each category whose processing was stopped (Act 37(5)); `partly`: who has done only a part."""
    return MeasureNotice(
        receipt_no=facts.request.receipt_no,
        sender=composing.sender(desk, facts.tongue),
        recipient=composing.recipient(facts, facts.tongue),
        measures=tuple(
            (
                itemised.label(desk, one.category, facts.tongue),
                _done(desk, facts, one, kept, partly.get(one.category, ())),
            )
            for one in rows
        ),
        objection=composing.objection(desk, facts),
        dated=facts.on,
        easy=facts.young,
        language=facts.tongue,
    )


def _record(desk: Desk, facts: Facts, fence: Fence) -> Destroyed:
    assert fence.destroyed_at is not None
    # Of a single field that people kept, the statute is among the facts they stated.
    stated = next((one["facts"].get("statute") for one in facts.items if one["item"] == fence.item), None)
    return Destroyed(
        label=left_over.record_label(desk, facts, fence),
        statute=stated or fence.basis,
        until=fence.until,
        destroyed_on=deadline.seoul_date(fence.destroyed_at),
    )


def _done(desk: Desk, facts: Facts, row: FollowUp, kept: Sequence[Fence], partly: Sequence[str]) -> str:
    tongue = facts.tongue
    said = [say(_MEASURES[row.measure or Measure.KEEP_APART], tongue)]
    for one in kept:
        if one.category == row.category:
            label, until = left_over.record_label(desk, facts, one), day(one.until, tongue)
            ko, en = f"남긴 기록: {label}({one.basis}, {until}까지).", f"Kept: {label} ({one.basis}, until {until})."
            said.append(either(tongue, ko, en))
    if partly:
        where = ", ".join(partly)
        said.append(either(tongue, f"일부만 조치하였다고 알려 온 곳: {where}.", f"Reported as done in part: {where}."))
    return " ".join(said)
