"""The shapes of what anybody may read: the policy as a front-end needs it."""

from datetime import date
from typing import Literal

from pydantic import BaseModel

from app.law.terms import Basis, Capacity, ControllerKind, Decider, Method, Reached, Relationship, Right, Whose
from app.policy.shape import Input
from app.routers.answers_parties import BothTongues
from app.routers.published_cameras import CamerasOut


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


class AskedOut(WordOut):
    """A field of the form; `options` where one or several of them are chosen."""

    input: Input | Literal["choice", "choices"]
    required: bool
    max_length: int
    options: list[WordOut]


class CapacityOut(WordOut):
    """In what standing one may ask, and what is asked then beside what is asked of everybody."""

    id: Capacity
    available: bool
    subject_also_required: list[str]
    requester: list[AskedOut]
    requester_one_of: list[str]
    mandate: list[AskedOut]


class MethodOut(WordOut):
    """A way to prove oneself, and for which rights it is enough: of the subject, and of a guardian."""

    id: Method
    rights: list[Right]
    rights_of_email_only_categories: list[Right]
    rights_of_guardians: list[Right]


class ReachedOut(WordOut):
    """On what footing an identified person was reached."""

    id: Reached


class PaperOut(BaseModel):
    """A kind of paper, and how to get it."""

    kind: str
    label: BothTongues
    hint: BothTongues
    max_age_days: int | None
    issuer_number: bool


class ToCheckOut(BaseModel):
    """One line of what a reviewer has to see on a paper."""

    id: str
    text: BothTongues


class DocumentOut(PaperOut):
    """A kind of paper with its checklist."""

    checklist: list[ToCheckOut]


class ProofOut(BaseModel):
    """Which documents show a standing: all of them are needed."""

    capacity: Capacity
    relationships: list[Relationship]
    documents: list[str]


class WaitOut(BaseModel):
    """How long what was granted waits before it is handed out; the first that fits holds."""

    rights: list[Right]
    capacities: list[Capacity]
    reached: list[Reached]
    days: int


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
    mandate_days: int
    files_per_request: int
    bytes_per_request: int
    freeze_ruling_working_days: int


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
    proof: str | None
    """The kind of paper that supports a correction of it (Act 36(5)); absent where none is needed."""


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
    refused_purposes: list[str]
    withheld_inputs: list[Input]
    chapter: str


class MediaOut(BaseModel):
    """How footage is asked for by place and time; `suspension`: why recording in public places is not stopped."""

    available: bool
    kinds: list[WordOut]
    grounds: list[WordOut]
    window_hours: int | None
    suspension: BothTongues | None


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
    """A place whose footage can be asked for."""


class PolicyOut(BaseModel):
    """The published policy as of a day: all that a front-end needs to draw its form."""

    id: str
    as_of: date
    controller: BothTongues
    kind: ControllerKind
    effective: date
    website: str
    named: bool
    rights: list[RightOut]
    aspects: list[WordOut]
    capacities: list[CapacityOut]
    channels: list[ChapterWordOut]
    methods: list[MethodOut]
    reached: list[ReachedOut]
    notify_by: list[WordOut]
    delivery: list[WordOut]
    languages: list[WordOut]
    subject: list[AskedOut]
    subject_one_of: list[str]
    limits: LimitsOut
    categories: list[CategoryOut]
    purposes: list[PurposeOut]
    records: list[RecordOut]
    documents: list[DocumentOut]
    proofs: list[ProofOut]
    release_waits: list[WaitOut]
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


class ProvingOut(BaseModel):
    """By which methods a party proves who they are, or that they can be reached."""

    party: Whose
    methods: list[Method]


class AlternativeOut(BaseModel):
    """Another way to show who one is; papers count with a call back to a number found independently."""

    party: Whose
    method: Method
    label: BothTongues
    documents: list[PaperOut]


class NeededOut(BaseModel):
    """What a request of this kind will need; `code` says why where it may not be made so."""

    right: Right
    capacity: Capacity
    relationship: Relationship | None
    age: int | None
    may: bool
    code: str | None
    verify: list[ProvingOut]
    documents: list[PaperOut]
    alternatives: list[AlternativeOut]
    wait_days: int | None
    wait_days_at_most: int | None
    decides: list[Decider]


class ParityRowOut(BaseModel):
    """What one channel asks for one right in one capacity; `asked` names everything the form may ask."""

    right: Right
    capacity: Capacity
    channel: str
    available: bool
    asked: list[str]
    documents: list[str]
    methods: list[ProvingOut]


class ParityOut(BaseModel):
    """The same through every channel: no channel asks more or wants a harder proof than the web (Act 38(4))."""

    items: list[ParityRowOut]
    next_cursor: str | None
