"""The shapes of what anybody may read: the policy as a front-end needs it, and the rulebook."""

from datetime import date

from pydantic import BaseModel

from app.law.terms import Basis, Capacity, ControllerKind, Decider, Method, Right
from app.policy.shape import Input
from app.routers.answers import BothTongues


class WordOut(BaseModel):
    """A word that payloads use, and how people say it."""

    id: str
    label: BothTongues


class ChapterWordOut(WordOut):
    """A word with the chapter of the published policy that says it."""

    chapter: str


class QuestionOut(BaseModel):
    """What a claim of this right has to say."""

    id: str
    required: bool


class RightOut(WordOut):
    """A right, its article, and what a claim of it says."""

    id: Right
    basis: str
    chapter: str
    asks: list[QuestionOut]


class CapacityOut(WordOut):
    """In what standing one may ask, and whether this service takes it yet."""

    id: Capacity
    available: bool


class MethodOut(WordOut):
    """A way to prove oneself, and for which rights it is enough."""

    id: Method
    rights: list[Right]
    rights_of_email_only_categories: list[Right]


class SubjectFieldOut(WordOut):
    """A field about the person, for the form."""

    input: Input
    required: bool
    max_length: int


class LimitsOut(BaseModel):
    """Numbers a front-end has to know."""

    claims_per_request: int
    arrival_days: int
    filings_per_minute: int
    code_digits: int
    code_minutes: int
    code_tries: int
    code_sends_per_hour: int
    code_failures_per_day: int
    objection_window_days: int
    package_days: int


class SpanOut(BaseModel):
    """A period by the calendar (Civil Act 160)."""

    years: int
    months: int
    days: int


class FieldOut(WordOut):
    """One field of a category."""

    input: Input
    free_text: bool
    optional: bool
    max_length: int


class CategoryOut(ChapterWordOut):
    """One route by which data is collected (Act 30(1))."""

    available: bool
    media: bool
    free_text: bool
    email_only: bool
    routes: list[str]
    fields: list[FieldOut]
    purposes: list[str]
    retention: BothTongues
    span: SpanOut | None
    records: list[str]


class PurposeOut(ChapterWordOut):
    """A purpose and what it rests on (Act 15(1))."""

    basis: Basis
    basis_label: BothTongues
    consent: bool
    categories: list[str]


class RecordOut(ChapterWordOut):
    """Records that another statute keeps (Act 21(1) proviso)."""

    statute: BothTongues
    article: str
    span: SpanOut
    at_least: bool


class ProcessorOut(ChapterWordOut):
    """A processor and what it is entrusted with (Act 26)."""

    task: BothTongues
    phone: str | None
    annex: str | None


class ThirdPartyOut(ChapterWordOut):
    """Somebody to whom data is provided (Act 17)."""

    task: BothTongues
    items: BothTongues
    retention: BothTongues


class ChildrenOut(BaseModel):
    """What holds for children under 14 (Act 22-2)."""

    guardian_fields: list[str]
    consent: BothTongues
    marketing: bool
    chapter: str


class CamerasOut(BaseModel):
    """Fixed cameras (Act 25(7))."""

    aims: list[BothTongues]
    number: BothTongues
    place: BothTongues
    coverage: BothTongues
    hours: BothTongues
    kept_days: int
    stored: BothTongues
    department: BothTongues
    equipment: BothTongues
    operator: BothTongues
    phone: str
    viewing: BothTongues
    granted_when: BothTongues
    chapter: str


class MediaOut(BaseModel):
    """Whether pictures can be asked for by place and time."""

    available: bool


class ContactsOut(BaseModel):
    """The people who answer for personal data (Act 31, 38(5))."""

    approver: BothTongues
    manager: BothTongues
    desk: BothTongues
    phone: str
    email: str
    objection: BothTongues
    chapter: str


class LineOut(ChapterWordOut):
    """A telephone line or mailbox; `until` is the first day on which it no longer holds."""

    contact: str
    until: date | None


class BodyOut(LineOut):
    """An outside body that gives help (Act 30, policy 13)."""

    remit: BothTongues | None


class PromiseOut(BaseModel):
    """A promise of the policy that this service keeps."""

    chapter: str
    text: BothTongues


class SiteOut(WordOut):
    """A place with cameras."""


class PolicyOut(BaseModel):
    """The published policy as of a day: all that a front-end needs to draw its form."""

    id: str
    as_of: date
    controller: BothTongues
    kind: ControllerKind
    effective: date
    website: str
    rights: list[RightOut]
    aspects: list[WordOut]
    capacities: list[CapacityOut]
    channels: list[ChapterWordOut]
    methods: list[MethodOut]
    notify_by: list[WordOut]
    delivery: list[WordOut]
    languages: list[WordOut]
    subject: list[SubjectFieldOut]
    subject_one_of: list[str]
    limits: LimitsOut
    categories: list[CategoryOut]
    purposes: list[PurposeOut]
    records: list[RecordOut]
    consent_methods: list[ChapterWordOut]
    processors: list[ProcessorOut]
    third_parties: list[ThirdPartyOut]
    children: ChildrenOut
    cameras: CamerasOut | None
    media: MediaOut
    contacts: ContactsOut
    lines: list[LineOut]
    bodies: list[BodyOut]
    promises: list[PromiseOut]
    sites: list[SiteOut]


class RightInLawOut(BaseModel):
    """A right with the days the law gives for its answer."""

    id: Right
    days: int
    basis: str
    article: BothTongues


class GroundOut(BaseModel):
    """A ground on which an item may be refused or kept, with the facts it must state."""

    id: str
    rights: list[Right]
    article: BothTongues
    effect: str
    facts: list[WordOut]
    applied_by: Decider
    text: BothTongues
    valid_from: date
    valid_to: date | None


class RulebookOut(BaseModel):
    """The edition of the law in force, with the grounds open to this kind of controller."""

    edition: str
    valid_from: date
    valid_to: date | None
    sources: list[str]
    rights: list[RightInLawOut]
    grounds: list[GroundOut]
