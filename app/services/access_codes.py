"""Access codes for whom the web form gave none: each goes to a contact that was reached, and only there.

An agent never hears the caller's. A delegate never hears the subject's, with which the subject follows what was asked
in their name, opens the answer and ends the mandate.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app import numbers
from app.desk import desk_of
from app.law.terms import Method, Whose
from app.models import Request, Requester
from app.services import outbox, recipients
from app.services.parties import CONTACT, IDENTIFIED, NOTHING_HELD, REACHED, Parties, typed


async def to_filer(
    session: AsyncSession, request: Request, requester: Requester | None, method: Method, *, now: datetime
) -> None:
    """Give who filed by telephone or on paper a code of their own, once their contact is reached."""
    if request.access_code_digest is None and method in CONTACT and not _is_recalled(request):
        party = Whose.SUBJECT if requester is None else Whose.REQUESTER
        request.access_code_digest = await _send(session, request, requester, party, method, now)


async def to_subject(session: AsyncSession, known: Parties, *, now: datetime) -> None:
    """Give the subject of a delegate's request a code, at the contact by which they said so themselves (Decree 46)."""
    request, requester = known.request, known.requester
    if known.mandate is None or requester is None or requester.subject_code_digest is not None:
        return
    if _is_recalled(request):
        return
    said = known.said(IDENTIFIED) or (known.said(NOTHING_HELD) if request.identity == NOTHING_HELD else None)
    theirs = await recipients.party(session, request, "result") is Whose.SUBJECT
    if said is not None and theirs and Method(said.method) in CONTACT:
        method = Method(said.method)
        requester.subject_code_digest = await _send(session, request, requester, Whose.SUBJECT, method, now)


async def renew(session: AsyncSession, known: Parties, *, now: datetime) -> None:
    """New codes for those whose old ones were called back, at the contacts by which they proved themselves."""
    party = Whose.SUBJECT if known.requester is None else Whose.REQUESTER
    for method in sorted(known.methods(party, IDENTIFIED, NOTHING_HELD, REACHED)):
        await to_filer(session, known.request, known.requester, method, now=now)
    await to_subject(session, known, now=now)


def _is_recalled(request: Request) -> bool:
    """An answer had reached the wrong person: until an approver says go on, any contact may be theirs."""
    return request.recalled_at is not None and request.frozen_at is not None


async def _send(
    session: AsyncSession, request: Request, requester: Requester | None, party: Whose, method: Method, now: datetime
) -> bytes:
    """Send a new code to the contact that answered; the digest by which it is known again."""
    code, kind = numbers.access_code(), CONTACT[method]
    content = {
        "to": typed(session, request, requester, party, kind),
        "params": {"receipt_no": request.receipt_no, "access_code": code},
    }
    channel = "sms" if kind == "phone" else "mail"
    own = requester if party is Whose.REQUESTER else None
    await outbox.message(session, request, "access_code", channel, content, now=now, requester=own)
    return desk_of(session).keys.digest(f"access_code|{code}")
