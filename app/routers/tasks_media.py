"""Footage in a task: what a place is asked to keep, look for or let go, and where it can be seen."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app import text
from app.http.body import Line, Moment, Wire
from app.law.terms import FootageGround, FootageKind
from app.services.arranging import Arrangement


class ArrangementIn(Wire):
    """Where and between when footage can be seen or its copy fetched; `masked`: others in it cannot be recognised."""

    place: Line
    from_: Annotated[Moment, Field(alias="from")]
    to: Moment
    masked: bool = False

    def read(self) -> Arrangement:
        """In normal form."""
        return Arrangement(text.line(self.place, pointer="/media/place"), self.from_, self.to, self.masked)


class ArrangementOut(BaseModel):
    """Where and between when footage can be seen."""

    model_config = ConfigDict(populate_by_name=True)

    place: str
    from_: datetime = Field(alias="from")
    to: datetime
    masked: bool


class TaskMediaOut(BaseModel):
    """Footage by place and time. To look for it: also what is asked, by what the person is found, who comes and when.

    To let it go: whether a copy that was made for the claim is destroyed with it.
    """

    model_config = ConfigDict(populate_by_name=True)

    site: UUID
    from_: datetime = Field(alias="from")
    to: datetime
    kind: FootageKind | None = None
    ground: FootageGround | None = None
    description: str | None = None
    visitor: str | None = None
    not_before: datetime | None = None
    not_after: date | None = None
    destroys_copy: bool | None = None
