"""A paper handed in (B5): who may, how many, what is kept of it. The file itself is opened elsewhere and before.

Three steps: `admit` says what can be said before the file is opened, then it is scanned and cleaned outside any
transaction, then `keep` counts again under the lock of the request and stores the copy sealed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id, run
from app.desk import MACHINE, Actor, desk_of
from app.errors import Conflict, Invalid
from app.inspection import Cleaned
from app.jobs import Job, defer
from app.law.terms import Capacity, Status, Whose
from app.models import Claim, Evidence, Request
from app.services import audit, casebook, chunks, flags, keyring, throttle
from app.services.visibility import visible

ENDED = (Status.CLOSED, Status.WITHDRAWN, Status.LAPSED)
REUSED, MALWARE = "evidence.reused", "evidence.malware"
_COUNTED = ("scan_pending", "pending", "accepted")
_OVER_ALL = 3
"""So many times the files of a request, with all that were refused or destroyed, and then no more."""
_WHOSE: dict[Capacity, tuple[Whose, ...]] = {
    Capacity.SELF: (Whose.SUBJECT,),
    Capacity.GUARDIAN: (Whose.REQUESTER,),
    Capacity.DELEGATE: (Whose.SUBJECT, Whose.REQUESTER),
}
_OF_OTHERS = """
SELECT DISTINCT theirs.id FROM evidence AS paper
JOIN request AS theirs ON theirs.id = paper.request_id
JOIN request AS mine ON mine.id = %(request)s
WHERE paper.digest = %(digest)s AND theirs.id <> mine.id AND CASE
  WHEN theirs.subject_digest IS NOT NULL AND mine.subject_digest IS NOT NULL
    THEN theirs.subject_digest <> mine.subject_digest
  ELSE theirs.likeness <> mine.likeness AND NOT EXISTS (
    SELECT FROM contact AS one JOIN contact AS other ON other.digest = one.digest
    WHERE one.request_id = theirs.id AND other.request_id = mine.id)
  END
ORDER BY theirs.id LIMIT 20
"""
"""Requests about somebody else that this very paper lies with: by the customer number, else by what was typed."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: a paper of a kind, of a party, under a name, so long, with this hash."""

    kind: str
    party: str
    name: str
    size: int
    sha256: bytes

    @property
    def fingerprint(self) -> bytes:
        """What a repeat must send again to be one."""
        return f"{self.kind}\n{self.party}\n{self.size}\n{self.sha256.hex()}".encode()


async def admit(session: AsyncSession, request_id: UUID, sent: Sent, *, by: Actor, now: datetime) -> None:
    """Whether this caller may hand this in; their files of the hour are counted, whatever becomes of this one."""
    request = await visible(session, request_id, by)
    _refuse_unfit(session, request, sent, by)
    mine = select(Claim).where(col(Claim.request_id) == request_id)
    _refuse_ended((await session.execute(mine)).scalars().all())
    await _refuse_too_many(session, request_id, sent)
    most = desk_of(session).policy.settled.files_per_caller_hour
    await throttle.count(session, "files", f"{by.id}|{by.agent or ''}", most=most, minutes=60, now=now)


async def keep(
    session: AsyncSession,
    request_id: UUID,
    sent: Sent,
    cleaned: Cleaned,
    copy: BinaryIO,
    original: BinaryIO | None,
    *,
    scan: str,
    by: Actor,
    now: datetime,
) -> Evidence:
    """Store the cleaned copy, and the file as it came only for as long as the scanner is silent (`original`)."""
    await visible(session, request_id, by)
    case = await casebook.open_request(session, request_id)
    _refuse_ended(case.claims)
    await _refuse_too_many(session, request_id, sent)
    paper = Evidence(
        id=new_id(),
        request_id=request_id,
        party=sent.party,
        kind=sent.kind,
        state="pending" if original is None else "scan_pending",
        scan=scan,
        media_type=cleaned.media_type,
        received=sent.size,
        size=cleaned.size,
        pages=cleaned.pages,
        chunks=0,
        scan_at=None if original is None else now,
        digest=desk_of(session).keys.digest(f"evidence|{sent.sha256.hex()}"),
        uploaded_by_role=by.role,
        uploaded_by_iss=by.iss,
        uploaded_by_sub=by.sub,
        at=now,
    )
    paper.name_ct = keyring.seal(session, case.request, "evidence.name", paper.id, sent.name)
    session.add(paper)
    await session.flush()
    paper.chunks = await chunks.write(session, case.request, paper.id, "copy", copy)
    if original is not None:
        await chunks.write(session, case.request, paper.id, "original", original)
        await defer(session, Job("scan_evidence", {"evidence_id": str(paper.id)}))
    facts = {"evidence": str(paper.id), "kind": sent.kind, "party": sent.party, "scan": scan}
    audit.note(session, "evidence.upload", by=by, now=now, request_id=request_id, facts=facts)
    # Others are looked at after this is committed: two who hand in the same at once would not see each other here.
    await defer(session, Job("compare_evidence", {"evidence_id": str(paper.id)}))
    return paper


async def infected(session: AsyncSession, request_id: UUID, sent: Sent, *, by: Actor, now: datetime) -> None:
    """Write down that malware was sent: nothing of the file is kept, the fact is."""
    await visible(session, request_id, by)
    facts = {"kind": sent.kind, "party": sent.party}
    audit.note(session, MALWARE, by=by, now=now, request_id=request_id, facts=facts)
    await flags.raise_once(session, request_id, MALWARE, now=now)


async def compare(session: AsyncSession, evidence_id: UUID, *, now: datetime) -> None:
    """Flag a paper that lies with a request about somebody else as well, on both sides (A13)."""
    # One after the other: two at once would each find nothing said yet, and say it twice.
    await run(session, "SELECT pg_advisory_xact_lock(hashtext('compare_evidence'))", {})
    paper = await session.get_one(Evidence, evidence_id)
    values = {"request": paper.request_id, "digest": paper.digest}
    others = [row.id for row in await run(session, _OF_OTHERS, values)]
    for request_id in sorted([paper.request_id, *others]) if others else ():
        if await flags.raise_once(session, request_id, REUSED, now=now):
            audit.note(session, REUSED, by=MACHINE, now=now, request_id=request_id)


def _refuse_unfit(session: AsyncSession, request: Request, sent: Sent, by: Actor) -> None:
    if sent.kind not in desk_of(session).policy.documents:
        raise Invalid("field.value", pointer="/kind")
    if sent.party not in set(Whose):
        raise Invalid("field.value", pointer="/party")
    own = by.role != "requester" or sent.party == by.party
    if not own or sent.party not in _WHOSE[Capacity(request.capacity)]:
        raise Invalid("field.inconsistent", pointer="/party")


def _refuse_ended(claims: Iterable[Claim]) -> None:
    if all(claim.status in ENDED for claim in claims):
        raise Conflict("claim.closed")


async def _refuse_too_many(session: AsyncSession, request_id: UUID, sent: Sent) -> None:
    """Files and bytes of a request are bounded; what was refused or destroyed makes room, but not without end."""
    settled = desk_of(session).policy.settled
    mine = select(col(Evidence.state), col(Evidence.received)).where(col(Evidence.request_id) == request_id)
    rows = (await session.execute(mine)).all()
    lying = [size for state, size in rows if state in _COUNTED]
    full = len(lying) >= settled.files_per_request or len(rows) >= _OVER_ALL * settled.files_per_request
    if full or sum(lying) + sent.size > settled.bytes_per_request:
        raise Invalid("upload.too_many", pointer="/file")
