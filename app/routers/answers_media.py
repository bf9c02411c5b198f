"""The shape of a claim for footage, as its callers see it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.law.terms import FootageGround, FootageKind


class MediaAsked(BaseModel):
    """Footage of a place and time; `likely_expired`: older than such is kept, and still looked for."""

    model_config = ConfigDict(populate_by_name=True)

    site: UUID
    name: str
    from_: datetime = Field(alias="from")
    to: datetime
    kind: FootageKind
    ground: FootageGround
    likely_expired: bool
    state: Literal["asked", "preserved", "not_held", "releasing", "released", "destroyed"] | None = None
    """For staff: how it stands with the recorder."""
    description: str | None = None
    """For staff: by what the person can be found in it."""
