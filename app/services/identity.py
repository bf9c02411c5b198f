"""What the register's answer comes to, and what follows: claims verified, fields held, or a person asked to look.

Worked in three beats by the worker: `question` reads, the register is asked outside any transaction, `judge` records.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE, desk_of
from app.jobs import Job, defer
from app.law import age, assurance, deadline, match
from app.law.match import Finding, Person
from app.law.terms import Event, Method, Right, Status
from app.models import Claim, Proof, Request, ReviewItem
from app.services import audit, casebook, keyring
from app.services.casebook import Case
from app.services.scope import categories_of

CONTACT = {Method.PHONE_CODE: "phone", Method.EMAIL_CODE: "email"}
TO_REVIEW = (Finding.UNUSABLE_CONTACT, Finding.SEVERAL, Finding.UNDER_14, Finding.BIRTH_CONFLICT, Finding.CONTRADICTED)


@dataclass(frozen=True, slots=True)
class Question:
    """What the register is asked: what is known, no more."""

    name: str
    phone: str | None
    email: str | None
    birth_date: date | None
    customer_no: str | None


async def question(session: AsyncSession, proof_id: UUID) -> Question | None:
    """What to ask the register about this proof, or None when it was judged already."""
    proof = await session.get(Proof, proof_id)
    if proof is None or proof.judged_at is not None:
        return None
    request = await session.get_one(Request, proof.request_id)
    typed = keyring.subject(session, request)
    asserted = _asserted(session, request, proof)
    return Question(
        name=typed["name"],
        phone=asserted.get("phone") or typed.get("phone"),
        email=typed.get("email"),
        birth_date=_day(typed.get("birth_date") or asserted.get("birth_date")),
        customer_no=asserted.get("subject_ref") or typed.get("customer_no"),
    )


async def judge(
    session: AsyncSession, proof_id: UUID, people: Iterable[Person] | None, *, now: datetime
) -> Finding | None:
    """Judge what was proved against what the register answered (None: there is no register)."""
    proof = await session.get(Proof, proof_id, with_for_update=True)
    if proof is None or proof.judged_at is not None:
        return None
    case = await casebook.open_request(session, proof.request_id)
    finding, person = _judge(session, case, proof, people, now)
    if finding is Finding.IDENTIFIED and not _agrees(session, case.request, person):
        # One request is about one person: what is under way for one is never turned on another.
        finding, person = Finding.SEVERAL, None
    proof.judgement, proof.judged_at = (finding.value if finding else "reached"), now
    audit.note(
        session,
        "identity.judge",
        by=MACHINE,
        now=now,
        request_id=case.request.id,
        facts={"method": proof.method, "finding": proof.judgement},
    )
    if finding is Finding.IDENTIFIED and person is not None:
        await _identified(session, case, proof, person, now=now)
    elif finding is Finding.NOTHING_HELD and case.request.identity == "none":
        case.request.identity = "nothing_held"
        await _verify(session, case, [claim.id for claim in case.claims], now=now)
    elif finding in TO_REVIEW:
        assert finding is not None
        session.add(ReviewItem(id=new_id(), request_id=case.request.id, kind=f"identity.{finding}", at=now))
        # A person of ours has to look, and soon: the clock runs on, and the requester must not learn why.
        await defer(session, Job("tell_officer", {"claim_id": str(case.claims[0].id)}))
    return finding


def _judge(
    session: AsyncSession, case: Case, proof: Proof, people: Iterable[Person] | None, now: datetime
) -> tuple[Finding | None, dict[str, Any] | None]:
    method = Method(proof.method)
    typed = keyring.subject(session, case.request)
    asserted = _asserted(session, case.request, proof)
    if asserted.get("name") and match.folded(asserted["name"]) != match.folded(typed["name"]):
        return Finding.BIRTH_CONFLICT, None
    on, born = deadline.seoul_date(now), _day(asserted.get("birth_date"))
    if born is not None and age.under_14(born, on):
        return Finding.UNDER_14, None
    if people is None:
        # Without a register a code proves reach only; a login, a provider or a clerk vouches for the person.
        return (None, None) if method in CONTACT else (Finding.IDENTIFIED, _vouched(method, typed, asserted))
    judgement = match.judge(
        people,
        name=typed["name"],
        proven=_proven(method, typed, asserted),
        birth_date=_day(typed.get("birth_date") or asserted.get("birth_date")),
        under_correction=_under_correction(case.claims),
        on=on,
        policy=desk_of(session).policy,
        vouched=method not in CONTACT,
        seen=method is Method.ATTESTATION,
    )
    known = judgement.person
    return judgement.finding, _known(known) if known else None


def _agrees(session: AsyncSession, request: Request, person: dict[str, Any] | None) -> bool:
    """Whether this is the person already identified here; of one told that nothing is held, nothing turns up later."""
    before = keyring.person(session, request)
    if before is None or person is None:
        return request.identity == "none"
    return bool(before["subject_ref"] == person["subject_ref"])


async def _identified(
    session: AsyncSession, case: Case, proof: Proof, person: dict[str, Any], *, now: datetime
) -> None:
    desk, request = desk_of(session), case.request
    request.person_ct = keyring.seal(session, request, "request.person", request.id, person)
    # Without a customer number only this request is known to be about this person.
    known_by = ("customer_no", person["subject_ref"]) if person["subject_ref"] else ("request", str(request.id))
    request.subject_digest = desk.handle(*known_by)
    request.identity = "identified"
    request.old_contact = request.old_contact or Method(proof.method) in CONTACT
    proved = await _methods(session, request, proof)
    enough = [
        claim.id
        for claim in case.claims
        if assurance.suffices(desk.policy, proved, Right(claim.right), categories_of(desk.policy, claim))
    ]
    await _verify(session, case, enough, now=now)


async def _verify(session: AsyncSession, case: Case, claim_ids: list[UUID], *, now: datetime) -> None:
    for claim in case.claims:
        if claim.id in claim_ids and claim.status == Status.RECEIVED:
            await casebook.record(session, case, claim, Event.VERIFY, by=MACHINE, now=now)


async def _methods(session: AsyncSession, request: Request, proof: Proof) -> set[Method]:
    await session.flush()
    judged = select(col(Proof.method)).where(
        col(Proof.request_id) == request.id, col(Proof.judgement) == Finding.IDENTIFIED.value
    )
    return {Method(one) for one in (await session.execute(judged)).scalars()} | {Method(proof.method)}


def _asserted(session: AsyncSession, request: Request, proof: Proof) -> dict[str, Any]:
    if proof.asserted_ct is None:
        return {}
    facts: dict[str, Any] = keyring.unseal(session, request, "proof.asserted", proof.id, proof.asserted_ct)
    return facts


def _proven(method: Method, typed: dict[str, Any], asserted: dict[str, Any]) -> tuple[str, str]:
    """Which handle was proved: the contact that answered, the customer the login names, or the provider's phone."""
    if method in CONTACT:
        return CONTACT[method], typed[CONTACT[method]]
    for kind, value in (
        ("customer_no", asserted.get("subject_ref")),
        ("phone", asserted.get("phone")),
        ("customer_no", typed.get("customer_no")),
        ("phone", typed.get("phone")),
        ("email", typed.get("email")),
    ):
        if value:
            return kind, value
    raise AssertionError("filing asks for a handle")


def _under_correction(claims: list[Claim]) -> set[str]:
    return {
        change["field"]
        for claim in claims
        if claim.right == Right.CORRECTION
        for change in claim.scope["changes"]
        if change["field"] in ("phone", "email")
    }


def _known(person: Person) -> dict[str, Any]:
    return {
        "subject_ref": person.subject_ref,
        "name": person.name,
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "contacts": [{"kind": one.kind, "value": one.value, "holder": one.holder} for one in person.contacts],
    }


def _vouched(method: Method, typed: dict[str, Any], asserted: dict[str, Any]) -> dict[str, Any]:
    """The person as vouched for; a merely typed contact or number is not taken over, it may be somebody else's."""
    phone = asserted.get("phone")
    # Who saw the person's documents answers for the number on the form as well; a login or provider does not.
    seen = typed.get("customer_no") if method is Method.ATTESTATION else None
    return {
        "subject_ref": asserted.get("subject_ref") or seen,
        "name": typed["name"],
        "birth_date": asserted.get("birth_date") or typed.get("birth_date"),
        "contacts": [{"kind": "phone", "value": phone, "holder": "subject"}] if phone else [],
    }


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
