"""What a proof is worth for the party who gave it: the subject, or the guardian or delegate who asks for them.

The subject's is judged by the register (`identity`). Of the requester the register is never asked: a contact that
answers reaches them, and a login, a provider or a clerk who saw their papers says who they are.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.db import new_id
from app.desk import Actor
from app.errors import Conflict, Invalid
from app.jobs import Job, defer
from app.law.match import folded
from app.law.terms import Capacity, Method, Whose
from app.models import Proof, Request, Requester
from app.services import access_codes, casebook, flags, keyring, parties
from app.services.casebook import Case
from app.services.parties import CONTACT, CONTRADICTED, IDENTIFIED, REACHED

_SURER = {"none": 0, REACHED: 1, IDENTIFIED: 2}


def may_prove(request: Request, party: Whose, by: Actor) -> None:
    """Of oneself only the subject proves anything; a child proves nothing for its guardian; a delegate needs both.

    A delegate passes on the subject's word, the subject has no business with the delegate's.
    """
    lone = {Capacity.SELF: Whose.SUBJECT, Capacity.GUARDIAN: Whose.REQUESTER}
    meddling = by.role == "requester" and by.party == Whose.SUBJECT and party is Whose.REQUESTER
    if meddling or lone.get(Capacity(request.capacity), party) is not party:
        raise Invalid("field.inconsistent", pointer="/party")


async def whose_key(session: AsyncSession, request: Request, party: Whose) -> Requester | None:
    """The requester whose proof this is, or None where it is the subject's; destroyed data proves nothing more."""
    if party is Whose.SUBJECT:
        return None
    requester = await session.get_one(Requester, request.id)
    if requester.key is None:
        raise Conflict("claim.closed")
    return requester


async def contact(session: AsyncSession, request: Request, party: Whose, method: Method) -> tuple[str, str] | None:
    """The typed contact to which this method sends a code; no contact of a delegate can ever confirm the subject."""
    kind = CONTACT.get(method)
    if kind is None:
        return None
    requester = await parties.requester_of(session, request)
    value = parties.typed(session, request, requester, party, kind)
    theirs = parties.typed(session, request, requester, Whose.REQUESTER, kind) if party is Whose.SUBJECT else None
    if not value or (theirs is not None and theirs.casefold() == value.casefold()):
        raise Invalid("field.inconsistent", pointer="/method")
    return kind, value


async def record(
    session: AsyncSession,
    case: Case,
    party: Whose,
    method: Method,
    verification_id: UUID | None,
    asserted: dict[str, Any] | None,
    *,
    by: Actor,
    now: datetime,
) -> Proof:
    """Write down what was proved, and have what follows from it done."""
    request = case.request
    requester = await whose_key(session, request, party)
    proof = Proof(
        id=new_id(),
        request_id=request.id,
        party=party,
        method=method,
        verification_id=verification_id,
        at=now,
        by_role=by.role,
        by_id=by.id,
    )
    if asserted is not None:
        proof.asserted_ct = _sealed(session, request, requester, proof.id, asserted)
    session.add(proof)
    if requester is not None:
        await _of_requester(session, case, requester, proof, asserted or {}, by=by, now=now)
    if proof.judged_at is None:
        await defer(session, Job("identify", {"proof_id": str(proof.id)}))
    if party is Whose.REQUESTER or request.capacity == Capacity.SELF:
        await access_codes.to_filer(session, request, requester, method, now=now)
    return proof


async def vouched_before(
    session: AsyncSession, request: Request, party: Whose, method: Method, facts: dict[str, Any]
) -> bool:
    """Whether a login or provider speaks of the very person it identified here, not just of somebody."""
    requester = await whose_key(session, request, party)
    judged = (request.identity,) if requester is None else (REACHED, IDENTIFIED)
    proofs = select(Proof).where(
        col(Proof.request_id) == request.id,
        col(Proof.party) == party,
        col(Proof.method) == method,
        col(Proof.judgement).in_(judged),
    )
    for proof in (await session.execute(proofs)).scalars():
        before = asserted_of(session, request, requester, proof)
        alike = ("subject_ref",) if facts["subject_ref"] else ("subject_ref", "name", "phone", "birth_date")
        if before and all(facts[one] == before[one] for one in alike):
            return True
    return False


def asserted_of(session: AsyncSession, request: Request, requester: Requester | None, proof: Proof) -> dict[str, Any]:
    """What a login, a provider or a clerk said in this proof; `requester` where it is theirs."""
    if proof.asserted_ct is None:
        return {}
    facts: dict[str, Any] = (
        keyring.unseal(session, request, "proof.asserted", proof.id, proof.asserted_ct)
        if requester is None
        else keyring.unseal_for(session, requester, "proof.asserted", proof.id, proof.asserted_ct)
    )
    return facts


async def _of_requester(
    session: AsyncSession,
    case: Case,
    requester: Requester,
    proof: Proof,
    asserted: dict[str, Any],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Judge a requester's own proof at once; only for a guardian the register is asked, about the child."""
    proof.judgement = _worth(Method(proof.method), asserted, keyring.details(session, requester))
    if proof.judgement == CONTRADICTED:
        proof.judged_at = now
        await flags.raise_once(session, case.request.id, "identity.contradicted", now=now)
        await defer(session, Job("tell_officer", {"claim_id": str(case.claims[0].id)}))
        return
    if _SURER[proof.judgement] > _SURER[requester.proved]:
        requester.proved = proof.judgement
    if case.request.capacity == Capacity.DELEGATE:
        proof.judged_at = now
        await session.flush()
        case.request.asker_digest = parties.asker(session, await parties.read(session, case.request))
        await casebook.advance(session, case, by=by, now=now)


def _worth(method: Method, asserted: dict[str, Any], details: dict[str, Any]) -> str:
    """What this says of the requester: a login that names nobody shows that somebody is there, not who."""
    if method in CONTACT:
        return REACHED
    if method is Method.ATTESTATION:
        return IDENTIFIED
    name, born = asserted.get("name"), asserted.get("birth_date")
    other = name is not None and folded(name) != folded(details["name"])
    if other or (born is not None and details.get("birth_date") not in (None, born)):
        return CONTRADICTED
    return IDENTIFIED if name is not None else REACHED


def _sealed(
    session: AsyncSession, request: Request, requester: Requester | None, row: UUID, asserted: dict[str, Any]
) -> bytes:
    """Under the key of whom it is about."""
    if requester is None:
        return keyring.seal(session, request, "proof.asserted", row, asserted)
    return keyring.seal_for(session, requester, "proof.asserted", row, asserted)
