"""Conditional requests (RFC 9110, 13): decisions name the version they were made on, readers ask only for news."""

import re
from typing import Annotated, Final

from fastapi import Depends, Header

from app.errors import Stale, Unconditional

CHARACTERS_MAX: Final = 1_000
_VERSION = re.compile(r'"v(0|[1-9][0-9]{0,8})"', re.ASCII)


def etag(version: int) -> str:
    """The strong validator of a version: `"v3"`."""
    return f'"v{version}"'


def if_match(header: str | None) -> int:
    """The one version named in If-Match; weak, `*`, several and anything else cannot be the present version."""
    if header is None:
        raise Unconditional("precondition.required")
    match = _VERSION.fullmatch(header.strip(" \t")) if len(header) <= CHARACTERS_MAX else None
    if match is None:
        raise Stale("precondition.failed")
    return int(match[1])


def demand(named: int, present: int) -> None:
    """Refuse a decision made on another version than the present one."""
    if named != present:
        raise Stale("precondition.failed")


def not_modified(if_none_match: str | None, present: str) -> bool:
    """Whether a GET may be answered 304: weak comparison over the list, as RFC 9110 wants for If-None-Match."""
    if if_none_match is None or len(if_none_match) > CHARACTERS_MAX:
        return False
    tags = [tag.strip(" \t") for tag in if_none_match.split(",")]
    return tags == ["*"] or present in (tag.removeprefix("W/") for tag in tags)


def versioned(version: int, *, location: str | None = None) -> dict[str, str]:
    """The headers of an answer that is one version of one resource."""
    return {"ETag": etag(version)} | ({"Location": location} if location else {})


async def _named(if_match_header: Annotated[str | None, Header(alias="If-Match")] = None) -> int:
    return if_match(if_match_header)


IfMatch = Annotated[int, Depends(_named)]
"""The version named in If-Match, as a parameter; name it after the principal, so that strangers learn nothing."""
