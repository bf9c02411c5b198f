"""Who may do what: tests/authorization.csv says it for every route and role; here each cell is tried.

A cell is the answer to a call that is right in form and names an id which the caller has no business with: `401`
nobody known, `403` not this role, `404` (or `422`, where a foreign id is one of the wrong answers) not this case, and
`allowed` where no id is named. The table is written by hand: it is the intention, not a print of what happens.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from app import contract, db, main
from app.tokens import Role
from tests.api.acts import rows
from tests.api.papers import hand_in
from tests.api.test_statements import Ledger
from tests.api.walk import FORM, carried, parameters, to_be_sent
from tests.house import GILDONG, ONLINE_MALL, STRANGER, Holder, House, bearer, key

TABLE = Path(__file__).parents[1] / "authorization.csv"
ANSWERS = {"401", "403", "404", "422", "400", "allowed"}
ROLES = ("anonymous", *(role.value for role in Role))
CHANNELS = {"website": "web", "call_center": "phone", "clerk": "visit", "officer": "visit", "system": "processor"}
STOPPED = {"right": "suspension", "categories": ["inquiry"], "ends_contract": False}
PERSON = {"name": "카나리아", "phone": "010-0000-7777", "email": "canary@example.com"}
IDS = (
    "request_id", "claim_id", "verification_id", "notice_id", "evidence_id", "system_id", "client_id", "task_id",
    "objection_id", "follow_up_id", "incident_id", "destruction_id",
    "letter_id", "relay_id", "delivery_id", "proposal_id", "entry_id", "question_id",
)  # fmt: skip
OPERATIONS = {
    (method.upper(), path): one
    for path, methods in contract.document(main.bare(docs=True))["paths"].items()
    for method, one in methods.items()
}
EXAMPLE = to_be_sent()


def table() -> dict[tuple[str, str], dict[str, str]]:
    """The table by method and path."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row.pop("method"), row.pop("path")): row for row in csv.DictReader(file)}


def routes() -> Iterator[tuple[str, str]]:
    """Every route of the application, documented or not."""
    for route in iter_route_contexts(main.bare(docs=True).routes):
        for method in (route.methods or set()) - {"HEAD"}:
            yield method, route.path or ""


@dataclass
class Case:
    """Real ids of one case, each the business of few."""

    ids: dict[str, str]
    person: dict[str, str]
    holder: Holder


async def call(
    house: House, route: tuple[str, str], role: str, headers: dict[str, str], ids: dict[str, str]
) -> httpx.Response:
    """One call, right in everything but perhaps its caller and its ids."""
    method, path = route
    operation = OPERATIONS.get(route, {"operationId": "", "parameters": []})
    example = EXAMPLE.get(operation["operationId"], {})
    names = {one.get("$ref", "").rpartition("/")[2] for one in operation["parameters"]}
    given = example.get("parameters", {})
    query = parameters(operation, "query", given)
    sent = headers | parameters(operation, "header", given)
    if "IdempotencyKey" in names:
        sent |= key()
    if "IfMatch" in names:
        sent["If-Match"] = '"v1"'
    body: dict[str, Any] = {}
    if "requestBody" in operation:
        value = dict(example["request"])
        if "channel" in value:
            value["channel"] = CHANNELS.get(role, "web")
        if role == "officer" and path.endswith("/result"):
            value["proof"] = "회신 공문을 보았습니다."
        [kind] = operation["requestBody"]["content"]
        body = carried(kind, value | ({"client_id": ids["client_id"], "client_secret": "x"} if kind == FORM else {}))
    return await house.api.request(method, path.format(**ids), params=query, headers=sent, **body)


def unknown_ids() -> dict[str, str]:
    """Well-formed ids of nothing."""
    return {name: str(db.new_id()) for name in IDS} | named_places() | {"code": "no.such_code"}


def named_places() -> dict[str, str]:
    """What stands in a path without being anybody's id."""
    return {"month": f"{db.now():%Y-%m}", "ledger": "requests", "token": "noSuchPage", "anchor": f"1.{'0' * 64}"}


def auth(house: House, role: str) -> dict[str, str]:
    """A caller of this role who has no case of their own."""
    own = str(db.new_id())
    if role == "anonymous":
        return {}
    if role == "requester":
        return house.auth(role, own, rid=own)
    return house.auth(role, own, **({"agent": "a17"} if role == "call_center" else {}))


async def case(house: House) -> Case:
    """A case with a claim, a verification, a task and a notice of its own."""
    holder = await house.system("a holder")
    filed = await house.file(ONLINE_MALL, subject=PERSON)
    person = bearer(filed["requester_token"])
    asked = await house.api.post(
        f"/v1/requests/{filed['id']}/verifications",
        json=EXAMPLE["ask_verification"]["request"],
        headers={**person, **key()},
    )
    await house.workshop.run()  # else its code may be the last one sent when the next person looks for theirs
    paper = await hand_in(house, filed, "correction_proof", party="subject")
    known = await house.file(ONLINE_MALL)
    await house.prove(known)
    [task] = await holder.tasks()
    told = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="visit")
    await house.prove(told)
    officer = house.auth("officer")
    [notice] = (await house.api.get(f"/v1/requests/{told['id']}/notices", headers=officer)).json()["items"]
    [letter] = (await house.api.get("/v1/letters", headers=officer)).json()["items"]
    objected = await house.api.post(
        f"/v1/claims/{told['claims'][0]['id']}/objections",
        json={"reason": "다시 보아 주십시오."},
        headers={**bearer(told["requester_token"]), **key()},
    )
    made = await house.api.post(
        "/v1/clients", json=EXAMPLE["create_client"]["request"], headers={**house.auth("admin"), **key()}
    )
    await house.prove(await house.file(STOPPED, subject=GILDONG))
    queued = (await house.api.get("/v1/follow-ups", headers=officer)).json()["items"]
    await house.system("a source", kind="source", categories=["report"], actions=[])
    gone = await house.file({"right": "deletion", "categories": ["report"]}, subject=GILDONG)
    await house.prove(gone)
    await house.decide(gone["claims"][0]["id"], outcome="approve")
    [passed] = (await house.api.get("/v1/relays", headers=officer)).json()["items"]
    leaked = EXAMPLE["open_incident"]["request"] | {
        "request_id": told["id"],
        "known_at": db.now().isoformat(),
        "account": f"{PERSON['name']} 님의 전화로 열렸다.",
    }
    opened = await house.api.post("/v1/incidents", json=leaked, headers={**officer, **key()})
    ids = {
        "request_id": filed["id"],
        "claim_id": filed["claims"][0]["id"],
        "verification_id": asked.json()["id"],
        "notice_id": notice["id"],
        "letter_id": letter["id"],
        "evidence_id": paper["id"],
        "task_id": task["id"],
        "system_id": holder.id,
        "objection_id": objected.json()["id"],
        "follow_up_id": queued[0]["id"],
        "incident_id": opened.json()["id"],
        "relay_id": passed["id"],
        "delivery_id": await sent_to(house, "a mall with an endpoint"),
        "client_id": made.json()["client_id"],
        **{name: str(db.new_id()) for name in ("proposal_id", "entry_id", "question_id")},
        "destruction_id": str(db.new_id()),
        "code": "auth.missing",
    }
    return Case(ids | named_places(), person, holder)


async def sent_to(house: House, name: str) -> str:
    """The id of an event that was queued for some system."""
    holder = await house.system(name, endpoint_url="http://127.0.0.1:9/events", scheme="v1", categories=[])
    path = f"/v1/systems/{holder.id}/test-events"
    delivery: str = (await house.api.post(path, headers={**house.auth("admin"), **key()})).json()["id"]
    return delivery


def test_the_table_names_every_route_and_role_and_nothing_else() -> None:
    found = table()
    assert set(found) == set(routes())
    for route, cells in found.items():
        assert tuple(cells) == ROLES, route
        assert set(cells.values()) <= ANSWERS, route


def test_the_contract_names_the_same_roles() -> None:
    for route, operation in OPERATIONS.items():
        cells = table()[route]
        refused = {role for role, cell in cells.items() if cell == "403"}
        let_in = set(operation.get("x-roles", ()))
        assert refused == (set(ROLES) - let_in - {"anonymous"} if let_in else set()), route


def test_a_website_may_file_and_nothing_else() -> None:
    refused = ("401", "403")
    own = {route for route, cells in table().items() if cells["website"] not in refused and cells["anonymous"] == "401"}
    assert own == {("POST", "/v1/requests"), ("POST", "/v1/oauth/token")}


async def test_every_cell_of_the_table_and_one_row_in_the_access_log_for_each_call(house: House) -> None:
    wrong, called = {}, {}
    for role in ROLES:
        headers = auth(house, role)
        for route, cells in table().items():
            reply = await call(house, route, role, headers, unknown_ids())
            got = "allowed" if reply.is_success else str(reply.status_code)
            if got != cells[role]:
                wrong[(role, *route)] = (cells[role], reply.status_code, reply.text[:200])
            called[reply.headers["request-id"]] = (role, *route)
    assert wrong == {}
    logged = await rows(
        house.desk, "SELECT trace, role, count(*) AS entries FROM access_log WHERE operation <> 'log_in' GROUP BY 1, 2"
    )
    found = {called[row.trace]: (row.role, row.entries) for row in logged if row.trace in called}
    expected = {one: (one[0], 1) for one in called.values() if one[0] not in UNLOGGED and _named(one[1:])}
    assert found == expected | ODD


UNLOGGED = ("anonymous", "requester")
"""Who brings nothing has tried nothing; data subjects look at what is theirs."""
ODD = {
    ("anonymous", "POST", "/v1/oauth/token"): ("unknown", 1),
    # A row for the call, and one for each of the results in it.
    ("system", "POST", "/v1/task-results"): ("system", 1 + len(EXAMPLE["report_tasks"]["request"]["results"])),
}


def _named(route: tuple[str, ...]) -> bool:
    """Whether an operation asks who calls."""
    method, path = route
    return "x-roles" in OPERATIONS.get((method, path), {})


FOREIGN = ("requester", "call_center", "clerk", "system")
"""Those who see some cases and not others; officers, approvers and admins see all of theirs."""


async def test_a_foreign_id_answers_exactly_like_an_unknown_one(house: House) -> None:
    theirs = await case(house)
    tried, work, dearer = set(), Ledger(house), {}
    for route, cells in table().items():
        for role in FOREIGN:
            if cells[role] not in ("404", "422") or "_id}" not in route[1]:
                continue
            headers = auth(house, role)
            with work.of("foreign"):
                foreign = await call(house, route, role, headers, theirs.ids)
            with work.of("unknown"):
                unknown = await call(house, route, role, headers, unknown_ids())
            asked = [len(work.found.pop(name, [])) for name in ("foreign", "unknown")]
            if asked[0] != asked[1]:
                dearer[(role, *route)] = asked
            assert foreign.status_code == unknown.status_code == int(cells[role]), (route, role, foreign.text)
            assert _said(foreign) == _said(unknown), (route, role)
            tried.add((role, *route))
    assert len(tried) >= 25
    assert dearer == {}, "the same number of statements, or the time would tell"


async def test_the_same_id_is_no_stranger_to_those_whose_business_it_is(house: House) -> None:
    """Else the test above could pass by refusing everybody."""
    theirs = await case(house)
    callers = {"officer": house.auth("officer"), "requester": theirs.person, "system": theirs.holder.headers}
    for path, role in (
        ("/v1/requests/{request_id}", "requester"),
        ("/v1/requests/{request_id}", "officer"),
        ("/v1/claims/{claim_id}", "officer"),
        ("/v1/notices/{notice_id}/document", "officer"),
        ("/v1/evidence/{evidence_id}", "officer"),
        ("/v1/requests/{request_id}/evidence", "requester"),
        ("/v1/requests/{request_id}/supplements", "requester"),
        ("/v1/tasks/{task_id}", "system"),
    ):
        reply = await call(house, ("GET", path), role, callers[role], theirs.ids)
        assert reply.status_code == 200, (path, role, reply.text)


@pytest.mark.parametrize("role", ["auditor", "admin"])
async def test_auditors_and_admins_see_no_personal_data(house: House, role: str) -> None:
    theirs = await case(house)
    for route in table():
        reply = await call(house, route, role, auth(house, role), theirs.ids)
        assert reply.status_code < 500
        for secret in (*PERSON.values(), "+821000007777"):
            assert secret not in reply.text, (route, secret)


def _said(reply: httpx.Response) -> tuple[Any, ...]:
    """An answer but for what differs between any two calls."""
    headers = {name: value for name, value in reply.headers.items() if name not in ("request-id", "content-length")}
    return reply.json() | {"instance": None}, headers
