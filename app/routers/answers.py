"""The shapes of what is answered about requests, claims and decisions; each has a name in the contract."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from app.law.terms import Decider, ItemOutcome, LateCause, Method, Outcome, Right, Status, Whose
from app.routers.answers_media import MediaAsked
from app.routers.answers_parties import BothTongues, MandateOut, NextStep, ReferencesOut, RequesterOut, SubjectOut


class DueStep(BaseModel):
    """One step of the computation of the statutory day; `text` says it as people read it."""

    date: date
    step: str
    basis: str
    text: BothTongues


class Adjusted(BaseModel):
    """Where something was masked before it was kept, or what the filer should know; `code` as in the problems."""

    pointer: str
    code: str


class AnchorOut(BaseModel):
    """Where in the audit chain the filing stands: keep it, and no later change can go unseen."""

    seq: int
    hash: str


class FiledClaim(BaseModel):
    """A claim as filed, with its own clock."""

    id: UUID
    right: Right
    status: Status
    due_on: date
    due_steps: list[DueStep]
    media: MediaAsked | None


class Filed(BaseModel):
    """The receipt. Access code and token go to a website only, the read-back to agents and clerks."""

    id: UUID
    receipt_no: str
    access_code: str | None = None
    requester_token: str | None = None
    filed_at: datetime
    arrived_at: datetime
    claims: list[FiledClaim]
    next_steps: list[NextStep]
    adjusted: list[Adjusted]
    anchor: AnchorOut
    read_back: list[str] | None = None


class DecisionItem(BaseModel):
    """What became of one item, with its article."""

    item: str
    outcome: ItemOutcome
    ground: str | None
    basis: str
    until: date | None
    """The last day on which a statute keeps it: as decided, or a holder's own earlier day."""
    destroyed_on: date | None = None
    """When it was destroyed after that day."""
    text: str


class FeeOut(BaseModel):
    """What a copy on paper costs in won, and how that was counted (Act 38(3), Decree 47)."""

    fee: int
    postage: int
    total: int
    breakdown: str


class DecisionOut(BaseModel):
    """A decision: notes and names only for staff, state and outcome alone for the party that another one answers."""

    state: Literal["proposed", "returned", "effective"]
    outcome: Outcome
    decided_by: Literal["machine", "person"] | None = None
    items: list[DecisionItem] | None = None
    reason: str | None = None
    fee: FeeOut | None = None
    internal_note: str | None = None
    proposed_by: str | None = None
    approved_by: str | None = None
    approver_note: str | None = None


class PackageState(BaseModel):
    """Whether the access package can be fetched, and until when it is kept."""

    available: bool
    expires_at: datetime | None


class HoldersState(BaseModel):
    """How many tasks holders were told, have done, and still have open."""

    told: int
    done: int
    open: int


class ObjectionState(BaseModel):
    """Until when and how to object (Act 38(5))."""

    until: date
    how: str
    answered_by: date | None
    """Of an objection that is open: the day by which it is answered."""


class ReportedOut(BaseModel):
    """A record that a holder says it keeps by a statute, beyond the decision; destroyed on the day after."""

    category: str
    label: str
    basis: str
    until: date
    destroyed_on: date | None


class ClaimOut(BaseModel):
    """One claim as the caller may see it."""

    id: UUID
    right: Right
    status: Status
    due_on: date
    due_steps: list[DueStep]
    decision: DecisionOut | None
    postponed_until: date | None
    available_from: datetime | None
    package: PackageState
    holders: HoldersState
    objection: ObjectionState | None
    kept: list[ReportedOut]
    """What holders keep by statute on their own word; what was decided to be kept stands in the decision."""
    media: MediaAsked | None


class OverdueOut(BaseModel):
    """A day that passed unanswered: of what, with whom it lay, and why, where the approver wrote that down."""

    of: Literal["claim", "objection", "postponement", "follow_up"]
    due_on: date
    cause: LateCause
    holders: list[str]
    reason: str | None
    explained_by: str | None


class StaffClaim(ClaimOut):
    """One claim for staff, with our own day and that of its holders, and the days that passed unanswered."""

    request_id: UUID
    assignee: str | None
    internal_on: date
    holders_due_at: datetime | None
    overdue: list[OverdueOut]


class ReviewOut(BaseModel):
    """Something a person must look at."""

    kind: str
    at: datetime
    settled: bool


class RequestOut(BaseModel):
    """A request by role: without names for the requester, masked for a call center, whole for staff."""

    id: UUID
    receipt_no: str
    filed_at: datetime
    arrived_at: datetime
    channel: str
    capacity: str
    frozen: bool
    verified: bool
    waiting_for: Literal["you", "us", "holders", "nobody"]
    claims: list[ClaimOut]
    actions: list[Literal["verify", "upload", "withdraw", "object", "fetch"]]
    next_steps: list[NextStep]
    party: Whose | None = None
    subject: SubjectOut | None = None
    requester: RequesterOut | None = None
    mandate: MandateOut | None = None
    agent: str | None = None
    references: ReferencesOut | None = None
    review: list[ReviewOut] | None = None
    duplicate_of: UUID | None = None
    identity: str | None = None


class RequestFound(BaseModel):
    """A request found by receipt number or contact."""

    id: UUID
    receipt_no: str
    filed_at: datetime
    channel: str
    capacity: str
    duplicate_of: UUID | None


class RequestsFound(BaseModel):
    """What a search found; newest first."""

    items: list[RequestFound]
    next_cursor: str | None


class QueuedClaim(BaseModel):
    """A claim in the queue: ids and dates only."""

    id: UUID
    request_id: UUID
    receipt_no: str
    right: Right
    status: Status
    due_on: date
    waiting_for: Literal["you", "us", "holders", "nobody"]
    assignee: str | None
    outcome: Outcome | None


class ClaimQueue(BaseModel):
    """A page of the queue by due date."""

    items: list[QueuedClaim]
    next_cursor: str | None


class ActorOut(BaseModel):
    """Who did it: a role, and the person or machine behind it."""

    role: str
    iss: str
    sub: str
    agent: str | None
    party: Literal["requester"] | None = None
    """Of a requester: it was who asks for the subject, not the subject."""


class Happening(BaseModel):
    """One thing that happened, in this role's words."""

    seq: int
    at: datetime
    action: str
    claim_id: UUID | None
    text: BothTongues
    actor: ActorOut | None = None
    facts: dict[str, Any] | None = None


class Timeline(BaseModel):
    """What happened, oldest first."""

    items: list[Happening]
    next_cursor: str | None


class ClaimState(BaseModel):
    """A claim and where it stands."""

    id: UUID
    right: Right
    status: Status


class Withdrawn(BaseModel):
    """The claims after a withdrawal."""

    claims: list[ClaimState]


class VerificationOut(BaseModel):
    """A verification under way."""

    id: UUID
    method: Method
    expires_at: datetime


class VerifiedOut(BaseModel):
    """A right answer; at release with the grant that opens results."""

    status: Literal["verified"]
    grant: str | None = None
    grant_expires_at: datetime | None = None


class AttestedOut(BaseModel):
    """What was seen, recorded by kind."""

    id: UUID
    method: Method
    at: datetime


class Reason(BaseModel):
    """A rule as it was read: its article, whether it holds, and because of what."""

    rule: str
    article: str
    holds: bool
    said: BothTongues
    because: list["Reason"]


class AssessedItem(BaseModel):
    """One item as the engine proposes it, and why."""

    item: str
    proposed: ItemOutcome
    ground: str | None
    basis: str
    until: date | None
    holders: list[str]
    facts: dict[str, str]
    text: BothTongues
    record_class: str | None
    reasons: list[Reason]


class AssessmentOut(BaseModel):
    """The assessment of a claim: pending until the engine has read policy, registry and statute."""

    state: Literal["pending", "ready"]
    edition: str
    items: list[AssessedItem]
    decides: Decider | None


class AccessToken(BaseModel):
    """A token, as OAuth answers it."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int


class TrackingToken(AccessToken):
    """A requester token got by receipt number and access code."""

    request_id: UUID


class MessageOut(BaseModel):
    """How a notice was told, and what became of that."""

    channel: str
    state: str


class NoticeOut(BaseModel):
    """A notice without its contents: those open by grant."""

    id: UUID
    claim_id: UUID
    kind: str
    form: str
    at: datetime
    opened_at: datetime | None
    messages: list[MessageOut] | None = None


class Notices(BaseModel):
    """The notices of a request."""

    items: list[NoticeOut]
    next_cursor: str | None
