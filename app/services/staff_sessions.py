"""Sessions of staff: opened by the first use of a token, ended by idleness, age, logout or an admin (ASVS V7.3, V7.4).

A token says who somebody was when it was given; whether they still may come in is asked here. A session is one log-in
at the issuer: its `sid` where the token has one, else the token itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import new_id, run
from app.desk import Actor, desk_of
from app.errors import Unauthenticated
from app.services import audit, grants, keyring
from app.tokens import Principal
from app.tokens.principal import LIFETIME

KEPT = timedelta(days=100)
"""So long an ended session is remembered: the review of a month names those who were in it."""
EVERYBODY = "*"
"""Stands for all in `staff_revocation`; no issuer and subject are written so."""
LOSES_ROLE = ("left", "duty_changed")
"""For these somebody is let in no more; after a lost laptop they come again as what they were."""
_LOOK = """
SELECT s.id, s.opened_at, s.seen_at, s.ended_at, r.revoked_at,
    coalesce((SELECT g.act <> 'revoke' FROM grant_history g
        WHERE g.whom = %(person)s AND g.role = %(role)s AND g.kind = 'role' ORDER BY g.at DESC, g.id DESC LIMIT 1),
        false) AS known
FROM (SELECT 1) AS one
LEFT JOIN staff_session s ON s.ref = %(ref)s
LEFT JOIN (
    SELECT max(revoked_at) AS revoked_at FROM staff_revocation WHERE person IN (%(person)s, %(everybody)s)
) r ON true
"""
_OPEN = (
    "INSERT INTO staff_session (id, ref, person, role, name_ct, opened_at, seen_at)"
    " VALUES (%(id)s, %(ref)s, %(person)s, %(role)s, %(name_ct)s, %(now)s, %(now)s)"
    " ON CONFLICT (ref) DO NOTHING RETURNING id"
)
_SEEN = "UPDATE staff_session SET seen_at = greatest(seen_at, %(now)s) WHERE ref = %(ref)s AND ended_at IS NULL"
_END = "UPDATE staff_session SET ended_at = %(now)s, cause = %(cause)s WHERE ref = %(ref)s AND ended_at IS NULL"
_REVOKE = (
    "UPDATE staff_session SET ended_at = %(now)s, cause = 'revoked'"
    " WHERE person = %(person)s AND ended_at IS NULL RETURNING id, role"
)
_CAME = "SELECT 1 FROM staff_session WHERE person = %(person)s LIMIT 1"
_BAR = (
    "INSERT INTO staff_revocation (person, revoked_at) VALUES (%(person)s, %(now)s)"
    " ON CONFLICT (person) DO UPDATE SET revoked_at = excluded.revoked_at"
)
BARRED = max(LIFETIME.values()) + timedelta(days=7)
"""A week beyond the life of any token: one that was given before a revocation has then run out by itself."""
_UNBAR = "DELETE FROM staff_revocation WHERE revoked_at < %(before)s"
_FORGET = "DELETE FROM staff_session WHERE seen_at < %(before)s"


@dataclass(frozen=True, slots=True)
class Standing:
    """A session that holds: until when it may go on, and whether this call opened it."""

    until: datetime
    is_new: bool


async def come_in(session: AsyncSession, caller: Principal, by: Actor, *, now: datetime) -> Standing:
    """Let a person of the staff in, or say by which flaw they are not; to come in keeps the session awake."""
    desk = desk_of(session)
    ref, limits = reference(session, caller), desk.settings
    asked = {"ref": ref, "person": by.id, "everybody": EVERYBODY, "role": by.role, "now": now}
    (found,) = await run(session, _LOOK, asked)
    if found.revoked_at is not None and caller.issued_at <= found.revoked_at:
        raise Unauthenticated("auth.invalid", flaw="revoked")
    if found.id is None:
        return await _open(session, caller, by, asked, known=found.known)
    if found.ended_at is not None:
        raise Unauthenticated("auth.invalid", flaw="ended")
    if now - found.seen_at > limits.session_idle:
        raise Unauthenticated("auth.invalid", flaw="idle")
    until = found.opened_at + limits.session_most
    if now >= until:
        raise Unauthenticated("auth.invalid", flaw="over")
    await run(session, _SEEN, asked)
    if not found.known:  # another role of the same log-in
        _note_role(session, caller, by, now)
    return Standing(until, is_new=False)


async def _open(session: AsyncSession, caller: Principal, by: Actor, asked: dict[str, Any], *, known: bool) -> Standing:
    now, session_id = asked["now"], new_id()
    name_ct = keyring.seal_for_desk(session, "staff_session.name", session_id, caller.name) if caller.name else None
    opened = bool(await run(session, _OPEN, asked | {"id": session_id, "name_ct": name_ct}))
    if opened and not known:
        _note_role(session, caller, by, now)
    return Standing(now + desk_of(session).settings.session_most, is_new=opened)


def _note_role(session: AsyncSession, caller: Principal, by: Actor, now: datetime) -> None:
    """Who gives a role is the issuer; that it was used here for the first time is what this desk can know."""
    grants.record(session, "grant", "role", by.id, role=by.role, by=caller.iss, now=now, facts={"by": "issuer"})


async def leave(session: AsyncSession, caller: Principal, *, now: datetime) -> None:
    """Log out: the session ends, and with it every token of it."""
    await run(session, _END, {"ref": reference(session, caller), "now": now, "cause": "logout"})


async def is_no_person(session: AsyncSession, iss: str, sub: str) -> bool:
    """Whether it is an id that this desk gave to a client, a system or a request, whose tokens no revocation ends."""
    if iss != desk_of(session).issuer.name or not _is_id(sub):
        return False
    person = f"{iss}|{sub}"
    return not (await run(session, _CAME, {"person": person}) or await grants.held(session, person))


def _is_id(sub: str) -> bool:
    try:
        return bool(UUID(sub))
    except ValueError:
        return False


async def revoke(session: AsyncSession, iss: str, sub: str, reason: str, *, by: Actor, now: datetime) -> int:
    """End all sessions of a person; tokens given until now open none. How many were open."""
    person = f"{iss}|{sub}"
    await run(session, _BAR, {"person": person, "now": now})
    ended = await run(session, _REVOKE, {"person": person, "now": now})
    roles = sorted({row.role for row in ended})
    facts = {"reason": reason, "sessions": len(ended), "roles": roles}
    grants.record(session, "revoke", "session", person, role=",".join(roles), by=by.id, now=now, facts=facts)
    if reason in LOSES_ROLE:
        for role in await grants.held(session, person):
            grants.record(session, "revoke", "role", person, role=role, by=by.id, now=now, facts={"reason": reason})
    audit.note(session, "session.revoke", by=by, now=now, facts={"iss": iss, "sub": sub, **facts})
    return len(ended)


async def bar_everybody(session: AsyncSession, *, now: datetime) -> None:
    """No token given until now opens anything: whom the lost database had barred since this copy, it does not know."""
    await run(session, _BAR, {"person": EVERYBODY, "now": now})


async def forget(session: AsyncSession, *, now: datetime) -> None:
    """Delete what ended long ago, and revocations of which no token can be left."""
    await run(session, _FORGET, {"before": now - KEPT})
    await run(session, _UNBAR, {"before": now - BARRED})


def reference(session: AsyncSession, caller: Principal) -> bytes:
    """The keyed hash of a log-in: what a token is known by is not written down."""
    return desk_of(session).keys.digest(f"session|{caller.iss}|{caller.sub}|{caller.sid or caller.jti}")
