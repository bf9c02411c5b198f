"""What a carrier says later of a message: it arrived, or it came back. Matched by our own name, never by address.

Whoever tells it twice, or late, changes nothing: a message that came back stays so, and what followed it stays too.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import new_id
from app.desk import Actor
from app.documents.messages import ONE_CONTACT
from app.errors import NotFound
from app.models import Message, MessageAttempt
from app.services import access_log, outbox, reaching

Result = Literal["delivered", "returned"]
_RANK = {"queued": 0, "sent": 1, "delivered": 2}
"""How far a message has come; what failed, came back or is said by hand goes no further by a receipt."""
_ADDRESS = "5."
"""An enhanced status (RFC 3463) of this class is final for the address; another says that it took too long."""


async def take(
    session: AsyncSession, ref: str, result: Result, cause: str, *, by: Actor, now: datetime
) -> tuple[Message, bool]:
    """Take a receipt; returns the message, and whether it was news."""
    message_id = outbox.referred(_bare(ref))
    known = await session.get(Message, message_id) if message_id else None
    if known is None or known.channel not in outbox.CONTACT:
        raise NotFound("message.not_found")
    row = await reaching.locked(session, known.id)
    if row.request_id is not None:
        access_log.touch(session, request_id=row.request_id)
    if row.state not in _RANK or (result == "delivered" and _RANK[row.state] >= _RANK["delivered"]):
        return row, False
    session.add(MessageAttempt(id=new_id(), message_id=row.id, at=now, outcome=f"{result} {cause}".strip()))
    row.state = result
    if result == "returned":
        lost = cause.startswith(_ADDRESS) or not cause[:1].isdigit()
        await reaching.not_arrived(session, row, cause, lost=lost, now=now, by=by)
    else:
        row.sent_at = row.sent_at or now
    if row.kind in ONE_CONTACT:
        row.content_ct = None
    return row, True


def _bare(ref: str) -> str:
    """Our name for the message, alone or as the Message-ID that was made of it."""
    return ref.strip().removeprefix("<").partition("@")[0]
