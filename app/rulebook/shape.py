"""The shape of the rulebook's files: an edition whole, an edition that amends another, the statutes of a sector."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field as Bound
from pydantic import StringConstraints, model_validator

from app.law.terms import ControllerKind, Decider, Right
from app.marked import Entry, Id, Period, Text, Words

RightWord = Annotated[Right, Bound(strict=False)]
KindWord = Annotated[ControllerKind, Bound(strict=False)]
DeciderWord = Annotated[Decider, Bound(strict=False)]
GroundId = Annotated[str, StringConstraints(pattern=r"^A\d+(_\d+){1,3}(_[a-z]+)?$")]


class RightEntry(Entry):
    """Within how many days a right is answered, by what article."""

    days: Annotated[int, Bound(ge=1, le=90)]
    basis: Text
    article: Words


class RightEntries(Entry):
    """Every right."""

    access: RightEntry
    correction: RightEntry
    deletion: RightEntry
    suspension: RightEntry
    consent_withdrawal: RightEntry


class SomeRightEntries(Entry):
    """The rights whose days, basis or article change."""

    access: RightEntry | None = None
    correction: RightEntry | None = None
    deletion: RightEntry | None = None
    suspension: RightEntry | None = None
    consent_withdrawal: RightEntry | None = None


class Sourced(Entry):
    """Something said of the law; where it was not read in an official text, what it rests on."""

    sure: bool = True
    note: Text | None = None

    @model_validator(mode="after")
    def _explained(self) -> "Sourced":
        if not (self.sure or self.note):
            raise ValueError("what is not sure says in a note what it rests on")
        return self


class GroundEntry(Sourced):
    """A ground (Act 21(1), 35(3)(4), 36, 37(2), 28-7, 58(2))."""

    id: GroundId
    rights: Annotated[list[RightWord], Bound(min_length=1)]
    article: Words
    effect: Literal["refuse", "keep", "restrict", "postpone", "except"]
    controllers: Annotated[list[KindWord], Bound(min_length=1)]
    facts: Annotated[list[Id], Bound(min_length=1)]
    applied_by: DeciderWord
    media: bool | None = Bound(default=None, description="only for footage, only for other data, or for both")
    text: Words
    valid_from: date | None = None
    valid_to: date | None = None


class RecordEntry(Sourced):
    """A class of records that a statute keeps (Act 21(1) proviso)."""

    id: Id
    label: Words
    statute: Words
    article: Text
    span: Period
    at_least: bool = Bound(description="the statute says 이상: the day is the first on which it may be destroyed")
    valid_from: date | None = None
    valid_to: date | None = None


class DeferralEntry(Entry):
    """Which rights may be put off (Act 35(3))."""

    rights: Annotated[list[RightWord], Bound(min_length=1)]
    days: Annotated[int, Bound(ge=1, le=90)]
    basis: Text


class AnsweringEntry(Entry):
    """Within how many days something is answered or done."""

    days: Annotated[int, Bound(ge=1, le=90)]
    basis: Text


class LeakFields(Entry):
    """The fields of the report to the authority, in its own words."""

    controller: Words
    told: Words
    items: Words
    how: Words
    did: Words
    can_do: Words
    contact: Words
    number: Words


class LeakReportEntry(Entry):
    """To whom a leak is reported, and with what (Decree 40)."""

    to: Words
    checked: bool = Bound(description="whether the words were compared with the authority's own form")
    fields: LeakFields


class LeakEntry(Entry):
    """When a leak is told and reported (Act 34, Decree 39, 40)."""

    hours: Annotated[int, Bound(ge=1, le=240)]
    subjects: Annotated[int, Bound(ge=1, le=1_000_000)]
    always: list[Literal["sensitive", "outside"]] = Bound(description="reported however few they are")
    basis: Text
    possible: Text | None = Bound(default=None, description="by what article the mere possibility is told")
    report: LeakReportEntry


class DatedFile(Entry):
    """What every edition says of itself."""

    id: Text
    valid_from: date
    valid_to: date | None = None
    sources: Annotated[list[Text], Bound(min_length=1)]


class EditionFile(DatedFile):
    """One state of the law, whole."""

    rights: RightEntries
    deferral: DeferralEntry
    objection: AnsweringEntry
    follow_up: AnsweringEntry
    destruction: AnsweringEntry
    leak: LeakEntry
    forms: Text = Bound(description="the authority's notice that lays down forms 8 to 11, with its number")
    facts: dict[Id, Words]
    grounds: Annotated[list[GroundEntry], Bound(min_length=1)]


class Added(Entry):
    """What an amendment brings."""

    facts: dict[Id, Words] = {}
    grounds: list[GroundEntry] = []


class Replaced(Entry):
    """What an amendment says anew, each entry whole."""

    rights: SomeRightEntries = SomeRightEntries()
    deferral: DeferralEntry | None = None
    objection: AnsweringEntry | None = None
    follow_up: AnsweringEntry | None = None
    destruction: AnsweringEntry | None = None
    leak: LeakEntry | None = None
    forms: Text | None = None
    facts: dict[Id, Words] = {}
    grounds: list[GroundEntry] = []


class Ended(Entry):
    """What an amendment takes away."""

    facts: list[Id] = []
    grounds: list[GroundId] = []


class AmendmentFile(DatedFile):
    """A state of the law, told by what changes against the one before it."""

    amends: Text
    added: Added = Added()
    replaced: Replaced = Replaced()
    ended: Ended = Ended()


class SectorFile(Entry):
    """Statutes beside the Act that hold for a kind of business: what they keep, and what they forbid to show."""

    sector: Id
    label: Words
    valid_from: date
    valid_to: date | None = None
    sources: Annotated[list[Text], Bound(min_length=1)]
    facts: dict[Id, Words] = {}
    records: list[RecordEntry] = []
    grounds: list[GroundEntry] = []
