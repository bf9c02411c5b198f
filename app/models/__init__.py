"""The tables, by step of the procedure."""

from sqlmodel import SQLModel

from app.models.adjudication import Assessment, Decision
from app.models.disclosure import Message, MessageAttempt, Notice, Package, PackageChunk
from app.models.fulfilment import ACTIONS, Delivery, DeliveryAttempt, Hold, HoldKey, Task
from app.models.intake import Claim, Contact, Idempotency, Request, Tally
from app.models.registry import Client, ClientSecret, System, SystemKey
from app.models.trust import AccessLog, AuditEntry, AuditHead
from app.models.verification import AssertionUse, GrantUse, Proof, ReleaseGrant, ReviewItem, Verification

metadata = SQLModel.metadata

__all__ = [
    "ACTIONS",
    "AccessLog",
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
    "GrantUse",
    "Hold",
    "HoldKey",
    "Idempotency",
    "Message",
    "MessageAttempt",
    "Notice",
    "Package",
    "PackageChunk",
    "Proof",
    "ReleaseGrant",
    "Request",
    "ReviewItem",
    "System",
    "SystemKey",
    "Tally",
    "Task",
    "Verification",
    "metadata",
]
