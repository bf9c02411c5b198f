"""What the policy in force says otherwise than the registry: shown to an admin, done once one confirms it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db
from app.http.auth import Admin, actor
from app.http.body import IdOr
from app.http.route import DeskRoute
from app.http.unit import TheDesk, Unit
from app.routers.documented import headers
from app.routers.systems import Kind, SystemOut, answer
from app.services import aligning
from app.services.aligning import Proposal

router = APIRouter(prefix="/v1/system-proposals", tags=["systems"], route_class=DeskRoute)
ProposalId = Annotated[UUID, IdOr("proposal.not_found")]


class CategoriesOut(BaseModel):
    """What a holder holds by the registry, and by the policy."""

    before: list[str]
    after: list[str]


class ProposalOut(BaseModel):
    """One difference. `new` is registered without endpoint, `changed` gets its categories, `gone` is retired.

    `party` is what the policy calls the holder; `system_id` is null of one that is not registered.
    """

    id: UUID
    change: Literal["new", "changed", "gone"]
    party: str
    system_id: UUID | None
    name: str
    kind: Kind
    categories: CategoriesOut
    actions: list[str]
    matches_by: list[str]
    contact_email: str


class ProposalsOut(BaseModel):
    """All of them under the policy in force; an id stands for exactly what it says here."""

    policy: str
    items: list[ProposalOut]


@router.get(
    "",
    operation_id="list_system_proposals",
    summary="List what the policy changes in the registry",
    response_model=ProposalsOut,
)
async def list_system_proposals(caller: Admin, desk: TheDesk, session: Unit) -> Response:
    """Read in what the registry differs from the policy. Nothing of it is done by itself."""
    found = [_wire(one) for one in await aligning.proposals(session)]
    return JSONResponse({"policy": desk.policy.id, "items": found})


@router.put(
    "/{proposal_id}/confirmation",
    operation_id="confirm_system_proposal",
    summary="Do what a proposal says",
    response_model=SystemOut,
    responses=headers(200, "ETag"),
)
async def confirm_system_proposal(caller: Admin, session: Unit, proposal_id: ProposalId) -> Response:
    """Register, change or retire the holder as the proposal says. Repeating it answers the same.

    One that no longer stands, because policy or registry changed since, is unknown. A holder registered so polls, or
    people of ours see to its tasks; its client has no secret that anybody knows until it is given one.
    """
    return answer(await aligning.confirm(session, proposal_id, by=actor(caller), now=db.now()))


def _wire(one: Proposal) -> dict[str, Any]:
    out = ProposalOut(
        id=one.id,
        change=one.change,
        party=one.party,
        system_id=one.system_id,
        name=one.name,
        kind=one.kind,
        categories=CategoriesOut(before=one.before, after=one.after),
        actions=one.actions,
        matches_by=one.matches_by,
        contact_email=one.contact_email,
    )
    return out.model_dump(mode="json")
