"""For what somebody takes a document away: said in a header, logged, and answered for (안전성 확보조치 기준 8(2))."""

import re
from typing import Annotated, Final

from fastapi import Depends, Header, Request

from app import text
from app.errors import Conflict, Invalid
from app.http.unit import Unit, contact_of, desk
from app.services import download_questions

CHARS_MAX: Final = 100
STATED: Final = ("document.purpose_required", "download.unanswered", "field.forbidden_character")
"""What may be answered to whoever takes a document of somebody's."""
_ASKED: Final = ("officer", "approver", "auditor")
_NAMING = re.compile(r"\S+@\S+|\+?[0-9](?:[ ().-]{0,3}[0-9]){6,}")


async def _purpose(
    request: Request,
    session: Unit,
    purpose: Annotated[
        str | None, Header(max_length=CHARS_MAX, description="Of staff: what the document is for; it is logged.")
    ] = None,
) -> str:
    """The purpose that staff state; stands after the principal."""
    by = contact_of(request).by
    if by is None or by.role not in _ASKED:
        return ""
    return await taken_for(request, _stated(purpose))


Purpose = Annotated[str, Depends(_purpose)]


async def taken_for(request: Request, purpose: str) -> str:
    """Log the purpose; nobody takes another document before they have answered for one that was doubted.

    Asked apart from the call's own transaction: a large document is not waited for with a connection in the hand.
    """
    contact = contact_of(request)
    assert contact.by is not None
    contact.purpose = purpose
    async with desk(request).database.transaction() as asking:
        if await download_questions.is_open(asking, contact.by.id):
            raise Conflict("download.unanswered")
    return purpose


def _stated(purpose: str | None) -> str:
    """The purpose in a header's plain characters; numbers that name a person are not written down."""
    said = (purpose or "").strip()
    if not said:
        raise Invalid("document.purpose_required", pointer="/header/purpose")
    if not (said.isascii() and said.isprintable()):
        raise Invalid("field.forbidden_character", pointer="/header/purpose")
    return unnamed(said)


def unnamed(said: str) -> str:
    """A purpose in free words, without the numbers and addresses that name a person."""
    return _NAMING.sub("***", text.mask_rrn(said).text)
