"""Whose case it is: tests/foreign.csv says it for everything a requester can reach and everybody near enough to try.

A cell is the answer to a call that is right in form and names a real case: the status, and the code where the caller
is no stranger. What is answered 404 (422 for a code) must be byte for byte what an id of nothing is answered. Nobody is
helped by what they carry: each brings the grant and the code that the rightful party could use. Written by hand.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from app import db
from tests.api import test_authorization as roles
from tests.api.acts import DELIVERY, ask
from tests.api.families import EDEN, TAEO, Ledger, contact, person, registered
from tests.api.others import answered, held_by, notices, revoke
from tests.api.papers import accept
from tests.api.test_statements import Ledger as Work
from tests.api.walk import carried
from tests.house import DELEGATE, GILDONG, MOTHER, ONLINE_MALL, STRANGER, Holder, House, bearer, key, signed_mandate

TABLE = Path(__file__).parents[1] / "foreign.csv"
PRINCIPALS = (
    "another_requester",
    "guardian_of_another",
    "other_parent",
    "minor_alone",
    "revoked_delegate",
    "principal",
    "call_center",
    "clerk",
    "system",
)
UNKNOWN = ("404", "422")
OBJECTION = {"reason": "다시 보아 주십시오."}
SORA = {"name": "문소라", "birth_date": "1981-02-02", "phone": "010-0000-5103", "relationship": "parent"}
HELPER = {**DELEGATE, "name": "거들이", "phone": "010-0000-5502", "email": "second@example.com"}
GUARDIANS = [
    {"name": one["name"], "contacts": [contact("+82" + one["phone"].replace("-", "")[1:], holder="guardian")]}
    for one in (TAEO, SORA)
]
PEOPLE = (
    person("C-5101", EDEN["name"], EDEN["birth_date"], contact("+821000005101"), guardians=GUARDIANS),
    person("C-1001", GILDONG["name"], "1980-01-01", contact("+821012345678")),
)


@dataclass(frozen=True)
class Target:
    """A case with an answer, a paper and a code under way, and what its rightful party could open it with."""

    filed: dict[str, Any]
    ids: dict[str, str]
    grant: str
    code: str


Cells = dict[tuple[str, str, str], dict[str, str]]


def table() -> Cells:
    """The table by method, path and what is asked for."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {tuple(row.pop(name) for name in ("method", "path", "what")): row for row in csv.DictReader(file)}  # type: ignore[misc]


async def guardians(house: House) -> dict[str, Any]:
    """A father's request for his son of fifteen, taken by a call center."""
    filed = await house.file_as_guardian(ONLINE_MALL, DELIVERY, subject=EDEN, requester=TAEO, role="call_center")
    filed = held_by(house, filed, "requester")
    await house.prove(filed, party="requester")
    return filed


async def delegates(house: House, requester: dict[str, Any]) -> dict[str, Any]:
    """A request on a mandate to hear the answer too, taken in a store."""
    mandate = signed_mandate(deliver_to="delegate")
    filed = await house.file_as_delegate(ONLINE_MALL, DELIVERY, requester=requester, mandate=mandate, role="clerk")
    filed = held_by(house, filed, "requester")
    await house.prove(filed, party="requester")
    await house.prove(filed)
    await accept(house, filed, "power_of_attorney")
    return filed


async def target(house: House, mall: Holder, filed: dict[str, Any]) -> Target:
    """Its first claim answered, its second left open."""
    await answered(house, mall, filed)
    grant = await house.grant(filed, party="requester")
    asked = await ask(house, filed, party="requester")
    [notice, *_] = await notices(house, filed)
    objected = await house.api.post(
        f"/v1/claims/{filed['claims'][0]['id']}/objections", json=OBJECTION, headers={**house.auth("officer"), **key()}
    )
    dropped = f"/v1/objections/{objected.json()['id']}/withdrawal"
    assert (await house.api.post(dropped, headers=house.auth("officer"))).status_code == 200
    ids = {
        "request_id": filed["id"],
        "claim_id": filed["claims"][0]["id"],
        "notice_id": notice["id"],
        "objection_id": objected.json()["id"],
        "verification_id": asked.json()["id"],
    }
    return Target(filed, ids, grant, house.last_code("sms"))


async def strangers(house: House) -> dict[str, dict[str, str]]:
    """Everybody who has a case like it, as near as can be, and those who take and carry out others."""
    other_parent = await house.file_as_guardian(ONLINE_MALL, subject=EDEN, requester=SORA)
    await house.prove(other_parent, party="requester")
    alone = await house.file(ONLINE_MALL, subject=EDEN)
    await house.prove(alone)
    return {
        "another_requester": bearer((await house.file(subject=STRANGER))["requester_token"]),
        "guardian_of_another": bearer((await house.file_as_guardian(requester=MOTHER))["requester_token"]),
        "other_parent": bearer(other_parent["requester_token"]),
        "minor_alone": bearer(alone["requester_token"]),
        "call_center": house.auth("call_center", "call_center-2", agent="a17"),
        "clerk": house.auth("clerk", "clerk-2"),
        "system": (await house.system("a third")).headers,
    }


async def call(
    house: House, route: tuple[str, str, str], headers: dict[str, str], case: Target, ids: dict[str, str], party: str
) -> httpx.Response:
    """One call, right in everything but perhaps its caller and its ids."""
    method, path, what = route
    operation = roles.OPERATIONS[method, path]
    sent = headers | key()
    body: dict[str, Any] = {}
    if "requestBody" in operation:
        [kind] = operation["requestBody"]["content"]
        body = carried(kind, _said(path, what, case, party))
    return await house.api.request(method, path.format(**ids), headers=sent, **body)


def _said(path: str, what: str, case: Target, party: str) -> dict[str, Any]:
    last = path.rpartition("/")[2]
    return {
        "document": {"grant": case.grant},
        "package": {"grant": case.grant},
        "answer": {"code": case.code},
        "verifications": {"party": party, "method": "phone_code", "purpose": what},
        "evidence": {"kind": "correction_proof", "party": party},
        "objections": OBJECTION,
    }.get(last, {})


def answer_of(reply: httpx.Response, cell: str) -> str:
    """The answer as a cell says it: with the code only where the cell names one."""
    status = str(reply.status_code)
    return f"{status} {reply.json()['code']}" if " " in cell and reply.is_error else status


def plain(reply: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """All of an answer but the id of the call itself."""
    call_id = reply.headers["request-id"]
    headers = {name: value for name, value in reply.headers.items() if name != "request-id"}
    return reply.status_code, reply.content.replace(call_id.encode(), b""), headers


def test_the_table_has_every_operation_that_a_requester_can_reach_and_every_principal() -> None:
    found = table()
    reachable = {
        route for route, cells in roles.table().items() if "_id}" in route[1] and cells["requester"] in UNKNOWN
    }
    assert {route[:2] for route in found} == reachable
    asked = "/v1/requests/{request_id}/verifications"
    assert {what for _, path, what in found if path == asked} == {"identity", "release"}
    for route, cells in found.items():
        assert tuple(cells) == PRINCIPALS, route
        assert all(cell[:3].isdigit() for cell in cells.values()), route
        # A role that the operation is not for stays out here as there.
        for role in ("call_center", "clerk", "system"):
            assert cells[role] == roles.table()[route[:2]][role], (route, role)


@registered(*PEOPLE)
async def test_a_foreign_case_is_answered_byte_for_byte_like_none(ledger: Ledger, house: House) -> None:
    mall = await house.system()
    cases = [
        await target(house, mall, await guardians(house)),
        await target(house, mall, await delegates(house, DELEGATE)),
    ]
    callers = await strangers(house)
    work = Work(house)
    wrong: dict[tuple[str, ...], Any] = {}
    dearer: dict[tuple[str, ...], Any] = {}
    for route, cells in table().items():
        for who, headers in callers.items():
            for case in cases:
                with work.of("foreign"):
                    foreign = await call(house, route, headers, case, case.ids, "requester")
                nothing = {name: str(db.new_id()) for name in case.ids}
                with work.of("unknown"):
                    unknown = await call(house, route, headers, case, nothing, "requester")
                asked = [len(work.found.pop(name)) for name in ("foreign", "unknown")]
                if asked[0] != asked[1]:
                    dearer[(who, *route)] = asked
                got = answer_of(foreign, cells[who])
                if got != cells[who] or plain(foreign) != plain(unknown):
                    wrong[(who, *route)] = (cells[who], foreign.text, unknown.text)
    assert wrong == {}, wrong
    assert dearer == {}, "the same number of statements, or the time would tell"
    # Else the table could be right by refusing everybody, or strangers could use up the tries of a code.
    for case in cases:
        await rightful(house, case)
    for role, case in zip(("call_center", "clerk"), cases, strict=True):
        assert (await house.look(case.filed, role))["id"] == case.filed["id"]


async def rightful(house: House, case: Target) -> None:
    """The same calls with the same grant and code, by whose they are."""
    mine = bearer(case.filed["requester_token"])
    for route in table():
        if route[1].rpartition("/")[2] in ("verifications", "withdrawal", "revocation", "evidence", "objections"):
            continue
        reply = await call(house, route, mine, case, case.ids, "requester")
        assert reply.status_code == 200, (route, reply.text)


@registered(*PEOPLE)
async def test_who_is_no_stranger_to_a_mandate_gets_their_own_part_of_it(ledger: Ledger, house: House) -> None:
    mall = await house.system()
    held = await target(house, mall, await delegates(house, DELEGATE))
    lost = await target(house, mall, await delegates(house, HELPER))
    assert (await revoke(house, lost.filed, house.auth("officer"))).status_code == 200
    wrong: dict[tuple[str, ...], Any] = {}
    for who, case, party in (("revoked_delegate", lost, "requester"), ("principal", held, "subject")):
        headers = bearer(held_by(house, case.filed, party)["requester_token"])
        for route, cells in table().items():
            reply = await call(house, route, headers, case, case.ids, party)
            await house.workshop.run()
            if answer_of(reply, cells[who]) != cells[who]:
                wrong[(who, *route)] = (cells[who], reply.status_code, reply.text)
            if route[1].endswith("/notices") and reply.is_success:
                assert reply.json()["items"] == [], who
    assert wrong == {}, wrong
