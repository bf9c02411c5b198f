"""Who was let in, as what and by whom; and who no longer is."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app.http.auth import Roles
from app.http.body import Id
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.services import grants
from app.tokens import Principal

router = APIRouter(prefix="/v1", tags=["oversight"], route_class=DeskRoute)


class GrantOut(BaseModel):
    """One grant, change or revocation; `facts` are ids and names of fields."""

    id: UUID
    at: datetime
    act: Literal["grant", "change", "revoke"]
    kind: Literal["client", "system", "role", "session"]
    whom: str
    role: str
    by: str
    facts: dict[str, Any]


class Grants(BaseModel):
    """A page of grants and revocations, in the order of time."""

    items: list[GrantOut]
    next_cursor: str | None


@router.get("/grant-history", operation_id="list_grants", summary="Grants and revocations", response_model=Grants)
async def list_grants(
    caller: Annotated[Principal, Depends(Roles("auditor", "admin"))],
    session: Unit,
    whom: Annotated[Id | None, Query(description="The id of a client or system.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Id | None = None,
) -> Response:
    """Clients, systems, roles and sessions: given, changed and taken away, kept for three years after they ended."""
    found = await grants.page(session, whom=str(whom) if whom else None, after=cursor, limit=limit + 1)
    items = found[:limit]
    return JSONResponse({"items": items, "next_cursor": items[-1]["id"] if len(found) > limit else None})
