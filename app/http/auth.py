"""Principals as parameters: default deny, one declaration an endpoint.

Every endpoint names who may call it. A role without the function is refused with 403; a case that is not the caller's
looks like one that does not exist.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from app import db
from app.desk import Actor
from app.errors import Forbidden, Unauthenticated
from app.http import sessions
from app.http.unit import Unit, contact_of, desk
from app.services.visibility import is_recalled
from app.tokens import Principal

STAFF = ("officer", "approver")
MACHINES = ("website", "call_center", "clerk", "system")
ANYONE_AT_THE_DESK = (*STAFF, "call_center", "clerk")
ROLES = (
    "website",
    "call_center",
    "clerk",
    "officer",
    "approver",
    "system",
    "auditor",
    "admin",
    "requester",
)


async def principal(request: Request) -> Principal:
    """Who calls, by bearer token; any flaw in it is one and the same 401."""
    header = request.headers.get("authorization")
    if not header:
        raise Unauthenticated("auth.missing")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("auth.invalid")
    return await desk(request).verifier.verify(token.strip(), db.now())


class Roles:
    """A dependency that lets these roles in, and says so to whoever reads the route."""

    def __init__(self, *roles: str) -> None:
        self.roles = roles

    async def __call__(self, request: Request, session: Unit) -> Principal:
        """Let the caller in, and name them to the access log whether let in or not."""
        caller = await principal(request)
        if caller.role in MACHINES and await request.app.state.retired.has(desk(request), caller.sub, now=db.now()):
            raise Unauthenticated("auth.invalid")
        if caller.request_id is not None:
            # Here and not where the request is looked up: a repeated call is answered without looking again. In a
            # transaction of its own: that of the call would hold its connection while a large file comes in.
            async with desk(request).database.transaction() as door:
                recalled = await is_recalled(door, caller.request_id, caller.issued_at)
            if recalled:
                raise Unauthenticated("auth.invalid")
        by = actor(caller)
        if sessions.has_one(caller, desk(request).issuer.name):
            await sessions.let_in(request, caller, by)
        contact_of(request).by = by
        if caller.role not in self.roles:
            raise Forbidden("auth.forbidden")
        return caller


def actor(caller: Principal) -> Actor:
    """The caller as the one who acts."""
    site = str(caller.site_id) if caller.site_id else None
    return Actor(caller.role, caller.iss, caller.sub, caller.agent, caller.party, site)


Guard = Callable[..., Awaitable[Principal]]

Filer = Annotated[Principal, Depends(Roles("website", "call_center", "clerk", "officer", "system"))]
Staff = Annotated[Principal, Depends(Roles("officer", "approver"))]
Officer = Annotated[Principal, Depends(Roles("officer"))]
Approver = Annotated[Principal, Depends(Roles("approver"))]
Admin = Annotated[Principal, Depends(Roles("admin"))]
SystemOnly = Annotated[Principal, Depends(Roles("system"))]
Requester = Annotated[Principal, Depends(Roles("requester"))]
Looker = Annotated[Principal, Depends(Roles("requester", "call_center", "clerk", "officer", "approver"))]
