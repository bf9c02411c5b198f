"""A controller's published policy as the law reads it; nothing of a company stands in the code."""

from dataclasses import dataclass, field
from datetime import date

from app.law.roster import Holder
from app.law.terms import (
    Basis,
    Capacity,
    ControllerKind,
    Decider,
    Label,
    Method,
    Reached,
    Relationship,
    Right,
    Span,
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a category, as a form draws it."""

    id: str
    label: Label
    input: str
    free_text: bool = False
    max_length: int = 200
    proof: str | None = None
    """The paper by which a correction is checked, where holders cannot check it by themselves (Act 36(5))."""


@dataclass(frozen=True, slots=True)
class RecordClass:
    """Records that another statute keeps (Act 21(1) proviso)."""

    id: str
    label: Label
    statute: Label
    article: str
    span: Span
    at_least: bool
    chapter: str | None
    """Where the controller's policy names it; a statute of the rulebook that no policy names has none."""
    sure: bool = True
    """Whether the period was read in the official text."""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose of processing and what it rests on."""

    id: str
    label: Label
    basis: Basis
    chapter: str
    indispensable: bool = False
    """The contract cannot be performed without it, so that Act 37(2)4 is proposed unless the contract shall end."""
    statute: str | None = None
    """The provision that demands the processing, where it rests on one (Act 37(2)1)."""


@dataclass(frozen=True, slots=True)
class OtherController:
    """Somebody else who answers for data that passes through our hands (Act 26(8)): who, and how they are reached."""

    id: str
    label: Label
    contact: str
    chapter: str


@dataclass(frozen=True, slots=True)
class Source:
    """Somebody from whom data came (Act 20(1), Decree 43(2))."""

    id: str
    label: Label
    contact: str
    chapter: str


@dataclass(frozen=True, slots=True)
class Cameras:
    """Fixed cameras (Act 25): how long footage is kept, and whether they watch places that are open to the public."""

    kept_days: int
    public_place: bool
    viewing: Label
    chapter: str
    window_hours: int
    """The longest stretch that one claim may ask for: what is preserved shows others too."""
    order_hours: int
    """Within which a holder confirms that it preserves; then people of ours call it."""


@dataclass(frozen=True, slots=True)
class Deputy:
    """Who stands in for the approver, between which days (`until` is the first day on which they no longer do)."""

    label: Label
    email: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Fees:
    """Whether the controller charges the actual cost at all (Act 38(3), Decree 47)."""

    charged: bool
    note: Label


@dataclass(frozen=True, slots=True)
class Category:
    """One collection route of the policy: what is held, for what, how long."""

    id: str
    label: Label
    fields: tuple[Field, ...]
    purposes: tuple[str, ...]
    retention: Label
    span: Span | None
    records: tuple[str, ...]
    routes: tuple[str, ...]
    short_lived: bool
    chapter: str
    statute_names_it: str | None = None
    media: bool = False
    """Pictures or sound, asked for by place and time."""
    pseudonymised: bool = False
    """Processed under Act 28-2 or 28-3: Articles 35 to 37 do not apply (Act 28-7)."""
    owner: str | None = None
    """Another controller to whom it belongs; ours only to pass on."""
    sources: tuple[str, ...] = ()
    """From whom it came, where not from the person (Act 20(1))."""

    @property
    def has_free_text(self) -> bool:
        """Free text names other people, so an officer reads it before release."""
        return any(one.free_text for one in self.fields)

    @property
    def by_email_only(self) -> bool:
        """Only an e-mail address was asked at collection, no phone (Standard Guideline 34: ask no more)."""
        ids = {one.id for one in self.fields}
        return "email" in ids and "phone" not in ids


@dataclass(frozen=True, slots=True)
class Silence:
    """A law that forbids to tell that data was provided, between which days (`until` is the first day after)."""

    statute: Label
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody outside who holds or is given data: a processor or a third party (Act 17, 26)."""

    id: str
    label: Label
    kind: str
    task: Label
    chapter: str
    silences: tuple[Silence, ...] = ()

    def is_silenced(self, on: date) -> bool:
        """Whether a law forbids on this day to tell anybody that data was provided to them."""
        return any(one.since <= on and (one.until is None or on < one.until) for one in self.silences)


@dataclass(frozen=True, slots=True)
class Body:
    """An outside body a person may turn to, with the dates between which its contact holds."""

    id: str
    label: Label
    contact: str
    until: date | None
    chapter: str


@dataclass(frozen=True, slots=True)
class AssuranceRule:
    """Which methods identify a person for which rights (Decree 46(1), Standard Guideline 34)."""

    methods: frozenset[Method]
    rights: frozenset[Right]
    email_only_categories: bool = False
    capacities: frozenset[Capacity] = frozenset({Capacity.SELF, Capacity.DELEGATE})


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a reviewer's checklist; accepted only where every answer is yes."""

    id: str
    text: Label


@dataclass(frozen=True, slots=True)
class Document:
    """A kind of paper: what it is, how old it may be, and what a reviewer has to see on it."""

    id: str
    label: Label
    hint: Label
    checklist: tuple[Question, ...]
    max_age_days: int | None = None
    issuer_number: bool = False


@dataclass(frozen=True, slots=True)
class ProofRule:
    """Which documents show a standing (Decree 45(2)); all of them are needed, none named means none."""

    capacity: Capacity
    relationships: frozenset[Relationship]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaitRule:
    """How long what was granted waits before it is handed out (C4); the first rule that fits holds."""

    rights: frozenset[Right]
    capacities: frozenset[Capacity]
    reached: frozenset[Reached]
    days: int


@dataclass(frozen=True, slots=True)
class DeciderRule:
    """Who decides a claim; the first rule that fits holds."""

    outcome: str
    decider: Decider
    rights: frozenset[Right]
    capacities: frozenset[Capacity]
    uncontested: bool | None = None
    short_lived: bool | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """Numbers that the controller settles in its policy file; each within what the law allows."""

    internal_margin_working_days: int
    contact_age_days: int
    objection_window_days: int
    package_days: int
    task_working_days: int
    acknowledge_hours: int
    answer_link_days: int
    """How long a holder without a machine can open the page on which it answers; never shorter than its task is due."""
    code_minutes: int
    code_tries: int
    code_sends_per_hour: int
    code_failures_per_day: int
    filings_per_minute: int
    claims_per_request: int
    arrival_days: int
    mandate_days: int
    """Longest life of a mandate from its signature, where it names no day."""
    freeze_ruling_working_days: int
    reminder_working_days: int
    """Before the internal day, one reminder of what is still missing."""
    unconfirmed_days: int
    """After which the data of a guardian who was never confirmed is destroyed (Standard Guideline 13)."""
    files_per_request: int
    bytes_per_request: int
    files_per_caller_hour: int
    postponement_days: int
    """At most so many days after the statutory day is access put off to (Act 35(3): for the cause and no longer)."""
    outlook_closed_days: int
    """Before so many closed days in a row, people are told what falls due meanwhile."""
    late_objections: bool
    """Whether an objection after the window is still taken (Act 38(5) sets no end)."""
    subjects_per_delegate_day: int
    """More than these people for one delegate or caller in a day is a flag for an officer."""
    provisions_kept_days: int
    """How long it stays on record that somebody's data was provided to others, from the day of the provision."""
    requests_kept_years: int
    """How long a request is kept once nothing of it moves any more; then it is destroyed whole (Act 21(1))."""
    requests_kept_basis: str
    """By which statute they are kept so long, and from when on; the record of a destruction says it."""
    answers_kept_days: int
    """How long the first answer to an Idempotency-Key is kept, so that a repeat gets it again."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A controller's published policy as data; nothing of a company stands in the code."""

    id: str
    controller: Label
    kind: ControllerKind
    effective: date
    categories: dict[str, Category]
    purposes: dict[str, Purpose]
    records: dict[str, RecordClass]
    parties: tuple[Party, ...]
    bodies: tuple[Body, ...]
    approver: Label
    desk: Label
    desk_phone: str
    desk_email: str
    approver_email: str
    deputies: tuple[Deputy, ...]
    objection: Label
    website: str
    channels: tuple[str, ...]
    assurance: tuple[AssuranceRule, ...]
    deciders: tuple[DeciderRule, ...]
    documents: dict[str, Document]
    proofs: tuple[ProofRule, ...]
    waits: tuple[WaitRule, ...]
    guardians_withheld: frozenset[str]
    """Kinds of input that a guardian's answer leaves out unless two people grant it (where somebody lives)."""
    child_purposes: frozenset[str]
    """Purposes for which the data of a child under 14 is never used."""
    settled: Settled
    fees: Fees
    named: bool = True
    """Whether names are collected at all; where not, people are known by their account alone."""
    controllers: dict[str, OtherController] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    cameras: Cameras | None = None
    holders: tuple[Holder, ...] = ()
    """Everybody whom the file names as holding data: own systems, processors, third parties, sources."""
    document: dict[str, object] = field(default_factory=dict, compare=False)
