"""The shapes of what is answered about incidents."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from app.routers.answers_parties import BothTongues

IncidentKind = Literal["wrong_recipient", "wrong_contents", "outside_access"]
NoticeKind = Literal["leak", "possible"]


class IncidentBrief(BaseModel):
    """An incident in a list: its clock of hours, how much it is, what is still owed."""

    id: UUID
    request_id: UUID
    receipt_no: str
    kind: IncidentKind
    state: Literal["open", "closed"]
    known_at: str
    due_at: str
    subjects: int
    categories: list[str]
    sensitive: bool
    outside: bool
    must_report: bool
    told_at: str | None
    owed: list[Literal["told", "reported"]]
    overdue: bool


class RecalledOut(BaseModel):
    """What was called back the moment it was opened, by count."""

    packages: int
    grants: int
    verifications: int
    access_codes: int


class HandedOut(BaseModel):
    """Something that was opened, fetched, posted, said or shown before: from the audit chain."""

    what: Literal["notice", "package", "post", "phone", "visit", "footage"]
    at: str
    claim_id: UUID | None
    by_role: str


class LeakTo(BaseModel):
    """Somebody else than the subject of the request, whose data it was."""

    name: str
    email: str | None
    phone: str | None
    postal_code: str | None
    address: str | None


class LeakSaid(BaseModel):
    """The five things that the person is told (Act 34(1))."""

    what: list[str]
    how: str
    can_do: str
    did: str
    contact: str
    to: LeakTo | None


class LeakNoticeOut(BaseModel):
    """The notice of an incident; its contents for officers and approvers only."""

    kind: NoticeKind
    state: Literal["draft", "approved"]
    drafted_by: str
    approved_by: str | None
    approved_at: str | None
    told_at: str | None
    told_how: Literal["mail", "sms", "post", "phone", "visit", "website"] | None
    content: LeakSaid | None
    note: str | None


class ReportMade(BaseModel):
    """That the report was handed in, and under what number it was taken."""

    reported_at: str | None
    number: str | None


class IncidentOut(IncidentBrief):
    """One incident; what was said of anybody is for officers and approvers only."""

    edition: str
    basis: str
    account: str | None
    recalled: RecalledOut
    handed_out: list[HandedOut]
    warned: list[int]
    opened_by: str
    notice: LeakNoticeOut | None
    report: ReportMade
    resumed_at: str | None
    resumed_because: str | None
    found: Literal["leak", "none"] | None
    closed_at: str | None
    closed_because: str | None


class Incidents(BaseModel):
    """A page of incidents, in the order in which they were opened."""

    items: list[IncidentBrief]
    next_cursor: UUID | None


class ReportField(BaseModel):
    """One field of the report: its words, and what stands in it as far as it is known."""

    id: str
    label: BothTongues
    value: str


class LeakReportOut(BaseModel):
    """The draft of the report to the authority (Act 34(3), Decree 40)."""

    incident_id: UUID
    to: BothTongues
    must_report: bool
    due_at: str
    checked: bool
    fields: list[ReportField]
    reported_at: str | None
    number: str | None
