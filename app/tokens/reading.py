"""The strict reading of a token: its form, its header, and claims of the right type. Nothing here is believed yet."""

import base64
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.tokens.signing import ALGORITHM

LEEWAY = timedelta(seconds=30)
TOKEN_CHARS = 4096
HEADER_CHARS = 1024

_TYPES = frozenset({"at+jwt", "jwt"})
_FORBIDDEN_HEADERS = frozenset({"crit", "jku", "jwk", "x5u", "x5c", "b64", "zip", "enc"})
_SHAPE = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]{86}")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class TokenError(Exception):
    """A token that is not believed, by which flaw; stays inside this package."""

    def __init__(self, flaw: str = "form") -> None:
        super().__init__(flaw)
        self.flaw = flaw


def token_parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token whose form is right; nothing of it is believed yet."""
    if len(token) > TOKEN_CHARS:
        raise TokenError
    shape = _SHAPE.fullmatch(token)
    if shape is None or len(shape[1]) > HEADER_CHARS:
        raise TokenError
    header, claims = json_object(_decode(shape[1])), json_object(_decode(shape[2]))
    if header.get("alg") != ALGORITHM or str(header.get("typ")).lower() not in _TYPES:
        raise TokenError
    if not isinstance(header.get("kid"), str) or _FORBIDDEN_HEADERS & header.keys():
        raise TokenError
    return header, claims


def json_object(raw: bytes) -> dict[str, Any]:
    """A JSON object without repeated names, NaN or Infinity."""
    value = json.loads(raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    if not isinstance(value, dict):
        raise TokenError
    return value


def times(claims: Mapping[str, Any], longest: timedelta, now: datetime) -> tuple[datetime, datetime]:
    """From when until when a token holds, if it holds now."""
    issued, expires = moment(claims, "iat"), moment(claims, "exp")
    if not timedelta() < expires - issued <= longest:
        raise TokenError
    if not is_current(issued, expires, now):
        raise TokenError("time")
    if "nbf" in claims and moment(claims, "nbf") > now + LEEWAY:
        raise TokenError("time")
    return issued, expires


def is_current(issued: datetime, expires: datetime, now: datetime) -> bool:
    """Whether a token of these times holds now, give or take what clocks differ."""
    return issued <= now + LEEWAY and now < expires + LEEWAY


def moment(claims: Mapping[str, Any], name: str) -> datetime:
    """A claim in whole seconds, as a time."""
    value = claims[name]
    if type(value) is not int:  # a bool is an int to isinstance
        raise TokenError
    return datetime.fromtimestamp(value, UTC)


def text(claims: Mapping[str, Any], name: str, longest: int) -> str:
    """A claim that is a printable text."""
    value = claims[name]
    if not isinstance(value, str) or not 1 <= len(value) <= longest or not value.isprintable():
        raise TokenError
    return value


def uuid(value: str) -> UUID:
    """A UUID in its one usual spelling."""
    parsed = UUID(value)
    if str(parsed) != value:
        raise TokenError
    return parsed


def birth_date(value: str) -> date:
    """A full date, YYYY-MM-DD."""
    if not _ISO_DATE.fullmatch(value):
        raise TokenError
    return date.fromisoformat(value)


def _decode(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "==")  # more than is missing does no harm; `_SHAPE` let nothing else pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise TokenError
    return value


def _no_constant(_: str) -> None:
    raise TokenError
