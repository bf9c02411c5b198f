"""The customer register: who is known under a name and a contact. Asked once verification began, never at filing."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Annotated, Literal

import aiohttp
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic.types import Strict

from app import signature, text
from app.errors import Invalid
from app.gateways.outcome import Retryable
from app.gateways.wire import open_session, post
from app.law import match

TOTAL_SECONDS = 5.0
ANSWER_BYTES = 256_000
MATCHES = 50
CONTACTS = 50
GUARDIANS = 20

_PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f]*$"
Word = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=40, pattern=r"^[a-z0-9_]+$")]
Line = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=320, pattern=_PRINTABLE)]
Day = Annotated[date, Strict()]


class _Answer(BaseModel):
    """Types are strict; keys that the contract does not know are passed over and kept nowhere."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    def __repr_args__(self) -> Iterable[tuple[str | None, object]]:
        """Nothing: what is shown in a traceback or a log must not name a person."""
        return ()


class Contact(_Answer):
    """A contact on record, since when, and whose it is."""

    kind: Word
    value: Line
    since: Day | None = None
    holder: Literal["subject", "guardian", "shared"] = "subject"


class Guardian(_Answer):
    """A guardian on record for a child; a flag may forbid to answer this one."""

    name: Line
    contacts: tuple[Contact, ...] = ()
    flags: tuple[Word, ...] = ()


class Person(_Answer):
    """One match; a controller that collects no names has none to tell."""

    subject_ref: Line
    name: Line | None = None
    birth_date: Day | None = None
    contacts: tuple[Contact, ...] = ()
    guardians: tuple[Guardian, ...] = ()
    flags: tuple[Word, ...] = ()


def known(found: Person) -> match.Person:
    """A match in the law's words; who has no name on record goes by the reference."""
    guardians = tuple(match.GuardianOnRecord(one.name, _held(one.contacts), one.flags) for one in found.guardians)
    name = found.name or found.subject_ref
    return match.Person(found.subject_ref, name, found.birth_date, _held(found.contacts), found.flags, guardians)


def _held(contacts: Iterable[Contact]) -> tuple[match.Contact, ...]:
    """The register's telephone numbers may be written in any Korean way."""
    return tuple(match.Contact(one.kind, _normal(one.kind, one.value), one.since, one.holder) for one in contacts)


def _normal(kind: str, value: str) -> str:
    try:
        return text.phone(value) if kind == "phone" else text.email(value) if kind == "email" else value
    except Invalid:
        return value


class _Matches(_Answer):
    matches: tuple[Person, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Query:
    """What is known about the person; what is not known is not sent."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    birth_date: date | None = None
    customer_no: str | None = None
    account_id: str | None = None


class Register:
    """The register's door; keeps connections, so close it when the worker stops."""

    def __init__(self, url: str, secret: str, *, seconds: float = TOTAL_SECONDS) -> None:
        """Take REGISTER_URL and REGISTER_SECRET (`whsec_...`)."""
        self._url = url.rstrip("/") + "/lookup"
        self._secret = secret
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    async def lookup(self, query: Query, *, now: datetime) -> tuple[Person, ...] | Retryable:
        """Everybody who matches any of it; who that is, the law of matching judges (never this gateway)."""
        body = _body(query)
        headers = signature.headers([self._secret], "lookup_" + secrets.token_hex(16), int(now.timestamp()), body)
        self._session = self._session or open_session()
        reply = await post(
            self._session,
            self._url,
            body,
            {"Content-Type": "application/json", **headers},
            seconds=self._seconds,
            cap=ANSWER_BYTES,
            now=now,
        )
        if isinstance(reply, Retryable):
            return reply
        if reply.status != 200:
            return Retryable(f"http_{reply.status}", reply.retry_after)
        return _people(reply.body) if reply.whole else Retryable("answer_too_large")

    async def close(self) -> None:
        """Let go of every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _body(query: Query) -> bytes:
    known: Mapping[str, object] = {key: value for key, value in asdict(query).items() if value is not None}
    return json.dumps(known, ensure_ascii=False, separators=(",", ":"), default=date.isoformat).encode()


def _people(body: bytes) -> tuple[Person, ...] | Retryable:
    try:
        people = _Matches.model_validate_json(body).matches
    except (ValidationError, ValueError):
        return Retryable("answer_malformed")
    if len(people) > MATCHES or any(_is_too_large(person) for person in people):
        return Retryable("answer_too_large")
    return people


def _is_too_large(person: Person) -> bool:
    most = max(len(person.contacts), *(len(one.contacts) for one in person.guardians), 0)
    return most > CONTACTS or len(person.guardians) > GUARDIANS
