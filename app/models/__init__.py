"""The tables, by step of the procedure."""

from sqlmodel import SQLModel

from app.models.adjudication import Assessment, Decision
from app.models.disclosure import Message, MessageAttempt, Notice, Package, PackageChunk
from app.models.fulfilment import ACTIONS, Delivery, DeliveryAttempt, Hold, HoldKey, Task
from app.models.intake import Claim, Contact, Idempotency, Request, Tally
from app.models.registry import Client, ClientSecret, System, SystemKey
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
from app.models.trust import AccessLog, AuditEntry, AuditHead
from app.models.verification import AssertionUse, GrantUse, Proof, ReleaseGrant, ReviewItem, Verification

metadata = SQLModel.metadata

__all__ = [
    "ACTIONS",
    "AccessLog",
    "AgeSeen",
    "Alert",
    "AssertionUse",
    "Assessment",
    "AuditEntry",
    "AuditHead",
    "Claim",
    "Client",
    "ClientSecret",
    "Contact",
    "Decision",
    "Delivery",
    "DeliveryAttempt",
    "Evidence",
    "EvidenceChunk",
    "Freeze",
    "GrantUse",
    "Hold",
    "HoldKey",
    "Idempotency",
    "Mandate",
    "Message",
    "MessageAttempt",
    "Notice",
    "Package",
    "PackageChunk",
    "Proof",
    "ReleaseGrant",
    "Request",
    "Requester",
    "ReviewItem",
    "Supplement",
    "System",
    "SystemKey",
    "Tally",
    "Task",
    "Verification",
    "metadata",
]
