"""What stands on the notices without a statutory form, in the same frame as forms 9 and 10."""

from app.documents.frame import (
    OBJECTION,
    RECIPIENT,
    REQUEST,
    SEAL,
    Cell,
    Sheet,
    cell,
    contact,
    ground_lines,
    headings,
    objection_lines,
    recipient_lines,
    stated,
)
from app.documents.free import CorrectedNotice, DestroyedNotice, FreeNotice, LeakNotice, MeasureNotice, RulingNotice
from app.documents.korean import lines, visible
from app.documents.tongue import Tongue, day, either, hour, say
from app.documents.wording import child, child_later
from app.law.terms import Label

_SOURCE = Label("서식이 따로 없는 통지", "A notice for which the law has no form")
REASON = Label("사유", "Reason")


def free_sheet(notice: FreeNotice) -> Sheet:
    """The content of a free notice."""
    match notice:
        case RulingNotice():
            return _ruling(notice, notice.language)
        case DestroyedNotice():
            return _destroyed(notice, notice.language)
        case MeasureNotice():
            return _measure(notice, notice.language)
        case LeakNotice():
            return _leak(notice, notice.language)
        case CorrectedNotice():
            return _corrected(notice, notice.language)


_UPHELD = Label(
    "이의제기를 받아들입니다. 다른 담당자가 처음부터 다시 판단하여 알려 드립니다.",
    "Your objection is upheld. Somebody else judges your request anew and will tell you.",
)
_RESUMED = Label(
    "이의제기를 받아들입니다. 열람을 미루지 않고 다시 진행합니다.",
    "Your objection is upheld. Access is put off no longer and goes on.",
)
_CONFIRMED = Label(
    "다시 살펴본 결과 처음의 결정을 그대로 둡니다.", "It was looked at again, and the decision stays as it was."
)
_STILL_PUT_OFF = Label(
    "다시 살펴본 결과 처음의 열람 연기를 그대로 둡니다.", "It was looked at again, and access stays put off."
)


def _ruling(notice: RulingNotice, tongue: Tongue) -> Sheet:
    confirmed, delayed = notice.result == "confirmed", notice.of_postponement
    told = (_STILL_PUT_OFF if delayed else _CONFIRMED) if confirmed else (_RESUMED if delayed else _UPHELD)
    on, about = day(notice.filed_on, tongue), "열람 연기" if delayed else "결정"
    against = "the postponement" if delayed else "the decision"
    filed = either(tongue, f"{on}에 {about}에 대하여 제기하셨습니다.", f"You objected on {on} to {against}.")
    grounds = (line for one in notice.grounds for line in ground_lines(one, tongue))
    return _sheet(
        notice,
        Label("이의제기 처리 결과 통지서", "Notice of the result of your objection"),
        (cell(REQUEST, lines(notice.request_summary), tongue),),
        (cell(Label("이의제기", "Objection"), (filed,), tongue),),
        (cell(Label("처리 결과", "Result"), (say(told, tongue),), tongue),),
        (cell(REASON, (*lines(notice.reason), *grounds), tongue),),
        (
            cell(
                Label("회사 밖에서\n도움받을 곳", "Help outside\nthe company"),
                tuple(visible(f"· {one}") for one in notice.bodies),
                tongue,
            ),
        ),
        statement=Label(
            "「개인정보 보호법」 제38조제5항에 따라 귀하의 이의제기에 대한 결과를 위와 같이 통지합니다.",
            "Under Article 38(5) of the Personal Information Protection Act you are notified as above of the result "
            "of your objection.",
        ),
    )


def _destroyed(notice: DestroyedNotice, tongue: Tongue) -> Sheet:
    said: list[str] = []
    for one in notice.records:
        until, on = day(one.until, tongue), day(one.destroyed_on, tongue)
        ko = f"  근거: {one.statute}, 보존 기한 {until}, 파기한 날 {on}"
        en = f"  ground: {one.statute}; kept until {until}; destroyed on {on}"
        said += [visible(f"· {one.label}"), visible(either(tongue, ko, en))]
    why = Label(
        "삭제를 요구하셨으나 법령에 따라 보존하던 기록입니다. 기간이 끝나 복구할 수 없도록 파기하였습니다.",
        "You had asked for deletion, but a statute demanded that these records be kept. The period is over, and they "
        "were destroyed beyond recovery.",
    )
    return _sheet(
        notice,
        Label("보존 기간이 끝난 개인정보의 파기 통지서", "Notice of destruction after the period of keeping"),
        (cell(Label("파기한 기록", "Destroyed"), tuple(said), tongue),),
        (cell(Label("안내", "Explanation"), (say(why, tongue),), tongue),),
        statement=Label(
            "「개인정보 보호법」 제21조제1항·제2항에 따라 위와 같이 파기하였음을 알려 드립니다.",
            "You are told that the above was destroyed under Article 21(1) and (2) of the Personal Information "
            "Protection Act.",
        ),
    )


def _measure(notice: MeasureNotice, tongue: Tongue) -> Sheet:
    done = tuple(visible(f"· {what}: {done}") for what, done in notice.measures)
    return _sheet(
        notice,
        Label("처리정지된 개인정보에 대한 조치 통지서", "Notice of what became of suspended data"),
        (cell(Label("조치 내용", "What was done"), done, tongue),),
        (cell(OBJECTION, objection_lines(notice.objection, tongue), tongue),),
        statement=Label(
            "「개인정보 보호법」 제37조제5항에 따라 처리가 정지된 개인정보에 대하여 "
            "위와 같이 조치하였음을 알려 드립니다.",
            "You are told that this was done under Article 37(5) of the Personal Information Protection Act with the "
            "data whose processing had been suspended.",
        ),
    )


_LEAKED = Label(
    "「개인정보 보호법」 제34조제1항과 같은 법 시행령 제39조에 따라 위와 같이 알려 드립니다.",
    "You are told this under Article 34(1) of the Personal Information Protection Act and Article 39 of its "
    "Enforcement Decree.",
)
_MAY_BE = Label(
    "개인정보가 유출등이 되었을 수 있어 「개인정보 보호법」 제34조제2항에 따라 위와 같이 알려 드립니다.",
    "Your data may have been leaked. You are told this under Article 34(2) of the Personal Information Protection Act.",
)


def _leak(notice: LeakNotice, tongue: Tongue) -> Sheet:
    known = hour(notice.known_at, tongue)
    known_at = either(tongue, f"알게 된 때: {known}", f"Known since: {known}")
    what = tuple(visible(f"· {one}") for one in notice.what)
    name = Label("개인정보 유출등 통지서", "Notice of a leak of personal data")
    may = Label("개인정보 유출등 가능성 통지서", "Notice of a possible leak of personal data")
    return _sheet(
        notice,
        may if notice.possible else name,
        (cell(Label("유출등이 된\n개인정보의 항목", "What data"), what, tongue),),
        (cell(Label("유출등이 된\n시점과 그 경위", "When and how"), (known_at, *lines(notice.how)), tongue),),
        (cell(Label("피해를 줄이기 위해\n하실 수 있는 일", "What you can do"), lines(notice.can_do), tongue),),
        (cell(Label("회사의 대응 조치와\n피해 구제 절차", "What we did, and redress"), lines(notice.did), tongue),),
        (cell(Label("신고·상담 부서와\n연락처", "Whom to turn to"), lines(notice.contact), tongue),),
        statement=_MAY_BE if notice.possible else _LEAKED,
    )


def _corrected(notice: CorrectedNotice, tongue: Tongue) -> Sheet:
    whose = tuple(visible(f"· {name}: {value}") for name, value in notice.subject)
    said = tuple(visible(f"· {field}: {old or '-'} → {new}") for field, old, new in notice.changes)
    by = day(notice.answer_by, tongue)
    ko = f"가지고 계신 개인정보를 위와 같이 바로잡고, 그 결과를 {by}까지 아래 담당 부서로 알려 주십시오."
    en = f"Please correct what you hold in the same way, and tell the desk below by {by} what came of it."
    return _sheet(
        notice,
        Label("이미 제공한 개인정보의 정정 결과 통지서", "Notice of a correction of data that was provided to you"),
        (cell(Label("정보주체", "Whose data"), whose, tongue),),
        (cell(Label("정정한 항목", "What was corrected"), said, tongue),),
        (cell(Label("부탁드릴 일", "What we ask of you"), (either(tongue, ko, en),), tongue),),
        statement=Label(
            "「개인정보 보호법」 제36조제2항과 개인정보 처리방침에 따라, 제공해 드린 개인정보를 위와 같이 정정하였음을 "
            "지체 없이 알려 드립니다.",
            "You are told without delay, under Article 36(2) of the Personal Information Protection Act and our "
            "privacy policy, that the data provided to you was corrected as above.",
        ),
    )


def _sheet(notice: FreeNotice, name: Label, *rows: tuple[Cell, ...], statement: Label) -> Sheet:
    """The frame: whom, what, from whom; nothing of a form's annex."""
    tongue = notice.language
    return Sheet(
        source=say(_SOURCE, tongue),
        name=say(name, tongue),
        title=say(name, tongue),
        official=either(tongue, "", name.ko),
        receipt=visible(notice.receipt_no),
        rows=((cell(RECIPIENT, recipient_lines(notice.recipient, tongue), tongue),), *rows),
        statement=stated(statement, tongue),
        dated=day(notice.dated, tongue),
        sender=visible(notice.sender.controller),
        seal=say(SEAL, tongue),
        contact=contact(notice.sender, tongue),
        cautions=(),
        items=(),
        remarks=(),
        easy=Cell(child.TITLE[tongue], tuple(visible(one) for one in child_later.plainly(notice)))
        if notice.easy
        else None,
        language=tongue,
        headings=headings(tongue),
    )
