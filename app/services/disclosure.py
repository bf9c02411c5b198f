"""Telling the person (Act 35(3), 36(2), 37(2); Decree 41(5), 42(2), 43(3), 44(2)): notices, packages, messages.

A mail or SMS says only that the result is there. What it is opens by a grant, after a fresh code.
"""

import asyncio
import io
import zipfile
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id
from app.desk import MACHINE, Actor, desk_of
from app.documents import forms
from app.documents.package import AccessPackage, package_json, package_pdf
from app.errors import Conflict
from app.jobs import Job, defer
from app.law import deadline
from app.law.terms import Event, Outcome, Right, Status
from app.models import (
    Claim,
    Decision,
    Notice,
    Package,
    PackageChunk,
    Request,
    ReviewItem,
    System,
    Task,
)
from app.services import audit, casebook, composing, holds, keyring, outbox, packaging, throttle
from app.services.casebook import Case
from app.services.composing import Facts
from app.services.packaging import Registered
from app.services.planning import OPEN, SIDE
from app.services.visibility import owner_of, visible

CHUNK = 1 << 18
_CHANNEL = {"email": ("mail", "email"), "sms": ("sms", "phone")}
_TO_READ = "collection.read"


async def conclude(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Build what was granted, write the statutory notice, tell the person that it is there, close the claim."""
    case, claim = await casebook.open(session, claim_id)
    if claim.status == Status.LAPSED:
        await _tell_lapsed(session, case.request, now=now)
        return
    if claim.status not in (Status.CARRIED_OUT, Status.REFUSED):
        return
    if await _must_be_read(session, claim):
        await _ask_to_read(session, case.request, now=now)
        return
    facts = await _facts(session, case, claim, now=now)
    if _has_package(facts):
        await _build(session, facts, complete=True, now=now)
    notice = await _write(session, facts, "result", now=now)
    kind = "nothing_held" if claim.outcome == Outcome.NOTHING_HELD else "result"
    await tell(session, case.request, kind, notice=notice, now=now)
    await casebook.record(session, case, claim, Event.NOTIFY, by=MACHINE, now=now)


async def report_open(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """The internal day has come and holders are silent: tell what is done and name who has not answered (F4)."""
    case, claim = await casebook.open(session, claim_id)
    told = select(col(Notice.id)).where(
        col(Notice.claim_id) == claim.id, col(Notice.round) == claim.round, col(Notice.kind) == "interim"
    )
    if claim.status != Status.APPROVED or (await session.execute(told)).first() is not None:
        return
    facts = await _facts(session, case, claim, now=now)
    if _has_package(facts) and not await _must_be_read(session, claim):
        await _build(session, facts, complete=False, now=now)
    notice = await _write(session, facts, "interim", now=now)
    await tell(session, case.request, "result", notice=notice, now=now)


async def tell(
    session: AsyncSession, request: Request, kind: str, *, now: datetime, notice: Notice | None = None
) -> None:
    """A message in the way the person chose; without a contact for it, a person at the desk does it by hand."""
    channel, contact = _CHANNEL.get(request.notify_by, ("paper", ""))
    to = keyring.subject(session, request).get(contact) if contact else None
    message = await outbox.message(
        session,
        request,
        kind,
        channel if to else "paper",
        {"to": to, "params": {"receipt_no": request.receipt_no}},
        now=now,
    )
    message.notice_id = notice.id if notice else None


async def _tell_lapsed(session: AsyncSession, request: Request, *, now: datetime) -> None:
    """At most one such message a contact and day: nobody can have a stranger flooded by filing in their name."""
    _, contact = _CHANNEL.get(request.notify_by, ("paper", ""))
    to = keyring.subject(session, request).get(contact) if contact else None
    if to is None or await throttle.allow(session, "lapse_notice", to, most=1, minutes=24 * 60, now=now):
        await tell(session, request, "lapsed", now=now)


async def tell_desk(session: AsyncSession, claim_id: UUID, kind: str, *, now: datetime) -> None:
    """A word to the people of the desk: the receipt number and the day, nothing of the person."""
    case, claim = await casebook.open(session, claim_id)
    params = {"receipt_no": case.request.receipt_no, "due_on": claim.due_on.isoformat()}
    to = desk_of(session).policy.desk_email
    await outbox.message(session, case.request, kind, "mail", {"to": to, "params": params}, now=now)


async def confirm_withdrawal(session: AsyncSession, claim_id: UUID, *, now: datetime) -> None:
    """Confirm to a person who was reached that nothing more will happen; a stranger's request wakes nobody."""
    case, _ = await casebook.open(session, claim_id)
    if case.request.identity != "none":
        await tell(session, case.request, "withdrawn", now=now)


async def collected(session: AsyncSession, claim_id: UUID, *, by: Actor) -> tuple[int, dict[str, Any]]:
    """What holders returned for an access claim, for the officer who reads it before release (Act 35(4)2)."""
    request = await visible(session, await owner_of(session, claim_id, by), by)
    claim = await session.get_one(Claim, claim_id)
    items = [
        {"holder": holder, "category": category, "records": rows}
        for holder, category, rows in await _collected(session, request, claim)
    ]
    waiting = claim.status == Status.CARRIED_OUT and claim.read_at is None
    return claim.version, {"state": "to_read" if waiting else "open", "items": items}


async def release_collected(session: AsyncSession, claim_id: UUID, *, version: int, by: Actor, now: datetime) -> Claim:
    """An officer has read what was collected: it may be released."""
    await owner_of(session, claim_id, by)
    case, claim = await casebook.open(session, claim_id)
    casebook.checked_version(claim, version)
    if claim.right != Right.ACCESS or claim.status != Status.CARRIED_OUT:
        raise Conflict("state.conflict")
    claim.read_by, claim.read_at, claim.version = by.id, now, claim.version + 1
    settled = update(ReviewItem).where(
        col(ReviewItem.request_id) == case.request.id,
        col(ReviewItem.kind) == _TO_READ,
        col(ReviewItem.settled_at).is_(None),
    )
    await session.execute(settled.values(settled_at=now, settled_by=by.id))
    audit.note(session, "collection.read", by=by, now=now, request_id=case.request.id, claim_id=claim.id)
    await defer(session, Job("conclude", {"claim_id": str(claim.id)}))
    return claim


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


async def _facts(session: AsyncSession, case: Case, claim: Claim, *, now: datetime) -> Facts:
    decision = await holds.effective(session, claim)
    reason, items = _opened(session, case.request, decision)
    settled = desk_of(session).policy.settled
    opens = max(claim.available_from or now, now)
    tasks = (
        select(col(Task.action), col(Task.status), col(System.name), col(Task.result))
        .join(System, col(System.id) == col(Task.system_id))
        .where(col(Task.claim_id) == claim.id, col(Task.round) == claim.round)
    )
    rows = (await session.execute(tasks)).all()
    silent = {name for action, status, name, _ in rows if status in OPEN and action not in SIDE}
    # "Done" without a word of what is held is no answer to a question for the data.
    silent |= {name for action, status, name, result in rows if _is_empty(action, status, result)}
    informed = {name for action, _, name, _ in rows if action == "inform"}
    kept = [one for *_, result in rows for one in (result or {}).get("kept", [])]
    partly = {name for _, status, name, result in rows if status == "partly_done" and not (result or {}).get("kept")}
    return Facts(
        request=case.request,
        claim=claim,
        decision=decision,
        items=items,
        typed=keyring.subject(session, case.request),
        reason=reason,
        silent=tuple(sorted(silent)),
        informed=tuple(sorted(informed)),
        closes=opens + timedelta(days=settled.package_days) if claim.right == Right.ACCESS else None,
        on=deadline.seoul_date(now),
        kept_until={one["statute"]: max(k["until"] for k in kept if k["statute"] == one["statute"]) for one in kept},
        partly=tuple(sorted(partly)),
    )


def _is_empty(action: str, status: str, result: dict[str, Any] | None) -> bool:
    return action == "collect" and status in ("done", "partly_done") and not (result or {}).get("with_data")


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
    return facts.claim.right == Right.ACCESS and facts.claim.outcome in (Outcome.APPROVE, Outcome.PARTIAL)


async def _must_be_read(session: AsyncSession, claim: Claim) -> bool:
    """Free text names other people, so a person reads what was collected before it is released."""
    if claim.right != Right.ACCESS or claim.read_at is not None:
        return False
    free = {one.id for one in desk_of(session).policy.categories.values() if one.has_free_text}
    returned = select(col(Task.id)).where(
        col(Task.claim_id) == claim.id,
        col(Task.round) == claim.round,
        col(Task.action) == "collect",
        col(Task.category).in_(free),
        col(Task.status).in_(("done", "partly_done")),
    )
    return (await session.execute(returned.limit(1))).first() is not None


async def _ask_to_read(session: AsyncSession, request: Request, *, now: datetime) -> None:
    open_ = select(col(ReviewItem.id)).where(
        col(ReviewItem.request_id) == request.id,
        col(ReviewItem.kind) == _TO_READ,
        col(ReviewItem.settled_at).is_(None),
    )
    if (await session.execute(open_.limit(1))).first() is None:
        session.add(ReviewItem(id=new_id(), request_id=request.id, kind=_TO_READ, at=now))


async def _collected(
    session: AsyncSession, request: Request, claim: Claim
) -> list[tuple[str, str, list[dict[str, str]]]]:
    returned = (
        select(Task, col(System.name))
        .join(System, col(System.id) == col(Task.system_id))
        .where(
            col(Task.claim_id) == claim.id,
            col(Task.round) == claim.round,
            col(Task.action) == "collect",
            col(Task.answer_ct).is_not(None),
        )
        .order_by(col(Task.id))
    )
    found = []
    for task, holder in (await session.execute(returned)).all():
        assert task.answer_ct is not None
        answer = keyring.unseal(session, request, "task.answer", task.id, task.answer_ct)
        found += [(holder, category, rows) for category, rows in (answer["data"] or {}).items()]
    return found


async def _registry(session: AsyncSession) -> tuple[Registered, ...]:
    """Everybody outside who is registered as given data."""
    outside = select(col(System.name), col(System.kind), col(System.categories)).where(
        col(System.kind).in_(("third_party", "processor")), col(System.state) != "retired"
    )
    rows = (await session.execute(outside.order_by(col(System.name)))).all()
    return tuple(Registered(row.name, row.kind, tuple(row.categories)) for row in rows)


async def _build(session: AsyncSession, facts: Facts, *, complete: bool, now: datetime) -> None:
    desk, request, claim = desk_of(session), facts.request, facts.claim
    content = packaging.package(desk, facts, await _collected(session, request, claim), await _registry(session))
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


def _archive(content: AccessPackage) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("access.json", package_json(content))
        archive.writestr("access.pdf", package_pdf(content))
    return memory.getvalue()


async def _write(session: AsyncSession, facts: Facts, kind: str, *, now: datetime) -> Notice:
    content = composing.notice(desk_of(session), facts)
    notice = Notice(
        id=new_id(),
        request_id=facts.request.id,
        claim_id=facts.claim.id,
        round=facts.claim.round,
        kind=kind,
        form=content.form,
        language=facts.request.language,
        content_ct=b"",
        at=now,
    )
    notice.content_ct = keyring.seal(session, facts.request, "notice.content", notice.id, forms.dump(content))
    session.add(notice)
    await session.flush()
    return notice
