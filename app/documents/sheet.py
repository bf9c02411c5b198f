"""What stands on form 9 and form 10, as one content for PDF and page alike (notice of the PIPC, forms 9 and 10)."""

from app.documents import form_9, form_10
from app.documents.frame import (
    OBJECTION,
    RECIPIENT,
    REQUEST,
    SEAL,
    Cell,
    ItemLine,
    Sheet,
    cell,
    contact,
    ground_lines,
    headings,
    objection_lines,
    recipient_lines,
    stated,
)
from app.documents.korean import lines, visible
from app.documents.notices import AccessNotice, Item, Notice, ResultNotice
from app.documents.tongue import day, either, form_of, say
from app.documents.wording import child
from app.law.terms import ItemOutcome, Label, Right

_GRANTED = {
    Right.ACCESS: Label("열람", "open to you"),
    Right.CORRECTION: Label("정정", "corrected"),
    Right.DELETION: Label("삭제", "deleted"),
    Right.SUSPENSION: Label("처리정지", "stopped"),
    Right.CONSENT_WITHDRAWAL: Label("처리 중단", "ended"),
}
_KEPT = {
    Right.ACCESS: Label("열람 제한", "restricted"),
    Right.CORRECTION: Label("그대로 둠", "left as it is"),
    Right.DELETION: Label("보존", "kept"),
    Right.SUSPENSION: Label("처리 계속", "goes on"),
    Right.CONSENT_WITHDRAWAL: Label("처리 계속", "goes on"),
}
_REFUSED, _HANDED_OVER = Label("거절", "refused"), Label("이관", "handed over")
_HINT = "※ 개인정보처리자는 이의제기방법을 적습니다."
"""What form 9 prints into the field for whoever fills it in."""


def sheet(notice: Notice) -> Sheet:
    """The content of a notice, by its form."""
    tongue, sender = notice.language, notice.sender
    is_9 = isinstance(notice, AccessNotice)
    form = form_9.body(notice, tongue) if isinstance(notice, AccessNotice) else form_10.body(notice, tongue)
    objection = objection_lines(notice.objection, tongue)
    return Sheet(
        source=form_of(form.number, tongue, notice.forms),
        name=say(form.name, tongue),
        title=say(form.title, tongue),
        official=either(tongue, "", form.title.ko),
        receipt=visible(notice.receipt_no),
        rows=(
            (cell(RECIPIENT, recipient_lines(notice.recipient, tongue), tongue),),
            (cell(REQUEST, lines(notice.request_summary), tongue),),
            *form.rows,
            (cell(OBJECTION, objection, tongue, _HINT if is_9 else ""),),
        ),
        statement=stated(form.statement, tongue),
        dated=day(notice.dated, tongue),
        sender=visible(sender.controller),
        seal=say(SEAL, tongue),
        contact=contact(sender, tongue),
        cautions=tuple(say(one, tongue) for one in form.cautions),
        items=tuple(_item(one, notice) for one in notice.items),
        remarks=_remarks(notice),
        language=tongue,
        headings=headings(tongue),
        easy=Cell(child.TITLE[tongue], tuple(visible(one) for one in child.plainly(notice))) if notice.easy else None,
    )


def _item(item: Item, notice: Notice) -> ItemLine:
    """One row; while a holder is open, what was granted is under way and not yet done."""
    tongue = notice.language
    ground = ground_lines(item.ground, tongue) if item.ground else ()
    until = day(item.until, tongue) if item.until else ""
    return ItemLine(
        label=visible(item.label),
        outcome=_outcome(item, notice),
        ground=(*lines(item.detail), *ground) or ("-",),
        until=either(tongue, f"{until}까지", until) if until else "-",
    )


def _outcome(item: Item, notice: Notice) -> str:
    right = notice.right if isinstance(notice, ResultNotice) else Right.ACCESS
    tongue = notice.language
    match item.outcome:
        case ItemOutcome.GRANT if item.absent:
            return say(_ABSENT, tongue)
        case ItemOutcome.GRANT:
            granted = say(_GRANTED[right], tongue)
            open_ = isinstance(notice, ResultNotice) and notice.silent
            return either(tongue, f"{granted} 진행 중", f"to be {granted}, under way") if open_ else granted
        case ItemOutcome.KEEP:
            return say(_KEPT[Right.DELETION if item.until else right], tongue)
        case ItemOutcome.REFUSE:
            return say(_REFUSED, tongue)
        case ItemOutcome.HAND_OVER:
            return say(_HANDED_OVER, tongue)


_ABSENT = Label("보유하지 않음", "not held")
_SILENT = Label("아직 조치 결과가 확인되지 않은 곳", "Who has not reported yet")
_SILENT_LEAD = Label(
    "다음 곳은 이 통지를 보내는 날까지 조치 결과가 확인되지 않았습니다. 위의 결과에는 이곳이 들어 있지 않습니다. "
    "결과를 계속 요구하고 있으며, 확인되는 대로 다시 알려 드립니다.",
    "By the day of this notice these had not reported what they did. The result above does not speak for them. We keep "
    "asking and will tell you as soon as we know.",
)
_INFORMED = Label("결과를 함께 알리는 곳", "Who else is told of the result")
_INFORMED_LEAD = Label(
    "개인정보를 이미 제공받은 다음 곳에도 처리 결과를 지체 없이 알립니다.",
    "These had been given the data before, and are told of the result without delay.",
)
_COUNTED = Label("답변 기한을 센 방법", "How the day for the answer was counted")
_COUNTED_LEAD = Label(
    "답변 기한은 다음과 같이 세었습니다. 중간에 쉬는 날이 있어도 멈추지 않으며, "
    "마지막 날이 쉬는 날이면 다음 날로 넘어갑니다.",
    "It was counted as follows. Closed days in between do not stop it; a last day that is closed moves on to the next.",
)


def _remarks(notice: Notice) -> tuple[Cell, ...]:
    """Who has not answered yet, who was told of the result (policy 8.7), and how the day was counted."""
    informed = notice.informed if isinstance(notice, ResultNotice) else ()
    told = (
        (_SILENT, _SILENT_LEAD, notice.silent),
        (_INFORMED, _INFORMED_LEAD, informed),
        (_COUNTED, _COUNTED_LEAD, notice.counted),
    )
    return tuple(
        Cell(say(label, notice.language), (say(lead, notice.language), *(visible(f"· {one}") for one in names)))
        for label, lead, names in told
        if names
    )
