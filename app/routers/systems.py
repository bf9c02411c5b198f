"""Everyone who holds the data: registered, challenged, changed and retired by an admin, who sees no personal data."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from app import db
from app.endpoint import URL_CHARS
from app.errors import Invalid
from app.http.auth import Admin, actor
from app.http.body import Line, Wire
from app.http.conditional import IfMatch, etag, not_modified, versioned
from app.http.idempotency import Idempotent
from app.http.route import DeskRoute
from app.http.unit import Unit
from app.models import ACTIONS, System
from app.routers.documented import headers, problems
from app.routers.system_keys import KeyOut, NewKeyOut, Scheme, SystemId, public_part, told
from app.services import registry
from app.services.registry import MATCHES, Entry, Listed, Registered

router = APIRouter(prefix="/v1/systems", tags=["systems"], route_class=DeskRoute)
Kind = Literal["internal", "processor", "third_party", "source"]
State = Literal["proposed", "unverified", "active", "stopped", "retired"]
AnswersBy = Literal["api", "page"]
Words = Annotated[list[Line], Field(max_length=50, examples=[["orders"]])]
Actions = Annotated[list[Line], Field(max_length=50, json_schema_extra={"items": {"enum": list(ACTIONS)}})]
Matches = Annotated[
    list[Line], Field(min_length=1, max_length=10, json_schema_extra={"items": {"enum": list(MATCHES)}})
]
Url = Annotated[str, Field(min_length=1, max_length=URL_CHARS)]
CallbackKeys = Annotated[list[Line], Field(max_length=5, examples=[["whpk_AAAA"]])]
Mail = Annotated[str, Field(min_length=1, max_length=254)]
WorkingDays = Annotated[int, Field(ge=1, le=10)]
_ENDPOINT = (
    "field.duplicate",
    "identifier.rrn_not_allowed",
    "identifier.card_not_allowed",
    "endpoint.url_malformed",
    "endpoint.scheme_not_allowed",
    "endpoint.host_not_allowed",
    "endpoint.port_not_allowed",
    "endpoint.address_not_allowed",
)


class SystemIn(Wire):
    """A holder to register. Without `endpoint_url` and `scheme` it polls its tasks.

    `answers_by: page` is for holders without a machine: each task is told to `contact_email` by mail and answered on a
    page that opens by a number, which goes to `contact_phone` or is read out by an officer.
    `due_working_days` is how long its tasks may take, always inside the claim's own day; left out: as the policy says.
    `party` is what the policy calls it; left out: known by its name where that is the policy's.
    """

    name: Line
    kind: Kind
    categories: Words
    actions: Actions
    matches_by: Matches
    contact_email: Mail
    contact_phone: Line | None = None
    answers_by: AnswersBy = "api"
    due_working_days: WorkingDays | None = None
    party: Line | None = None
    endpoint_url: Url | None = None
    scheme: Scheme | None = None
    callback_keys: CallbackKeys = []
    """Public keys, `whpk_...`, of the system itself: by these it may sign its answers instead of using a token."""


class SystemChanges(Wire):
    """What is to change; what is left out stays."""

    name: Line = Field(default_factory=str)
    categories: Words = Field(default_factory=list)
    actions: Actions = Field(default_factory=list)
    matches_by: Matches = Field(default_factory=list)
    contact_email: Mail = Field(default_factory=str)
    contact_phone: Line | None = None
    answers_by: AnswersBy = "api"
    due_working_days: WorkingDays | None = None
    party: Line | None = None
    endpoint_url: Url = Field(default_factory=str)
    callback_keys: CallbackKeys = Field(default_factory=list)


class ProposedEndpointOut(BaseModel):
    """An address that one admin proposed: another confirms it (`agreed_at`), then it has to answer its challenge."""

    endpoint_url: str
    proposed_at: datetime
    agreed_at: datetime | None


class SystemOut(BaseModel):
    """A holder as registered. `unverified` and `stopped` endpoints are told nothing about anybody until they answer.

    `proposed`: its first endpoint waits for a second admin. Of one that serves already `proposed_endpoint` is to take
    its place.
    """

    id: UUID
    name: str
    kind: Kind
    state: State
    categories: list[str]
    actions: list[str]
    matches_by: list[str]
    contact_email: str
    contact_phone: str | None
    answers_by: AnswersBy
    due_working_days: int | None
    party: str | None
    endpoint_url: str | None
    proposed_endpoint: ProposedEndpointOut | None
    scheme: Scheme | None
    callback_keys: list[str]
    keys: list[KeyOut]
    client_id: UUID | None
    created_at: datetime


class SystemClientOut(BaseModel):
    """The credentials with which the system fetches and answers its tasks; told this once."""

    client_id: UUID
    client_secret: str


class SystemRegistered(BaseModel):
    """A holder just registered, with all that is told this once."""

    id: UUID
    name: str
    kind: Kind
    state: State
    categories: list[str]
    actions: list[str]
    matches_by: list[str]
    contact_email: str
    contact_phone: str | None
    answers_by: AnswersBy
    due_working_days: int | None
    party: str | None
    endpoint_url: str | None
    proposed_endpoint: ProposedEndpointOut | None
    scheme: Scheme | None
    callback_keys: list[str]
    keys: list[NewKeyOut]
    client: SystemClientOut
    created_at: datetime


class Systems(BaseModel):
    """A page of holders in the order of their registration."""

    items: list[SystemOut]
    next_cursor: str | None


class TestEventOut(BaseModel):
    """A test event on its way; its id is the `webhook-id` the endpoint sees."""

    id: UUID
    type: Literal["endpoint.test"]


@router.post(
    "",
    status_code=201,
    operation_id="register_system",
    summary="Register a holder of data",
    response_model=SystemRegistered,
    responses=headers(201, "ETag", "Location") | problems("field.inconsistent", *_ENDPOINT),
)
async def register_system(caller: Admin, idem: Idempotent, session: Unit, body: SystemIn) -> Response:
    """Register a holder with its signing key and client, whose secrets stand in this answer only.

    Its endpoint is sent `endpoint.challenge` and is active when it answered 200 with the same word: at once, or, where
    the deployment wants two people (always in production), after another admin confirmed it.
    """
    if idem.stored:
        return idem.replay()
    registered = await registry.register(session, Entry(**body.model_dump()), by=actor(caller), now=db.now())
    system = registered.system
    headers = versioned(system.version, location=f"/v1/systems/{system.id}")
    return await idem.keep(session, _registered(registered), headers=headers)


@router.get(
    "",
    operation_id="list_systems",
    summary="List the holders",
    response_model=Systems,
)
async def list_systems(
    caller: Admin,
    session: Unit,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=36)] = None,
) -> Response:
    """Holders in the order of their registration, retired ones included."""
    found = await registry.page(session, after=_after(cursor), limit=limit + 1)
    page, more = found[:limit], len(found) > limit
    return JSONResponse(
        {"items": [_wire(one) for one in page], "next_cursor": str(page[-1].system.id) if more else None}
    )


@router.get(
    "/{system_id}",
    operation_id="get_system",
    summary="Read one holder",
    response_model=SystemOut,
    responses={304: {"description": "Not modified."}, **headers(200, "ETag")},
)
async def get_system(
    caller: Admin,
    session: Unit,
    system_id: SystemId,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """One holder. Its ETag is what a change must name."""
    found = await registry.look(session, system_id)
    present = etag(found.system.version)
    if not_modified(if_none_match, present):
        return Response(status_code=304, headers={"ETag": present})
    return answer(found)


@router.patch(
    "/{system_id}",
    operation_id="change_system",
    summary="Change a holder",
    response_model=SystemOut,
    responses=headers(200, "ETag") | problems("state.conflict", "field.inconsistent", *_ENDPOINT),
)
async def change_system(
    caller: Admin, version: IfMatch, session: Unit, system_id: SystemId, body: SystemChanges
) -> Response:
    """Change what is said about a holder. An endpoint that is new or moved is unverified, and challenged.

    Where the deployment wants two people it is proposed first, and one that serves goes on until the new one was
    confirmed and has answered. To name the present one again withdraws what was proposed.

    The kind does not change. The scheme changes with a new key, and a system that polled until now is challenged at its
    endpoint once it has its first one.
    """
    changes: dict[str, Any] = {name: getattr(body, name) for name in sorted(body.model_fields_set)}
    if not changes:
        raise Invalid("field.required", pointer="")
    changed = await registry.change(session, system_id, changes, version=version, by=actor(caller), now=db.now())
    return answer(changed)


@router.put(
    "/{system_id}/endpoint-confirmation",
    operation_id="confirm_endpoint",
    summary="Confirm a proposed endpoint",
    response_model=SystemOut,
    responses=headers(200, "ETag") | problems("state.conflict", "approval.same_person"),
)
async def confirm_endpoint(caller: Admin, version: IfMatch, session: Unit, system_id: SystemId) -> Response:
    """Agree, as another admin than the one who proposed it, to send a holder's events there. It is challenged now."""
    by = actor(caller)
    return answer(await registry.confirm_endpoint(session, system_id, version=version, by=by, now=db.now()))


@router.post(
    "/{system_id}/retirement",
    operation_id="retire_system",
    summary="End a holder",
    response_model=SystemOut,
    responses=headers(200, "ETag"),
)
async def retire_system(caller: Admin, session: Unit, system_id: SystemId) -> Response:
    """End a holder and its client for good; nothing is deleted. Repeating it answers the same.

    Its unfinished tasks stay open, and each request that has one is put before an officer.
    """
    return answer(await registry.retire(session, system_id, by=actor(caller), now=db.now()))


@router.post(
    "/{system_id}/challenges",
    status_code=202,
    operation_id="challenge_system",
    summary="Challenge an endpoint again",
    response_model=SystemOut,
    responses=headers(202, "ETag") | problems("state.conflict"),
)
async def challenge_system(caller: Admin, session: Unit, system_id: SystemId) -> Response:
    """Send a new challenge. Until it is answered the endpoint is unverified and its events about tasks wait.

    Without a key there is none: its first key sends the one that waits.
    """
    return answer(await registry.challenge(session, system_id, by=actor(caller), now=db.now()), status=202)


@router.post(
    "/{system_id}/test-events",
    status_code=202,
    operation_id="send_test_event",
    summary="Send a test event",
    response_model=TestEventOut,
    responses=problems("state.conflict"),
)
async def send_test_event(caller: Admin, idem: Idempotent, session: Unit, system_id: SystemId) -> Response:
    """Send `endpoint.test`, which carries nothing, to the endpoint in whatever state it is."""
    if idem.stored:
        return idem.replay()
    delivery = await registry.send_test(session, system_id, by=actor(caller), now=db.now())
    answer = TestEventOut(id=delivery.id, type="endpoint.test")
    return await idem.keep(session, answer.model_dump(mode="json"), status=202)


def answer(listed: Listed, status: int = 200) -> Response:
    """One holder, with the version that a change must name."""
    return JSONResponse(_wire(listed), status_code=status, headers=versioned(listed.system.version))


def _wire(listed: Listed) -> dict[str, Any]:
    system = listed.system
    shown = system.model_dump(include=set(SystemOut.model_fields)) | {"proposed_endpoint": _proposed(system)}
    out = SystemOut(**shown, keys=[public_part(key) for key in listed.keys], client_id=listed.client_id)
    return out.model_dump(mode="json", by_alias=True)


def _registered(registered: Registered) -> dict[str, Any]:
    system, credentials = registered.system, registered.credentials
    shown = system.model_dump(include=set(SystemRegistered.model_fields)) | {"proposed_endpoint": _proposed(system)}
    client = SystemClientOut(client_id=credentials.client.id, client_secret=credentials.secret)
    out = SystemRegistered(**shown, keys=[told(key) for key in registered.keys], client=client)
    return out.model_dump(mode="json", by_alias=True)


def _proposed(system: System) -> ProposedEndpointOut | None:
    if system.proposed_url is None or system.proposed_at is None:
        return None
    return ProposedEndpointOut(
        endpoint_url=system.proposed_url, proposed_at=system.proposed_at, agreed_at=system.agreed_at
    )


def _after(cursor: str | None) -> UUID | None:
    """Where the next page begins; a cursor that is not ours is refused like any wrong value."""
    try:
        return UUID(cursor) if cursor is not None else None
    except ValueError:
        raise Invalid("field.value", pointer="/query/cursor") from None
