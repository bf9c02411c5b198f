"""Every notice, drawn: one content, as accessible PDF and as a page of its own (Decree 48(1))."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from app.documents.anchored import Anchor, anchored
from app.documents.frame import Sheet
from app.documents.free import FreeNotice
from app.documents.free_sheet import free_sheet
from app.documents.notices import (
    AccessAnswer,
    AccessNotice,
    Barred,
    Done,
    Fee,
    Granted,
    Item,
    NothingHeld,
    Notice,
    Objection,
    PartlyDone,
    PartlyGranted,
    Postponed,
    Recipient,
    Refused,
    ResultAnswer,
    ResultNotice,
    Sender,
    Shape,
    StatedGround,
    Viewing,
    Way,
    Withheld,
)
from app.documents.page import page
from app.documents.sheet import sheet
from app.documents.typeset import typeset

__all__ = [
    "AccessAnswer",
    "AccessNotice",
    "Barred",
    "Done",
    "Fee",
    "Granted",
    "Item",
    "NothingHeld",
    "Notice",
    "Objection",
    "PartlyDone",
    "PartlyGranted",
    "Postponed",
    "Recipient",
    "Refused",
    "ResultAnswer",
    "ResultNotice",
    "Sender",
    "Shape",
    "StatedGround",
    "Told",
    "Viewing",
    "Way",
    "Withheld",
    "dump",
    "load",
    "render_html",
    "render_pdf",
]

Told = Notice | FreeNotice
SALT = "salt"
"""Kept with a notice and drawn nowhere: with it the hash of the contents gives away nothing of them."""
_KEPT: TypeAdapter[Told] = TypeAdapter(Annotated[Told, Field(discriminator="form")])


def dump(notice: Told) -> dict[str, Any]:
    """The notice as JSON values, to be sealed and rendered when it is opened."""
    kept: dict[str, Any] = _KEPT.dump_python(notice, mode="json")
    return kept


def load(kept: dict[str, Any]) -> Told:
    """The notice again; the statute's demands are made anew."""
    return _KEPT.validate_python({name: value for name, value in kept.items() if name != SALT})


def render_pdf(notice: Told, *, large: bool = False, anchor: Anchor | None = None) -> bytes:
    """The notice as tagged PDF; the same notice gives the same bytes."""
    return typeset("form", _sheet(notice, anchor), notice.dated, large=large)


def render_html(notice: Told, *, large: bool = False, anchor: Anchor | None = None) -> str:
    """The same content as one page that needs nothing else."""
    return page(_sheet(notice, anchor), large=large)


def _sheet(notice: Told, anchor: Anchor | None) -> Sheet:
    drawn = sheet(notice) if isinstance(notice, AccessNotice | ResultNotice) else free_sheet(notice)
    return replace(drawn, anchored=anchored(anchor, drawn.language)) if anchor else drawn
