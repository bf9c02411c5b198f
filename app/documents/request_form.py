"""Form 8, the request itself (요구서, 별지 제8호), filled or blank (Act 35(1), 36(1), 37(1); Decree 41, 43, 44).

The form is reproduced with its own fields, its notes on how to fill it in and the flow on its back. What it has no box
for (withdrawal of consent, footage, how to be answered) stands outside, after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.documents.anchored import Anchor, Anchored, anchored
from app.documents.frame import boxes
from app.documents.korean import lines, visible
from app.documents.tongue import Tongue, both, day, either, form_of, say
from app.documents.wording import request
from app.law.terms import Aspect, Label
from app.policy.words import ASPECTS

GAP = "\u2003" * 4
"""Room for two or four figures by hand: spaces as wide as the letters."""
ACCESS, CORRECTION, SUSPENSION = request.BOXES


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The data subject or who acts for them, as they are written into the form."""

    name: str = ""
    phone: str = ""
    birth_date: str = ""
    address: str = ""
    relationship: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestForm:
    """What is written into form 8; nothing of it is a blank form."""

    controller: str
    forms: str = ""
    """The notice of the authority that lays the form down."""
    language: Tongue = "ko"
    receipt_no: str = ""
    received: date | None = None
    subject: Person = Person()
    agent: Person = Person()
    marked: frozenset[Label] = frozenset()
    aspects: frozenset[Aspect] = frozenset()
    corrections: tuple[str, ...] = ()
    suspensions: tuple[str, ...] = ()
    signed: str = ""
    beyond: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What was asked or agreed beside the form: each under its own heading."""
    told: tuple[str, ...] = ()
    anchor: Anchor | None = None


@dataclass(frozen=True, slots=True)
class Blank:
    """One field: its name, and what stands in it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Block:
    """The fields of one person, one or two in a row."""

    label: str
    rows: tuple[tuple[Blank, ...], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One of the three boxes of the form, and what belongs to it."""

    mark: str
    hint: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequestSheet:
    """The whole form, in the words and the order it is read."""

    source: str
    name: str
    title: str
    official: str
    head: str
    sides: tuple[str, str]
    intake: tuple[Blank, ...]
    people: tuple[Block, ...]
    asked_label: str
    asked: tuple[Asked, ...]
    statement: tuple[str, ...]
    dated: str
    signed: tuple[str, str, str]
    to: str
    guide_label: str
    guide: tuple[str, ...]
    flow_label: str
    flow: tuple[Blank, ...]
    beyond_label: str
    beyond: tuple[Blank, ...]
    told_label: str
    told: tuple[str, ...]
    sender: str
    language: Tongue
    receipt: str
    receipt_word: str
    blank: bool
    anchored: Anchored | None


def content(form: RequestForm) -> RequestSheet:
    """The form as it is drawn."""
    tongue = form.language
    marks = {to: boxes((say(one, to) for one in request.BOXES), {say(one, to) for one in form.marked}) for to in _BOTH}
    title = Label(f"개인정보 ( {marks['ko']} ) 요구서", f"Request ( {marks['en']} )")
    to = either(tongue, f"{form.controller} 귀하", f"To {form.controller}")
    return RequestSheet(
        source=form_of(8, tongue, form.forms),
        name=say(request.NAME, tongue),
        title=say(title, tongue),
        official=either(tongue, "", title.ko),
        head=say(request.HEAD, tongue),
        sides=(say(request.FRONT, tongue), say(request.BACK, tongue)),
        intake=_intake(form),
        people=(
            _block(request.SUBJECT, form.subject, tongue, acts=False),
            _block(request.AGENT, form.agent, tongue, acts=True),
        ),
        asked_label=both(request.ASKED, tongue),
        asked=_asked(form),
        statement=(request.STATEMENT.en, request.STATEMENT.ko) if tongue == "en" else (request.STATEMENT.ko,),
        dated=day(form.received, tongue) if form.received else _undated(tongue),
        signed=(say(request.SIGNED, tongue), visible(form.signed), say(request.SIGNATURE, tongue)),
        to=visible(to),
        guide_label=say(request.GUIDE_LABEL, tongue),
        guide=tuple(say(one, tongue) for one in request.GUIDE),
        flow_label=say(request.FLOW_LABEL, tongue),
        flow=tuple(Blank(say(who, tongue), say(what, tongue)) for who, what in request.FLOW),
        beyond_label=say(request.BEYOND_LABEL, tongue),
        beyond=tuple(Blank(label, "\n".join(_told(told))) for label, told in form.beyond),
        told_label=say(request.TOLD_LABEL, tongue),
        told=tuple(visible(one) for one in form.told),
        sender=visible(form.controller),
        language=tongue,
        receipt=visible(form.receipt_no),
        receipt_word=say(request.RECEIPT, tongue).replace("\n", " "),
        blank=not form.receipt_no,
        anchored=anchored(form.anchor, tongue) if form.anchor else None,
    )


_BOTH: tuple[Tongue, Tongue] = ("ko", "en")


def _intake(form: RequestForm) -> tuple[Blank, ...]:
    """The line above the bold frame, which the desk fills in."""
    tongue = form.language
    return (
        Blank(both(request.RECEIPT, tongue), visible(form.receipt_no)),
        Blank(both(request.RECEIVED, tongue), day(form.received, tongue) if form.received else ""),
        Blank(both(request.PERIOD, tongue), say(request.TEN_DAYS, tongue)),
    )


def _block(label: Label, person: Person, tongue: Tongue, *, acts: bool) -> Block:
    name = Blank(both(request.PERSON_NAME, tongue), visible(person.name))
    phone = Blank(both(request.PHONE, tongue), visible(person.phone))
    born = Blank(both(request.BORN, tongue), visible(person.birth_date))
    address = Blank(both(request.ADDRESS, tongue), visible(person.address))
    relationship = Blank(both(request.RELATIONSHIP, tongue), visible(person.relationship))
    return Block(both(label, tongue), ((name, phone), (born, relationship) if acts else (born,), (address,)))


def _asked(form: RequestForm) -> tuple[Asked, ...]:
    tongue = form.language
    aspects = tuple(boxes((say(ASPECTS[one], tongue),), _ticked(form, one)) for one in Aspect)
    hints = (Label("", ""), request.CORRECTION_HINT, request.SUSPENSION_HINT)
    written = (aspects, _told(form.corrections), _told(form.suspensions))
    marked = {say(one, tongue) for one in form.marked}
    return tuple(
        Asked(_marked(box, marked, tongue), say(hint, tongue), told)
        for box, hint, told in zip(request.BOXES, hints, written, strict=True)
    )


def _ticked(form: RequestForm, aspect: Aspect) -> set[str]:
    return {say(ASPECTS[aspect], form.language)} if aspect in form.aspects else set()


def _marked(box: Label, marked: set[str], tongue: Tongue) -> str:
    return boxes((say(box, tongue),), marked) + either(tongue, "", f"\n{box.ko}")


def _told(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for one in texts for line in lines(one))


def _undated(tongue: Tongue) -> str:
    return either(tongue, f"{GAP}년{GAP}월{GAP}일", f"{GAP}year 년{GAP}month 월{GAP}day 일")
