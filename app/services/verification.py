"""Reach, then identity (Act 38(1), Decree 46(1); Standard Guideline 34).

A code answered proves that a typed contact is held: reach. Identity is the register having exactly one person of that
name with that contact, the person's own and old enough, or a login, a provider or a clerk vouching. The door records
and answers at once; the register is asked by the worker. Who asks for somebody else proves themselves by the same
codes, sent to their own contacts (`proving`).
"""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app import crypto, numbers, text
from app.crashpoints import crashpoint
from app.db import new_id
from app.desk import Actor, Desk, desk_of
from app.errors import Conflict, Forbidden, Invalid, Unauthenticated
from app.jobs import Job, defer
from app.law.terms import Capacity, Method, Status, Whose
from app.models import AssertionUse, Proof, ReleaseGrant, Request, Verification
from app.services import access_log, audit, casebook, outbox, parties, proving, recipients, visibility
from app.services.parties import ASSERTED
from app.tokens import Assertion

ENDED = (Status.CLOSED, Status.WITHDRAWN, Status.LAPSED)
GRANT_MINUTES = 10
CODES_A_DAY = 20
"""For one contact, over all requests and purposes, whatever the policy allows in an hour (A20)."""
_DUMMY_SALT = b"no such code was ever sent......"
_DUMMY_HASH = bytes(32)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a right answer gives: nothing more at identity, a grant at release."""

    grant: str | None
    grant_expires_at: datetime | None


async def ask(
    session: AsyncSession, request_id: UUID, party: Whose, method: Method, purpose: str, *, by: Actor, now: datetime
) -> Verification:
    """Ask for proof. The row and the answer are the same whether or not a code will be sent."""
    await visibility.visible(session, request_id, by)
    case = await casebook.open_request(session, request_id)
    proving.may_prove(case.request, party, by)
    if purpose == "release":
        await _may_release(session, case.request, party, method, by, now)
    elif all(Status(claim.status) in ENDED for claim in case.claims):
        raise Conflict("claim.closed")
    settled, typed = desk_of(session).policy.settled, await proving.contact(session, case.request, party, method)
    digest = desk_of(session).handle(*typed) if typed else None
    await _end_earlier(session, request_id, party, purpose, now)
    row = Verification(
        id=new_id(),
        request_id=request_id,
        party=party,
        method=method.value,
        purpose=purpose,
        contact_digest=digest,
        created_at=now,
        expires_at=now + timedelta(minutes=settled.code_minutes),
        sends=digest is not None and await _may_send(session, digest, purpose, now),
    )
    session.add(row)
    if row.sends:
        await defer(session, Job("send_code", {"verification_id": str(row.id)}))
    _note(session, "verification.ask", row, by=by, now=now)
    return row


async def prepare_code(session: AsyncSession, verification_id: UUID, *, now: datetime) -> bool:
    """Make the code in the worker, keep its slow hash and queue its message, all in one transaction (C2)."""
    row = await session.get(Verification, verification_id, with_for_update=True)
    if row is None or row.sent_at is not None or row.used_at is not None or row.expires_at <= now:
        return False
    request, party = await session.get_one(Request, row.request_id), Whose(row.party)
    typed = await proving.contact(session, request, party, Method(row.method))
    assert typed is not None, "only a contact is sent a code"
    code = numbers.code()
    row.salt = secrets.token_bytes(16)
    row.code_hash = await asyncio.to_thread(crypto.scrypt_hash, code, row.salt)
    row.sent_at = now
    kind, to = typed
    params = {"code": code, "receipt_no": request.receipt_no}
    channel, content = "sms" if kind == "phone" else "mail", {"to": to, "params": params}
    theirs = await proving.whose_key(session, request, party)
    await outbox.message(session, request, _word(request, row), channel, content, now=now, requester=theirs)
    return True


def _word(request: Request, row: Verification) -> str:
    """Whom a delegate names is told that somebody asks for them before they pass a code on (Decree 45(2))."""
    confirms = request.capacity == Capacity.DELEGATE and row.party == Whose.SUBJECT and row.purpose == "identity"
    return "confirm_code" if confirms else "code"


async def answer_code(
    desk: Desk, verification_id: UUID, code: str, *, by: Actor, now: datetime, contact: access_log.Contact | None = None
) -> Answered:
    """Take a code. The try is counted and committed before comparing, so that no crash gives a free guess."""
    async with desk.database.transaction() as session:
        session.info["contact"] = contact
        counted = await _count_try(session, verification_id, by, now)
    crashpoint("code.after_count")
    salt, expected = (counted.salt, counted.code_hash) if counted else (_DUMMY_SALT, _DUMMY_HASH)
    # The same slow work for a code that never was, so that time tells nothing.
    right = await asyncio.to_thread(crypto.scrypt_check, code, salt or _DUMMY_SALT, expected or _DUMMY_HASH)
    if counted is None or counted.salt is None or not right:
        raise _failed()
    async with desk.database.transaction() as session:
        return await _accept(session, verification_id, None, by=by, now=now)


async def answer_assertion(
    desk: Desk,
    verification_id: UUID,
    token: str,
    *,
    by: Actor,
    now: datetime,
    contact: access_log.Contact | None = None,
) -> Answered:
    """Take a signed assertion of a site login or an identity provider, bound to this asking and used once."""
    async with desk.database.transaction() as session:
        session.info["contact"] = contact
        counted = await _count_try(session, verification_id, by, now)
    try:
        asserted = await desk.verifier.verify_assertion(token, nonce=str(verification_id), now=now)
    except Unauthenticated:
        raise _failed() from None
    if counted is None or Method(counted.method) not in ASSERTED:
        raise _failed()
    async with desk.database.transaction() as session:
        use = upsert(AssertionUse).values(id=new_id(), iss=asserted.iss, jti=asserted.jti, at=now)
        fresh = await session.execute(use.on_conflict_do_nothing().returning(col(AssertionUse.id)))
        if fresh.first() is None:
            raise _failed()
        return await _accept(session, verification_id, asserted, by=by, now=now)


async def attest(
    session: AsyncSession,
    request_id: UUID,
    party: Whose,
    documents_seen: list[str],
    subject_ref: str | None,
    *,
    by: Actor,
    now: datetime,
) -> Proof:
    """A clerk or officer saw the person's documents; their kinds are recorded, never their numbers."""
    await visibility.visible(session, request_id, by)
    case = await casebook.open_request(session, request_id)
    proving.may_prove(case.request, party, by)
    if party is Whose.REQUESTER and subject_ref is not None:
        raise Invalid("field.inconsistent", pointer="/subject_ref")
    if all(Status(claim.status) in ENDED for claim in case.claims):
        raise Conflict("claim.closed")
    asserted = {"subject_ref": subject_ref, "documents_seen": documents_seen}
    proof = await proving.record(session, case, party, Method.ATTESTATION, None, asserted, by=by, now=now)
    audit.note(
        session,
        "verification.attest",
        by=by,
        now=now,
        request_id=request_id,
        facts={"party": party.value, "documents_seen": documents_seen},
    )
    return proof


async def _may_release(
    session: AsyncSession, request: Request, party: Whose, method: Method, by: Actor, now: datetime
) -> None:
    """What is released opens to the party it is for, by the way they proved, and by no other (C4).

    A call center never opens results, and nobody has the other party's opened by a code they talk them into.
    """
    if by.role == "call_center":
        raise Forbidden("auth.forbidden")
    foreign = by.role == "requester" and by.party != party
    if foreign or party is not await recipients.party(session, request, "result"):
        raise Conflict("claim.not_verified")
    await _may_disclose(session, request, party, now)
    proved = (await parties.read(session, request)).release_methods(party)
    if request.identity == parties.NOBODY or method not in proved:
        raise Conflict("claim.not_verified")


async def _may_disclose(session: AsyncSession, request: Request, party: Whose, now: datetime) -> None:
    """Not while it is frozen, and not to whose standing has ended; the subject's own never ends."""
    casebook.refuse_frozen(request)
    ended = await parties.standing(session, request, now=now) if party is Whose.REQUESTER else None
    if ended is not None:
        raise Conflict(ended)


async def _end_earlier(session: AsyncSession, request_id: UUID, party: Whose, purpose: str, now: datetime) -> None:
    earlier = update(Verification).where(
        col(Verification.request_id) == request_id,
        col(Verification.party) == party,
        col(Verification.purpose) == purpose,
        col(Verification.used_at).is_(None),
        col(Verification.expires_at) > now,
    )
    await session.execute(earlier.values(expires_at=now))


async def _may_send(session: AsyncSession, digest: bytes, purpose: str, now: datetime) -> bool:
    """Nobody can be flooded with codes through us, whoever asks and for whatever request (A20)."""
    settled = desk_of(session).policy.settled
    # Many requests may name one contact: they are counted one after the other.
    one_by_one = select(func.pg_advisory_xact_lock(int.from_bytes(digest[:8], "big", signed=True)))
    await session.execute(one_by_one)
    of_this_hour = (col(Verification.purpose) == purpose) & (col(Verification.created_at) > now - timedelta(hours=1))
    recent = select(func.count().filter(of_this_hour), func.count()).where(
        col(Verification.contact_digest) == digest,
        col(Verification.sends),
        col(Verification.created_at) > now - timedelta(days=1),
    )
    hour, day = (await session.execute(recent)).one()
    if hour >= settled.code_sends_per_hour or day >= CODES_A_DAY:
        return False
    return not await _locked(session, digest, now)


async def _locked(session: AsyncSession, digest: bytes | None, now: datetime, *, counted: int = 0) -> bool:
    """Too many wrong codes for this contact within a day; outwardly like any wrong code. `counted`: this very try."""
    if digest is None:
        return False
    failures = select(
        func.coalesce(func.sum(col(Verification.tries)), 0) - func.count(col(Verification.used_at))
    ).where(col(Verification.contact_digest) == digest, col(Verification.created_at) > now - timedelta(days=1))
    failed: int = (await session.execute(failures)).scalar_one()
    return failed - counted >= desk_of(session).policy.settled.code_failures_per_day


async def _count_try(session: AsyncSession, verification_id: UUID, by: Actor, now: datetime) -> Verification | None:
    """Count first, in one atomic statement: of fifty guesses at once five are compared."""
    asked_in = select(col(Verification.request_id)).where(col(Verification.id) == verification_id)
    request_id = (await session.execute(asked_in)).scalar_one_or_none()
    # Whose business it is not uses up nobody's tries.
    if not await visibility.is_visible(session, request_id, by):
        return None
    tries = desk_of(session).policy.settled.code_tries
    counted = (
        update(Verification)
        .where(
            col(Verification.id) == verification_id,
            col(Verification.tries) < tries,
            col(Verification.used_at).is_(None),
            col(Verification.expires_at) > now,
        )
        .values(tries=col(Verification.tries) + 1)
        .returning(Verification)
    )
    row = (await session.execute(counted)).scalar_one_or_none()
    if row is None:
        return None
    if row.purpose == "release" and (by.role == "call_center" or by.party != row.party):
        return None
    return None if await _locked(session, row.contact_digest, now, counted=1) else row


async def _accept(
    session: AsyncSession, verification_id: UUID, asserted: Assertion | None, *, by: Actor, now: datetime
) -> Answered:
    row = await session.get(Verification, verification_id)
    assert row is not None
    case = await casebook.open_request(session, row.request_id)
    used = update(Verification).where(col(Verification.id) == row.id, col(Verification.used_at).is_(None))
    if (await session.execute(used.values(used_at=now).returning(col(Verification.id)))).first() is None:
        raise _failed()
    _note(session, "verification.answer", row, by=by, now=now)
    facts = _facts(asserted) if asserted is not None else None
    party, method = Whose(row.party), Method(row.method)
    if row.purpose == "release":
        await _may_disclose(session, case.request, party, now)
        if facts is not None and not await proving.vouched_before(session, case.request, party, method, facts):
            raise _failed()
        return await _grant(session, case.request, party, now)
    await proving.record(session, case, party, method, row.id, facts, by=by, now=now)
    return Answered(None, None)


def _facts(asserted: Assertion) -> dict[str, Any]:
    """What the issuer says of the person, in our own normal form; what cannot be one of ours proves nothing."""
    try:
        return {
            "subject_ref": asserted.sub,
            "name": text.name(asserted.name) if asserted.name else None,
            "phone": text.phone(asserted.phone) if asserted.phone else None,
            "birth_date": asserted.birth_date.isoformat() if asserted.birth_date else None,
        }
    except Invalid:
        raise _failed() from None


def _failed() -> Invalid:
    """One answer for wrong, expired, used, locked and unknown."""
    # Made anew each time: a raised exception holds on to every frame it passed, and what stood in them.
    return Invalid("verification.failed")


async def _grant(session: AsyncSession, request: Request, party: Whose, now: datetime) -> Answered:
    secret = secrets.token_urlsafe(24)
    expires_at = now + timedelta(minutes=GRANT_MINUTES)
    digest = desk_of(session).keys.digest(f"grant|{secret}")
    await session.execute(
        insert(ReleaseGrant).values(
            id=new_id(), request_id=request.id, party=party, digest=digest, expires_at=expires_at
        )
    )
    return Answered(secret, expires_at)


def _note(session: AsyncSession, action: str, row: Verification, *, by: Actor, now: datetime) -> None:
    facts = {"party": row.party, "method": row.method, "purpose": row.purpose}
    audit.note(session, action, by=by, now=now, request_id=row.request_id, facts=facts)
