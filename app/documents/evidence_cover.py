"""The cover of an evidence pack (G5): whose case, what came of it, what lies behind it, how anybody checks it."""

from dataclasses import dataclass
from datetime import date, datetime

from app.documents.frame import Cell, Headings, ItemLine, Sheet, contact
from app.documents.korean import day, lines, visible
from app.documents.notices import Sender
from app.documents.typeset import typeset
from app.documents.wording.ledgers import ENDED, OUTCOMES, RULINGS

NAME = "개인정보 요구 처리 증빙자료"
_HEADINGS = Headings("접수번호", "확인하는 방법", "붙임", "요구별 결과", ("요구", "결과", "기한과 법령", "마친 날"))
_OPEN, _UNDECIDED = "진행 중", "결정 없음"
_CHECK = (
    "이 자료가 나중에 고쳐지지 않았는지는 누구나 자기 컴퓨터에서 확인할 수 있습니다.\n"
    "· 공개키는 이 자료에 적힌 것이 아니라 이 자료보다 먼저 따로 받아 두신 것을 쓰십시오.\n"
    "· 받아 두신 것이 없으면 회사가 공개한 키와 개인정보 보호책임자에게 매일 가는 메일의 키를 서로 견주어 보십시오. "
    "이때는 회사가 건넨 키를 믿는 만큼만 확인됩니다.\n"
    "· 인터넷 없이: verify.html을 브라우저로 열어 이 파일을 끌어다 놓습니다.\n"
    "· 명령으로: rights-desk audit verify 파일이름.zip --key 공개키",
    "audit.json에는 이 건의 감사기록이 빠짐없이 들어 있고, 각 기록이 서명된 전체 기록 안에 있음을 보이는 값이 "
    "함께 있습니다. 마지막 기록은 이 자료에 담긴 모든 파일의 해시를 적어 둔 것입니다.",
    "개인정보가 들어 있습니다. 적어 둔 목적에만 쓰고, 목적을 이루면 지체 없이 파기해야 합니다.",
)


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One right that was asked for, and how it ended."""

    asked: str
    due_on: date
    ended_on: date | None
    outcome: str | None
    edition: str
    status: str
    rulings: tuple[str | None, ...] = ()
    """What came of each objection; None: nothing yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What stands on the cover."""

    receipt_no: str
    sender: Sender
    purpose: str
    arrived: date
    claims: tuple[ClaimLine, ...]
    files: tuple[str, ...]
    entries: int
    key: str
    made_at: datetime


def render_pdf(cover: Cover) -> bytes:
    """The cover as tagged PDF."""
    return typeset("form", _sheet(cover), cover.made_at.date())


def _sheet(cover: Cover) -> Sheet:
    made = f"{day(cover.made_at.date())} {cover.made_at:%H:%M}"
    rows = (
        ("접수일", (day(cover.arrived),)),
        ("목적", lines(cover.purpose)),
        ("만든 때", (made,)),
        ("감사기록", (f"{cover.entries}건(audit.json)",)),
        ("공개키", (visible(cover.key) or "(서명 키 없음)",)),
        ("담긴 파일", tuple(visible(one) for one in ("case.json", *_grouped(cover.files)))),
    )
    return Sheet(
        source="감독기관 등에 내는 자료의 표지",
        name=NAME,
        title=NAME,
        receipt=visible(cover.receipt_no),
        rows=tuple((Cell(label, said),) for label, said in rows),
        statement=(),
        dated=day(cover.made_at.date()),
        sender=visible(cover.sender.controller),
        seal="",
        contact=contact(cover.sender, "ko")[1:],
        cautions=_CHECK,
        items=tuple(_line(one) for one in cover.claims),
        remarks=(),
        language="ko",
        headings=_HEADINGS,
    )


def _line(claim: ClaimLine) -> ItemLine:
    ended = day(claim.ended_on) if claim.ended_on else _OPEN
    outcome = OUTCOMES[claim.outcome] if claim.outcome else ENDED.get(claim.status, _UNDECIDED)
    return ItemLine(
        label=" / ".join(lines(claim.asked)),
        outcome=" / 이의제기: ".join((outcome, *(RULINGS[one] for one in claim.rulings))),
        ground=(f"법정 기한 {day(claim.due_on)}", f"적용한 법령판 {claim.edition}"),
        until=ended,
    )


def _grouped(files: tuple[str, ...]) -> tuple[str, ...]:
    """Notices by their number alone: each is a file of its contents and one as it was told."""
    notices = sum(one.startswith("notices/") and one.endswith(".pdf") for one in files)
    return (f"notices/ 통지서 {notices}건(PDF와 내용)", "audit.json, manifest.json")
