"""What an endpoint is tried with, and what it should answer; one after the other, in this order."""

import asyncio
import base64
import json
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from app import signature
from app.receivers.exchange import Answer, Endpoint, Message, event, task

OLD_S, FUTURE_S, YOUNG_S = 360, -360, 240
AT_ONCE = 5
SIGNATURES = 10
"""The most that the desk ever sends: ten keys may sign at once."""
_GONE, _SLOW_DOWN = 410, 429

Answers = list[Answer]
Act = Callable[[Endpoint], Awaitable[Answers]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One row of the report; `key` names the further key without which it cannot be played."""

    name: str
    expects: str
    act: Act
    passes: Callable[[Sequence[Answer]], bool]
    key: str | None = None


def _taken(answers: Sequence[Answer]) -> bool:
    return all(one.status is not None and 200 <= one.status < 300 for one in answers)


def _alike(answers: Sequence[Answer]) -> bool:
    return _taken(answers) and len({one.status for one in answers}) == 1


def _refused(answers: Sequence[Answer]) -> bool:
    return all(
        one.status is not None and 400 <= one.status < 500 and one.status not in (_GONE, _SLOW_DOWN) for one in answers
    )


def _unbroken(answers: Sequence[Answer]) -> bool:
    return all(one.status is not None and one.status < 500 for one in answers)


def _echoed(answers: Sequence[Answer]) -> bool:
    return all(one.status == 200 for one in answers) and len({one.body for one in answers}) == 1


async def _challenge(to: Endpoint) -> Answers:
    """Twice under one id, as it comes again when an answer was lost; what is no echo is told as no answer."""
    word = secrets.token_urlsafe(16)
    message = to.signed(event("endpoint.challenge", challenge=word))
    answers = [await to.send(message), await to.send(message)]
    return [one if _says(one.body, word) else Answer(None) for one in answers]


def _says(body: bytes, word: str) -> bool:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("challenge") == word


async def _unsigned_challenge(to: Endpoint) -> Answers:
    return [await to.send(to.signed(event("endpoint.challenge", challenge="x"), keys=[_stranger(to)]))]


async def _event(to: Endpoint) -> Answers:
    return [await to.send(to.signed(task())), await to.send(to.signed(event("endpoint.test")))]


async def _duplicate(to: Endpoint) -> Answers:
    """The second attempt has the id of the first, a later moment and another signature."""
    body, name = task(), str(uuid4())
    attempts = [to.signed(body, message_id=name, seconds_ago=ago) for ago in (60, 5)]
    return [await to.send(one) for one in (*attempts, attempts[-1])]


async def _at_once(to: Endpoint) -> Answers:
    message = to.signed(task())
    return list(await asyncio.gather(*(to.send(message) for _ in range(AT_ONCE))))


async def _out_of_order(to: Endpoint) -> Answers:
    about = str(uuid4())
    last, first = (to.signed(task(kind, task_id=about)) for kind in ("task.cancelled", "task.created"))
    return [await to.send(last), await to.send(first)]


async def _unknown_type(to: Endpoint) -> Answers:
    return [await to.send(to.signed(event("task.some_later_kind", task_id=str(uuid4()))))]


async def _unknown_fields(to: Endpoint) -> Answers:
    content = json.loads(task(some_later_field={"a": [1]}))
    return [await to.send(to.signed(json.dumps(content | {"some_later_field": None}).encode()))]


async def _written_otherwise(to: Endpoint) -> Answers:
    """Other spaces, order and escapes than any library writes: whoever parses before verifying does not see them."""
    content = json.loads(task(note="한글 é /"))
    plain = json.dumps(dict(reversed(content.items())), indent=3, ensure_ascii=False).replace("/", "\\/")
    return [await to.send(to.signed(f"\n{plain}\n".encode()))]


async def _young(to: Endpoint) -> Answers:
    return [await to.send(to.signed(task(), seconds_ago=ago)) for ago in (YOUNG_S, -YOUNG_S)]


async def _old(to: Endpoint) -> Answers:
    return [await to.send(to.signed(task(), seconds_ago=OLD_S))]


async def _future(to: Endpoint) -> Answers:
    return [await to.send(to.signed(task(), seconds_ago=FUTURE_S))]


async def _other_moment(to: Endpoint) -> Answers:
    """What was recorded, sent again with a fresh moment or under a fresh id."""
    message = to.signed(task(), seconds_ago=10)
    moment = str(int(message.headers[signature.TIMESTAMP]) + 10)
    return [
        await to.send(message.but(webhook_timestamp=moment)),
        await to.send(message.but(webhook_id=str(uuid4()))),
    ]


async def _no_moment(to: Endpoint) -> Answers:
    return [await to.send(to.signed(task()).but(webhook_timestamp=value)) for value in ("hello", "1e9", "-1")]


async def _bad_signature(to: Endpoint) -> Answers:
    zeros = base64.b64encode(bytes(32 if to.keys.scheme == "v1" else 64)).decode()
    values = (f"{to.keys.scheme},{zeros}", f"{to.keys.scheme},", "nonsense", ",", f"{to.keys.scheme},%%%")
    return [await to.send(to.signed(task()).but(webhook_signature=value)) for value in values]


async def _missing(to: Endpoint) -> Answers:
    message = to.signed(task())
    lacking: list[Message] = [
        message.but(webhook_id=None),
        message.but(webhook_timestamp=None),
        message.but(webhook_signature=None),
    ]
    return [await to.send(one) for one in lacking]


async def _another_key(to: Endpoint) -> Answers:
    return [await to.send(to.signed(task(), keys=[_stranger(to)]))]


async def _another_scheme(to: Endpoint) -> Answers:
    """The right bytes under the other scheme's name; and a public key used as if it were a shared secret."""
    message = to.signed(task())
    other = "v1a" if to.keys.scheme == "v1" else "v1"
    value = message.headers[signature.SIGNATURE].partition(",")[2]
    answers = [await to.send(message.but(webhook_signature=f"{other},{value}"))]
    if to.keys.scheme == "v1a":
        public = "whsec_" + signature.public_key(to.keys.current).removeprefix("whpk_")
        answers.append(await to.send(to.signed(task(), keys=[public])))
    return answers


async def _altered(to: Endpoint) -> Answers:
    message = to.signed(task())
    altered = message.body.replace(b'"hold"', b'"holD"')
    return [await to.send(message, body=altered), await to.send(message, body=message.body + b" ")]


async def _several(to: Endpoint) -> Answers:
    keys = [_stranger(to), to.keys.current]
    return [await to.send(to.signed(task(), keys=one)) for one in (keys, keys[::-1])]


async def _junk_before(to: Endpoint) -> Answers:
    message = to.signed(task())
    genuine = message.headers[signature.SIGNATURE]
    junk = f"v2,AAAA nonsense {to.keys.scheme},%%% {genuine}"
    return [await to.send(message.but(webhook_signature=junk))]


async def _new_key(to: Endpoint) -> Answers:
    assert to.keys.new is not None
    both = [to.keys.new, to.keys.current]
    return [await to.send(to.signed(task(), keys=keys)) for keys in (both, [to.keys.new])]


async def _ended_key(to: Endpoint) -> Answers:
    assert to.keys.ended is not None
    return [await to.send(to.signed(task(), keys=[to.keys.ended]))]


async def _dripped(to: Endpoint) -> Answers:
    return [await to.send(to.signed(task()), dripped=True)]


async def _large_headers(to: Endpoint) -> Answers:
    """As many signatures as the desk ever sends, the right one last, behind a proxy that adds four kilobytes."""
    keys = [*(_stranger(to) for _ in range(SIGNATURES - 1)), to.keys.current]
    return [await to.send(to.signed(task(), keys=keys).but(baggage="x=" + "y" * 4_000))]


async def _content_types(to: Endpoint) -> Answers:
    return [await to.send(to.signed(task()).but(content_type="application/json; charset=utf-8"))]


async def _wrong_content_type(to: Endpoint) -> Answers:
    return [await to.send(to.signed(task()).but(content_type=value)) for value in ("text/plain", "x", None)]


async def _no_event(to: Endpoint) -> Answers:
    """Signed, and not what any event looks like."""
    bodies = (b"", b"{", b"[]", b"null", b'{"type":1}', b"\xff", b"[" * 2_000)
    return [await to.send(to.signed(body)) for body in bodies]


async def _other_methods(to: Endpoint) -> Answers:
    return [await to.call("GET"), await to.call("HEAD")]


async def _nothing_more(to: Endpoint) -> Answers:
    """No call of its own: what was answered all along."""
    return to.answers


def _in_time(answers: Sequence[Answer]) -> bool:
    return all(one.status is not None for one in answers)


def _short(answers: Sequence[Answer]) -> bool:
    return all(one.whole for one in answers)


def _straight(answers: Sequence[Answer]) -> bool:
    return not any(one.status is not None and 300 <= one.status < 400 for one in answers)


def _stranger(to: Endpoint) -> str:
    return signature.new_secret() if to.keys.scheme == "v1" else signature.new_private_key()


SCENARIOS = (
    Scenario("a challenge is said back, again and again", "200 with the same word", _challenge, _echoed),
    Scenario("a challenge of a stranger is not said back", "401", _unsigned_challenge, _refused),
    Scenario("an event is taken", "2xx", _event, _taken),
    Scenario("a repeat is answered like the first", "2xx, the same", _duplicate, _alike),
    Scenario("repeats that come at once are taken", "2xx", _at_once, _taken),
    Scenario("events out of order are taken", "2xx", _out_of_order, _taken),
    Scenario("a type not known yet is taken and passed over", "2xx", _unknown_type, _taken),
    Scenario("fields not known yet are passed over", "2xx", _unknown_fields, _taken),
    Scenario("the raw bytes are verified, not what was parsed", "2xx", _written_otherwise, _taken),
    Scenario("four minutes early or late are taken", "2xx", _young, _taken),
    Scenario("an old timestamp is refused", "401", _old, _refused),
    Scenario("a timestamp of the future is refused", "401", _future, _refused),
    Scenario("a timestamp or id that was exchanged is refused", "401", _other_moment, _refused),
    Scenario("a timestamp that is no number is refused", "401", _no_moment, _refused),
    Scenario("a bad signature is refused", "401", _bad_signature, _refused),
    Scenario("a missing header is refused", "401", _missing, _refused),
    Scenario("the signature of another key is refused", "401", _another_key, _refused),
    Scenario("a signature of another scheme is refused", "401", _another_scheme, _refused),
    Scenario("a body with one byte altered is refused", "401", _altered, _refused),
    Scenario("of several signatures one is enough", "2xx", _several, _taken),
    Scenario("signatures that make no sense are passed over", "2xx", _junk_before, _taken),
    Scenario("rotation: both keys, then the new one alone", "2xx", _new_key, _taken, key="new"),
    Scenario("rotation: a key that ended is refused", "401", _ended_key, _refused, key="ended"),
    Scenario("a body that comes slowly is taken", "2xx", _dripped, _taken),
    Scenario("large headers are taken", "2xx", _large_headers, _taken),
    Scenario("a content type with its charset is taken", "2xx", _content_types, _taken),
    Scenario("a wrong content type breaks nothing", "below 500", _wrong_content_type, _unbroken),
    Scenario("what is signed and no event breaks nothing", "below 500", _no_event, _unbroken),
    Scenario("GET and HEAD break nothing", "below 500", _other_methods, _unbroken),
    Scenario("every answer came within 15 seconds", "always", _nothing_more, _in_time),
    Scenario("every answer was under 20 kB", "always", _nothing_more, _short),
    Scenario("no answer was a redirect", "always", _nothing_more, _straight),
)
