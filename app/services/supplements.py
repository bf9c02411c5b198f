"""Calling for what is missing (보완 요구, B6): everything named in one message, one reminder, and the clock goes on.

An officer calls, or the machine does once somebody is there to be told. The row is made with the call; the job sends
one message for all that was called for and not told yet.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE, Actor, desk_of
from app.errors import Conflict, Fault, Invalid
from app.jobs import Job, defer
from app.law import deadline
from app.law.terms import Event, Label, Right, Status
from app.models import Claim, Evidence, Proof, Request, Requester, Supplement
from app.services import audit, casebook, keyring, parties, recipients, telling
from app.services.casebook import Case
from app.services.visibility import visible

_MASKED = Label("주민등록번호 뒷자리를 가린 것", "with the resident number masked")
_STAFF = ("officer", "approver")
_LYING = ("scan_pending", "pending", "accepted")
_ENDED = (Status.CLOSED, Status.WITHDRAWN, Status.LAPSED)
_APART = timedelta(days=1)
_BATCH = 500


async def ask(
    session: AsyncSession, request_id: UUID, missing: Sequence[str], message: str | None, *, by: Actor, now: datetime
) -> dict[str, Any]:
    """An officer calls for papers: claims not verified yet wait for them, a correction is looked at meanwhile."""
    await visible(session, request_id, by)
    case = await casebook.open_request(session, request_id)
    casebook.refuse_frozen(case.request)
    _refuse_unknown(session, missing)
    concerned = [claim for claim in case.claims if _can_wait(claim)]
    if not concerned:
        ended = all(claim.status in _ENDED for claim in case.claims)
        raise Conflict("claim.closed" if ended else "state.conflict")
    row = _row(session, case, missing, concerned, by=by, now=now)
    if message is not None:
        row.message_ct = keyring.seal(session, case.request, "supplement.message", row.id, message)
    for claim in concerned:
        if claim.status != Status.AWAITING_EVIDENCE:
            facts = {"missing": list(missing)}
            await casebook.record(session, case, claim, Event.ASK_FOR_EVIDENCE, by=by, now=now, facts=facts)
    await _send_later(session, case)
    return view(session, case.request, row, told=True)


async def listed(session: AsyncSession, request_id: UUID, *, by: Actor) -> list[dict[str, Any]]:
    """What was called for, oldest first. The officer's words are for whom they were written, and for staff."""
    request = await visible(session, request_id, by)
    told = by.role in _STAFF
    if by.role == "requester":
        told = by.party == await recipients.party(session, request, "procedure")
        if not told:
            return []
    calls = select(Supplement).where(col(Supplement.request_id) == request_id).order_by(col(Supplement.id))
    return [view(session, request, one, told=told) for one in (await session.execute(calls)).scalars()]


def view(session: AsyncSession, request: Request, call: Supplement, *, told: bool) -> dict[str, Any]:
    """One call; `told`: with the officer's words."""
    message = None
    if told and call.message_ct is not None:
        message = keyring.unseal(session, request, "supplement.message", call.id, call.message_ct)
    return {
        "id": str(call.id),
        "missing": call.missing,
        "message": message,
        "at": deadline.seoul_time(call.at).isoformat(),
        "due_on": call.due_on.isoformat(),
        "closed": call.closed_at is not None,
    }


async def ask_again(session: AsyncSession, case: Case, paper: Evidence, *, now: datetime) -> None:
    """The machine calls for a paper again that an officer could not take: a masked copy, or one that is needed."""
    waiting = [claim for claim in case.claims if claim.status not in _ENDED]
    needed = paper.state == "number_visible" or paper.kind in await parties.papers_missing(session, case.request)
    if waiting and needed:
        _row(session, case, [paper.kind], waiting, by=MACHINE, now=now)
        await _send_later(session, case)


async def send(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Tell the person everything that is called for and was not told; the machine's own call is made here."""
    case, _ = await casebook.open(session, claim_id)
    if case.request.frozen_at is not None:
        return
    await _own_call(session, case, now=now)
    untold = [one for one in await _open(session, case.request) if one.told_at is None]
    named = await _named(session, case.request, untold)
    if named:
        await _tell(session, case, "supplement", named, untold, now=now)
    for one in untold:
        one.told_at = now


def unsent() -> Select[UUID]:
    """The first claim of each request in which a call was not told, or, with nothing handed in, was not even made."""
    untold = select(col(Supplement.request_id)).where(
        col(Supplement.told_at).is_(None), col(Supplement.closed_at).is_(None)
    )
    waiting = aliased(Claim)
    theirs = col(waiting.request_id)
    uncalled = select(theirs).where(
        col(waiting.status) == Status.AWAITING_EVIDENCE,
        exists().where(col(Requester.request_id) == theirs, col(Requester.proved) != "none"),
        ~exists().where(col(Supplement.request_id) == theirs),
        ~exists().where(col(Evidence.request_id) == theirs),
        # Whom the register is still asked about may need no paper at all.
        ~exists().where(col(Proof.request_id) == theirs, col(Proof.judged_at).is_(None)),
    )
    frozen = exists().where(col(Request.id) == col(Claim.request_id), col(Request.frozen_at).is_not(None))
    # From the few that wait to their first claims: a search among all claims would grow with every year.
    return select(col(Claim.id)).where(
        col(Claim.position) == 1, col(Claim.request_id).in_(untold.union(uncalled)), ~frozen
    )


async def to_remind(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """Requests whose call is near its day, was told on an earlier day, and was not repeated."""
    desk, today = desk_of(session), deadline.seoul_date(now)
    horizon = deadline.working_days_after(today, desk.policy.settled.reminder_working_days, desk.closed)
    near = (
        select(col(Supplement.request_id))
        .distinct()
        .join(Request, col(Request.id) == col(Supplement.request_id))
        .where(
            col(Supplement.closed_at).is_(None),
            col(Supplement.reminded_at).is_(None),
            col(Supplement.told_at) <= now - _APART,
            col(Supplement.due_on).between(today, horizon),
            col(Request.frozen_at).is_(None),
        )
    )
    return list((await session.execute(near.limit(_BATCH))).scalars())


async def remind(session: AsyncSession, request_id: UUID, *, now: datetime) -> None:
    """Name once more what is still missing; whoever handed it in meanwhile hears nothing."""
    case = await casebook.open_request(session, request_id)
    if case.request.frozen_at is not None:
        return
    calls = [one for one in await _open(session, case.request) if one.told_at is not None]
    first = all(one.reminded_at is None for one in calls)
    if first and any(_can_wait(claim) for claim in case.claims):
        named = await _named(session, case.request, calls)
        if named:
            await _tell(session, case, "reminder", named, calls, now=now)
    for one in calls:
        one.reminded_at = one.reminded_at or now


async def close_met(session: AsyncSession, request: Request, *, now: datetime) -> None:
    """Close the calls of which everything was accepted."""
    for call in await _open(session, request):
        accepted = await _kinds(session, request, ("accepted",), since=call.at)
        if set(call.missing) <= accepted:
            call.closed_at = now


async def _own_call(session: AsyncSession, case: Case, *, now: datetime) -> None:
    """The papers that a standing needs, once whoever asks can be told: before, it may be anybody's contact."""
    waiting = [claim for claim in case.claims if claim.status == Status.AWAITING_EVIDENCE]
    known = await parties.read(session, case.request)
    if not waiting or known.requester is None or known.requester.proved == "none":
        return
    called = {kind for one in await _open(session, case.request) for kind in one.missing}
    lying = await _kinds(session, case.request, _LYING)
    missing = [kind for kind in known.papers_missing() if kind not in called | lying]
    if missing:
        _row(session, case, missing, waiting, by=MACHINE, now=now)
        await session.flush()


def _row(
    session: AsyncSession, case: Case, missing: Sequence[str], claims: Iterable[Claim], *, by: Actor, now: datetime
) -> Supplement:
    """A call; its day is our own day of the first claim it holds up, on which that claim lapses (lifecycle)."""
    row = Supplement(
        id=new_id(),
        request_id=case.request.id,
        missing=list(dict.fromkeys(missing)),
        by_id=by.id,
        at=now,
        due_on=min(claim.internal_on for claim in claims),
    )
    session.add(row)
    facts = {"missing": row.missing, "due_on": row.due_on.isoformat()}
    audit.note(session, "supplement.ask", by=by, now=now, request_id=case.request.id, facts=facts)
    return row


async def _send_later(session: AsyncSession, case: Case) -> None:
    await defer(session, Job("ask_supplement", {"claim_id": str(case.claims[0].id)}))


async def _tell(
    session: AsyncSession, case: Case, kind: str, named: list[str], calls: Iterable[Supplement], *, now: datetime
) -> None:
    due_on = min(one.due_on for one in calls)
    params = {"due_on": due_on.isoformat(), "missing": ", ".join(named)}
    await telling.tell(session, case.request, kind, purpose="procedure", now=now, params=params)


async def _named(session: AsyncSession, request: Request, calls: Iterable[Supplement]) -> list[str]:
    """What is still missing of these calls, in the words of the policy; a copy that showed a number says so."""
    named: dict[str, None] = {}
    for call in calls:
        since = await _kinds(session, request, _LYING, since=call.at)
        named.update(dict.fromkeys(kind for kind in call.missing if kind not in since))
    shown = await _kinds(session, request, ("number_visible",))
    documents, english = desk_of(session).policy.documents, request.language == "en"
    return [
        _said(documents[kind].label, english) + (f" ({_said(_MASKED, english)})" if kind in shown else "")
        for kind in named
    ]


def _said(label: Label, english: bool) -> str:
    return label.en if english else label.ko


async def _open(session: AsyncSession, request: Request) -> list[Supplement]:
    calls = select(Supplement).where(col(Supplement.request_id) == request.id, col(Supplement.closed_at).is_(None))
    return list((await session.execute(calls.order_by(col(Supplement.id)))).scalars())


async def _kinds(
    session: AsyncSession, request: Request, states: Iterable[str], *, since: datetime | None = None
) -> set[str]:
    """The kinds of paper that lie there in one of these states; `since` counts only what came, or was seen, later."""
    mine = select(Evidence).where(col(Evidence.request_id) == request.id, col(Evidence.state).in_(list(states)))
    papers = (await session.execute(mine)).scalars()
    return {one.kind for one in papers if since is None or (one.reviewed_at or one.at) >= since}


def _can_wait(claim: Claim) -> bool:
    unverified = claim.status in (Status.RECEIVED, Status.AWAITING_EVIDENCE)
    return unverified or (claim.status == Status.VERIFIED and claim.right == Right.CORRECTION)


def _refuse_unknown(session: AsyncSession, missing: Sequence[str]) -> None:
    known = desk_of(session).policy.documents
    faults = tuple(Fault(f"/missing/{n}", "field.value") for n, kind in enumerate(missing) if kind not in known)
    if faults:
        raise Invalid("field.value", faults=faults)
