"""A plain processing check, answered by the same parts in a fraction of the work (ADR 0056).

Asked before every use of data it is by far the most frequent call. Whatever is not plain - a fault, another spelling
of the JSON, another law, a use that asks the register, a memory that is not sure - goes the usual way as it came.
"""

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import db, text
from app.crashpoints import crashpoint
from app.desk import Desk
from app.errors import Invalid, Problem
from app.http import observed
from app.http.auth import actor
from app.http.unit import address_of
from app.law.controller import Policy
from app.services import checks
from app.services.access_log import Contact
from app.services.checks import Answer, Check
from app.services.hold_index import HoldIndex
from app.services.hold_memory import Held
from app.services.log_together import LogTogether
from app.tokens import Principal, Role

PATH: Final = "/v1/processing-checks"
OPERATION: Final = observed.UNSAID
CHECKS_MOST: Final = 1_000
FIELDS_MOST: Final = 50
_ASKED: Final = frozenset({"checks"})
_CUSTOMER_NO = re.compile("[A-Za-z0-9_-]{1,64}")
_FREE: Final = Answer()
"""Of somebody on whom there is no hold, as nearly everybody."""
_FREE_WRITTEN: Final = '{"allowed":true,"except":[],"holds":[]}'


class PlainChecks:
    """Between the door and everything else: answers a plain check here and now, and hands on whatever is not."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at one call; what is handed on has its body as it came."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        came: list[Message] = [await receive()]
        while came[-1].get("more_body"):
            came.append(await receive())
        answer = await answered(scope, b"".join([one.get("body", b"") for one in came]))
        if answer is None:
            await self.app(scope, _again(came, receive), send)
            return
        headers = [(b"content-length", b"%d" % len(answer)), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})
        observed.count(OPERATION, 200, time.perf_counter() - began)


def rendered(answers: Iterable[Answer]) -> bytes:
    """The answers as they are sent, in the order of the questions."""
    return f'{{"results":[{",".join(map(_written, answers))}]}}'.encode()


async def answered(scope: Scope, body: bytes) -> bytes | None:
    """The answer to a plain check by a system that may ask, once its row is in the access log; else None.

    Whatever goes wrong on the way is None as well: the usual way meets it again, and has the words for it.
    """
    try:
        return await _answered(scope, body)
    except Exception:  # noqa: BLE001 - the usual way says what it is
        return None


async def _answered(scope: Scope, body: bytes) -> bytes | None:
    state = scope["app"].state
    desk: Desk = state.desk
    now = db.now()
    caller = await _caller(desk, scope, now)
    if caller is None or await state.retired.has(desk, caller.sub, now=now):
        return None
    asked = _questions(desk, body)
    index: HoldIndex = state.holds
    if asked is None or not await index.is_sure():
        return None
    held = await index.find([digest for one in asked for digest in one.digests])
    if held is None:
        return None
    address = address_of(scope, desk.settings.trusted_proxies)
    contact = Contact(operation=OPERATION, address=address, trace=scope["state"]["request_id"], by=actor(caller))
    log: LogTogether = state.log
    await log.write(contact, now=now)
    crashpoint("check.after_commit")
    return rendered([_answer(desk, one, held) for one in asked])


async def _caller(desk: Desk, scope: Scope, now: datetime) -> Principal | None:
    """The system that asks, where everything about the call is as usual."""
    given = dict(scope["headers"])
    scheme, _, token = given.get(b"authorization", b"").partition(b" ")
    if scope["query_string"] or given.get(b"content-type") != b"application/json" or scheme != b"Bearer":
        return None
    try:
        caller = await desk.verifier.verify(token.decode("ascii"), now)
    except (Problem, UnicodeDecodeError):
        return None
    return caller if caller.role is Role.SYSTEM else None


def _questions(desk: Desk, body: bytes) -> list[Check] | None:
    document = _document(body)
    if not isinstance(document, dict) or document.keys() != _ASKED or not isinstance(document["checks"], list):
        return None
    asked: list[Check] = []
    for one in document["checks"]:
        question = _question(desk, one)
        if question is None:
            return None
        asked.append(question)
    return asked if 1 <= len(asked) <= CHECKS_MOST else None


def _document(raw: bytes) -> object:
    """What is written in one of the two ways in which programs write JSON, so that every reader reads the same."""
    try:
        written = raw.decode()
        value: object = json.loads(written)
        compact = json.dumps(value, ensure_ascii=False, separators=(",", ":")) == written
        return value if compact or json.dumps(value, ensure_ascii=False) == written else None
    except (ValueError, RecursionError):
        return None


def _question(desk: Desk, one: Any) -> Check | None:
    if type(one) is not dict or len(one) != (4 if "fields" in one else 3):  # what is unknown leaves one of these out
        return None
    category, purpose = one.get("category"), one.get("purpose")
    digests = _digests(desk, one.get("subject"))
    if digests is None or not (
        type(category) is type(purpose) is str and _is_plain_use(desk.policy, category, purpose)
    ):
        return None
    if "fields" not in one:
        return Check(digests, category, purpose)
    fields, known = one["fields"], {field.id for field in desk.policy.categories[category].fields}
    if type(fields) is not list or not 1 <= len(fields) <= FIELDS_MOST:
        return None
    named = all(type(name) is str and name in known for name in fields)
    return Check(digests, category, purpose, tuple(fields)) if named else None


def _is_plain_use(policy: Policy, category: str, purpose: str) -> bool:
    return category in policy.categories and purpose in policy.purposes and purpose not in policy.child_purposes


def _digests(desk: Desk, subject: Any) -> frozenset[bytes] | None:
    if type(subject) is not dict or not subject:
        return None
    digests = []
    for kind, value in subject.items():
        normal = _NORMAL.get(kind)
        if normal is None or type(value) is not str:
            return None
        try:
            digests.append(desk.handle(kind, normal(value)))
        except Invalid:
            return None
    return frozenset(digests)


def _customer_no(value: str) -> str:
    if _CUSTOMER_NO.fullmatch(value):
        return value
    raise Invalid("field.format")


_NORMAL: Final[Mapping[str, Callable[[str], str]]] = {
    "phone": text.phone,
    "email": text.email,
    "customer_no": _customer_no,
}


def _answer(desk: Desk, one: Check, held: Mapping[bytes, Sequence[Held]]) -> Answer:
    found = {hold.id: hold for digest in one.digests for hold in held.get(digest, ())} if held else None
    return checks.judge(desk.policy, one, found.values()) if found else _FREE


def _written(answer: Answer) -> str:
    if answer is _FREE:
        return _FREE_WRITTEN
    said = {"allowed": answer.allowed, "except": answer.excepted, "holds": answer.holds}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _again(came: list[Message], receive: Receive) -> Receive:
    """What came, once more from the beginning, and then what comes."""
    left = iter(came)

    async def again() -> Message:
        for message in left:
            return message
        return await receive()

    return again
