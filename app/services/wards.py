"""Which child a guardian asks for (Act 38(2), Decree 46(1)): the register knows only what was typed about the child.

Of the guardian nothing is sent. Who stands on record beside the child, by a contact they proved, is known by that;
everybody else waits for their papers, and until those are accepted hears the same whoever the child is.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.desk import desk_of
from app.law import deadline, match
from app.law.match import Finding, Person, Ward
from app.law.terms import Method, Whose
from app.models import Request
from app.services import keyring, matched, parties, proving
from app.services.casebook import Case
from app.services.matched import Found
from app.services.parties import CONTACT, CONTRADICTED, Parties


async def find(session: AsyncSession, case: Case, people: Iterable[Person] | None, *, now: datetime) -> Found:
    """The child, by what the guardian has proved and handed in so far (`people` None: there is no register)."""
    known = await parties.read(session, case.request)
    papers = known.papers_show_standing()
    if people is None:
        # Then there are only the papers, and the two people who decide on them.
        return Found(Finding.IDENTIFIED, _as_typed(session, case.request)) if papers else Found(Finding.NOT_YET)
    people, proven = tuple(people), _proven(session, known)
    wards = [(one, _judged(session, case, known, people, one, papers, now)) for one in proven or (None,)]
    # A mark at the register is for a person to see before they judge any paper; outwardly it changes nothing.
    marked = any(
        _judged(session, case, known, people, one, True, now).finding is Finding.NO_DISCLOSURE
        for one in proven or (None,)
    )
    if marked:
        return Found(Finding.NO_DISCLOSURE)
    by, ward = next(((one, ward) for one, ward in wards if ward.on_record), wards[0])
    return Found(
        ward.finding,
        matched.known(ward.person) if ward.person else None,
        guardians=matched.guardians(ward.person) if ward.person else (),
        proved=by if ward.on_record else None,
        on_record=ward.on_record,
    )


def _judged(
    session: AsyncSession,
    case: Case,
    known: Parties,
    people: tuple[Person, ...],
    proven: tuple[str, str] | None,
    papers: bool,
    now: datetime,
) -> Ward:
    assert known.requester is not None and known.relationship is not None
    typed = keyring.subject(session, case.request)
    born = matched.day(typed["birth_date"])
    assert born is not None, "filing asks a guardian for the child's date of birth"
    doubted = matched.under_correction(case.claims)
    kinds = [kind for kind in ("phone", "email", "customer_no") if typed.get(kind) and kind not in doubted]
    return match.judge_ward(
        people,
        name=typed["name"],
        birth_date=born,
        handles=tuple((kind, typed[kind]) for kind in kinds),
        guardian=(keyring.details(session, known.requester)["name"], proven),
        papers=papers,
        relationship=known.relationship,
        on=deadline.seoul_date(now),
        policy=desk_of(session).policy,
    )


def _proven(session: AsyncSession, known: Parties) -> tuple[tuple[str, str], ...]:
    """The contacts that the guardian proved: those that answered a code, and a telephone that a provider names."""
    assert known.requester is not None
    details, found = keyring.details(session, known.requester), []
    for one in known.proofs:
        if one.party != Whose.REQUESTER or one.judgement in (None, CONTRADICTED):
            continue
        kind = CONTACT.get(Method(one.method))
        said = proving.asserted_of(session, known.request, known.requester, one)
        if kind is not None:
            found.append((kind, details[kind]))
        elif said.get("phone"):
            found.append(("phone", said["phone"]))
    return tuple(dict.fromkeys(found))


def _as_typed(session: AsyncSession, request: Request) -> dict[str, Any]:
    typed = keyring.subject(session, request)
    return matched.vouched(typed["name"], typed["birth_date"], subject_ref=None, phone=None)
