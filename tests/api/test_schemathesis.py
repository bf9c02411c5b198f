"""The whole API against its contract by schemathesis, over a real socket, as every role: no 5xx, nothing undocumented.

Each operation gets fitting and unfitting calls about a case that exists, from everybody it is for, from nobody, and
in turn from those it is not for. The seed is fixed: the same calls every time.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import pytest_asyncio
import requests
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app import contract, db, main
from app.desk import Desk
from app.http.protocol import DeskProtocol
from app.http.sessions import STAFF
from app.opening import open_desk
from app.settings import Settings
from app.tokens import LIFETIME, Role
from tests.api.papers import hand_in
from tests.house import ONLINE_MALL, STRANGER, House, Workshop, bearer, key

DOCUMENT = contract.document(main.bare(docs=True))
EXAMPLES = {GenerationMode.POSITIVE: 6, GenerationMode.NEGATIVE: 6}
REFUSALS = ["400", "401", "403", "404", "409", "412", "413", "415", "422", "428", "429"]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    missing_required_header,
]
OPERATIONS = [
    (method, path, operation["operationId"])
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
schema = schemathesis.openapi.from_dict(DOCUMENT)
schema.config.generation.with_security_parameters = False  # the callers bring tokens of their own
schema.config.checks.negative_data_rejection.expected_statuses = REFUSALS
schema.config.checks.missing_required_header.expected_statuses = REFUSALS


@dataclass
class World:
    """A served API with a case in it, and a token of every role."""

    url: str
    ids: dict[str, str]
    headers: dict[str, dict[str, str]]
    house: House

    def caller(self, role: str, operation_id: str) -> dict[str, str]:
        """The headers of a role; of somebody else where the call ends what it comes with."""
        if operation_id == "end_session" and role in STAFF:
            return self.house.auth(role, str(db.new_id()))
        return dict(self.headers[role])


class Served:
    """The API on a socket, with the protocol it has in earnest."""

    def __init__(self, desk: Desk) -> None:
        config = uvicorn.Config(
            main.create(desk), port=0, http=DeskProtocol, ws="none", lifespan="off", log_level="error", access_log=False
        )
        self._server = uvicorn.Server(config)
        self._desk = desk
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    async def _serve(self) -> None:
        await self._server.serve()
        # Its connections belong to this thread's loop.
        await self._desk.database.dispose()

    def __enter__(self) -> str:
        self._thread.start()
        while not self._server.started:
            threading.Event().wait(0.01)
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)


@pytest.fixture(scope="module")
def data(cluster: str, template: str) -> Iterator[str]:
    """A database for this module."""
    name = f"desk_{db.new_id().hex}"
    plain = cluster.replace("postgresql+psycopg://", "postgresql://", 1)
    address, mark, query = cluster.partition("?")
    with psycopg.connect(plain, dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield f"{address.rpartition('/')[0]}/{name}{mark}{query}"
    with psycopg.connect(plain, dbname="postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(data: str, register_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """The API, served, with one case of every kind of thing in it."""
    secret = "whsec_" + "ZXhhbXBsZS1yZWdpc3Rlci1zZWNyZXQtMDEyMzQ1Njc4OQ=="
    folder: Path = tmp_path_factory.mktemp("schemathesis")
    environment = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": data,
        "REGISTER_URL": register_url,
        "REGISTER_SECRET": secret,
    }
    desk, served = (open_desk(Settings.load(environment), pool_size=12) for _ in range(2))
    with Served(served) as url:
        async with httpx.AsyncClient(base_url=url) as api, Workshop(desk).open() as workshop:

            def token(role: str, sub: str, **claims: object) -> str:
                return desk.issuer.issue(role, sub, LIFETIME[Role(role)], now=db.now(), **claims)

            yield await peopled(House(desk, api, token, workshop), url)
    await desk.database.dispose()


FREE = {"type", "title", "description", "default"}
NOWHERE = (
    "incident_id",
    "letter_id",
    "relay_id",
    "delivery_id",
    "proposal_id",
    "entry_id",
    "question_id",
    "destruction_id",
)


async def peopled(house: House, url: str) -> World:
    """A verified deletion with an assessment, a granted access with a task, a notice, a verification, a client."""
    holder = await house.system()
    filed = await house.file(ONLINE_MALL, {"right": "deletion", "categories": ["separate_service"]})
    await house.prove(filed)
    task = (await holder.tasks())[0]
    gone = await house.file(ONLINE_MALL, subject=STRANGER)
    await house.prove(gone)
    officer, person = house.auth("officer"), bearer(filed["requester_token"])
    notices = await house.api.get(f"/v1/requests/{gone['id']}/notices", headers=officer)
    wanted = {"party": "subject", "method": "email_code", "purpose": "identity"}
    asked = await house.api.post(f"/v1/requests/{filed['id']}/verifications", json=wanted, headers={**person, **key()})
    paper = await hand_in(house, filed, "correction_proof", party="subject")
    objected = await house.api.post(
        f"/v1/claims/{gone['claims'][0]['id']}/objections",
        json={"reason": "다시 보아 주십시오."},
        headers={**bearer(gone["requester_token"]), **key()},
    )
    await house.prove(await house.file({"right": "suspension", "categories": ["inquiry"], "ends_contract": False}))
    queued = (await house.api.get("/v1/follow-ups", headers=officer)).json()["items"]
    client = await house.api.post(
        "/v1/clients", json={"name": "a", "role": "website"}, headers={**house.auth("admin"), **key()}
    )
    ids = {
        "request_id": filed["id"],
        "claim_id": filed["claims"][1]["id"],
        "task_id": task["id"],
        "evidence_id": paper["id"],
        "notice_id": notices.json()["items"][0]["id"],
        "verification_id": asked.json()["id"],
        "objection_id": objected.json()["id"],
        "follow_up_id": queued[0]["id"],
        "client_id": client.json()["client_id"],
        "system_id": (await house.system("another")).id,
        # Of these there is none in this world: an id of nothing does as well.
        **{name: str(db.new_id()) for name in NOWHERE},
        "ledger": "requests",
        "anchor": "{seq}.{hash}".format(**filed["anchor"]),
        "month": "2026-11",
        "code": "claim.closed",
    }
    headers = {role.value: house.auth(role.value) for role in Role if role is not Role.REQUESTER}
    headers |= {"requester": person, "system": holder.headers, "call_center": house.auth("call_center", agent="a17")}
    return World(url, ids, {**headers, "anonymous": {}}, house)


def misfits(operation: dict[str, Any]) -> bool:
    """Whether anything about a call can be wrong: with a parameter that may be any text nothing can."""
    shared = DOCUMENT["components"]["parameters"]
    parameters = [shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in operation["parameters"]]
    bound = [one for one in parameters if one["name"] != "Accept-Language" and one["schema"].keys() - FREE]
    return "requestBody" in operation or bool(bound)


def codes(operation: dict[str, Any], status: int) -> list[str]:
    """The problem codes that the contract names for an answer."""
    answer = operation["responses"][str(status)]
    answer = DOCUMENT["components"]["responses"].get(answer.get("$ref", "").rpartition("/")[2], answer)
    found: list[str] = answer["x-codes"]
    return found


@pytest.mark.parametrize(("method", "path", "operation_id"), OPERATIONS, ids=[one[2] for one in OPERATIONS])
def test_every_operation_keeps_its_contract(world: World, method: str, path: str, operation_id: str) -> None:
    operation = DOCUMENT["paths"][path][method]
    let_in = operation.get("x-roles", ["anonymous"])
    others = cycle(sorted(set(world.headers) - set(let_in)))
    known = {name: value for name, value in world.ids.items() if f"{{{name}}}" in path}
    with requests.Session() as session:
        for mode, most in EXAMPLES.items():
            if mode is GenerationMode.NEGATIVE and not misfits(operation):
                continue
            # Unfitting calls may have their misfit in the path, so only fitting ones are about the case.
            fixed = {"path_parameters": known} if known and mode is GenerationMode.POSITIVE else {}
            strategy = schema[path][method].as_strategy(generation_mode=mode, **fixed)

            def attempt(case: Case) -> None:
                own = {name.lower() for name in case.headers or ()}
                for role in (*let_in, next(others)):
                    # What the case says itself is what is tried: a stated purpose may be the misfit.
                    caller = world.caller(role, operation_id).items()
                    headers = {name: value for name, value in caller if name.lower() not in own}
                    reply = case.call(base_url=world.url, session=session, headers=headers)
                    case.validate_response(reply, checks=CHECKS)
                    if reply.status_code >= 400:
                        assert reply.json()["code"] in codes(operation, reply.status_code)

            bounded = settings(
                max_examples=most,
                derandomize=True,
                database=None,
                deadline=None,
                phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
            )
            bounded(given(strategy)(attempt))()


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_a_method_that_a_path_does_not_have_is_405(world: World, path: str) -> None:
    has = {method.upper() for method in DOCUMENT["paths"][path]}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - has:
        reply = requests.request(
            method, world.url + path.format(**world.ids), headers=world.headers["admin"], timeout=10
        )
        assert reply.status_code == 405, (method, path)
        assert reply.json()["code"] == "request.method_not_allowed"
        assert {one.strip() for one in reply.headers["Allow"].split(",")} - {"HEAD"} == has, (method, path)
