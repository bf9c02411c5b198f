"""Telling the person (Act 35(3), 36(2), 37(2); Decree 41(5), 42(2), 43(3), 44(2)): notices, packages, messages.

A mail or SMS says only that the result is there. What it is opens by a grant, after a fresh code.
"""

import asyncio
import io
import secrets
import zipfile
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.chain import packs
from app.crashpoints import crashpoint
from app.db import new_id
from app.desk import MACHINE, desk_of
from app.documents import forms
from app.documents.notices import Postponed, demand
from app.documents.opened import AccessPackage
from app.documents.package import package_json, package_pdf
from app.documents.tongue import say, tongue_of
from app.law import deadline
from app.law.provision import ProvisionBasis
from app.law.terms import Aspect, Capacity, Event, Outcome, Right, Status, Whose
from app.models import (
    Claim,
    Decision,
    Freeze,
    Mandate,
    Notice,
    Package,
    PackageChunk,
    Postponement,
    Request,
    Requester,
    System,
    Task,
)
from app.services import (
    audit,
    casebook,
    collecting,
    composing,
    fenced,
    holders_said,
    holds,
    informing,
    keyring,
    packaging,
    parties,
    provided,
    reaching,
    recipients,
    relaying,
    reported,
    showing,
    telling,
    throttle,
)
from app.services.casebook import Case
from app.services.facts import Facts
from app.services.packaging import Provided, Registered, StillKept
from app.services.recipients import Recipient
from app.services.scope import is_media

CHUNK = 1 << 18


async def conclude(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Build what was granted, write the statutory notice, tell whom it answers that it is there, close the claim."""
    case, claim = await casebook.open(session, claim_id)
    if claim.status == Status.LAPSED:
        await _tell_lapsed(session, case.request, now=now)
        return
    if claim.status not in (Status.CARRIED_OUT, Status.REFUSED) or case.request.frozen_at:
        return
    if await collecting.must_be_read(session, claim):
        await collecting.ask_to_read(session, case.request, now=now)
        return
    facts = await facts_of(session, case, claim, now=now)
    if _has_package(facts):
        await _build(session, facts, complete=True, now=now)
    notice = await write(session, facts, "result", now=now)
    kind = "deferral_ended" if await _was_postponed(session, claim) else _word(session, facts)
    message = await telling.tell_party(session, case.request, kind, facts.who, notice=notice, now=now)
    reaching.answered(claim, message, now=now)
    await casebook.record(session, case, claim, Event.NOTIFY, by=MACHINE, now=now)
    crashpoint("notice.before_commit")


def _word(session: AsyncSession, facts: Facts) -> str:
    """In which words it is said that an answer is there; who asked for paper hears of its cost, whatever it came to."""
    posted = facts.claim.scope.get("delivery") == "post"
    if posted and desk_of(session).policy.fees.charged:
        return "result_paper"
    return "nothing_held" if facts.claim.outcome == Outcome.NOTHING_HELD else "result"


async def report_open(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """The internal day has come and holders are silent: tell what is done and name who has not answered (F4)."""
    case, claim = await casebook.open(session, claim_id)
    if claim.status != Status.APPROVED or case.request.frozen_at:
        return
    if await is_told(session, claim, claim.round, "interim"):
        return
    facts = await facts_of(session, case, claim, now=now)
    if _has_package(facts) and not await collecting.must_be_read(session, claim):
        await _build(session, facts, complete=False, now=now)
    notice = await write(session, facts, "interim", now=now)
    message = await telling.tell_party(session, case.request, "result", facts.who, notice=notice, now=now)
    reaching.answered(claim, message, now=now)


async def confirm_withdrawal(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Confirm to who was reached that nothing more will happen; a stranger's request wakes nobody."""
    case, _ = await casebook.open(session, claim_id)
    requester = await session.get(Requester, case.request.id)
    if case.request.identity != "none" or (requester is not None and requester.proved != "none"):
        kind = "disowned" if await _is_disowned(session, case.request) else "withdrawn"
        # It speaks of the whole request: one word for all of its claims, and none for each time one is taken back.
        if await throttle.allow(session, kind, str(case.request.id), most=1, minutes=60, now=now):
            await telling.tell(session, case.request, kind, purpose="procedure", now=now)


async def give_again(session: AsyncSession, case: Case, claim: Claim, *, now: datetime) -> None:
    """Build anew a package that was called back, and say that it is there."""
    facts = await facts_of(session, case, claim, now=now)
    await _build(session, facts, complete=claim.status == Status.CLOSED, now=now)
    await telling.tell_party(session, case.request, "result", facts.who, now=now)


async def destroy_packages(session: AsyncSession, *, now: datetime) -> int:
    """Destroy the packages whose days are over; the row that says so stays."""
    over = (
        update(Package)
        .where(col(Package.expires_at) <= now, col(Package.destroyed_at).is_(None))
        .values(destroyed_at=now)
        .returning(col(Package.id))
    )
    ids = list((await session.execute(over)).scalars())
    if ids:
        await session.execute(delete(PackageChunk).where(col(PackageChunk.package_id).in_(ids)))
        audit.note(session, "package.destroy", by=MACHINE, now=now, facts={"packages": [str(one) for one in ids]})
    return len(ids)


async def _was_postponed(session: AsyncSession, claim: Claim) -> bool:
    """Whether this answer was put off before (Act 35(3))."""
    before = select(col(Postponement.id)).where(
        col(Postponement.claim_id) == claim.id, col(Postponement.round) == claim.round
    )
    return (await session.execute(before.limit(1))).first() is not None


async def _is_disowned(session: AsyncSession, request: Request) -> bool:
    void = select(col(Freeze.id)).where(col(Freeze.request_id) == request.id, col(Freeze.result) == "void")
    return (await session.execute(void.limit(1))).first() is not None


async def _tell_lapsed(session: AsyncSession, request: Request, *, now: datetime) -> None:
    """At most one such message a contact and day: nobody can have a stranger flooded by filing in their name."""
    mandate = await session.get(Mandate, request.id)
    if mandate is not None and mandate.revoked_at is not None:
        # Both sides heard of that when it ended.
        return
    who = await recipients.of(session, request, "procedure")
    _, to = await telling.way(session, request, who)
    name, minutes = reaching.UNKNOWN_MOST
    if to is None or await throttle.allow(session, name, to, most=1, minutes=minutes, now=now):
        await telling.tell_party(session, request, await _lapse(session, request, now), who, now=now)


async def _lapse(session: AsyncSession, request: Request, now: datetime) -> str:
    """In which words it ended: not verified, the standing not shown, or a child come of age."""
    if await parties.standing(session, request, now=now) == "guardian.ended":
        return "guardian_ended"
    return "lapsed" if request.capacity == Capacity.SELF else "lapsed_standing"


async def _answered(session: AsyncSession, request: Request, now: datetime) -> Recipient:
    """Whom the result goes to: the subject alone, once whoever asked for them has lost their standing or is forgotten.

    Years later a guardian's own data is long destroyed; a child who may not ask alone is not told in their place.
    """
    if await parties.standing(session, request, now=now) is not None:
        return await recipients.whose(session, request, Whose.SUBJECT)
    who = await recipients.of(session, request, "result")
    if who.party is Whose.REQUESTER and await recipients.is_forgotten(session, request):
        on = deadline.seoul_date(now)
        if recipients.asks_alone(session, request, on=on):
            return await recipients.whose(session, request, Whose.SUBJECT)
    return who


async def facts_of(session: AsyncSession, case: Case, claim: Claim, *, now: datetime) -> Facts:
    """What a claim came to, opened for composing."""
    decision = await holds.effective(session, claim)
    reason, items = _opened(session, case.request, decision)
    who = await _answered(session, case.request, now)
    settled = desk_of(session).policy.settled
    opens = max(claim.available_from or now, now)
    said = await holders_said.of(session, case.request, claim, items)
    on = deadline.seoul_date(now)
    return Facts(
        request=case.request,
        claim=claim,
        decision=decision,
        items=items,
        who=who,
        typed=keyring.subject(session, case.request),
        reason=reason,
        silent=said.silent,
        informed=tuple(say(one, tongue_of(who.language)) for one in await informing.told(session, claim, on=on)),
        closes=opens + timedelta(days=settled.package_days) if _opens_package(claim) else None,
        on=on,
        kept_until=said.kept_until,
        reported=tuple(await reported.of(session, claim)),
        onward=said.onward,
        partly=said.partly,
        passed_on=await relaying.sources_told(session, claim),
        absent=said.absent,
        provided=len(await _provided(session, case.request, claim, items, on=on)),
        sight=await showing.sight(session, claim),
        young=who.party is Whose.SUBJECT and recipients.is_young(session, case.request, on=on),
    )


def _opened(
    session: AsyncSession, request: Request, decision: Decision | None
) -> tuple[str | None, list[dict[str, Any]]]:
    """The sealed parts of a decision: the reason for the person, and each item with the facts of its ground."""
    if decision is None:
        return None, []
    reason, facts = None, {}
    if decision.reason_ct is not None:
        reason = keyring.unseal(session, request, "decision.reason", decision.id, decision.reason_ct)
    if decision.facts_ct is not None:
        facts = keyring.unseal(session, request, "decision.facts", decision.id, decision.facts_ct)
    return reason, [{**item, "facts": facts.get(item["item"], {})} for item in decision.items]


def _has_package(facts: Facts) -> bool:
    return _opens_package(facts.claim) and facts.claim.outcome in (Outcome.APPROVE, Outcome.PARTIAL)


def _opens_package(claim: Claim) -> bool:
    """Footage is seen where it is, or handed over there; it never lies in a package of ours."""
    return claim.right == Right.ACCESS and not is_media(claim)


async def _registry(session: AsyncSession) -> tuple[Registered, ...]:
    """Everybody outside who is registered as given data, or as having given it."""
    outside = select(col(System.name), col(System.kind), col(System.categories)).where(
        col(System.kind).in_(("third_party", "processor", "source")), col(System.state) != "retired"
    )
    rows = (await session.execute(outside.order_by(col(System.name)))).all()
    return tuple(Registered(row.name, row.kind, tuple(row.categories)) for row in rows)


async def _kept(session: AsyncSession, request: Request, claim: Claim) -> tuple[StillKept, ...]:
    """What is kept by statute alone: of earlier deletions, and as holders report it now (Act 35(1), 21(3))."""
    fences = [StillKept(one.category, one.label, one.basis, one.until) for one in await fenced.of(session, request)]
    known = {(one.category, one.statute) for one in fences}
    tasks = (
        select(col(Task.category), col(Task.result), col(System.name))
        .join(System, col(System.id) == col(Task.system_id))
        .where(col(Task.claim_id) == claim.id, col(Task.round) == claim.round, col(Task.action) == "collect")
        .order_by(col(Task.id))
    )
    reported = [
        StillKept(row.category, f"{row.name}에서 알려 온 기록", one["statute"], date.fromisoformat(one["until"]))
        for row in (await session.execute(tasks)).all()
        for one in (row.result or {}).get("kept", [])
        if (row.category, one["statute"]) not in known
    ]
    return (*fences, *reported)


async def _provided(
    session: AsyncSession, request: Request, claim: Claim, items: list[dict[str, Any]], *, on: date
) -> tuple[Provided, ...]:
    """Single provisions of what was asked, by name of the receiver, that may be told (Act 35(1), Decree 41(1)4)."""
    if claim.right != Right.ACCESS or Aspect.THIRD_PARTIES not in (claim.scope.get("aspects") or ()):
        return ()
    asked = {item["item"].partition(".")[0] for item in items}
    found = [one for one in await provided.of(session, request) if one.category in asked]
    names = {to: await provided.recipient(session, to) for to in sorted({one.recipient for one in found})}
    return tuple(
        Provided(
            one.category,
            names[one.recipient],
            one.provided_on,
            tuple(one.fields),
            ProvisionBasis(one.basis),
            one.article,
        )
        for one in found
        if provided.may_be_told(desk_of(session), names[one.recipient], on)
    )


async def _build(session: AsyncSession, facts: Facts, *, complete: bool, now: datetime) -> None:
    desk, request, claim = desk_of(session), facts.request, facts.claim
    returned, kept = await collecting.returned(session, request, claim), await _kept(session, request, claim)
    single = await _provided(session, request, claim, facts.items, on=facts.on)
    content = packaging.package(desk, facts, returned, await _registry(session), kept, single)
    archive = await asyncio.to_thread(_archive, content)
    assert facts.closes is not None
    pieces = [archive[start : start + CHUNK] for start in range(0, len(archive), CHUNK)]
    package = Package(
        id=new_id(),
        claim_id=claim.id,
        request_id=request.id,
        round=claim.round,
        complete=complete,
        chunks=len(pieces),
        size=len(archive),
        at=now,
        expires_at=facts.closes,
    )
    session.add(package)
    await session.flush()
    for position, piece in enumerate(pieces):
        sealed = keyring.seal_bytes(session, request, "package.chunk", f"{package.id}/{position}", piece)
        session.add(PackageChunk(package_id=package.id, position=position, sealed=sealed))
    await session.flush()
    crashpoint("package.before_commit")


def _archive(content: AccessPackage) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("access.json", package_json(content))
        archive.writestr("access.pdf", package_pdf(content))
    return memory.getvalue()


async def write(
    session: AsyncSession, facts: Facts, kind: str, *, now: datetime, answer: Postponed | None = None
) -> Notice:
    """The statutory notice of a claim, sealed; rendered when it is opened."""
    if kind == "interim":
        demand(*facts.silent, what="who has not answered yet")
    content = composing.notice(desk_of(session), facts, answer=answer)
    return await keep(session, facts, content, kind, now=now)


async def is_told(session: AsyncSession, claim: Claim, round_: int, kind: str) -> bool:
    """Whether this notice was written already: a job may run twice."""
    told = select(col(Notice.id)).where(
        col(Notice.claim_id) == claim.id, col(Notice.round) == round_, col(Notice.kind) == kind
    )
    return (await session.execute(told.limit(1))).first() is not None


async def keep(
    session: AsyncSession, facts: Facts, content: forms.Told, kind: str, *, now: datetime, round_: int | None = None
) -> Notice:
    """Any notice of a claim, sealed under its request's key; of this round, where none is named."""
    notice = Notice(
        id=new_id(),
        request_id=facts.request.id,
        claim_id=facts.claim.id,
        round=round_ or facts.claim.round,
        kind=kind,
        form=content.form,
        language=facts.request.language,
        content_ct=b"",
        at=now,
        due_on=facts.claim.due_on,
    )
    kept = forms.dump(content) | {forms.SALT: secrets.token_hex(16)}
    notice.content_ct = keyring.seal(session, facts.request, "notice.content", notice.id, kept)
    session.add(notice)
    told = {"notice": str(notice.id), "kind": kind, "content": packs.digest(rfc8785.dumps(kept))}
    audit.note(
        session, packs.TELLS, by=MACHINE, now=now, request_id=notice.request_id, claim_id=notice.claim_id, facts=told
    )
    await session.flush()
    return notice
