"""Whether a person of the staff may still come in: asked of the database at most every half minute a process."""

from datetime import datetime, timedelta

from fastapi import Request

from app import db
from app.desk import Actor
from app.errors import Unauthenticated
from app.http.unit import contact_of, desk
from app.services import access_log, staff_sessions
from app.services.access_log import Contact
from app.tokens import Principal

FRESH = timedelta(seconds=30)
"""A revocation holds within this in every process; idleness is known no finer."""
REMEMBERED = 1_024
STAFF = ("officer", "approver", "auditor", "admin")
_AT_A_COUNTER = ("clerk", "call_center")


class Sessions:
    """The sessions of staff that came in lately through this process."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, ...], tuple[datetime, datetime]] = {}

    async def come_in(self, request: Request, caller: Principal, by: Actor, *, now: datetime) -> None:
        """Let the caller in or refuse; a log-in leaves a row of its own. What cannot be asked lets nobody in."""
        key = _key(caller)
        asked_at, until = self._seen.get(key, (now, now))
        if asked_at <= now < min(asked_at + FRESH, until):
            return
        self._seen.pop(key, None)
        async with desk(request).database.transaction() as session:
            standing = await staff_sessions.come_in(session, caller, by, now=now)
            if standing.is_new:
                await access_log.write(session, _login(request, by), now=now)
        self._seen[key] = (now, standing.until)
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]

    def forget(self) -> None:
        """Ask anew about everybody: somebody's sessions were ended here."""
        self._seen.clear()


def has_one(caller: Principal, own: str) -> bool:
    """Whether a person is behind this token: staff, and whom an outside issuer sends to a counter or a telephone.

    Those that this desk gives are of a registered client, which is retired instead.
    """
    return caller.role in STAFF or (caller.role in _AT_A_COUNTER and caller.iss != own)


async def let_in(request: Request, caller: Principal, by: Actor) -> None:
    """Ask the sessions of this application; whoever is refused is named to the access log."""
    try:
        await request.app.state.sessions.come_in(request, caller, by, now=db.now())
    except Unauthenticated:
        contact_of(request).by = by
        raise


def _login(request: Request, by: Actor) -> Contact:
    contact = contact_of(request)
    return Contact(operation="log_in", address=contact.address, trace=contact.trace, by=by)


def _key(caller: Principal) -> tuple[str, ...]:
    return caller.iss, caller.sub, caller.sid or caller.jti, caller.role.value
