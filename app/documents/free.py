"""Notices for which the law has no form: the ruling on an objection, a destruction, a measure, a leak.

None can be built without what the statute demands of it (Act 34(1), 37(5), 38(5); policy 8.8).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.documents.notices import Objection, Recipient, Sender, StatedGround, demand
from app.documents.tongue import Tongue


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingNotice:
    """What came of an objection (Act 38(5)): confirmed with its reason, or upheld and decided anew."""

    receipt_no: str
    sender: Sender
    recipient: Recipient
    request_summary: str
    filed_on: date
    of_postponement: bool
    result: Literal["confirmed", "overturned"]
    reason: str
    grounds: tuple[StatedGround, ...] = ()
    bodies: tuple[str, ...]
    dated: date
    easy: bool = False
    language: Tongue = "ko"
    form: Literal["ruling"] = "ruling"

    def __post_init__(self) -> None:
        demand(self.receipt_no, self.request_summary, self.reason, what="what was objected to, and the reason")
        demand(*self.bodies, what="the bodies outside that can be turned to")


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed:
    """One record that a statute kept until a day, and the day on which it was destroyed."""

    label: str
    statute: str
    until: date
    destroyed_on: date

    def __post_init__(self) -> None:
        demand(self.label, self.statute, what="a record and its statute")
        if self.destroyed_on <= self.until:
            raise ValueError("a record is destroyed after the period that kept it")


@dataclass(frozen=True, slots=True, kw_only=True)
class DestroyedNotice:
    """A deletion that was asked for and had to wait for a statute's period is carried out (Act 21(1), policy 8.8)."""

    receipt_no: str
    sender: Sender
    recipient: Recipient
    records: tuple[Destroyed, ...]
    dated: date
    easy: bool = False
    language: Tongue = "ko"
    form: Literal["destroyed"] = "destroyed"

    def __post_init__(self) -> None:
        demand(self.receipt_no, what="a receipt number")
        if not self.records:
            raise ValueError("a notice of destruction names what was destroyed")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureNotice:
    """What became of data whose processing was stopped (Act 37(5)), with the way to object (Act 38(5))."""

    receipt_no: str
    sender: Sender
    recipient: Recipient
    measures: tuple[tuple[str, str], ...]
    """Each: what data, what was done."""
    objection: Objection
    dated: date
    easy: bool = False
    language: Tongue = "ko"
    form: Literal["measure"] = "measure"

    def __post_init__(self) -> None:
        demand(*(text for one in self.measures for text in one), what="what was done with what")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakNotice:
    """What a person is told of an answer that reached somebody else, or may have (Act 34(1), 34(2)): five things."""

    receipt_no: str
    sender: Sender
    recipient: Recipient
    what: tuple[str, ...]
    known_at: datetime
    how: str
    can_do: str
    did: str
    contact: str
    dated: date
    possible: bool = False
    easy: bool = False
    language: Tongue = "ko"
    form: Literal["leak"] = "leak"

    def __post_init__(self) -> None:
        demand(*self.what, what="the items that were leaked")
        demand(
            self.how, self.can_do, self.did, self.contact, what="how, what can be done, what was done, and whom to ask"
        )
        if self.known_at.utcoffset() is None:
            raise ValueError("a moment needs its offset")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedNotice:
    """To whoever was given data that turned out wrong: whose it is, and what it was corrected to (policy 8.7)."""

    receipt_no: str
    sender: Sender
    recipient: Recipient
    subject: tuple[tuple[str, str], ...]
    """By what the receiver finds the person: name and value of each."""
    changes: tuple[tuple[str, str, str], ...]
    """Each: the field, as it was given (empty where that is not known), as it should be."""
    answer_by: date
    dated: date
    easy: bool = False
    language: Tongue = "ko"
    form: Literal["corrected"] = "corrected"

    def __post_init__(self) -> None:
        demand(*(text for one in self.subject for text in one), what="whose data it is")
        demand(*(text for one, _, new in self.changes for text in (one, new)), what="what was corrected to what")


FreeNotice = RulingNotice | DestroyedNotice | MeasureNotice | LeakNotice | CorrectedNotice
