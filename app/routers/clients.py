"""Machine clients: a website, a call center, a clerk's desk. A system's client comes with the system."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db
from app.http.auth import Admin, actor
from app.http.body import IdOr, Line, Wire
from app.http.idempotency import Idempotent
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers.documented import problems
from app.services import clients

router = APIRouter(prefix="/v1/clients", tags=["clients"], route_class=DeskRoute)
ClientId = Annotated[UUID, IdOr("client.not_found")]


class ClientIn(Wire):
    """A client to register: what people call it, and what it may do."""

    name: Line
    role: Literal["website", "call_center", "clerk"]


class ClientCreated(BaseModel):
    """A client with its secret, which is told this once."""

    client_id: UUID
    client_secret: str
    name: str
    role: str


class ClientSecretCreated(BaseModel):
    """A new secret, told this once, and until when the one before still works."""

    client_id: UUID
    client_secret: str
    earlier_until: datetime | None


class ClientRetired(BaseModel):
    """A client that gets no more tokens."""

    client_id: UUID
    name: str
    role: str
    retired_at: datetime


@router.post(
    "",
    status_code=201,
    operation_id="create_client",
    summary="Register a client",
    response_model=ClientCreated,
    responses=problems("identifier.rrn_not_allowed", "identifier.card_not_allowed"),
)
async def create_client(caller: Admin, idem: Idempotent, session: Unit, body: ClientIn) -> Response:
    """Register a machine client. Its secret stands in this answer and nowhere else."""
    if idem.stored:
        return idem.replay()
    made = await clients.create(session, body.name, body.role, by=actor(caller), now=db.now())
    answer = ClientCreated(
        client_id=made.client.id, client_secret=made.secret, name=made.client.name, role=made.client.role
    )
    return await idem.keep(session, answer.model_dump(mode="json"))


@router.post(
    "/{client_id}/secrets",
    status_code=201,
    operation_id="create_client_secret",
    summary="Give a client a new secret",
    response_model=ClientSecretCreated,
    responses=problems("state.conflict"),
)
async def create_client_secret(caller: Admin, idem: Idempotent, session: Unit, client_id: ClientId) -> Response:
    """Make a new secret. The one before works for 24 hours more; any older one ends now.

    After a leak call this twice: the leaked secret ends with the second call.
    """
    if idem.stored:
        return idem.replay()
    made = await clients.renew(session, client_id, by=actor(caller), now=db.now())
    answer = ClientSecretCreated(client_id=made.client.id, client_secret=made.secret, earlier_until=made.earlier_until)
    return await idem.keep(session, answer.model_dump(mode="json"))


@router.post(
    "/{client_id}/retirement",
    operation_id="retire_client",
    summary="End a client",
    response_model=ClientRetired,
    responses=problems("state.conflict"),
)
async def retire_client(caller: Admin, session: Unit, client_id: ClientId) -> Response:
    """End a client for good: no new tokens, and those it holds run out within 15 minutes.

    A system's client ends with the system (409 here). Repeating it answers the same.
    """
    now = db.now()
    client = await clients.retire(session, client_id, by=actor(caller), now=now)
    answer = ClientRetired(client_id=client.id, name=client.name, role=client.role, retired_at=client.retired_at or now)
    return JSONResponse(answer.model_dump(mode="json"))
