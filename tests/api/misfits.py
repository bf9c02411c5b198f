"""Bodies that do not fit, made from the example of an operation, and what each has to be answered."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

CANARY = "CANARY-홍길동-9001"
JSON_TYPE = {"content-type": "application/json"}
DEPTH_SERVED = 900
LONG = CANARY + "가" * 4_000


class Misfit(NamedTuple):
    """One body, and the answer: its status, and the code or what the code begins with."""

    name: str
    raw: bytes
    status: int
    code: str
    headers: dict[str, str] = JSON_TYPE


def unreadable(example: dict[str, Any]) -> Iterator[Misfit]:
    """What the parser refuses, whatever the model."""
    whole = json.dumps(example, ensure_ascii=False)
    opened = whole[:-1] + (", " if example else "")
    named = f'{opened}"name": "{CANARY}"}}'
    for encoding in ("euc-kr", "utf-16", "utf-16-le", "utf-32"):
        yield Misfit(encoding, named.encode(encoding, "replace"), 400, "request.encoding")
    yield Misfit("byte order mark", b"\xef\xbb\xbf" + whole.encode(), 400, "request.encoding")
    yield Misfit("no encoding", b"\xff\xfe", 400, "request.encoding")
    yield Misfit("half an object", f'{{"name": "{CANARY}"'.encode(), 400, "request.malformed_json")
    for number in ("NaN", "Infinity", "-Infinity", "1e400", "9" * 5000):
        yield Misfit(f"number {number[:9]}", f'{opened}"n": {number}}}'.encode(), 400, "request.malformed_json")
    for depth in (21, DEPTH_SERVED, 100_000):
        deep = "[" * depth + "]" * depth
        yield Misfit(f"depth {depth}", f'{opened}"n": {deep}}}'.encode(), 400, "request.too_deep")
    twice = f'{opened}"n": "{CANARY}", "n": 1}}'
    yield Misfit("a key twice", twice.encode(), 400, "request.duplicate_param")
    yield Misfit("another type", whole.encode(), 415, "request.media_type", {"content-type": "text/plain"})
    form = {"content-type": "application/x-www-form-urlencoded"}
    yield Misfit("a form", f"name={CANARY}".encode(), 415, "request.media_type", form)


def at_the_door() -> Iterator[Misfit]:
    """What is refused before it is asked who calls."""
    endless = f'{{"name": "{CANARY}{"a" * 1024 * 1024}"}}'
    yield Misfit("1 MB", endless.encode(), 413, "request.too_large")
    packed = JSON_TYPE | {"content-encoding": "gzip"}
    yield Misfit("packed", b"\x1f\x8b\x08", 415, "request.media_type", packed)


def unfitting(example: dict[str, Any], *, required: bool) -> Iterator[Misfit]:
    """What can be read and is not an object of the fields that the model names."""
    if required:
        yield Misfit("empty", b"", 400, "request.body_required")
        yield Misfit("blank", b" \r\n", 400, "request.body_required")
        yield _sent("null", None, "field.type")
    yield _sent("a list", [CANARY], "field.type")
    yield _sent("a word", CANARY, "field.type")
    yield _sent("a number", 5, "field.type")
    yield _sent("a field nobody asked for", example | {"status": "COMPLETED", "is_verified": True}, "field.unknown")
    yield _sent("a field with a name of its own", example | {CANARY: CANARY}, "field.unknown")


def mistyped(example: dict[str, Any]) -> Iterator[Misfit]:
    """Every field that the model names, with something else in it."""
    if any(isinstance(leaf, str) for leaf in leaves(example)):
        nul, half = (_changed(example, str, lambda one, end=end: one + end) for end in ("\x00", "\ud800"))
        yield _sent("U+0000", nul, "field.forbidden_character")
        yield _sent("half a character", half, "field.forbidden_character")
        yield _sent("words for a list", _changed(example, str, lambda one: [one, CANARY]), "field.")
        yield _sent("a number for a word", _changed(example, str, lambda _: 20261122), "field.")
        yield _sent("words without end", _changed(example, str, lambda _: LONG), "field.")
    for kind, spelt in ((bool, "yes"), (bool, 1), (int, "5"), (int, 1.0), (int, True)):
        if any(type(leaf) is kind for leaf in leaves(example)):
            yield _sent(f"{spelt!r} for {kind.__name__}", _changed(example, kind, lambda _, to=spelt: to), "field.")


def leaves(value: Any) -> Iterator[Any]:
    """Everything in a body that holds nothing itself."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    else:
        yield value


def _changed(value: Any, kind: type, change: Callable[[Any], Any]) -> Any:
    """The same body with every leaf of this very type changed."""
    if isinstance(value, dict):
        return {name: _changed(inner, kind, change) for name, inner in value.items()}
    if isinstance(value, list):
        return [_changed(inner, kind, change) for inner in value]
    return change(value) if type(value) is kind else value


def _sent(name: str, body: Any, code: str) -> Misfit:
    return Misfit(name, json.dumps(body).encode(), 422, code)
