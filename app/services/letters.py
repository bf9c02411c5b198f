"""Answers by post: the letter, ready to print, and the word of who posted it (product A15; Act 35(3), 38(5))."""

import asyncio
import io
import zipfile
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor
from app.documents import forms, letter
from app.documents.anchored import Anchor
from app.documents.notices import Recipient
from app.errors import Conflict, Invalid, NotFound
from app.law import deadline
from app.law.terms import Right, Whose
from app.models import Claim, Message, Notice, Package, PackageChunk, Request
from app.services import anchors, audit, casebook, keyring, parties, reaching, recipients
from app.services.visibility import visible


async def draw(session: AsyncSession, notice_id: UUID, *, large: bool, by: Actor, now: datetime) -> bytes:
    """The letter that carries a notice; to print it is to hand it out, so all that stops a release stops it."""
    notice, request = await _found(session, notice_id, by)
    await casebook.held_still(session, request.id)
    content = forms.load(keyring.unseal(session, request, "notice.content", notice.id, notice.content_ct))
    if not (content.recipient.address and content.recipient.postal_code):
        raise Conflict("state.conflict")
    if content.recipient.acting_as and (ended := await parties.standing(session, request, now=now)) is not None:
        raise Conflict(ended)
    package = await _package(session, request, notice, content.recipient, now=now)
    report = await _report(session, request, package) if package else None
    facts = {"notice": str(notice.id), "package": str(package.id) if package else None}
    audit.note(session, "letter.draw", by=by, now=now, request_id=request.id, claim_id=notice.claim_id, facts=facts)
    on = deadline.seoul_date(now)
    anchor = await anchors.of_notice(session, notice)
    return await asyncio.to_thread(_drawn, content, report, on, notice.language, large, anchor)


async def post(session: AsyncSession, notice_id: UUID, posted_on: date, *, by: Actor, now: datetime) -> None:
    """The letter was posted on this day. Said again it changes nothing; another day would be another letter."""
    notice, _ = await _found(session, notice_id, by)
    if not deadline.seoul_date(notice.at) <= posted_on <= deadline.seoul_date(now):
        raise Invalid("field.value", pointer="/posted_on")
    await casebook.open_request(session, notice.request_id)
    letters = select(Message).where(col(Message.notice_id) == notice.id, col(Message.channel) == "paper")
    newest = letters.order_by(col(Message.id).desc()).limit(1).with_for_update()
    message = (await session.execute(newest.execution_options(populate_existing=True))).scalars().first()
    if message is None:
        raise Conflict("state.conflict")
    if message.state == "by_hand":
        at = max(message.created_at, deadline.seoul_midnight(posted_on))
        await reaching.sent(session, message, at=at, now=now, by=by, way="post")
    elif message.state != "sent" or message.sent_at is None or deadline.seoul_date(message.sent_at) != posted_on:
        raise Conflict("state.conflict")


async def _found(session: AsyncSession, notice_id: UUID, by: Actor) -> tuple[Notice, Request]:
    notice = await session.get(Notice, notice_id)
    if notice is None:
        raise NotFound("notice.not_found")
    try:
        return notice, await visible(session, notice.request_id, by)
    except NotFound:
        raise NotFound("notice.not_found") from None


async def _package(
    session: AsyncSession, request: Request, notice: Notice, to: Recipient, *, now: datetime
) -> Package | None:
    """The access package that goes with this notice, where it goes by post; none that may not be handed out yet."""
    claim = await session.get_one(Claim, notice.claim_id)
    party = Whose.REQUESTER if to.acting_as else Whose.SUBJECT
    if claim.right != Right.ACCESS or not recipients.gets_paper(request, claim, party):
        return None
    ready = (
        select(Package)
        .where(
            col(Package.claim_id) == claim.id,
            col(Package.round) == notice.round,
            col(Package.destroyed_at).is_(None),
            col(Package.expires_at) > now,
        )
        .order_by(col(Package.id).desc())
        .limit(1)
    )
    package = (await session.execute(ready)).scalar_one_or_none()
    if package is not None and (claim.available_from is None or claim.available_from > now):
        # A letter without what was granted would be the wrong letter: it waits as a download does.
        raise Conflict("claim.not_available_yet")
    return package


async def _report(session: AsyncSession, request: Request, package: Package) -> bytes:
    """The readable half of the package."""
    pieces = select(PackageChunk).where(col(PackageChunk.package_id) == package.id).order_by(col(PackageChunk.position))
    whole = io.BytesIO()
    for one in (await session.execute(pieces)).scalars():
        place = f"{package.id}/{one.position}"
        whole.write(keyring.unseal_bytes(session, request, "package.chunk", place, one.sealed))
    with zipfile.ZipFile(whole) as archive:
        return archive.read("access.pdf")


def _drawn(
    content: forms.Told, report: bytes | None, on: date, language: str, large: bool, anchor: Anchor | None
) -> bytes:
    notice = forms.render_pdf(content, large=large, anchor=anchor)
    whole = letter.letter_of(content, notice, report=report, dated=on, language=language)
    return letter.render(whole, large=large)
