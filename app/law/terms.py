"""The words of the Act, the Decree and the policy, as types. Statutory words only."""

from dataclasses import dataclass
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


class Relationship(StrEnum):
    """By what a guardian is one (Civil Act 909, 928 to 932, 938; Decree 45(1))."""

    PARENT = "parent"
    ADOPTIVE_PARENT = "adoptive_parent"
    APPOINTED_GUARDIAN = "appointed_guardian"
    ADULT_GUARDIAN = "adult_guardian"


class Whose(StrEnum):
    """Whose proof or paper it is; who asks for themselves is the subject only."""

    SUBJECT = "subject"
    REQUESTER = "requester"


class Need(StrEnum):
    """What has to be shown before a claim counts as verified (Decree 45, 46)."""

    IDENTITY = "identity"
    """Who the requester is: the subject, or the guardian."""
    REACH = "reach"
    """That a delegate can be reached where the mandate says."""
    RELATIONSHIP = "relationship"
    """That the guardian is one."""
    MANDATE = "mandate"
    """The signed power of attorney (form 11)."""
    CONFIRMATION = "confirmation"
    """The subject's own word, through a contact already held."""


class Reached(StrEnum):
    """By what footing the identified person was reached; decides how long a release waits (C4)."""

    NONE = "none"
    OLD = "old"
    """A contact on record that is old enough, with no other contact changed lately."""
    CHANGED = "changed"
    """The same, but another of the person's contacts was changed lately."""
    OTHER = "other"
    """A login, a provider, a clerk who saw papers, a guardian, documents."""


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
    DOCUMENTS = "documents"


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
    HAND_OVER = "hand_over"
    """It belongs to another controller, who is asked to answer; the person is told who that is (D9)."""


class Outcome(StrEnum):
    """What becomes of a claim as a whole."""

    APPROVE = "approve"
    PARTIAL = "partial"
    REFUSE = "refuse"
    NOTHING_HELD = "nothing_held"
    HANDED_OVER = "handed_over"


class FootageKind(StrEnum):
    """What is asked of footage (policy 14.7): whether it exists, to see it, or a copy."""

    EXISTENCE = "existence"
    VIEW = "view"
    COPY = "copy"


class FootageGround(StrEnum):
    """By what footage may be asked for (policy 14.7): one's own picture, or a plain need of life, body or property."""

    OWN_IMAGE = "own_image"
    LIFE = "life"
    BODY = "body"
    PROPERTY = "property"


class WarningStep(StrEnum):
    """When people of ours are warned of a statutory day: in working days before it, on it, after it (E2)."""

    THREE = "three"
    ONE = "one"
    TODAY = "today"
    OVERDUE = "overdue"


class LateCause(StrEnum):
    """With whom a claim lay on the day it fell due (E3)."""

    ENTRY = "entry"
    """It was entered too late after it arrived."""
    VERIFICATION = "verification"
    FROZEN = "frozen"
    OFFICER = "officer"
    APPROVER = "approver"
    HOLDERS = "holders"
    READING = "reading"
    """What holders returned was not read in time."""
    DESK = "desk"
    """Nothing was wanting but our own last step."""


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
    media: bool | None = None
    """Only for footage (True), only for other data (False), or for both."""


@dataclass(frozen=True, slots=True)
class Deferral:
    """Putting off (Act 35(3), Decree 42(2)): for which rights, and how soon after its cause ends."""

    rights: frozenset[Right]
    days: int
    basis: str


@dataclass(frozen=True, slots=True)
class Answering:
    """Within how many days something is answered or done, and by what article."""

    days: int
    basis: str


@dataclass(frozen=True, slots=True)
class LeakReport:
    """The report to the authority (Decree 40): to whom, and its fields in their order, each by its id and its words."""

    to: Label
    fields: dict[str, Label]
    checked: bool
    """Whether the words of the fields were compared with the authority's own form."""


@dataclass(frozen=True, slots=True)
class Leak:
    """When an answer to the wrong person is told, and when it is reported to the authority (Act 34, Decree 39, 40)."""

    hours: int
    subjects: int
    """From so many people on it is reported."""
    always: frozenset[str]
    """What is reported however few they are: `sensitive` data or identifiers, a break-in from `outside`."""
    basis: str
    possible: str | None
    """By what article the mere possibility is told; none where that is not yet law."""
    report: LeakReport


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of the law; the edition of the arrival date applies to a claim."""

    id: str
    valid_from: date
    valid_to: date | None
    days: dict[Right, int]
    basis: dict[Right, str]
    grounds: dict[str, Ground]
    deferral: Deferral
    objection: Answering
    """How soon an objection is answered (Act 38(5)); the law sets no days, the controller's own promise does."""
    follow_up: Answering
    """How soon suspended data is destroyed or treated otherwise (Act 37(5))."""
    destruction: Answering
    """How soon what is no longer needed is destroyed (Act 21(1))."""
    leak: Leak
    forms: str
    """The authority's notice that lays down forms 8 to 11, with its number."""
