"""Strict JSON and the types of the wire.

The parser refuses what two readers could read in two ways: other encodings, keys given twice, numbers without end,
halves of characters. The models refuse what was not asked for. Neither ever repeats what was sent.
"""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError

from app.errors import Invalid, Malformed

DEPTH_MAX: Final = 20
MEMBERS_MAX: Final = 1_000
INTEGER_DIGITS_MAX: Final = 18
FLOAT_CHARACTERS_MAX: Final = 40
YEARS: Final = range(1900, 2200)

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_NOT_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in b"[]{}")
_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_FORBIDDEN_CHARACTER = re.compile("[\x00\ud800-\udfff]")
_KEY_SHOWN = re.compile(r"(?!.*\d{4})[a-z][a-z0-9_-]{0,39}", re.ASCII)


def shown(key: str) -> bool:
    """Whether a key that was sent may stand in a pointer: only if it looks like the name of a field."""
    return _KEY_SHOWN.fullmatch(key) is not None


def pointer(path: tuple[str | int, ...]) -> str:
    """The RFC 6901 pointer of a path, cut before the first key that must not be repeated."""
    parts: list[str] = []
    for part in path:
        if isinstance(part, str) and not shown(part):
            break
        parts.append(f"/{part}")
    return "".join(parts)


def read_json(raw: bytes) -> object:
    """Read one JSON document strictly, or raise Malformed (400) or, where a place can be named, Invalid (422)."""
    if not raw.strip():
        raise Malformed("request.body_required")
    text = _decoded(raw)
    outlasting = _outlasting(raw)
    if outlasting > DEPTH_MAX:
        raise Malformed("request.too_deep")
    try:
        value: object = _DECODER.decode(text)
    except RecursionError as error:
        raise Malformed("request.too_deep") from error
    except ValueError:
        # The parser's message quotes the document; it must not live on in a chain of causes.
        raise Malformed("request.malformed_json") from None
    if outlasting:
        raise Malformed("request.too_deep")
    if _SUSPECT.search(text):
        _walk(value)
    return value


def _decoded(raw: bytes) -> str:
    if raw.startswith(b"\xef\xbb\xbf") or b"\x00" in raw[:4]:
        raise Malformed("request.encoding")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("request.encoding") from None


def _outlasting(raw: bytes) -> int:
    """How many brackets open deeper than DEPTH_MAX, told without descending; sure only once the JSON proves sound.

    Each round takes the innermost pairs away: what outlasts the rounds is too deep, or not paired at all.
    """
    if raw.count(b"[") + raw.count(b"{") <= DEPTH_MAX:
        return 0
    brackets = _STRING.sub(b"", raw).translate(None, _NOT_BRACKETS)
    for _ in range(DEPTH_MAX):
        rest = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(rest) == len(brackets):
            break
        brackets = rest
    return brackets.count(b"[") + brackets.count(b"{")


def _integer(literal: str) -> int:
    if len(literal) > INTEGER_DIGITS_MAX + literal.startswith("-"):
        raise Malformed("request.malformed_json")
    return int(literal)


def _float(literal: str) -> float:
    number = float(literal) if len(literal) <= FLOAT_CHARACTERS_MAX else float("inf")
    if number in (float("inf"), float("-inf")):
        raise Malformed("request.malformed_json")
    return number


def _constant(_: str) -> object:
    raise Malformed("request.malformed_json")


def _object(members: list[tuple[str, object]]) -> dict[str, object]:
    if len(members) > MEMBERS_MAX:
        raise Invalid("field.length", pointer="")
    found = dict(members)
    if len(found) != len(members):
        raise Malformed("request.duplicate_param")
    return found


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)


def _walk(value: object) -> None:
    """Look into every string, without recursion."""
    open_: list[tuple[object, tuple[str | int, ...]]] = [(value, ())]
    while open_:
        node, path = open_.pop()
        if isinstance(node, str):
            if _FORBIDDEN_CHARACTER.search(node):
                raise Invalid("field.forbidden_character", pointer=pointer(path))
            continue
        if not isinstance(node, dict | list):
            continue
        if isinstance(node, list):
            open_.extend((item, (*path, index)) for index, item in enumerate(node))
            continue
        for key, item in node.items():
            if _FORBIDDEN_CHARACTER.search(key):
                raise Invalid("field.forbidden_character", pointer=pointer(path))
            open_.append((item, (*path, key)))


# --- validators -----------------------------------------------------------------------------------------------------

T = TypeVar("T")
R = TypeVar("R")


def refuse(code: str, *, at: str = "", basis: str | None = None) -> PydanticCustomError:
    """The error a validator raises to answer with this code; `at` is a pointer below the value being checked."""
    return PydanticCustomError("desk", "refused", {"code": code, "at": at, "basis": basis})


def checked(check: Callable[[T], R]) -> Callable[[T], R]:
    """Let a function that raises `Invalid` serve as a validator: the place comes from the model, the code from it."""

    def validator(value: T) -> R:
        try:
            return check(value)
        except Invalid as problem:
            raise refuse(problem.code, basis=problem.basis) from None

    return validator


# --- types ----------------------------------------------------------------------------------------------------------

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})?", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_CONTROL_OR_BREAK = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]")


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise refuse("field.type")
    try:
        day = date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        raise refuse("field.format")
    if day.year not in YEARS:
        raise refuse("field.value")
    return day


def _moment(value: object) -> datetime:
    if isinstance(value, str):
        value = _read_moment(value)
    if not isinstance(value, datetime):
        raise refuse("field.type")
    if value.utcoffset() is None:
        raise refuse("field.timezone_required")
    if value.year not in YEARS:
        raise refuse("field.value")
    return value


def _read_moment(value: str) -> datetime:
    match = _MOMENT.fullmatch(value)
    if match is None:
        raise refuse("field.format")
    day, time, fraction, offset = match.groups()
    try:
        # A leap second (:60) fails here: PostgreSQL and Python have no room for it.
        return datetime.fromisoformat(
            f"{day}T{time}.{(fraction or '0')[:6]:<06}{'' if offset is None else offset.upper()}"
        )
    except ValueError:
        raise refuse("field.format") from None


def _id(value: object) -> UUID:
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str):
        raise refuse("field.type")
    if not _UUID.fullmatch(value):
        raise refuse("field.format")
    return UUID(value)


class IdOr(BeforeValidator):
    """A path id whose unreadable forms answer with the code of unknown ones: `Annotated[UUID, IdOr("...")]`."""

    def __init__(self, code: str) -> None:
        def read(value: object) -> UUID:
            if isinstance(value, str) and _UUID.fullmatch(value):
                return UUID(value)
            raise refuse(code)

        super().__init__(read)


def _text(value: str) -> str:
    if _CONTROL.search(value):
        raise refuse("field.forbidden_character")
    return value


def _line(value: str) -> str:
    if _CONTROL_OR_BREAK.search(value):
        raise refuse("field.forbidden_character")
    return value


Day = Annotated[date, BeforeValidator(_day)]
"""A Seoul date, written YYYY-MM-DD and in no other way."""
Moment = Annotated[datetime, BeforeValidator(_moment)]
"""A time of RFC 3339 that says its offset."""
Id = Annotated[UUID, BeforeValidator(_id)]
"""An id in its canonical lower-case form; as a path parameter anything else answers 404."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000), AfterValidator(_text)]
"""Free words over several lines."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_line)]
"""A few words on one line."""


# --- models ---------------------------------------------------------------------------------------------------------

_OPENED: Final = frozenset({"enum", "tuple", "set", "frozenset", "union", "tagged-union"})
"""JSON has no such types; and a strict union would force its strictness on them, whatever they say themselves."""
_COLLECTIONS: Final = frozenset({"list", "tuple", "set", "frozenset"})
_NO_SCHEMA: Final = frozenset({"metadata", "serialization", "default", "cls", "members", "config"})


def _for_json(schema: CoreSchema, handler: GetCoreSchemaHandler) -> None:
    """Keep strictness for scalars, but let JSON's strings and lists become the enums and tuples it cannot write.

    A collection of unbounded length also stops at its first wrong item: a megabyte of wrong items is no list of errors.
    """
    open_: list[Any] = [schema]
    while open_:
        node = open_.pop()
        if isinstance(node, list | tuple):
            open_.extend(node)
        if not isinstance(node, dict):
            continue
        # Where "type" is not a word, this is a mapping of names: a field may have any name.
        kind = node["type"] if isinstance(node.get("type"), str) else None
        if kind == "definition-ref":
            open_.extend(_definition(node, handler))
        if kind in _OPENED:
            node["strict"] = False
        if kind in _COLLECTIONS and "max_length" not in node:
            node["fail_fast"] = True
        open_.extend(part for name, part in node.items() if kind is None or name not in _NO_SCHEMA)


def _definition(reference: Any, handler: GetCoreSchemaHandler) -> list[Any]:
    """What stands elsewhere in the schema under a name, but for models: those see to themselves."""
    try:
        found = handler.resolve_ref_schema(reference)
    except LookupError:
        return []
    return [] if found["type"] in ("model", "dataclass", "definition-ref") else [found]


class Wire(BaseModel):
    """What a client sends or gets: strict, frozen, and nothing that was not asked for."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        """Build the schema and open it for what JSON cannot write otherwise."""
        schema = handler(source)
        _for_json(handler.resolve_ref_schema(schema), handler)
        return schema
