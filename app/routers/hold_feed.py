"""A copy of the holds for a system that asks too often to ask the desk: its key, a snapshot, then every change."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app.http.auth import SystemOnly, actor
from app.http.route import DeskRoute
from app.http.unit import TheDesk, Unit
from app.routers.documented import problems
from app.services import hold_feed
from app.services.hold_feed import Place

router = APIRouter(prefix="/v1/holds", tags=["tasks"], route_class=DeskRoute)
WAIT_S_MOST = 30
_PLACE = r"[0-9]{1,18}\.[0-9a-f]{16}"
Limit = Annotated[int, Query(ge=1, le=1_000)]


class FeedKey(BaseModel):
    """`hfk_` and, in base64, two keys of 32 bytes: the first all systems have, the second is this system's own.

    A subject in the feed is HMAC-SHA-256 under the second of (HMAC-SHA-256 under the first of (kind, a zero byte,
    value)), as base64url without padding. Kinds: `phone` in E.164, `email` with its domain in ASCII and all of it in
    lower case, `customer_no` as it is.
    """

    feed_key: str


class HeldOut(BaseModel):
    """An active hold: what of whom may not be used, or not for which purposes; null means all of them."""

    hold_id: UUID
    active: bool
    category: str
    kind: str
    fields: list[str] | None
    purposes: list[str] | None
    basis: str
    since: datetime
    subjects: list[str]


class HoldChangeOut(BaseModel):
    """A hold as it stands now, at its change's place in the order; of one that is over just its id."""

    seq: int
    at: datetime
    hold_id: UUID
    active: bool
    category: str | None = None
    kind: str | None = None
    fields: list[str] | None = None
    purposes: list[str] | None = None
    basis: str | None = None
    since: datetime | None = None
    subjects: list[str] | None = None


class CoveredOut(BaseModel):
    """For what a copy may answer: categories with all their fields, and purposes. For all else the desk is asked."""

    categories: dict[str, list[str]]
    purposes: list[str]


class HoldSnapshot(BaseModel):
    """A page of the active holds; `after` is the same on each of them."""

    items: list[HeldOut]
    next_cursor: str | None
    after: str
    """From where the feed goes on once the last page is read."""
    covers: CoveredOut


class HoldFeed(BaseModel):
    """What changed, in order, and the place after it; `more`: there is more already."""

    items: list[HoldChangeOut]
    after: str
    more: bool
    covers: CoveredOut


@router.get(
    "/feed-key",
    operation_id="get_feed_key",
    summary="Fetch the key of one's copy",
    response_model=FeedKey,
    responses=problems("holds.not_restored"),
)
async def get_feed_key(caller: SystemOnly, session: Unit) -> Response:
    """The key under which this system is told of people; the same whenever it asks."""
    return JSONResponse({"feed_key": await hold_feed.key(session, by=actor(caller))})


@router.get(
    "/snapshot",
    operation_id="list_holds",
    summary="Take a copy of the holds",
    response_model=HoldSnapshot,
    responses=problems("feed.gone", "holds.not_restored"),
)
async def list_holds(
    caller: SystemOnly,
    session: Unit,
    limit: Limit = 1_000,
    cursor: Annotated[str | None, Query(pattern=rf"^{_PLACE}\.[0-9a-f-]{{36}}$", max_length=80)] = None,
) -> Response:
    """The active holds of the categories this system has, in pages; then go on with the feed from `after`.

    What changes while pages are read the feed tells again: nothing is lost, and twice does no harm.
    """
    return JSONResponse(await hold_feed.snapshot(session, cursor, by=actor(caller), limit=limit))


@router.get(
    "/feed",
    operation_id="follow_holds",
    summary="Follow what changes",
    response_model=HoldFeed,
    responses=problems("feed.gone", "holds.not_restored"),
)
async def follow_holds(
    caller: SystemOnly,
    session: Unit,
    desk: TheDesk,
    request: Request,
    after: Annotated[str, Query(pattern=f"^{_PLACE}$", max_length=40)],
    limit: Limit = 1_000,
    wait: Annotated[int, Query(ge=0, le=WAIT_S_MOST)] = 0,
) -> Response:
    """What changed after a place, in the order of the commits. With `wait` an answer is held back until there is some.

    Changes are kept for thirty days. Whoever comes later, or whose categories changed, takes the snapshot again (410).
    """
    waiting = request.app.state.holds.waiting
    page = await hold_feed.follow(desk, waiting, Place.read(after), by=actor(caller), limit=limit, wait_s=wait)
    return JSONResponse(page)
