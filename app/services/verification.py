"""Reach, then identity (Act 38(1), Decree 46(1); Standard Guideline 34).

A code answered proves that a typed contact is held: reach. Identity is the register having exactly one person of that
name with that contact, the person's own and old enough, or a login, a provider or a clerk vouching. The door records
and answers at once; the register is asked by the worker.
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
from app.db import new_id
from app.desk import Actor, Desk, desk_of
from app.errors import Conflict, Forbidden, Invalid, Unauthenticated
from app.jobs import Job, defer
from app.law.terms import Method, Status
from app.models import AssertionUse, Proof, ReleaseGrant, Request, Verification
from app.services import access_log, audit, casebook, keyring, outbox, visibility
from app.tokens import Assertion

CONTACT = {Method.PHONE_CODE: "phone", Method.EMAIL_CODE: "email"}
ASSERTED = (Method.SITE_LOGIN, Method.IDENTITY_PROVIDER)
ENDED = (Status.CLOSED, Status.WITHDRAWN, Status.LAPSED)
GRANT_MINUTES = 10
_DUMMY_SALT = b"no such code was ever sent......"
_DUMMY_HASH = bytes(32)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a right answer gives: nothing more at identity, a grant at release."""

    grant: str | None
    grant_expires_at: datetime | None


async def ask(
    session: AsyncSession, request_id: UUID, method: Method, purpose: str, *, by: Actor, now: datetime
) -> Verification:
    """Ask for proof. The row and the answer are the same whether or not a code will be sent."""
    await visibility.visible(session, request_id, by)
    case = await casebook.open_request(session, request_id)
    if purpose == "release":
        await _may_release(session, case.request, method, by)
    elif all(Status(claim.status) in ENDED for claim in case.claims):
        raise Conflict("claim.closed")
    settled = desk_of(session).policy.settled
    digest = _contact_digest(session, case.request, method)
    await _end_earlier(session, request_id, purpose, now)
    row = Verification(
        id=new_id(),
        request_id=request_id,
        party="subject",
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
    audit.note(
        session,
        "verification.ask",
        by=by,
        now=now,
        request_id=request_id,
        facts={"method": method.value, "purpose": purpose},
    )
    return row


async def prepare_code(session: AsyncSession, verification_id: UUID, *, now: datetime) -> bool:
    """Make the code in the worker, keep its slow hash and queue its message, all in one transaction (C2)."""
    row = await session.get(Verification, verification_id, with_for_update=True)
    if row is None or row.sent_at is not None or row.used_at is not None or row.expires_at <= now:
        return False
    request = await session.get_one(Request, row.request_id)
    code = f"{secrets.randbelow(10**8):08d}"
    row.salt = secrets.token_bytes(16)
    row.code_hash = await asyncio.to_thread(crypto.scrypt_hash, code, row.salt)
    row.sent_at = now
    kind = CONTACT[Method(row.method)]
    content = {"to": keyring.subject(session, request)[kind], "params": {"code": code}}
    await outbox.message(session, request, "code", "sms" if kind == "phone" else "mail", content, now=now)
    return True


async def answer_code(
    desk: Desk, verification_id: UUID, code: str, *, by: Actor, now: datetime, contact: access_log.Contact | None = None
) -> Answered:
    """Take a code. The try is counted and committed before comparing, so that no crash gives a free guess."""
    async with desk.database.transaction() as session:
        session.info["contact"] = contact
        counted = await _count_try(session, verification_id, by, now)
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
    documents_seen: list[str],
    subject_ref: str | None,
    *,
    by: Actor,
    now: datetime,
) -> Proof:
    """A clerk or officer saw the person's documents; their kinds are recorded, never their numbers."""
    await visibility.visible(session, request_id, by)
    case = await casebook.open_request(session, request_id)
    if all(Status(claim.status) in ENDED for claim in case.claims):
        raise Conflict("claim.closed")
    asserted = {"subject_ref": subject_ref, "documents_seen": documents_seen}
    proof = await _prove(session, case.request, Method.ATTESTATION, None, asserted, by=by, now=now)
    audit.note(
        session,
        "verification.attest",
        by=by,
        now=now,
        request_id=request_id,
        facts={"documents_seen": documents_seen},
    )
    return proof


async def _may_release(session: AsyncSession, request: Request, method: Method, by: Actor) -> None:
    """What is released opens by the way that verified, and by no other; a call center never opens results."""
    if by.role == "call_center":
        raise Forbidden("auth.forbidden")
    if request.identity == "none":
        raise Conflict("claim.not_verified")
    proved = select(col(Proof.id)).where(
        col(Proof.request_id) == request.id,
        col(Proof.method) == method.value,
        col(Proof.judgement) == request.identity,
    )
    if (await session.execute(proved.limit(1))).first() is None:
        raise Conflict("claim.not_verified")


def _contact_digest(session: AsyncSession, request: Request, method: Method) -> bytes | None:
    kind = CONTACT.get(method)
    if kind is None:
        return None
    value = keyring.subject(session, request).get(kind)
    if not value:
        raise Invalid("field.inconsistent", pointer="/method")
    return desk_of(session).handle(kind, value)


async def _end_earlier(session: AsyncSession, request_id: UUID, purpose: str, now: datetime) -> None:
    earlier = update(Verification).where(
        col(Verification.request_id) == request_id,
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
    recent = select(func.count()).where(
        col(Verification.contact_digest) == digest,
        col(Verification.purpose) == purpose,
        col(Verification.sends),
        col(Verification.created_at) > now - timedelta(hours=1),
    )
    sent = (await session.execute(recent)).scalar_one()
    return sent < settled.code_sends_per_hour and not await _locked(session, digest, now)


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
    if row is None or not await visibility.is_visible(session, row.request_id, by):
        return None
    if by.role == "call_center" and row.purpose != "identity":
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
    audit.note(
        session,
        "verification.answer",
        by=by,
        now=now,
        request_id=row.request_id,
        facts={"method": row.method, "purpose": row.purpose},
    )
    facts = _facts(asserted) if asserted is not None else None
    if row.purpose == "release":
        if facts is not None and not await _vouched_before(session, case.request, row.method, facts):
            raise _failed()
        return await _grant(session, case.request, now)
    await _prove(session, case.request, Method(row.method), row.id, facts, by=by, now=now)
    if case.request.access_code_digest is None and row.method in CONTACT:
        await _send_access_code(session, case.request, Method(row.method), now)
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


async def _vouched_before(session: AsyncSession, request: Request, method: str, facts: dict[str, Any]) -> bool:
    """Whether a login or provider speaks of the very person it identified here, not just of somebody."""
    proofs = select(Proof).where(
        col(Proof.request_id) == request.id, col(Proof.method) == method, col(Proof.judgement) == request.identity
    )
    for proof in (await session.execute(proofs)).scalars():
        if proof.asserted_ct is not None:
            before = keyring.unseal(session, request, "proof.asserted", proof.id, proof.asserted_ct)
            alike = ("subject_ref",) if facts["subject_ref"] else ("subject_ref", "name", "phone", "birth_date")
            if all(facts[one] == before[one] for one in alike):
                return True
    return False


def _failed() -> Invalid:
    """One answer for wrong, expired, used, locked and unknown."""
    # Made anew each time: a raised exception holds on to every frame it passed, and what stood in them.
    return Invalid("verification.failed")


async def _prove(
    session: AsyncSession,
    request: Request,
    method: Method,
    verification_id: UUID | None,
    asserted: dict[str, Any] | None,
    *,
    by: Actor,
    now: datetime,
) -> Proof:
    proof = Proof(
        id=new_id(),
        request_id=request.id,
        party="subject",
        method=method.value,
        verification_id=verification_id,
        at=now,
        by_role=by.role,
        by_id=by.id,
    )
    if asserted is not None:
        proof.asserted_ct = keyring.seal(session, request, "proof.asserted", proof.id, asserted)
    session.add(proof)
    await defer(session, Job("identify", {"proof_id": str(proof.id)}))
    return proof


async def _grant(session: AsyncSession, request: Request, now: datetime) -> Answered:
    secret = secrets.token_urlsafe(24)
    expires_at = now + timedelta(minutes=GRANT_MINUTES)
    digest = desk_of(session).keys.digest(f"grant|{secret}")
    await session.execute(
        insert(ReleaseGrant).values(id=new_id(), request_id=request.id, digest=digest, expires_at=expires_at)
    )
    return Answered(secret, expires_at)


async def _send_access_code(session: AsyncSession, request: Request, method: Method, now: datetime) -> None:
    """A caller gets the access code once the contact is reached: the agent never hears it."""
    code = numbers.access_code()
    request.access_code_digest = desk_of(session).keys.digest(f"access_code|{code}")
    kind = CONTACT[method]
    content = {
        "to": keyring.subject(session, request)[kind],
        "params": {"receipt_no": request.receipt_no, "access_code": code},
    }
    await outbox.message(session, request, "access_code", "sms" if kind == "phone" else "mail", content, now=now)
