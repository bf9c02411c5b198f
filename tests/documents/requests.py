"""Invented requests on form 8, filled and blank, and every document that is drawn, under a name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from app import policy
from app.documents import attorney, blank_request, forms, request_forms
from app.documents.free import Destroyed as Record
from app.documents.free import DestroyedNotice, LeakNotice, MeasureNotice, RulingNotice
from app.documents.notices import Fee, PartlyGranted, Recipient, Sender, StatedGround, Withheld
from app.documents.request_form import ACCESS, CORRECTION, SUSPENSION, Person, RequestForm
from app.law.controller import Policy
from app.law.terms import Aspect
from tests.documents import examples

RECEIVED = date(2026, 11, 22)
SEVERAL = RequestForm(
    controller="(주)케이티엠앤에스",
    receipt_no=examples.RECEIPT,
    received=RECEIVED,
    subject=Person(
        name="홍길동",
        phone="010-1234-5678",
        birth_date="1980년 1월 1일",
        address="(우편번호: 06236) 서울특별시 강남구 가상로 12, 301호",
    ),
    marked=frozenset({ACCESS, CORRECTION, SUSPENSION}),
    aspects=frozenset({Aspect.ITEMS, Aspect.RETENTION}),
    corrections=("정정: 별도 서비스 - 주소: 강남구 가상로 12 → 중구 예시로 3", "사유: 이사하였습니다."),
    suspensions=("처리정지: 배송 처리", "계약 해지 의사: 밝히셨음"),
    signed="홍길동",
    beyond=(("열람 대상", ("온라인 몰",)), ("동의 철회", ("타겟 마케팅 활용",)), ("결과를 받을 방법", ("우편",))),
    told=("적힌 내용이 다르면 IT보안팀에 전화(02-560-3146)로 알려 주십시오.",),
)
GUARDIAN = replace(
    SEVERAL,
    subject=Person(name="김하늘", phone="(받지 않음)", birth_date="2014년 3월 5일", address="(받지 않음)"),
    agent=Person(
        name="이바다",
        phone="010-0000-1234",
        birth_date="1984년 7월 9일",
        address="(받지 않음)",
        relationship="부모(친권자)",
    ),
    marked=frozenset({ACCESS}),
    corrections=(),
    suspensions=(),
    signed="이바다",
    beyond=SEVERAL.beyond[:1],
)
ENGLISH = replace(
    SEVERAL,
    language="en",
    controller="KT M&S Co., Ltd.",
    subject=Person(
        name="Nguyễn Thị Ánh", phone="010-1234-5678", birth_date="1 January 1980", address="(not asked for)"
    ),
    corrections=("Correct: Services - address: (present value not given) → 3 Yesiro", "Reason: I moved."),
    suspensions=("Suspend: Delivery",),
    signed="Nguyễn Thị Ánh",
    beyond=(("Access to", ("Online mall",)),),
    told=("If anything is wrong, call 02-560-3146.",),
)
FILLED = {"several": SEVERAL, "guardian": GUARDIAN, "english": ENGLISH}

_SENT = {"receipt_no": examples.RECEIPT, "sender": examples.SENDER, "recipient": examples.HONG}
FREE: dict[str, forms.Told] = {
    "ruling": RulingNotice(
        **_SENT,  # type: ignore[arg-type]
        request_summary="상담 내용의 열람",
        filed_on=date(2026, 12, 3),
        of_postponement=False,
        result="confirmed",
        reason="다른 사람의 연락처를 가리고 보여 드렸습니다.",
        grounds=(examples.HARM,),
        bodies=examples.OBJECTION.bodies,
        dated=date(2026, 12, 10),
    ),
    "destroyed": DestroyedNotice(
        **_SENT,  # type: ignore[arg-type]
        records=(
            Record(
                label="온라인몰 · 계약 기록",
                statute="전자상거래법 시행령 제6조",
                until=date(2031, 11, 22),
                destroyed_on=date(2031, 11, 23),
            ),
        ),
        dated=date(2031, 11, 23),
    ),
    "measure": MeasureNotice(
        **_SENT,  # type: ignore[arg-type]
        measures=(("온라인몰 · 배송", "파기하였습니다."),),
        objection=examples.OBJECTION,
        dated=date(2026, 12, 20),
    ),
    "leak": LeakNotice(
        **_SENT,  # type: ignore[arg-type]
        what=("성명", "전화번호"),
        known_at=datetime(2026, 12, 1, 9, 30, tzinfo=examples.SEOUL),
        how="다른 사람에게 통지서가 전달되었습니다.",
        can_do="모르는 번호의 전화에 주의해 주십시오.",
        did="통지서를 회수하고 접근을 막았습니다.",
        contact="IT보안팀 02-560-3146",
        dated=date(2026, 12, 2),
    ),
}


@cache
def ktmns() -> Policy:
    """The policy of this house."""
    return policy.load(Path(policy.__file__).parents[2] / "policies" / "ktmns-2024-12-06.yaml")


class Drawn(NamedTuple):
    """How one document is drawn: as PDF and as page, in ordinary or large print."""

    pdf: Callable[..., bytes]
    page: Callable[..., str]


def notice(one: forms.Told) -> Drawn:
    """A notice."""
    return Drawn(lambda **how: forms.render_pdf(one, **how), lambda **how: forms.render_html(one, **how))


def request(one: RequestForm) -> Drawn:
    """A filled form 8."""
    return Drawn(
        lambda **how: request_forms.render_pdf(one, RECEIVED, **how),
        lambda **how: request_forms.render_html(one, **how),
    )


ATTORNEY = Drawn(lambda **how: attorney.render_pdf(ktmns(), **how), lambda **how: attorney.render_html(ktmns(), **how))
BLANK = Drawn(
    lambda **how: blank_request.render_pdf(ktmns(), "ko", **how),
    lambda **how: blank_request.render_html(ktmns(), "ko", **how),
)
ATTORNEY_ENGLISH = Drawn(
    lambda **how: attorney.render_pdf(ktmns(), "en", **how), lambda **how: attorney.render_html(ktmns(), "en", **how)
)
BLANK_ENGLISH = Drawn(
    lambda **how: blank_request.render_pdf(ktmns(), "en", **how),
    lambda **how: blank_request.render_html(ktmns(), "en", **how),
)


_GROUND = StatedGround(
    article="Personal Information Protection Act Article 35(4)2",
    text="Access could unfairly harm another person's interests.",
    facts=("Whose interests are at stake: family who were on the call",),
)
IN_ENGLISH = replace(
    examples.PARTIAL,
    language="en",
    sender=Sender(
        controller="KT M&S Co., Ltd.", desk="IT security team", phone="02-560-3146", email="privacy@ktmns.com"
    ),
    recipient=Recipient(name="Nguyễn Thị Ánh"),
    request_summary="Access to personal data: Enquiries\nYou asked to see: The data and what it says",
    answer=PartlyGranted(
        viewing=replace(
            examples.VIEWING,
            place="The rights desk of KT M&S Co., Ltd. (https://www.ktmns.com)",
            other_way="download from the website after a code",
            fee=Fee(),
        ),
        withheld=Withheld(reason="What speaks of your family is hidden.", grounds=(_GROUND,)),
    ),
    objection=replace(
        examples.OBJECTION,
        how="You may object to the IT security team by telephone (02-560-3146) or by e-mail (privacy@ktmns.com).",
        bodies=("Personal Information Infringement Report Center 118",),
    ),
    items=(
        replace(examples.NAME, label="Enquiries - name"),
        replace(examples.CALL, label="Enquiries - content", ground=_GROUND),
    ),
    silent=("KT CS Corporation",),
)
DOCUMENTS: dict[str, Drawn] = {
    **{f"form-8-{name}": request(one) for name, one in FILLED.items()},
    "form-8-blank": BLANK,
    "form-8-blank-english": BLANK_ENGLISH,
    "form-11": ATTORNEY,
    "form-11-english": ATTORNEY_ENGLISH,
    **{name: notice(one) for name, one in examples.NOTICES.items()},
    "form-9-english": notice(IN_ENGLISH),
    "form-10-english": notice(replace(examples.DELETION, language="en")),
    **{name: notice(one) for name, one in FREE.items()},
}
"""Everything that a person is given on paper or screen, but for the access package and the cover of a letter."""
