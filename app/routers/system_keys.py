"""The keys that sign events for an endpoint: a new one beside the old, and which ones hold; secrets are told once."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from app import db
from app.http.auth import Admin, Roles, actor
from app.http.body import IdOr, Wire
from app.http.idempotency import Idempotent
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.models import SystemKey
from app.routers.documented import problems
from app.services import registry
from app.services.signing_keys import MadeKey

router = APIRouter(prefix="/v1/systems", tags=["systems"], route_class=DeskRoute)
SystemId = Annotated[UUID, IdOr("system.not_found")]
SystemOrAdmin = Annotated[Any, Depends(Roles("system", "admin"))]
Scheme = Literal["v1", "v1a"]
OVERLAP_HOURS, OVERLAP_HOURS_MOST = 24, 168


class KeyIn(Wire):
    """A new key: by which scheme it signs, and for how long the old ones sign beside it; 0 ends them at once."""

    scheme: Scheme
    overlap_hours: Annotated[int, Field(ge=0, le=OVERLAP_HOURS_MOST)] = OVERLAP_HOURS


class KeyOut(BaseModel):
    """A key that signs events: v1a shows its public half."""

    model_config = ConfigDict(populate_by_name=True)

    id: UUID
    scheme: Scheme
    public_key: str | None
    from_: datetime = Field(alias="from")
    until: datetime | None


class NewKeyOut(KeyOut):
    """A key just made; v1 tells its secret this once."""

    secret: str | None


class KeysOut(BaseModel):
    """The keys of one system, oldest first, those that have ended included."""

    items: list[KeyOut]


class PublishedKeyOut(BaseModel):
    """The public half of a key that signs now, as `whpk_...`."""

    model_config = ConfigDict(populate_by_name=True)

    id: UUID
    public_key: str
    from_: datetime = Field(alias="from")
    until: datetime | None


class EndpointKeysOut(BaseModel):
    """The public keys of one system, newest first."""

    system_id: UUID
    keys: list[PublishedKeyOut]


class WebhookKeysOut(BaseModel):
    """A page of the systems whose events are signed with v1a, and their keys."""

    items: list[EndpointKeysOut]
    next_cursor: UUID | None


@router.post(
    "/{system_id}/keys",
    status_code=201,
    operation_id="create_system_key",
    summary="Change the signing key",
    response_model=NewKeyOut,
    responses=problems("state.conflict", "endpoint.too_many_keys"),
)
async def create_system_key(
    caller: Admin, idem: Idempotent, session: Unit, system_id: SystemId, body: KeyIn
) -> Response:
    """Make a new signing key, of the same scheme or the other; the secret of v1 stands in this answer only.

    Until the old keys end, every event bears a signature of each, the newest first, so that a receiver may change over
    at any time in between. At most ten keys sign at once.
    """
    if idem.stored:
        return idem.replay()
    overlap = timedelta(hours=body.overlap_hours)
    made = await registry.add_key(session, system_id, body.scheme, overlap=overlap, by=actor(caller), now=db.now())
    return await idem.keep(session, told(made).model_dump(mode="json", by_alias=True))


@router.get("/{system_id}/keys", operation_id="list_system_keys", summary="Read the keys", response_model=KeysOut)
async def list_system_keys(caller: SystemOrAdmin, session: Unit, system_id: SystemId) -> Response:
    """Which keys sign from when until when: for an admin, and for the system itself. No secret stands here."""
    keys = await registry.keys_of(session, system_id, by=actor(caller))
    return JSONResponse(KeysOut(items=[public_part(key) for key in keys]).model_dump(mode="json", by_alias=True))


def public_part(key: SystemKey) -> KeyOut:
    """A key without its secret."""
    return KeyOut.model_validate(_fields(key))


def told(made: MadeKey) -> NewKeyOut:
    """A key just made, with its secret."""
    return NewKeyOut.model_validate({**_fields(made.row), "secret": made.secret})


def published(systems: list[tuple[UUID, list[SystemKey]]], *, more: bool) -> dict[str, Any]:
    """The public halves, by system."""
    items = [
        EndpointKeysOut(system_id=system_id, keys=[PublishedKeyOut.model_validate(_fields(key)) for key in keys])
        for system_id, keys in systems
    ]
    found = WebhookKeysOut(items=items, next_cursor=systems[-1][0] if more else None)
    return found.model_dump(mode="json", by_alias=True)


def _fields(key: SystemKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "scheme": key.scheme,
        "public_key": key.public_key,
        "from": key.valid_from,
        "until": key.valid_until,
    }
