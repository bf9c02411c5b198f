"""Who asks for whom, and what they have shown so far (Act 38, Decree 45, 46): read and judged here, never written.

How the pieces meet:

- Whoever brings the last of what was missing calls `casebook.advance(session, case, by=..., now=now)`, nothing else:
  an officer's review once a paper is accepted, a proof, the register's answer. It moves the claims that lack no paper
  any more, verifies those that are proved, and has the register asked again (a `Proof` by documents) where only papers
  were missing to tell which child is meant. While the request is frozen, or the standing is lost, it does nothing.
- `Proof.party` says whose proof it is. Of the subject, and of a guardian's papers, `judgement` is what the register's
  answer came to (`identified`, `nothing_held`, ...). Of any other proof of the requester it is `reached`, `identified`
  or `contradicted`: about themselves only. Which child they asked for is `Request.identity` and the sealed person.
- `standing` gives the code with which an ended standing is refused; every decision and every disclosure asks it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import MACHINE, Desk, desk_of
from app.law import assurance, deadline, proof
from app.law import standing as law
from app.law.match import Finding, folded
from app.law.proof import Shown
from app.law.terms import Capacity, Method, Need, Relationship, Right, Whose
from app.models import Claim, Evidence, Mandate, Proof, Request, Requester, Supplement
from app.services import keyring
from app.services.scope import categories_of

CONTACT = {Method.PHONE_CODE: "phone", Method.EMAIL_CODE: "email"}
ASSERTED = (Method.SITE_LOGIN, Method.IDENTITY_PROVIDER)
REACHED, IDENTIFIED, CONTRADICTED = "reached", "identified", "contradicted"
NOBODY, NOTHING_HELD = "none", "nothing_held"
_FOOTING: dict[str, Literal["none", "reached", "identified"]] = {
    "none": "none",
    "reached": "reached",
    "identified": "identified",
}


@dataclass(frozen=True, slots=True)
class Parties:
    """Everything that stands in the rows about who asks, for whom, on what proof."""

    desk: Desk
    request: Request
    requester: Requester | None
    mandate: Mandate | None
    proofs: tuple[Proof, ...]
    """In the order in which they were given."""
    accepted: frozenset[str]
    """The kinds of the requester's papers that an officer accepted."""
    demanded: frozenset[str]
    """What an officer has called for on top, and was not accepted since."""

    @property
    def capacity(self) -> Capacity:
        """In what standing this is asked."""
        return Capacity(self.request.capacity)

    @property
    def relationship(self) -> Relationship | None:
        """By what a guardian is one."""
        return Relationship(self.requester.relationship) if self.requester and self.requester.relationship else None

    def shown(self, claim: Claim | None = None) -> Shown:
        """What was shown so far: for this claim, or for any where none is named."""
        if self.requester is None:
            return Shown()
        return Shown(
            requester=_FOOTING[self.requester.proved],
            on_record=self.requester.on_record,
            accepted=self.accepted,
            confirmed=self.request.identity == NOTHING_HELD or self._confirmed(claim),
        )

    def missing(self, claim: Claim | None = None) -> tuple[Need, ...]:
        """What is still to be shown (Decree 45, 46)."""
        return proof.missing(self.desk.policy, self.capacity, self.relationship, self.shown(claim))

    def papers_missing(self) -> tuple[str, ...]:
        """The papers still to be accepted: what shows the standing, then what an officer called for."""
        owed = proof.papers_missing(self.desk.policy, self.capacity, self.relationship, self.shown())
        return tuple(dict.fromkeys((*owed, *sorted(self.demanded))))

    def can_be_told(self) -> bool:
        """Whether who asks for somebody else was reached: before, it may be anybody's contact."""
        return self.requester is not None and self.requester.proved != NOBODY

    def papers_show_standing(self) -> bool:
        """Whether the papers alone show it, whatever the register says of the requester."""
        return set(proof.papers(self.desk.policy, self.capacity, self.relationship)) <= self.accepted

    def proves(self, claim: Claim) -> bool:
        """Whether the person is known, or nothing is held, and nothing is left to be shown for this claim."""
        if self.request.identity == NOBODY or self.missing(claim):
            return False
        return self.request.identity == NOTHING_HELD or self._assured(claim)

    def said(self, judgement: str) -> Proof | None:
        """The first proof of the subject's that the register's answer came to this."""
        return next((one for one in self.proofs if one.party == Whose.SUBJECT and one.judgement == judgement), None)

    def methods(self, party: Whose, *judgements: str) -> frozenset[Method]:
        """By what this party has proved something that was judged so."""
        return frozenset(
            Method(one.method) for one in self.proofs if one.party == party and one.judgement in judgements
        )

    def release_methods(self, party: Whose) -> frozenset[Method]:
        """What is released to a party opens by the surest way in which they have proved who they are, and no other."""
        if party is Whose.SUBJECT:
            found = self.methods(party, self.request.identity)
        else:
            found = _answerable(self.methods(party, IDENTIFIED)) or self.methods(party, REACHED)
        return _answerable(found)

    def _confirmed(self, claim: Claim | None) -> bool:
        methods = self.methods(Whose.SUBJECT, Finding.IDENTIFIED)
        if not self.papers_show_standing():
            # Whoever answers for the subject is taken at their word until then, so that nobody learns who is known.
            methods = frozenset(Method(one.method) for one in self.proofs if one.party == Whose.SUBJECT)
        return bool(methods) if claim is None else self._suffice(methods, claim)

    def _assured(self, claim: Claim) -> bool:
        if self.capacity is Capacity.GUARDIAN:
            return self._suffice(self.methods(Whose.REQUESTER, REACHED, IDENTIFIED), claim)
        return self._suffice(self.methods(Whose.SUBJECT, Finding.IDENTIFIED), claim)

    def _suffice(self, methods: Iterable[Method], claim: Claim) -> bool:
        policy = self.desk.policy
        touched = categories_of(policy, claim)
        return assurance.suffices(policy, methods, Right(claim.right), touched, capacity=self.capacity)


async def read(session: AsyncSession, request: Request) -> Parties:
    """Everything about who asks, as it stands in this transaction."""
    given = select(Proof).where(col(Proof.request_id) == request.id).order_by(col(Proof.at), col(Proof.id))
    proofs = tuple((await session.execute(given)).scalars())
    asks_alone = request.capacity == Capacity.SELF
    return Parties(
        desk=desk_of(session),
        request=request,
        requester=None if asks_alone else await requester_of(session, request),
        mandate=None if asks_alone else await session.get(Mandate, request.id),
        proofs=proofs,
        accepted=frozenset() if asks_alone else await _accepted(session, request),
        demanded=await _demanded(session, request),
    )


async def requester_of(session: AsyncSession, request: Request) -> Requester | None:
    """The guardian or delegate who asks; None for who asks for themselves."""
    return await session.get(Requester, request.id)


async def papers_missing(session: AsyncSession, request: Request) -> tuple[str, ...]:
    """The papers still to be accepted."""
    return (await read(session, request)).papers_missing()


async def is_proved(session: AsyncSession, request: Request, claim: Claim) -> bool:
    """Whether this claim may count as verified."""
    return (await read(session, request)).proves(claim)


async def standing(session: AsyncSession, request: Request, *, now: datetime) -> str | None:
    """The code of a standing that has ended by now (Civil Act 4, 127, 128), or None while it holds."""
    on = deadline.seoul_date(now)
    match Capacity(request.capacity):
        case Capacity.SELF:
            return None
        case Capacity.GUARDIAN:
            requester = await session.get_one(Requester, request.id)
            relationship = Relationship(requester.relationship) if requester.relationship else None
            return law.lost(Capacity.GUARDIAN, relationship, born=_born(session, request), on=on)
        case Capacity.DELEGATE:
            mandate = await session.get_one(Mandate, request.id)
            revoked = mandate.revoked_at is not None and mandate.revoked_cause != "expired"
            return law.mandate_lost(revoked=revoked, until=mandate.expires_on, on=on)


def asker(session: AsyncSession, parties: Parties) -> bytes | None:
    """Whose request about whom, as a keyed hash: only claims of one asker stand in one order (C3)."""
    request, requester = parties.request, parties.requester
    if request.subject_digest is None:
        return None
    who = "self"
    if requester is not None:
        who = f"{folded(keyring.details(session, requester)['name'])}|{_first_proven(session, parties, requester)}"
    return parties.desk.keys.lookup("asker", f"{request.subject_digest.hex()}|{request.capacity}|{who}")


def typed(session: AsyncSession, request: Request, requester: Requester | None, party: Whose, kind: str) -> str | None:
    """The contact of this kind that was typed for a party at filing; none for somebody whose data was destroyed."""
    said: dict[str, str | None] = {}
    if party is Whose.SUBJECT:
        said = keyring.subject(session, request)
    elif requester is not None and requester.key is not None:
        said = keyring.details(session, requester)
    return said.get(kind)


def _first_proven(session: AsyncSession, parties: Parties, requester: Requester) -> str:
    """The contact the requester proved first: typing somebody's name alone joins nobody's order."""
    for one in parties.proofs:
        kind = CONTACT.get(Method(one.method))
        if kind is not None and one.party == Whose.REQUESTER:
            return f"{kind}|{typed(session, parties.request, requester, Whose.REQUESTER, kind)}"
    # Nobody else can prove this request's own requester; without a contact it stands for itself alone.
    return f"request|{parties.request.id}"


def _answerable(methods: frozenset[Method]) -> frozenset[Method]:
    """A visit or a paper identifies, but cannot be answered from afar."""
    return methods & {*CONTACT, *ASSERTED}


def _born(session: AsyncSession, request: Request) -> date | None:
    """The register's date of birth where it is known, else the typed one."""
    person = keyring.person(session, request) or {}
    born = person.get("birth_date") or keyring.subject(session, request).get("birth_date")
    return date.fromisoformat(born) if born else None


async def _accepted(session: AsyncSession, request: Request) -> frozenset[str]:
    papers = select(col(Evidence.kind)).where(
        col(Evidence.request_id) == request.id,
        col(Evidence.party) == Whose.REQUESTER,
        col(Evidence.state) == "accepted",
    )
    return frozenset((await session.execute(papers)).scalars())


async def _demanded(session: AsyncSession, request: Request) -> frozenset[str]:
    """What an officer called for and was not accepted since; the machine's own calls follow from the standing."""
    calls = select(Supplement).where(
        col(Supplement.request_id) == request.id,
        col(Supplement.closed_at).is_(None),
        col(Supplement.by_id) != MACHINE.id,
    )
    owed: set[str] = set()
    for call in (await session.execute(calls)).scalars():
        since = select(col(Evidence.kind)).where(
            col(Evidence.request_id) == request.id,
            col(Evidence.state) == "accepted",
            col(Evidence.reviewed_at) >= call.at,
        )
        owed |= set(call.missing) - set((await session.execute(since)).scalars())
    return frozenset(owed)
