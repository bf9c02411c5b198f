"""The statutory notices as values: form 9 (access) and form 10 (correction, deletion, suspension, withdrawal).

A notice that restricts, postpones or refuses cannot be built without its reason, the ground and the facts
(Act 35(3)-(5), 36(4), 37(4); Decree 41(5), 42(2), 43(3), 44(2)), and none without the way to object (Act 38(5)).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from app.documents.tongue import Tongue
from app.law.terms import ItemOutcome, Right


def demand(*texts: str, what: str) -> None:
    """Raise where a text that the statute demands is empty."""
    if not texts or not all(one.strip() for one in texts):
        raise ValueError(f"a notice needs {what}")


class Shape(StrEnum):
    """In what shape the data is shown (form 9, 열람 형태)."""

    VIEW = "view"
    COPY = "copy"
    FILE = "file"
    REPRODUCTION = "reproduction"
    OTHER = "other"


class Way(StrEnum):
    """By what way the data is given (form 9, 열람 방법)."""

    VISIT = "visit"
    POST = "post"
    FAX = "fax"
    EMAIL = "email"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """In whose name the notice goes out, and where its desk is reached (policy ch. 13)."""

    controller: str
    desk: str
    phone: str
    email: str
    approver: str = ""

    def __post_init__(self) -> None:
        demand(self.controller, self.desk, what="a sender and a desk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who is told, the address only where one was given; for whom they act, where that is somebody else (Act 38)."""

    name: str
    postal_code: str = ""
    address: str = ""
    acting_as: str = ""
    subject: str = ""

    def __post_init__(self) -> None:
        demand(self.name, what="a recipient")
        if bool(self.acting_as) != bool(self.subject):
            raise ValueError("who acts for somebody names them, and in what standing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """How to object (Act 38(5)): where, until when, how soon answered; outside bodies as a courtesy (policy ch. 12)."""

    how: str
    until: date | None = None
    answer_days: int | None = None
    bodies: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        demand(self.how, what="a way to object")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedGround:
    """A ground as told to a person: the article, its words, and the facts that meet it."""

    article: str
    text: str
    facts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        demand(self.article, self.text, what="a ground with its article and its words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Why something is restricted, postponed or refused: the reason in plain words and every ground."""

    reason: str
    grounds: tuple[StatedGround, ...]

    def __post_init__(self) -> None:
        demand(self.reason, what="a reason")
        if not self.grounds:
            raise ValueError("a notice needs a ground")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """The actual cost in won (Act 38(3), Decree 47); none where the controller caused the request."""

    fee: int = 0
    postage: int = 0
    breakdown: str = ""

    def __post_init__(self) -> None:
        if self.fee < 0 or self.postage < 0:
            raise ValueError("a fee is not negative")
        if self.fee + self.postage:
            demand(self.breakdown, what="a breakdown of the fee")


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """When, where, in what shape and by what way the data can be seen (Decree 41(5))."""

    opens: datetime
    place: str
    shapes: tuple[Shape, ...]
    ways: tuple[Way, ...]
    closes: datetime | None = None
    other_shape: str = ""
    other_way: str = ""
    fee: Fee = Fee()

    def __post_init__(self) -> None:
        demand(self.place, what="a place of access")
        moments = (self.opens,) if self.closes is None else (self.opens, self.closes)
        if any(one.utcoffset() is None for one in moments):
            raise ValueError("a time of access needs its offset")
        if not self.shapes or not self.ways:
            raise ValueError("access needs a shape and a way")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of the claim and what became of it; kept and refused items name their ground (Act 21(1), 35(4))."""

    label: str
    outcome: ItemOutcome
    ground: StatedGround | None = None
    until: date | None = None
    detail: str = ""
    absent: bool = False
    """Granted, but every holder said that it has nothing of it."""

    def __post_init__(self) -> None:
        demand(self.label, what="a label for each item")
        if self.outcome in (ItemOutcome.KEEP, ItemOutcome.REFUSE) and self.ground is None:
            raise ValueError("an item kept or refused needs its ground")


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """All that was asked for is opened."""

    viewing: Viewing
    kind: Literal["granted"] = "granted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartlyGranted:
    """A part is withheld, the rest is opened (Decree 42(1))."""

    viewing: Viewing
    withheld: Withheld
    kind: Literal["partly_granted"] = "partly_granted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Postponed:
    """Access is put off for a reason until a day (Act 35(3))."""

    withheld: Withheld
    expected_on: date
    kind: Literal["postponed"] = "postponed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """All that was asked for was done; says what."""

    action: str
    kind: Literal["done"] = "done"

    def __post_init__(self) -> None:
        demand(self.action, what="what was done")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartlyDone:
    """A part was done, a part kept or refused."""

    action: str
    withheld: Withheld
    kind: Literal["partly_done"] = "partly_done"

    def __post_init__(self) -> None:
        demand(self.action, what="what was done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing of it is granted."""

    withheld: Withheld
    kind: Literal["refused"] = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """Another statute names the data as data to be collected, so it is not deleted: which statute (Act 36(1)(4))."""

    statutes: tuple[str, ...]
    withheld: Withheld
    kind: Literal["barred"] = "barred"

    def __post_init__(self) -> None:
        demand(*self.statutes, what="the statute that bars the deletion")


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingHeld:
    """Under this name and this contact nothing is held; the same words whatever exists under other contacts."""

    other_ways: tuple[str, ...]
    kind: Literal["nothing_held"] = "nothing_held"

    def __post_init__(self) -> None:
        demand(*self.other_ways, what="another way to prove who one is")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """It belongs to another controller, to whom the claim was passed on; who that is and how they are reached (D9)."""

    controllers: tuple[tuple[str, str], ...]
    """Name and contact of each."""
    kind: Literal["handed_over"] = "handed_over"

    def __post_init__(self) -> None:
        demand(*(text for one in self.controllers for text in one), what="the controller it was handed to")


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """Whether footage of a place and time exists (policy 14.7): that was the question, or the end of looking for it."""

    place: str
    recorded: str
    found: bool | None
    """None while the place has not said."""
    why: str = ""
    kind: Literal["footage"] = "footage"

    def __post_init__(self) -> None:
        demand(self.place, self.recorded, what="the place and time of the footage")
        if self.found is False:
            demand(self.why, what="why there is no footage")


AccessAnswer = Granted | PartlyGranted | Postponed | Refused | NothingHeld | HandedOver | Footage
ResultAnswer = Done | PartlyDone | Refused | Barred | NothingHeld | HandedOver


def _fits(answer: AccessAnswer | ResultAnswer, items: tuple[Item, ...]) -> None:
    """The items must say the same as the answer as a whole."""
    granted = any(one.outcome is ItemOutcome.GRANT for one in items)
    withheld = any(one.outcome in (ItemOutcome.KEEP, ItemOutcome.REFUSE) for one in items)
    match answer:
        case Granted() | Done() if withheld:
            raise ValueError("an item is withheld in a full grant")
        case Granted() | Done() if not granted:
            raise ValueError("a grant names what is granted")
        case PartlyGranted() | PartlyDone() if not (granted and withheld):
            raise ValueError("a partial grant names what is granted and what is withheld")
        case Refused() | Barred() if granted:
            raise ValueError("an item is granted in a refusal")
        case NothingHeld() if items:
            raise ValueError("nothing held has no items")
        case _:
            return


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessNotice:
    """Form 9 (별지 제9호): the answer to an access claim (Act 35(3)-(5), Decree 41(5), 42(2)).

    `counted`: how its statutory day was counted, a line a step (Decree 41(4)).
    `easy`: who reads it is under age, so a note in a child's words stands above the form (Act 22-2(3), policy 9.2).
    `provided`: how many provisions to third parties the access report tells of (Decree 41(1)4).
    """

    receipt_no: str
    sender: Sender
    recipient: Recipient
    request_summary: str
    answer: AccessAnswer
    objection: Objection
    dated: date
    items: tuple[Item, ...] = ()
    silent: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    provided: int = 0
    easy: bool = False
    language: Tongue = "ko"
    forms: str = ""
    """The notice of the authority that lays the form down."""
    form: Literal["9"] = "9"

    def __post_init__(self) -> None:
        demand(self.receipt_no, self.request_summary, what="a receipt number and what was asked")
        _fits(self.answer, self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultNotice:
    """Form 10 (별지 제10호): the result of correction, deletion, suspension; with its own words of a withdrawal.

    Act 36(2)(4), 37(2)-(5); Decree 43(3), 44(2). `informed` names the third parties told of the result (policy 8.7).
    """

    receipt_no: str
    sender: Sender
    recipient: Recipient
    right: Right
    request_summary: str
    answer: ResultAnswer
    objection: Objection
    dated: date
    items: tuple[Item, ...] = ()
    silent: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    easy: bool = False
    language: Tongue = "ko"
    forms: str = ""
    """The notice of the authority that lays the form down."""
    form: Literal["10"] = "10"

    def __post_init__(self) -> None:
        demand(self.receipt_no, self.request_summary, what="a receipt number and what was asked")
        if self.right is Right.ACCESS:
            raise ValueError("form 10 does not answer access")
        if isinstance(self.answer, Barred) and self.right is not Right.DELETION:
            raise ValueError("only a deletion is barred by another statute")
        if self.right is Right.DELETION and any(
            one.outcome is ItemOutcome.KEEP and one.until is None for one in self.items
        ):
            raise ValueError("what statute keeps is kept until a day")
        _fits(self.answer, self.items)


Notice = AccessNotice | ResultNotice
