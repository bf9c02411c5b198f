"""The page of a holder without a machine (F6): its address by mail, its number by another way, one answer by it.

Of the address a keyed hash is kept, of the number a slow one; neither can be told again, only made anew.
"""

import asyncio
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app import crypto, numbers
from app.db import new_id
from app.desk import MACHINE, Actor, Desk, desk_of
from app.errors import Conflict, NotFound
from app.jobs import Job, defer
from app.law import deadline
from app.models import AnswerLink, Request, System, Task
from app.services import access_log, audit, casebook, flags, fulfilment, outbox
from app.services.access_log import Contact

PAGE = "urn:rights-desk:answer-page"
"""Who says so, where a holder's word came by its page."""
SESSION = timedelta(minutes=30)
LOCKED = "answer_link.locked"


@dataclass(frozen=True, slots=True)
class Made:
    """A new address. Who asked for it is told the number or the address, never both: alone they answer nothing."""

    link: AnswerLink
    url: str | None
    pin: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """An address that still opens, its task, and whether this visitor has shown the number."""

    link: AnswerLink
    task: Task
    system: System
    proved: bool


def holder(system_id: UUID) -> Actor:
    """A holder, speaking by its page."""
    return Actor("system", PAGE, str(system_id))


async def begin(session: AsyncSession, task_id: UUID, *, now: datetime) -> None:
    """Tell a holder of its task, once; a task that is stopped waits for the ruling."""
    task, system, request = await _locked(session, task_id)
    told = (
        await session.execute(select(col(AnswerLink.id)).where(col(AnswerLink.task_id) == task_id).limit(1))
    ).first()
    if told is None and _answers(task, system) and not await _is_stopped(session, task):
        await _make(session, request, task, system, by=MACHINE, now=now)


async def renew(session: AsyncSession, task_id: UUID, *, by: Actor, now: datetime) -> Made:
    """A new address and number; those before open nothing any more."""
    if await session.get(Task, task_id) is None:
        raise NotFound("task.not_found")
    task, system, request = await _locked(session, task_id)
    access_log.touch(session, request_id=request.id, subject_digest=request.subject_digest)
    if not _answers(task, system):
        raise Conflict("state.conflict")
    if await _is_stopped(session, task):
        raise Conflict("request.frozen")
    earlier = update(AnswerLink).where(col(AnswerLink.task_id) == task_id, _is_unused())
    await session.execute(earlier.values(closed_at=now))
    await flags.settle(session, request.id, LOCKED, by=by, now=now)
    return await _make(session, request, task, system, by=by, now=now)


def untold(before: datetime) -> Select[UUID]:
    """Tasks whose holder was to be told by mail and whose job is gone."""
    return (
        select(col(Task.id))
        .join(System, col(System.id) == col(Task.system_id))
        .where(
            col(System.answers_by) == "page",
            col(System.state) != "retired",
            col(Task.status).in_(("pending", "acknowledged")),
            col(Task.created_at) < before,
            ~exists().where(col(AnswerLink.task_id) == col(Task.id)),
            ~fulfilment.is_frozen(),
        )
    )


async def look(session: AsyncSession, token: str, secret: str | None, *, now: datetime) -> Opened:
    """What an address opens. Unknown, expired, replaced, locked and answered look alike."""
    digest = desk_of(session).keys.digest(f"answer_link|{token}")
    live = (
        select(AnswerLink, Task, System)
        .join(Task, col(Task.id) == col(AnswerLink.task_id))
        .join(System, col(System.id) == col(Task.system_id))
        .where(
            col(AnswerLink.token_digest) == digest,
            col(AnswerLink.closed_at).is_(None),
            col(AnswerLink.expires_at) > now,
            col(System.state) != "retired",
        )
    )
    found = (await session.execute(live)).first()
    if found is None:
        raise not_found()
    link, task, system = found
    proved = secret is not None and _is_session(session, link, secret, now)
    if link.used_at is not None and not proved:
        raise not_found()
    return Opened(link, task, system, proved)


async def prove(desk: Desk, token: str, pin: str, contact: Contact, *, now: datetime) -> str | None:
    """Take a number; the secret of the visit where it was right. Each try is counted and committed before comparing."""
    async with desk.database.transaction() as session:
        link, system_id = await _count_try(session, token, now)
    contact.by = holder(system_id)
    assert link.pin_hash is not None and link.salt is not None
    right = await asyncio.to_thread(crypto.scrypt_check, pin, link.salt, link.pin_hash)
    async with desk.database.transaction() as session:
        session.info["contact"] = contact
        if right:
            return await _enter(session, link.id, by=contact.by, now=now)
        contact.result = "pin.wrong"
        await _refuse(session, link.id, now=now)
        return None


async def use(session: AsyncSession, link_id: UUID, result: str, *, proof: bool, by: Actor, now: datetime) -> None:
    """Its answer was taken: it opens nothing any more but, to this visitor for a while, the word that it was."""
    link = await session.get_one(AnswerLink, link_id)
    task = await session.get_one(Task, link.task_id)
    link.used_at, link.salt, link.pin_hash = now, None, None
    _note(session, "answer_link.use", link, task, by=by, now=now, result=result, proof=proof)


async def forget(session: AsyncSession, *, now: datetime) -> None:
    """Forget the numbers and visits of addresses that open nothing any more."""
    over = col(AnswerLink.closed_at).is_not(None) | (col(AnswerLink.expires_at) < now)
    known = col(AnswerLink.pin_hash).is_not(None) | col(AnswerLink.session_digest).is_not(None)
    ended = update(AnswerLink).where(over, known)
    await session.execute(ended.values(salt=None, pin_hash=None, session_digest=None, session_until=None))


async def _locked(session: AsyncSession, task_id: UUID) -> tuple[Task, System, Request]:
    task = await session.get_one(Task, task_id)
    case = await casebook.open_request(session, task.request_id)
    task = await session.get_one(Task, task_id, with_for_update=True, populate_existing=True)
    return task, await session.get_one(System, task.system_id), case.request


def _answers(task: Task, system: System) -> bool:
    """Whether this task is one to be answered by a page."""
    return system.answers_by == "page" and system.state != "retired" and task.status not in fulfilment.OVER


async def _is_stopped(session: AsyncSession, task: Task) -> bool:
    stopped = select(col(Task.id)).where(col(Task.id) == task.id, fulfilment.is_frozen())
    return (await session.execute(stopped)).first() is not None


async def _make(
    session: AsyncSession, request: Request, task: Task, system: System, *, by: Actor, now: datetime
) -> Made:
    desk = desk_of(session)
    token, pin, salt = numbers.page_token(), numbers.code(), secrets.token_bytes(16)
    expires_at = max(now + timedelta(days=desk.policy.settled.answer_link_days), task.due_at)
    link = AnswerLink(
        id=new_id(),
        task_id=task.id,
        token_digest=desk.keys.digest(f"answer_link|{token}"),
        salt=salt,
        pin_hash=await asyncio.to_thread(crypto.scrypt_hash, pin, salt),
        made_by=by.id,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(link)
    url = f"{desk.settings.public_url}/h/{token}"
    days = {
        "due_at": f"{deadline.seoul_time(task.due_at):%Y-%m-%d %H:%M}",
        "until": f"{deadline.seoul_time(expires_at):%Y-%m-%d %H:%M}",
    }
    # Of several tasks in one request each has its mail and its number; the mark says which belong together.
    which = {"receipt_no": request.receipt_no, "mark": task.id.hex[-4:].upper()}
    told = {**which, "url": url, **days}
    await outbox.message(session, request, "holder_link", "mail", {"to": system.contact_email, "params": told}, now=now)
    _note(session, "answer_link.make", link, task, by=by, now=now, pin="sms" if system.contact_phone else "officer")
    if system.contact_phone is None:
        return Made(link, None, pin)
    said = {"to": system.contact_phone, "params": {**which, "code": pin}}
    await outbox.message(session, request, "holder_pin", "sms", said, now=now)
    return Made(link, url, None)


async def _count_try(session: AsyncSession, token: str, now: datetime) -> tuple[AnswerLink, UUID]:
    """Count first, in one atomic statement: of fifty guesses at once five are compared."""
    desk = desk_of(session)
    counted = (
        update(AnswerLink)
        .where(
            col(AnswerLink.token_digest) == desk.keys.digest(f"answer_link|{token}"),
            col(AnswerLink.tries) < desk.policy.settled.code_tries,
            col(AnswerLink.expires_at) > now,
            _is_unused(),
        )
        .values(tries=col(AnswerLink.tries) + 1)
        .returning(AnswerLink)
    )
    link = (await session.execute(counted)).scalar_one_or_none()
    if link is None:
        raise not_found()
    task = await session.get_one(Task, link.task_id)
    if (await session.get_one(System, task.system_id)).state == "retired":
        raise not_found()
    return link, task.system_id


async def _enter(session: AsyncSession, link_id: UUID, *, by: Actor, now: datetime) -> str:
    """Begin a visit; one that another device had begun ends."""
    link, task = await _of(session, link_id)
    if link.used_at is not None or link.closed_at is not None:
        raise not_found()
    secret = secrets.token_urlsafe(32)
    link.session_digest, link.session_until, link.tries = _session_digest(session, link, secret), now + SESSION, 0
    _note(session, "answer_link.enter", link, task, by=by, now=now)
    return secret


async def _refuse(session: AsyncSession, link_id: UUID, *, now: datetime) -> None:
    """A wrong number; the last one closes the address and has an officer see to it."""
    link, task = await _of(session, link_id)
    if link.tries < desk_of(session).policy.settled.code_tries or not _is_open(link):
        return
    link.closed_at, link.salt, link.pin_hash = now, None, None
    await flags.raise_once(session, task.request_id, LOCKED, now=now)
    _note(session, "answer_link.lock", link, task, by=MACHINE, now=now)
    await defer(session, Job("tell_officer", {"claim_id": str(task.claim_id)}))


async def _of(session: AsyncSession, link_id: UUID) -> tuple[AnswerLink, Task]:
    """A link under lock, after the request that its task stands in."""
    link = await session.get_one(AnswerLink, link_id)
    task = await session.get_one(Task, link.task_id)
    case = await casebook.open_request(session, task.request_id)
    access_log.touch(session, request_id=case.request.id, subject_digest=case.request.subject_digest)
    return await session.get_one(AnswerLink, link_id, with_for_update=True, populate_existing=True), task


def _is_open(link: AnswerLink) -> bool:
    return link.used_at is None and link.closed_at is None


def _is_unused() -> ColumnElement[bool]:
    return col(AnswerLink.used_at).is_(None) & col(AnswerLink.closed_at).is_(None)


def _is_session(session: AsyncSession, link: AnswerLink, secret: str, now: datetime) -> bool:
    if link.session_digest is None or link.session_until is None or link.session_until <= now:
        return False
    return hmac.compare_digest(link.session_digest, _session_digest(session, link, secret))


def _session_digest(session: AsyncSession, link: AnswerLink, secret: str) -> bytes:
    return desk_of(session).keys.digest(f"answer_session|{link.id}|{secret}")


def not_found() -> NotFound:
    """Unknown, expired, replaced, locked and answered: one answer for all."""
    return NotFound("answer_link.not_found")


def _note(
    session: AsyncSession, action: str, link: AnswerLink, task: Task, *, by: Actor, now: datetime, **more: str | bool
) -> None:
    facts = {"link": str(link.id), "task": str(task.id), **more}
    audit.note(session, action, by=by, now=now, request_id=task.request_id, claim_id=task.claim_id, facts=facts)
