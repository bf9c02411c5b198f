"""One request, one transaction: committed before the answer leaves, with its access-log row in it.

A problem that is *returned* commits, and with it the count, the refusal and the row. A problem that is *raised* rolls
back; its row is then written in a transaction of its own.
"""

from collections.abc import AsyncIterator, Container, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import Headers
from starlette.types import Scope

from app import db
from app.crashpoints import crashpoint
from app.desk import NOBODY, Desk
from app.errors import Problem, Unauthenticated
from app.services import access_log
from app.services.access_log import Contact

SCOPE_CHARS_MAX = 200
_read: dict[str, frozenset[str]] = {}
"""By operation, the parameters that it reads: they are the same at each call."""


def desk(request: Request) -> Desk:
    """The desk this application was built with."""
    found: Desk = request.app.state.desk
    return found


async def _desk(request: Request) -> Desk:
    """The same as a dependency: one that is not async would be sent to a thread for each call."""
    return desk(request)


def contact_of(request: Request) -> Contact:
    """What is known of this call; made once."""
    found: Contact | None = getattr(request.state, "contact", None)
    if found is None:
        route = request.scope.get("route")
        operation = getattr(route, "operation_id", None) or getattr(route, "name", None) or "unknown"
        address = address_of(request.scope, desk(request).settings.trusted_proxies)
        found = Contact(operation=operation, address=address, trace=str(request.state.request_id))
        request.state.contact = found
    return found


async def unit(request: Request) -> AsyncIterator[AsyncSession]:
    """The transaction of this call. No connection is taken before the first statement."""
    database = desk(request).database
    contact = contact_of(request)
    try:
        async with database.transaction() as session:
            session.info["contact"] = contact
            yield session
            contact.scope = _scope(request)
            if db.is_untouched(session):
                await request.app.state.log.write(contact, now=db.now())
            else:
                await access_log.write(session, contact, now=db.now())
                crashpoint("answer.before_commit")
        crashpoint("answer.after_commit")
    except Unauthenticated as problem:
        await _unbelieved(request, problem)
        raise
    except Problem as problem:
        await refused(request, problem.code)
        raise
    except PoolTimeout:
        # It had no connection and so has seen nothing of anybody; a row of it would make the others wait longer still.
        raise
    except Exception:
        await refused(request, "failed")
        raise


@asynccontextmanager
async def apart(request: Request) -> AsyncIterator[AsyncSession]:
    """One of many things that a call does: a transaction of its own with its own row, undone alone by a problem."""
    contact = replace(contact_of(request), also=[])
    try:
        async with desk(request).database.transaction() as session:
            session.info["contact"] = contact
            yield session
            await access_log.write(session, contact, now=db.now())
    except Problem as problem:
        await _refused(request, contact, problem.code)
        raise


@asynccontextmanager
async def first(request: Request) -> AsyncIterator[AsyncSession]:
    """What a call does before the rest of it: a transaction of its own, with the row of the whole call in it."""
    contact = contact_of(request)
    async with desk(request).database.transaction() as session:
        session.info["contact"] = contact
        yield session
        await access_log.write(session, contact, now=db.now())
    contact.is_written = True


async def refused(request: Request, result: str) -> None:
    """Write the access-log row of a call that was rolled back."""
    await _refused(request, contact_of(request), result)


async def _unbelieved(request: Request, problem: Unauthenticated) -> None:
    """Write down that somebody tried to be somebody; whoever brought nothing at all has tried nothing."""
    contact = contact_of(request)
    if problem.code.endswith(".missing"):
        return
    now = db.now()
    said = f"{problem.code}:{problem.flaw}" if problem.flaw else problem.code
    result = request.app.state.strangers.result(said, contact.address, now)
    if result is None:
        return
    contact.by, contact.result = contact.by or NOBODY, result
    await request.app.state.log.write(contact, now=now)


async def _refused(request: Request, contact: Contact, result: str) -> None:
    contact.result = result
    if not access_log.is_logged(contact):
        return
    async with desk(request).database.transaction() as session:
        await access_log.write(session, contact, now=db.now())


def _scope(request: Request) -> str | None:
    """Which part of a list was asked for: the parameters that the operation reads, which fitted."""
    if not request.scope["query_string"]:
        return None
    operation = contact_of(request).operation
    read = _read.get(operation)
    if read is None:
        read = _read[operation] = frozenset(_queries(request.scope["route"].dependant)) - {"cursor"}
    asked = (f"{name}={value}" for name, value in request.query_params.items() if name in read)
    return "&".join(asked)[:SCOPE_CHARS_MAX] or None


def _queries(dependant: Dependant) -> Iterator[str]:
    yield from (one.alias for one in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _queries(inner)


def address_of(scope: Scope, trusted: Container[str]) -> str | None:
    """The peer, or the left-most address that a trusted proxy vouches for."""
    peer: str | None = scope["client"][0] if scope.get("client") else None
    if peer is not None and peer in trusted:
        # Some proxies append a line of their own: the last line is theirs, and all before it the caller's word.
        said = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
        hops = [hop.strip() for hop in said.split(",") if hop.strip()]
        for hop in reversed(hops):
            if hop not in trusted:
                return hop[:64]
    return peer


Unit = Annotated[AsyncSession, Depends(unit, scope="function")]
TheDesk = Annotated[Desk, Depends(_desk)]
