"""Opening results: a notice or package, to the person by a grant after a fresh code, to staff directly (Act 35(3))."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor, Desk, desk_of
from app.documents import forms
from app.errors import Conflict, Forbidden, NotFound
from app.law.terms import Whose
from app.models import Claim, GrantUse, Message, Notice, Package, PackageChunk, ReleaseGrant, Request
from app.services import anchors, audit, casebook, keyring, parties, recipients
from app.services.visibility import owner_of, visible


async def notices(session: AsyncSession, request_id: UUID, *, by: Actor) -> list[dict[str, Any]]:
    """The notices of a request, without their contents; staff also see how each was told."""
    request = await visible(session, request_id, by)
    if not await recipients.is_for(session, request, by):
        return []
    mine = select(Notice).where(col(Notice.request_id) == request_id).order_by(col(Notice.id))
    found = list((await session.execute(mine)).scalars())
    sent = select(Message).where(col(Message.notice_id).in_([one.id for one in found])).order_by(col(Message.id))
    messages = list((await session.execute(sent)).scalars()) if by.role != "requester" else []
    return [
        {
            "id": str(one.id),
            "claim_id": str(one.claim_id),
            "kind": one.kind,
            "form": one.form,
            "at": one.at.isoformat(),
            "opened_at": one.opened_at.isoformat() if one.opened_at else None,
        }
        | (
            {"messages": [{"channel": m.channel, "state": m.state} for m in messages if m.notice_id == one.id]}
            if by.role != "requester"
            else {}
        )
        for one in found
    ]


async def open_notice(
    session: AsyncSession, notice_id: UUID, grant: str | None, *, html: bool, large: bool, by: Actor, now: datetime
) -> bytes:
    """The document itself: by grant for the requester, directly for staff."""
    notice = await session.get(Notice, notice_id)
    try:
        request = await visible(session, notice.request_id if notice else None, by)
    except NotFound:
        raise NotFound("notice.not_found") from None
    assert notice is not None
    if by.role == "requester":
        await _stands(session, request.id, by, now)
        await _use(session, request, grant or "", notice.id, by=by, now=now)
        notice.opened_at = notice.opened_at or now
    facts = {"notice": str(notice.id)}
    audit.note(session, "notice.open", by=by, now=now, request_id=request.id, claim_id=notice.claim_id, facts=facts)
    content = forms.load(keyring.unseal(session, request, "notice.content", notice.id, notice.content_ct))
    anchor = await anchors.of_notice(session, notice)
    if html:
        return forms.render_html(content, large=large, anchor=anchor).encode()
    return await asyncio.to_thread(forms.render_pdf, content, large=large, anchor=anchor)


async def open_package(
    session: AsyncSession, claim_id: UUID, grant: str, *, by: Actor, now: datetime
) -> tuple[Package, UUID]:
    """The package that this grant opens now, once, and the grant; a download that broke off gives it back."""
    request = await visible(session, await owner_of(session, claim_id, by), by)
    await _stands(session, request.id, by, now)
    claim = await session.get_one(Claim, claim_id)
    ready = (
        select(Package)
        .where(col(Package.claim_id) == claim_id, col(Package.destroyed_at).is_(None), col(Package.expires_at) > now)
        .order_by(col(Package.id).desc())
        .limit(1)
    )
    package = (await session.execute(ready)).scalar_one_or_none()
    if package is None:
        raise Conflict("package.not_available")
    if claim.available_from is None or claim.available_from > now:
        raise Conflict("claim.not_available_yet")
    return package, await _use(session, request, grant, package.id, by=by, now=now)


async def stream(desk: Desk, package: Package, grant_id: UUID, by: Actor, now: datetime) -> AsyncIterator[bytes]:
    """The package piece by piece; counted when it was completed."""
    whole = False
    try:
        for position in range(package.chunks):
            yield await _piece(desk, package, position)
        whole = True
    finally:
        if not whole:
            await _give_back(desk, package, grant_id)
    async with desk.database.transaction() as session:
        counted = update(Package).where(col(Package.id) == package.id).values(fetched=col(Package.fetched) + 1)
        await session.execute(counted)
        audit.note(session, "package.fetch", by=by, now=now, request_id=package.request_id, claim_id=package.claim_id)


async def _piece(desk: Desk, package: Package, position: int) -> bytes:
    async with desk.database.transaction() as session:
        chunk = await session.get_one(PackageChunk, (package.id, position))
        request = await session.get_one(Request, package.request_id)
        place = f"{package.id}/{position}"
        return keyring.unseal_bytes(session, request, "package.chunk", place, chunk.sealed)


async def _give_back(desk: Desk, package: Package, grant_id: UUID) -> None:
    async with desk.database.transaction() as session:
        use = delete(GrantUse).where(col(GrantUse.grant_id) == grant_id, col(GrantUse.opened) == package.id)
        await session.execute(use)


async def _stands(session: AsyncSession, request_id: UUID, by: Actor, now: datetime) -> None:
    """Judge again, at every disclosure, whether who asked still may (B4): a revocation comes before this, or after."""
    request = await casebook.held_still(session, request_id)
    ended = await parties.standing(session, request, now=now) if by.party == Whose.REQUESTER else None
    if ended is not None:
        raise Conflict(ended)


async def _use(session: AsyncSession, request: Request, grant: str, opened: UUID, *, by: Actor, now: datetime) -> UUID:
    grant_id = await _usable(session, request, grant, opened, by=by, now=now)
    use = upsert(GrantUse).values(grant_id=grant_id, opened=opened, at=now).on_conflict_do_nothing()
    if (await session.execute(use.returning(col(GrantUse.opened)))).first() is None:
        raise Forbidden("grant.invalid")
    return grant_id


async def _usable(
    session: AsyncSession, request: Request, grant: str, opened: UUID, *, by: Actor, now: datetime
) -> UUID:
    """A grant of this request and party, good and not yet used for this document; else one answer for every flaw."""
    digest = desk_of(session).keys.digest(f"grant|{grant}")
    good = select(col(ReleaseGrant.id)).where(
        col(ReleaseGrant.digest) == digest,
        col(ReleaseGrant.request_id) == request.id,
        col(ReleaseGrant.party) == by.party,
        col(ReleaseGrant.expires_at) > now,
        ~select(GrantUse)
        .where(col(GrantUse.grant_id) == col(ReleaseGrant.id), col(GrantUse.opened) == opened)
        .exists(),
    )
    grant_id = (await session.execute(good)).scalar_one_or_none()
    if grant_id is None or not await recipients.is_for(session, request, by):
        raise Forbidden("grant.invalid")
    return grant_id
