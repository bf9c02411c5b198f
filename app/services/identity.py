"""What the register's answer comes to, and what follows: claims verified, fields held, or a person asked to look.

Worked in three beats by the worker: `question` reads, the register is asked outside any transaction, `judge` records.
Of a guardian's request the question is which child is meant (`wards`), of any other whether the subject is ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.desk import MACHINE, desk_of
from app.jobs import Job, defer
from app.law import age, deadline, match
from app.law.match import Finding, Person
from app.law.terms import Capacity, Method, Reached, Whose
from app.models import Proof, Request
from app.services import alerts, audit, casebook, flags, frequency, keyring, matched, parties, proving, wards
from app.services.casebook import Case
from app.services.matched import Found
from app.services.parties import CONTACT, IDENTIFIED, NOBODY, NOTHING_HELD, Parties

TO_REVIEW = {
    Finding.UNUSABLE_CONTACT: "identity.unusable_contact",
    Finding.SEVERAL: "identity.several",
    Finding.UNDER_14: "identity.under_14",
    Finding.BIRTH_CONFLICT: "identity.birth_conflict",
    Finding.CONTRADICTED: "identity.contradicted",
    Finding.DECEASED: "identity.deceased",
    Finding.STANDING: "identity.standing",
    Finding.NO_DISCLOSURE: "guardian.no_disclosure",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What the register is asked: what is known about the subject, no more, and nothing of who asks for them."""

    name: str | None
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
        name=typed["name"] if desk_of(session).policy.named else None,
        phone=asserted.get("phone") or typed.get("phone"),
        email=typed.get("email"),
        birth_date=matched.day(typed.get("birth_date") or asserted.get("birth_date")),
        customer_no=asserted.get("subject_ref") or typed.get("customer_no"),
    )


async def judge(
    session: AsyncSession, proof_id: UUID, people: Iterable[Person] | None, *, now: datetime
) -> Finding | None:
    """Judge what was proved against what the register answered (None: there is no register)."""
    proof = await session.get(Proof, proof_id)
    if proof is None:
        return None
    case = await casebook.open_request(session, proof.request_id)
    await session.refresh(proof)
    # What is frozen waits: the sweep finds the proof again once somebody has ruled.
    if proof.judged_at is not None or case.request.frozen_at is not None:
        return None
    found = await _find(session, case, proof, people, now)
    if found.finding is Finding.IDENTIFIED and not _agrees(session, case.request, found.person):
        # One request is about one person: what is under way for one is never turned on another.
        found = Found(Finding.SEVERAL)
    if proof.party == Whose.SUBJECT or proof.method == Method.DOCUMENTS:
        proof.judgement = found.finding or parties.REACHED
    proof.judged_at = now
    facts = {"party": proof.party, "method": proof.method, "finding": found.finding or parties.REACHED}
    audit.note(session, "identity.judge", by=MACHINE, now=now, request_id=case.request.id, facts=facts)
    await _follow(session, case, proof, found, now=now)
    await casebook.advance(session, case, by=MACHINE, now=now)
    return found.finding


async def _find(
    session: AsyncSession, case: Case, proof: Proof, people: Iterable[Person] | None, now: datetime
) -> Found:
    if case.request.capacity == Capacity.GUARDIAN:
        return await wards.find(session, case, people, now=now)
    return _find_subject(session, case, proof, people, now)


def _find_subject(
    session: AsyncSession, case: Case, proof: Proof, people: Iterable[Person] | None, now: datetime
) -> Found:
    method, policy = Method(proof.method), desk_of(session).policy
    typed = keyring.subject(session, case.request)
    asserted = _asserted(session, case.request, proof)
    if asserted.get("name") and match.folded(asserted["name"]) != match.folded(typed["name"]):
        return Found(Finding.BIRTH_CONFLICT)
    on, born = deadline.seoul_date(now), matched.day(asserted.get("birth_date"))
    if born is not None and age.under_14(born, on):
        return Found(Finding.UNDER_14)
    if people is None:
        # Without a register a code proves reach only; a login, a provider or a clerk vouches for the person.
        return Found(None) if method in CONTACT else Found(Finding.IDENTIFIED, _vouched(method, typed, asserted))
    proven = _proven(method, typed, asserted)
    judgement = match.judge(
        people,
        name=typed["name"],
        proven=proven,
        birth_date=matched.day(typed.get("birth_date") or asserted.get("birth_date")),
        under_correction=matched.under_correction(case.claims),
        on=on,
        policy=policy,
        vouched=method not in CONTACT,
        seen=method is Method.ATTESTATION,
    )
    person = judgement.person
    if person is None:
        return Found(judgement.finding)
    by_contact = method in CONTACT
    return Found(
        judgement.finding,
        matched.known(person),
        proved=proven if by_contact else None,
        reached=match.reached(person, proven, on=on, policy=policy) if by_contact else Reached.OTHER,
    )


async def _follow(session: AsyncSession, case: Case, proof: Proof, found: Found, *, now: datetime) -> None:
    request = case.request
    if found.finding is Finding.IDENTIFIED and found.person is not None:
        await _identified(session, case, found, now=now)
    elif found.finding is Finding.NOTHING_HELD and request.identity == NOBODY:
        request.identity = _once_mandated(request, NOTHING_HELD)
    elif found.finding in TO_REVIEW:
        await flags.raise_once(session, request.id, TO_REVIEW[found.finding], now=now)
        # A person of ours has to look, and soon: the clock runs on, and the requester must not learn why.
        await defer(session, Job("tell_officer", {"claim_id": str(case.claims[0].id)}))
    unusable = found.finding is Finding.UNUSABLE_CONTACT
    if found.person is not None and (unusable or found.finding is Finding.IDENTIFIED):
        # Who holds a contact that is not surely the person's own may be a stranger: the person hears of it at once.
        await alerts.tell(session, case, found.person, proved=found.proved, guardians=found.guardians, now=now)


def _agrees(session: AsyncSession, request: Request, person: dict[str, Any] | None) -> bool:
    """Whether this is the person already identified here; of one told that nothing is held, nothing turns up later."""
    before = keyring.person(session, request)
    if before is None or person is None:
        return request.identity == NOBODY
    return bool(before["subject_ref"] == person["subject_ref"])


async def _identified(session: AsyncSession, case: Case, found: Found, *, now: datetime) -> None:
    desk, request, person = desk_of(session), case.request, found.person
    assert person is not None
    request.person_ct = keyring.seal(session, request, "request.person", request.id, person)
    # Without a customer number only this request is known to be about this person.
    known_by = ("customer_no", person["subject_ref"]) if person["subject_ref"] else ("request", str(request.id))
    first, request.subject_digest = request.subject_digest is None, desk.handle(*known_by)
    if first:
        await frequency.watch_subject(session, request, case.claims[0].id, now=now)
    request.identity = _once_mandated(request, IDENTIFIED)
    request.reached = _reached(request, found)
    known = await parties.read(session, request)
    if known.requester is not None and found.on_record:
        known.requester.on_record = True
        _on_record(session, known, found.proved)
    request.asker_digest = parties.asker(session, known)


def _once_mandated(request: Request, identity: str) -> str:
    """Of a delegate's principal it counts once the mandate is accepted: the casebook sees to that."""
    return request.identity if request.capacity == Capacity.DELEGATE else identity


def _on_record(session: AsyncSession, known: Parties, contact: tuple[str, str] | None) -> None:
    """The guardian's own contact that the register holds says who they are; their other one goes on to reach them."""
    for proof in known.proofs:
        kind = CONTACT.get(Method(proof.method))
        if proof.party == Whose.REQUESTER and kind is not None:
            value = parties.typed(session, known.request, known.requester, Whose.REQUESTER, kind)
            proof.judgement = IDENTIFIED if (kind, value) == contact else proof.judgement


def _reached(request: Request, found: Found) -> str:
    """A contact says how long it has stood on record; a login or a paper says nothing about that."""
    if found.reached is Reached.OTHER and request.reached != Reached.NONE:
        return request.reached
    return found.reached


def _asserted(session: AsyncSession, request: Request, proof: Proof) -> dict[str, Any]:
    """What was said of the subject; a guardian's own login says nothing of the child."""
    if proof.party == Whose.REQUESTER:
        return {}
    return proving.asserted_of(session, request, None, proof)


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


def _vouched(method: Method, typed: dict[str, Any], asserted: dict[str, Any]) -> dict[str, Any]:
    """The person as vouched for."""
    # Who saw the person's documents answers for the number on the form as well; a login or provider does not.
    seen = typed.get("customer_no") if method is Method.ATTESTATION else None
    return matched.vouched(
        typed["name"],
        asserted.get("birth_date") or typed.get("birth_date"),
        subject_ref=asserted.get("subject_ref") or seen,
        phone=asserted.get("phone"),
    )
