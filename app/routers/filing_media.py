"""Footage asked for at filing (policy 14.6, 14.7): a place, a stretch of time, by what ground, to what end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.http.body import Id, Moment, Text, Wire
from app.law import deadline, footage
from app.law.controller import Cameras
from app.law.footage import Window
from app.law.terms import FootageGround, FootageKind
from app.routers.gathering import Gathering
from app.services.sites import Site

LIKELY_EXPIRED = "media.likely_expired"


class MediaIn(Wire):
    """Footage of a place and time; the description says by what the person can be found in it."""

    site: Id
    from_: Annotated[Moment, Field(alias="from")]
    to: Moment
    description: Text
    ground: FootageGround
    kind: FootageKind


class Media:
    """What is needed to read a claim for footage: the places there are, the policy's cameras, the moment."""

    def __init__(self, sites: Mapping[UUID, Site], cameras: Cameras | None, now: datetime) -> None:
        self._sites, self._cameras, self._now = sites, cameras, now

    def read(self, reading: Gathering, media: MediaIn, at: str) -> tuple[dict[str, Any], str] | None:
        """The footage as scope, which names nobody, and the description, which may; None and a fault if it misfits."""
        site, window = self._sites.get(media.site), Window(media.from_, media.to)
        said = reading.free(f"{at}/description", media.description)
        if site is None or self._cameras is None:
            reading.fault(f"{at}/site", "field.value")
            return None
        wrong = footage.fault(window, now=self._now, longest_hours=self._cameras.window_hours)
        if wrong is not None:
            name, code = wrong
            reading.fault(f"{at}/{name}", code)
            return None
        on = deadline.seoul_date(self._now)
        expired = footage.likely_expired(window, self._cameras.kept_days, on=on)
        if expired:
            reading.adjusted.append({"pointer": at, "code": LIKELY_EXPIRED})
        asked = {
            "site": str(site.id),
            "name": site.name,
            "category": site.category,
            "from": deadline.seoul_time(window.starts_at).isoformat(),
            "to": deadline.seoul_time(window.ends_at).isoformat(),
            "kind": media.kind.value,
            "ground": media.ground.value,
            "likely_expired": expired,
        }
        return asked, said
