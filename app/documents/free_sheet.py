"""What stands on the notices without a statutory form, in the same frame as forms 9 and 10."""

from app.documents.free import DestroyedNotice, FreeNotice, LeakNotice, MeasureNotice, RulingNotice
from app.documents.korean import day, hour, lines, visible
from app.documents.sheet import Cell, Sheet, contact, ground_lines, objection_lines, recipient_lines


def free_sheet(notice: FreeNotice) -> Sheet:
    """The content of a free notice."""
    match notice:
        case RulingNotice():
            return _ruling(notice)
        case DestroyedNotice():
            return _destroyed(notice)
        case MeasureNotice():
            return _measure(notice)
        case LeakNotice():
            return _leak(notice)


def _ruling(notice: RulingNotice) -> Sheet:
    about = "열람 연기" if notice.of_postponement else "결정"
    upheld = "이의제기를 받아들입니다. 다른 담당자가 처음부터 다시 판단하여 알려 드립니다."
    resumed = "이의제기를 받아들입니다. 열람을 미루지 않고 다시 진행합니다."
    kept = f"다시 살펴본 결과 처음의 {about}을 그대로 둡니다."
    told = kept if notice.result == "confirmed" else resumed if notice.of_postponement else upheld
    return _sheet(
        notice,
        "이의제기 처리 결과 통지서",
        (Cell("요구 내용", lines(notice.request_summary)),),
        (Cell("이의제기", (f"{day(notice.filed_on)}에 {about}에 대하여 제기하셨습니다.",)),),
        (Cell("처리 결과", (told,)),),
        (Cell("사유", (*lines(notice.reason), *(line for one in notice.grounds for line in ground_lines(one)))),),
        (Cell("회사 밖에서\n도움받을 곳", tuple(visible(f"· {one}") for one in notice.bodies)),),
        statement="「개인정보 보호법」 제38조제5항에 따라 귀하의 이의제기에 대한 결과를 위와 같이 통지합니다.",
    )


_WHY_DESTROYED = (
    "삭제를 요구하셨으나 법령에 따라 보존하던 기록입니다.",
    "기간이 끝나 복구할 수 없도록 파기하였습니다.",
)


def _destroyed(notice: DestroyedNotice) -> Sheet:
    said = tuple(
        line
        for one in notice.records
        for line in (
            visible(f"· {one.label}"),
            visible(f"  근거: {one.statute}, 보존 기한 {day(one.until)}, 파기한 날 {day(one.destroyed_on)}"),
        )
    )
    return _sheet(
        notice,
        "보존 기간이 끝난 개인정보의 파기 통지서",
        (Cell("파기한 기록", said),),
        (
            Cell(
                "안내",
                ("삭제를 요구하셨으나 법령에 따라 보존하던 기록입니다. 기간이 끝나 복구할 수 없도록 파기하였습니다.",),
            ),
        ),
        statement="「개인정보 보호법」 제21조제1항·제2항에 따라 위와 같이 파기하였음을 알려 드립니다.",
    )


def _measure(notice: MeasureNotice) -> Sheet:
    return _sheet(
        notice,
        "처리정지된 개인정보에 대한 조치 통지서",
        (Cell("조치 내용", tuple(visible(f"· {what}: {done}") for what, done in notice.measures)),),
        (Cell("이의제기방법", objection_lines(notice.objection)),),
        statement="「개인정보 보호법」 제37조제5항에 따라 처리가 정지된 개인정보에 대하여 "
        "위와 같이 조치하였음을 알려 드립니다.",
    )


def _leak(notice: LeakNotice) -> Sheet:
    return _sheet(
        notice,
        "개인정보 유출등 통지서",
        (Cell("유출등이 된\n개인정보의 항목", tuple(visible(f"· {one}") for one in notice.what)),),
        (Cell("유출등이 된\n시점과 그 경위", (f"알게 된 때: {hour(notice.known_at)}", *lines(notice.how))),),
        (Cell("피해를 줄이기 위해\n하실 수 있는 일", lines(notice.can_do)),),
        (Cell("회사의 대응 조치와\n피해 구제 절차", lines(notice.did)),),
        (Cell("신고·상담 부서와\n연락처", lines(notice.contact)),),
        statement="「개인정보 보호법」 제34조제1항과 같은 법 시행령 제39조에 따라 위와 같이 알려 드립니다.",
    )


def _sheet(notice: FreeNotice, name: str, *rows: tuple[Cell, ...], statement: str) -> Sheet:
    """The frame: whom, what, from whom; nothing of a form's annex."""
    return Sheet(
        source="서식이 따로 없는 통지",
        name=name,
        title=name,
        receipt=visible(notice.receipt_no),
        rows=((Cell("수신자", recipient_lines(notice.recipient)),), *rows),
        statement=statement,
        dated=day(notice.dated),
        sender=visible(notice.sender.controller),
        seal="[직인 생략]",
        contact=contact(notice.sender),
        cautions=(),
        items=(),
        remarks=(),
    )
