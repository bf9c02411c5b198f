"""The shapes of what is answered about papers, and of the form in which one is handed in."""

from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel

State = Literal["scan_pending", "pending", "accepted", "refused", "number_visible", "infected", "destroyed"]
EXTENSION: Final = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "description": "A paper: its kind by the policy, whose it is, and the file.",
                    "properties": {
                        "kind": {"type": "string", "maxLength": 1024},
                        "party": {"type": "string", "enum": ["subject", "requester"]},
                        "file": {"type": "string", "format": "binary"},
                    },
                    "required": ["kind", "party", "file"],
                    "additionalProperties": False,
                }
            }
        },
    }
}
CONTENT: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The cleaned copy, with who looks, when and what for written across it",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in EXTENSION},
    }
}


class EvidenceOut(BaseModel):
    """A paper as whoever handed it in may see it: where it stands, nothing of what is on it."""

    id: UUID
    kind: str
    party: Literal["subject", "requester"]
    state: State
    scan: Literal["clean", "pending", "off", "infected"]
    media_type: str
    pages: int
    size: int
    at: datetime
    reviewed_at: datetime | None
    destroyed_at: datetime | None


class EvidencePage(BaseModel):
    """A page of a request's papers, oldest first."""

    items: list[EvidenceOut]
    next_cursor: str | None


class QueuedEvidence(EvidenceOut):
    """A paper in the queue, with the day on which something of its request falls due."""

    request_id: UUID
    due_on: date | None


class EvidenceQueue(BaseModel):
    """A page of the queue, oldest first."""

    items: list[QueuedEvidence]
    next_cursor: str | None


class StaffEvidence(EvidenceOut):
    """A paper for staff, with what was seen on it."""

    request_id: UUID
    name: str | None
    uploaded_by: str
    reviewed_by: str | None
    checklist: list[str]
    issued_on: date | None
    issuer_number: str | None
    note: str | None
    destroyed_cause: str | None
