"""The tables, by step of the procedure."""

from sqlmodel import SQLModel

from app.models.adjudication import Assessment, Decision
from app.models.answering import AnswerLink, TaskEntry, TaskProof, TaskProofChunk
from app.models.clock import DueWarning, Outlook, Overdue, Postponement
from app.models.destroyed import DestroyedRequest, Destruction, FiguresKept, LedgerHead
from app.models.disclosure import (
    CarrierSilence,
    LostContact,
    Message,
    MessageAttempt,
    Notice,
    Package,
    PackageChunk,
    Redaction,
)
from app.models.footage import Footage, Viewing
from app.models.fulfilment import (
    ACTIONS,
    TESTED_ACTIONS,
    Delivery,
    DeliveryAttempt,
    Hold,
    HoldChange,
    HoldClock,
    HoldKey,
    Task,
    TestTask,
)
from app.models.incident import Incident, IncidentNotice
from app.models.intake import Claim, Contact, Idempotency, LookupMark, Pace, Request, Tally
from app.models.kept import Fence, FollowUp
from app.models.objection import Objection
from app.models.oversight import AccessReview, DownloadQuestion, GrantRecord, StaffRevocation, StaffSession
from app.models.provided import Disclosure
from app.models.registry import (
    Callback,
    Circuit,
    Client,
    ClientSecret,
    Confirmed,
    PolicyTaken,
    System,
    SystemKey,
    SystemPulse,
)
from app.models.relay import Relay
from app.models.standing import (
    AgeSeen,
    Alert,
    Evidence,
    EvidenceChunk,
    Freeze,
    Mandate,
    Requester,
    Supplement,
)
from app.models.trust import AccessLog, AuditCheckpoint, AuditEntry, AuditHead, AuditTile
from app.models.verification import AssertionUse, GrantUse, Proof, ReleaseGrant, ReviewItem, Verification

metadata = SQLModel.metadata

__all__ = [
    "ACTIONS",
    "TESTED_ACTIONS",
    "AccessLog",
    "AccessReview",
    "AgeSeen",
    "Alert",
    "AnswerLink",
    "AssertionUse",
    "Assessment",
    "AuditCheckpoint",
    "AuditEntry",
    "AuditHead",
    "AuditTile",
    "Callback",
    "CarrierSilence",
    "Circuit",
    "Claim",
    "Client",
    "ClientSecret",
    "Confirmed",
    "Contact",
    "Decision",
    "Delivery",
    "DeliveryAttempt",
    "DestroyedRequest",
    "Destruction",
    "Disclosure",
    "DownloadQuestion",
    "DueWarning",
    "Evidence",
    "EvidenceChunk",
    "Fence",
    "FiguresKept",
    "FollowUp",
    "Footage",
    "Freeze",
    "GrantRecord",
    "GrantUse",
    "Hold",
    "HoldChange",
    "HoldClock",
    "HoldKey",
    "Idempotency",
    "Incident",
    "IncidentNotice",
    "LedgerHead",
    "LookupMark",
    "LostContact",
    "Mandate",
    "Message",
    "MessageAttempt",
    "Notice",
    "Objection",
    "Outlook",
    "Overdue",
    "Pace",
    "Package",
    "PackageChunk",
    "PolicyTaken",
    "Postponement",
    "Proof",
    "Redaction",
    "Relay",
    "ReleaseGrant",
    "Request",
    "Requester",
    "ReviewItem",
    "StaffRevocation",
    "StaffSession",
    "Supplement",
    "System",
    "SystemKey",
    "SystemPulse",
    "Tally",
    "Task",
    "TaskEntry",
    "TaskProof",
    "TaskProofChunk",
    "TestTask",
    "Verification",
    "Viewing",
    "metadata",
]
