"""A claim for footage as its callers see it: place and time for all, the state of it and the description for staff."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Claim, Request
from app.services import keyring

_ASKED = ("site", "name", "from", "to", "kind", "ground", "likely_expired")


def asked(scope: Mapping[str, Any]) -> dict[str, Any] | None:
    """What was asked; it names nobody."""
    media = scope.get("media")
    return {name: media[name] for name in _ASKED} if media else None


def whole(session: AsyncSession, request: Request, claim: Claim, state: str | None) -> dict[str, Any] | None:
    """With how it stands with the recorder, and by what the person can be found in it."""
    found = asked(claim.scope)
    if found is None or claim.detail_ct is None:
        return None
    said = keyring.unseal(session, request, "claim.detail", claim.id, claim.detail_ct)
    return {**found, "state": state, "description": said["description"]}
