"""The shapes of the rulebook as anybody may read it."""

from datetime import date

from pydantic import BaseModel

from app.law.terms import ControllerKind, Decider, Right
from app.routers.answers_parties import BothTongues
from app.routers.published import SpanOut, WordOut


class DaysOut(BaseModel):
    """Within how many days something is answered or done, and by what article."""

    days: int
    basis: str


class RightInLawOut(DaysOut):
    """A right with the days the law gives for its answer, and the grounds against it."""

    id: Right
    article: BothTongues
    may_be_postponed: bool
    grounds: list[str]


class DeferralOut(DaysOut):
    """Which rights may be put off, and how soon after its cause ends the answer follows (Act 35(3))."""

    rights: list[Right]


class LeakOut(BaseModel):
    """When a leak is told and reported (Act 34)."""

    hours: int
    subjects: int
    basis: str


class GroundOut(BaseModel):
    """A ground on which an item may be refused or kept, with the facts it must state."""

    id: str
    rights: list[Right]
    article: BothTongues
    effect: str
    facts: list[WordOut]
    applied_by: Decider
    media: bool | None
    text: BothTongues
    note: str | None
    valid_from: date
    valid_to: date | None


class StatuteRecordOut(WordOut):
    """Records that a statute beside the Act keeps (Act 21(1) proviso), and what it rests on where it is not sure."""

    statute: BothTongues
    article: str
    span: SpanOut
    at_least: bool
    sure: bool
    note: str | None
    valid_from: date | None
    valid_to: date | None


class SectorOut(WordOut):
    """Statutes of a kind of business that hold beside the Act here."""

    sources: list[str]


class RulebookOut(BaseModel):
    """The edition of the law of a day, with the grounds open to this kind of controller."""

    edition: str
    amends: str | None
    valid_from: date
    valid_to: date | None
    as_of: date
    controller: ControllerKind
    sources: list[str]
    sectors: list[SectorOut]
    rights: list[RightInLawOut]
    deferral: DeferralOut
    objection: DaysOut
    follow_up: DaysOut
    destruction: DaysOut
    leak: LeakOut
    grounds: list[GroundOut]
    records: list[StatuteRecordOut]
