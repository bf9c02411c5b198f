"""The frame of every notice: its parts as one content for PDF and page alike, and those that all notices share."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.documents.anchored import Anchored
from app.documents.korean import lines, visible
from app.documents.notices import Objection, Recipient, Sender, StatedGround
from app.documents.tongue import Tongue, both, day, either, say
from app.law.terms import Label


@dataclass(frozen=True, slots=True)
class Cell:
    """One labelled field of the form; `hint` is what the form itself prints into the field."""

    label: str
    lines: tuple[str, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One row of the annex: an item, what became of it, why, until when."""

    label: str
    outcome: str
    ground: tuple[str, ...]
    until: str


@dataclass(frozen=True, slots=True)
class Headings:
    """The words between the parts."""

    receipt_word: str
    cautions: str
    annex: str
    results: str
    columns: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole notice, in the words and the order it is read."""

    source: str
    name: str
    title: str
    receipt: str
    rows: tuple[tuple[Cell, ...], ...]
    statement: tuple[str, ...]
    dated: str
    sender: str
    seal: str
    contact: tuple[str, ...]
    cautions: tuple[str, ...]
    items: tuple[ItemLine, ...]
    remarks: tuple[Cell, ...]
    language: Tongue
    headings: Headings
    official: str = ""
    """The title of the statutory form, below an English one."""
    easy: Cell | None = None
    """Above the form and outside it, where a child reads it."""
    anchored: Anchored | None = None
    """Behind everything and outside the form: where the chain speaks of this document."""


SEAL = Label("[직인 생략]", "[seal omitted 직인 생략]")
RECIPIENT = Label("수신자", "Recipient")
REQUEST = Label("요구 내용", "What was asked")
OBJECTION = Label("이의제기방법", "How to object")
_NO_ADDRESS = Label("(우편번호·주소: 받지 않음)", "(postal code, address 우편번호·주소: not asked for)")
NONE = Label("해당 없음", "Does not apply")
_HEADINGS = {
    "ko": Headings("접수번호", "유의사항", "붙임", "항목별 결과", ("항목", "결과", "내용과 근거", "보존 기한")),
    "en": Headings(
        "Receipt number 접수번호",
        "Please note 유의사항",
        "Annex",
        "Result by item",
        ("Item", "Result", "What and why", "Kept until"),
    ),
}
_DECREE_48 = Label(
    "이 통지서는 「개인정보 보호법 시행령」 제48조에 따라 전자적으로 작성되어 직인을 생략합니다.",
    "Made electronically under Article 48 of the Enforcement Decree of the Act, and so without a seal.",
)


def headings(tongue: Tongue) -> Headings:
    """The words between the parts, in this language."""
    return _HEADINGS[tongue]


def boxes(names: Iterable[str], ticked: frozenset[str] | set[str]) -> str:
    """The boxes of a form on one line: a full one is chosen."""
    return "  ".join(f"{'■' if one in ticked else '□'} {one}" for one in names)


def cell(label: Label, told: tuple[str, ...], tongue: Tongue, hint: str = "") -> Cell:
    """A field under its name."""
    return Cell(both(label, tongue), told, hint)


def stated(statement: Label, tongue: Tongue) -> tuple[str, ...]:
    """On what articles it is told: the form's own sentence, after its English."""
    return (statement.en, statement.ko) if tongue == "en" else (statement.ko,)


def contact(sender: Sender, tongue: Tongue) -> tuple[str, ...]:
    """How the sender is reached, below their name."""
    return (
        say(_DECREE_48, tongue),
        visible("  ".join(one for one in (sender.desk, sender.phone, sender.email) if one)),
        *((visible(sender.approver),) if sender.approver else ()),
    )


def recipient_lines(recipient: Recipient, tongue: Tongue) -> tuple[str, ...]:
    """The name and standing, and the address line of the form; an address is not asked for where none is needed."""
    if not (recipient.postal_code or recipient.address):
        return (*addressed(recipient, tongue), say(_NO_ADDRESS, tongue))
    code, place = recipient.postal_code or "-", recipient.address or "-"
    ko, en = f"(우편번호: {code}, 주소: {place})", f"(postal code 우편번호: {code}, address 주소: {place})"
    return (*addressed(recipient, tongue), visible(either(tongue, ko, en)))


def addressed(recipient: Recipient, tongue: Tongue = "ko") -> tuple[str, ...]:
    """Who is written to; of a guardian or delegate also in what standing, and for whom."""
    name, subject = either(tongue, f"{recipient.name} 귀하", recipient.name), recipient.subject
    if not recipient.acting_as:
        return (visible(name),)
    whose = either(tongue, f"정보주체: {subject}", f"for the data subject: {subject}")
    return (visible(f"{name} ({recipient.acting_as})"), visible(whose))


def ground_lines(ground: StatedGround, tongue: Tongue) -> tuple[str, ...]:
    """A ground with its article, its words and the facts that meet it."""
    return (
        visible(either(tongue, f"근거: {ground.article}", f"Ground: {ground.article}")),
        *lines(ground.text),
        *(visible(f"· {one}") for one in ground.facts),
    )


def objection_lines(objection: Objection, tongue: Tongue) -> tuple[str, ...]:
    """To whom, by when, how soon answered, and who else can be asked."""
    told = list(lines(objection.how))
    if objection.until:
        until = day(objection.until, tongue)
        told.append(either(tongue, f"제기 기한: {until}까지", f"Object by: {until}"))
    if days := objection.answer_days:
        told.append(either(tongue, f"답변: 제기하신 날부터 {days}일 이내", f"Answer: within {days} days of it"))
    if objection.bodies:
        bodies = ", ".join(objection.bodies)
        outside = either(
            tongue, f"회사 밖에서 도움을 받으실 수 있는 곳: {bodies}", f"Help outside the company: {bodies}"
        )
        told.append(visible(outside))
    return tuple(told)
