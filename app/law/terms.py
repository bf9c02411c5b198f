"""The words of the Act, the Decree and the policy, as types. Statutory words only."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Right(StrEnum):
    """What a person may ask for (Act 35, 36, 37)."""

    ACCESS = "access"
    CORRECTION = "correction"
    DELETION = "deletion"
    SUSPENSION = "suspension"
    CONSENT_WITHDRAWAL = "consent_withdrawal"


class Aspect(StrEnum):
    """The five things access may be asked to (Decree 41(1))."""

    ITEMS = "items"
    PURPOSES = "purposes"
    RETENTION = "retention"
    THIRD_PARTIES = "third_parties"
    CONSENTS = "consents"


class Capacity(StrEnum):
    """In what standing the requester asks (Act 38(1)(2), Decree 45)."""

    SELF = "self"
    GUARDIAN = "guardian"
    DELEGATE = "delegate"


class Status(StrEnum):
    """The legal status of a claim."""

    RECEIVED = "received"
    AWAITING_EVIDENCE = "awaiting_evidence"
    VERIFIED = "verified"
    POSTPONED = "postponed"
    APPROVED = "approved"
    REFUSED = "refused"
    CARRIED_OUT = "carried_out"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    OBJECTED = "objected"


class Event(StrEnum):
    """What happens to a claim."""

    FILE = "file"
    FILE_INCOMPLETE = "file_incomplete"
    ASK_FOR_EVIDENCE = "ask_for_evidence"
    COMPLETE_EVIDENCE = "complete_evidence"
    VERIFY = "verify"
    LAPSE = "lapse"
    PROPOSE = "propose"
    RETURN = "return"
    POSTPONE = "postpone"
    RESUME = "resume"
    APPROVE = "approve"
    APPROVE_PARTLY = "approve_partly"
    REFUSE = "refuse"
    CARRY_OUT = "carry_out"
    REPORT_OPEN = "report_open"
    NOTIFY = "notify"
    WITHDRAW = "withdraw"
    DISOWN = "disown"
    OBJECT = "object"
    CONFIRM = "confirm"
    OVERTURN = "overturn"
    DROP_OBJECTION = "drop_objection"


class Method(StrEnum):
    """How a party proves reach or identity (Decree 46(1))."""

    PHONE_CODE = "phone_code"
    EMAIL_CODE = "email_code"
    SITE_LOGIN = "site_login"
    IDENTITY_PROVIDER = "identity_provider"
    ATTESTATION = "attestation"


class Decider(StrEnum):
    """Who decides: the machine may only grant; two people refuse."""

    MACHINE = "machine"
    OFFICER = "officer"
    TWO = "two"


class ItemOutcome(StrEnum):
    """What becomes of one item of a claim."""

    GRANT = "grant"
    REFUSE = "refuse"
    KEEP = "keep"


class Outcome(StrEnum):
    """What becomes of a claim as a whole."""

    APPROVE = "approve"
    PARTIAL = "partial"
    REFUSE = "refuse"
    NOTHING_HELD = "nothing_held"


class ControllerKind(StrEnum):
    """A ground of public bodies is not open to a company (Act 35(4)3, 37(2)3)."""

    COMPANY = "company"
    PUBLIC_BODY = "public_body"


class Basis(StrEnum):
    """On what the processing rests (Act 15(1))."""

    CONSENT = "consent"
    STATUTE = "statute"
    CONTRACT = "contract"
    INTEREST = "interest"


@dataclass(frozen=True, slots=True)
class Label:
    """A text in both languages."""

    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class Span:
    """A statutory or promised period; months and years by the calendar (Civil Act 160)."""

    years: int = 0
    months: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a category, as a form draws it."""

    id: str
    label: Label
    input: str
    free_text: bool = False
    max_length: int = 200


@dataclass(frozen=True, slots=True)
class RecordClass:
    """Records that another statute keeps (Act 21(1) proviso)."""

    id: str
    label: Label
    statute: Label
    article: str
    span: Span
    at_least: bool
    chapter: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose of processing and what it rests on."""

    id: str
    label: Label
    basis: Basis
    chapter: str


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
class Party:
    """Somebody outside who holds or is given data: a processor or a third party (Act 17, 26)."""

    id: str
    label: Label
    kind: str
    task: Label
    chapter: str


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
    release_wait_old_contact_days: int
    release_wait_other_days: int
    objection_window_days: int
    package_days: int
    task_working_days: int
    acknowledge_hours: int
    code_minutes: int
    code_tries: int
    code_sends_per_hour: int
    code_failures_per_day: int
    filings_per_minute: int
    claims_per_request: int
    arrival_days: int


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
    objection: Label
    website: str
    channels: tuple[str, ...]
    assurance: tuple[AssuranceRule, ...]
    deciders: tuple[DeciderRule, ...]
    settled: Settled
    document: dict[str, object] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason the law gives to refuse, restrict, keep or postpone; a closed list."""

    id: str
    rights: frozenset[Right]
    article: Label
    effect: str
    controllers: frozenset[ControllerKind]
    facts: tuple[str, ...]
    applied_by: Decider
    text: Label
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of the law; the edition of the arrival date applies to a claim."""

    id: str
    valid_from: date
    valid_to: date | None
    days: dict[Right, int]
    basis: dict[Right, str]
    grounds: dict[str, Ground]
