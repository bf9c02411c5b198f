"""For what somebody looks at or takes away personal data: said in a header, logged (안전성 확보조치 기준 8)."""

import re
from typing import Annotated, Final

from fastapi import Header

from app import text
from app.errors import Invalid

CHARS_MAX: Final = 100
_NAMING = re.compile(r"\S+@\S+|\+?[0-9](?:[ ().-]{0,3}[0-9]){6,}")

Purpose = Annotated[str | None, Header(max_length=CHARS_MAX)]


def stated(purpose: str | None, *, missing: str) -> str:
    """The purpose in a header's plain characters; numbers that name a person are not written down."""
    said = (purpose or "").strip()
    if not said:
        raise Invalid(missing, pointer="/header/purpose")
    if not (said.isascii() and said.isprintable()):
        raise Invalid("field.forbidden_character", pointer="/header/purpose")
    return unnamed(said)


def unnamed(said: str) -> str:
    """A purpose in free words, without the numbers and addresses that name a person."""
    return _NAMING.sub("***", text.mask_rrn(said).text)
