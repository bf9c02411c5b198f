"""Events as they were sent: what became of each, for the receiver and for admins; and sending them again."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app import db
from app.http.auth import actor
from app.http.body import Id, IdOr, Moment, Wire
from app.http.idempotency import Idempotent
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.routers.documented import problems
from app.routers.system_keys import SystemId, SystemOrAdmin
from app.services import deliveries
from app.services.deliveries import Followed

router = APIRouter(prefix="/v1", tags=["systems"], route_class=DeskRoute)
DeliveryId = Annotated[UUID, IdOr("delivery.not_found")]
DeliveryState = Literal["pending", "held", "delivered", "exhausted", "cancelled"]


class AttemptOut(BaseModel):
    """One attempt: the status of the answer if there was one, a short code, and the answer's first words, masked."""

    at: datetime
    status: int | None
    outcome: str
    ms: int
    answer: str | None


class DeliveryOut(BaseModel):
    """An event for one endpoint; its id is the `webhook-id` of every attempt, of which the last twenty stand here."""

    id: UUID
    type: str
    task_id: UUID | None
    state: DeliveryState
    created_at: datetime
    next_at: datetime | None
    delivered_at: datetime | None
    attempts: list[AttemptOut]


class DeliveriesOut(BaseModel):
    """A page of deliveries, newest first."""

    items: list[DeliveryOut]
    next_cursor: UUID | None


class RedeliveryOut(BaseModel):
    """A delivery that is on its way again, under the id it had."""

    id: UUID
    state: Literal["pending"]


class RecoveryIn(Wire):
    """Since when: at most fourteen days back."""

    since: Moment


class RecoveryOut(BaseModel):
    """How many deliveries are on their way again."""

    count: int


@router.get(
    "/systems/{system_id}/deliveries",
    operation_id="list_deliveries",
    summary="See what became of events",
    response_model=DeliveriesOut,
)
async def list_deliveries(
    caller: SystemOrAdmin,
    session: Unit,
    system_id: SystemId,
    state: DeliveryState | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Id | None = None,
) -> Response:
    """The events of one system, newest first, each with its attempts: for an admin, and for the system itself.

    Of an answer the first 200 characters are kept for thirty days, without anything that looks like personal data.
    """
    found = await deliveries.page(session, system_id, by=actor(caller), state=state, before=cursor, limit=limit + 1)
    page = found[:limit]
    more = page[-1].delivery.id if len(found) > limit else None
    return JSONResponse(DeliveriesOut(items=[_wire(one) for one in page], next_cursor=more).model_dump(mode="json"))


@router.post(
    "/deliveries/{delivery_id}/redelivery",
    status_code=202,
    operation_id="redeliver_event",
    summary="Send an event again",
    response_model=RedeliveryOut,
    responses=problems("state.conflict"),
)
async def redeliver_event(caller: SystemOrAdmin, idem: Idempotent, session: Unit, delivery_id: DeliveryId) -> Response:
    """Send one event again under the same `webhook-id`, whether it arrived or was given up.

    Not while it is on its way, and not to a retired system.
    """
    if idem.stored:
        return idem.replay()
    again = await deliveries.send_again(session, delivery_id, by=actor(caller), now=db.now())
    return await idem.keep(session, RedeliveryOut(id=again.id, state="pending").model_dump(mode="json"), status=202)


@router.post(
    "/systems/{system_id}/recovery",
    status_code=202,
    operation_id="recover_deliveries",
    summary="Send all that failed since a time",
    response_model=RecoveryOut,
    responses=problems("state.conflict", "field.timezone_required"),
)
async def recover_deliveries(
    caller: SystemOrAdmin, idem: Idempotent, session: Unit, system_id: SystemId, body: RecoveryIn
) -> Response:
    """Send again every event that was given up since then and whose task is still open, or was called back.

    What has arrived meanwhile is left alone. At most 10,000 at a call, the oldest first: ask again for the rest.
    """
    if idem.stored:
        return idem.replay()
    count = await deliveries.recover(session, system_id, body.since, by=actor(caller), now=db.now())
    return await idem.keep(session, RecoveryOut(count=count).model_dump(), status=202)


def _wire(one: Followed) -> DeliveryOut:
    row = one.delivery
    shown: dict[str, Any] = row.model_dump(include=set(DeliveryOut.model_fields) - {"attempts"})
    shown["next_at"] = row.next_at if row.state == "pending" else None
    attempts = [
        AttemptOut(at=try_.at, status=try_.status, outcome=try_.outcome, ms=try_.milliseconds, answer=try_.answer)
        for try_ in one.attempts
    ]
    return DeliveryOut(**shown, attempts=attempts)
