"""Sessions of staff: logged out of by themselves, ended by an admin."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, StringConstraints

from app import db
from app.errors import Invalid
from app.http.auth import Admin, Roles, actor
from app.http.body import Wire
from app.http.route import DeskRoute
from app.http.sessions import STAFF
from app.http.unit import Unit
from app.services import staff_sessions
from app.tokens import Principal

router = APIRouter(prefix="/v1", tags=["tokens"], route_class=DeskRoute)
Name = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class SessionEnded(BaseModel):
    """The session of the token that was shown is over."""

    ended_at: datetime


class RevocationIn(Wire):
    """Whose sessions end, by issuer and name there, and why: a change of duty, a loss, a doubt."""

    iss: Name
    sub: Name
    reason: Literal["duty_changed", "left", "lost", "suspected", "other"]


class RevocationOut(BaseModel):
    """From this moment no token that was given before opens anything; `sessions` of them were open."""

    revoked_at: datetime
    sessions: int


@router.post("/sessions/end", operation_id="end_session", summary="Log out", response_model=SessionEnded)
async def end_session(
    request: Request, caller: Annotated[Principal, Depends(Roles(*STAFF))], session: Unit
) -> Response:
    """End the session of this token, in every process within half a minute."""
    now = db.now()
    await staff_sessions.leave(session, caller, now=now)
    request.app.state.sessions.forget()
    return JSONResponse({"ended_at": now.isoformat()})


@router.post(
    "/session-revocations",
    operation_id="revoke_sessions",
    summary="End somebody's sessions",
    response_model=RevocationOut,
)
async def revoke_sessions(request: Request, caller: Admin, session: Unit, body: RevocationIn) -> Response:
    """End every session of a person, in every process within half a minute.

    Whoever is not known is answered the same. To keep them out for good is the issuer's. A client, a system or a
    request of this desk has no sessions and is refused: a client is retired.
    """
    for name in ("iss", "sub"):
        if not getattr(body, name).isprintable():
            raise Invalid("field.forbidden_character", pointer=f"/{name}")
    if await staff_sessions.is_no_person(session, body.iss, body.sub):
        raise Invalid("field.inconsistent", pointer="/sub")
    by, now = actor(caller), db.now()
    ended = await staff_sessions.revoke(session, body.iss, body.sub, body.reason, by=by, now=now)
    request.app.state.sessions.forget()
    return JSONResponse({"revoked_at": now.isoformat(), "sessions": ended})
