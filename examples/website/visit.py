"""One call of a browser, and what all routes share: the desk, the sessions, how cookies are set."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile as Sent

from examples.client import Desk
from examples.website.choices import Choices
from examples.website.sessions import Session, Sessions


class ForgedError(Exception):
    """A form that no page of ours gave to this visitor."""


class UnknownVisitorError(Exception):
    """Nobody is known behind this cookie, or no longer."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One call of a browser: its cookie's proof, its form, its session, the file that came with it."""

    csrf: str
    typed: dict[str, list[str]]
    session: Session | None
    name: str | None
    address: str
    file: Sent | None = None

    def one(self, name: str) -> str:
        """Return one value of the form."""
        return (self.typed.get(name) or [""])[0].strip()

    def one_of(self, name: str, *allowed: str) -> str:
        """Return one value of the form; anything but these is the first of them."""
        return self.one(name) if self.one(name) in allowed else allowed[0]

    @property
    def known(self) -> Session:
        """Return the session; without one the visitor has to come by the way back."""
        if self.session is None:
            raise UnknownVisitorError
        return self.session


class Site:
    """What the routes share: the desk, the sessions, how cookies are set."""

    def __init__(self, desk: Desk, *, secure: bool) -> None:
        self.desk, self.sessions, self._secure = desk, Sessions(), secure

    @property
    def anybody(self) -> Desk:
        """Return the desk as anybody meets it."""
        return self.desk.calling_as(None)

    async def choices(self) -> Choices:
        """Return what the form offers; the policy is asked for each time, for it may change."""
        return Choices.of(await self.anybody.policy())

    async def visit(self, request: Request) -> Visit:
        """Read a call; a form must carry the proof that this visitor got it from us."""
        if request.method != "POST":
            return self._visit(request, {})
        sent = await request.form(max_files=0, max_fields=400)
        return self._proved(request, {name: _texts(sent.getlist(name)) for name in sent})

    @asynccontextmanager
    async def visit_with_file(self, request: Request) -> AsyncIterator[Visit]:
        """Read a form with one file in it. The file lives as long as the block, without a name on our disk."""
        async with request.form(max_files=1, max_fields=10) as sent:
            file = sent.get("file")
            typed = {name: _texts(sent.getlist(name)) for name in sent}
            yield self._proved(request, typed, file if isinstance(file, Sent) and file.filename else None)

    def as_person(self, session: Session) -> Desk:
        """Return the desk as the person behind a session meets it."""
        return self.desk.calling_as(session.token)

    def for_person(self, visit: Visit) -> Desk:
        """Return the desk as this website, saying from what address the person comes."""
        return self.desk.calling_as(self.desk.caller, address=visit.address)

    def keep(self, response: Response, name: str, value: str) -> None:
        """Set a cookie that scripts and other sites never get."""
        response.set_cookie(name, value, httponly=True, samesite="strict", secure=self._secure, path="/")

    def enter(self, visit: Visit, session: Session) -> Response:
        """Begin a session, ending the one before."""
        self.sessions.close(visit.name)
        response = RedirectResponse("/status", 303)
        self.keep(response, "session", self.sessions.open(session))
        return response

    def _proved(self, request: Request, typed: dict[str, list[str]], file: Sent | None = None) -> Visit:
        if not self.sessions.is_ours(request.cookies.get("visit"), (typed.get("csrf") or [""])[0]):
            raise ForgedError
        return self._visit(request, typed, file)

    def _visit(self, request: Request, typed: dict[str, list[str]], file: Sent | None = None) -> Visit:
        name, address = request.cookies.get("session"), request.client.host if request.client else ""
        csrf = self.sessions.csrf(request.state.visit)
        return Visit(csrf, typed, self.sessions.find(name), name, address, file)


def _texts(values: list[Any]) -> list[str]:
    return [one for one in values if isinstance(one, str)]
