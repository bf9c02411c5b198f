"""How many SQL statements a call costs: the same for one claim and for ten, for one request in the database and for 50.

A call that cost more with every claim, task or request would be slow in ten years; here it fails at once.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import event

from app.http.retired import _ENDED as ENDED
from tests.api.papers import hand_in
from tests.house import ONLINE_MALL, House, bearer, key

ASPECTS = ("items", "purposes", "retention", "third_parties", "consents")
TEN = tuple(
    {"right": "access", "aspects": list(ASPECTS[: 1 + place % 5]), "categories": ["online_mall", "separate_service"]}
    for place in range(10)
)
CHECK = {"subject": {"phone": "010-1234-5678"}, "category": "online_mall", "purpose": "delivery"}
CODE_LIMITS = {"ask", "answer"}
"""They count the codes sent to one contact within the hour, which an index bounds."""
LOOKS_MAX = {"": 11, "/timeline": 8, "/evidence": 2, "/supplements": 3}
"""So many statements may each look cost the subject, and staff with their log; one more costs who asks for another."""
WHO = ("requester", "officer")
TRANSACTIONS = re.compile(r"^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)")


@pytest.fixture
def desk_url(database_url: str) -> str:
    """Its own: every statement on its connections is heard."""
    return database_url


class Ledger:
    """Counts the statements of named calls."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.found: dict[str, list[str]] = {}
        self._into: list[str] | None = None
        event.listen(house.desk.database.engine.sync_engine, "checkout", self._listen)

    def _listen(self, connection: Any, *_: Any) -> None:
        """Hear the driver's own cursors: what goes past SQLAlchemy is heard as well."""
        ledger = self

        class Heard(psycopg.AsyncCursor[Any]):
            async def execute(self, query: Any, *values: Any, **how: Any) -> "Heard":
                ledger.hear(query)
                return await super().execute(query, *values, **how)

            async def executemany(self, query: Any, *values: Any, **how: Any) -> None:
                ledger.hear(query)
                await super().executemany(query, *values, **how)

        connection.driver_connection.cursor_factory = Heard

    def hear(self, query: Any) -> None:
        """Write one statement down, unless it frames a transaction or belongs to no call (read every 45 seconds)."""
        statement = query.decode() if isinstance(query, bytes) else str(query)
        if statement == ENDED:
            return
        if self._into is not None and not TRANSACTIONS.match(statement):
            self._into.append(statement)

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """What runs inside belongs to this call."""
        self._into = self.found.setdefault(name, [])
        try:
            yield
        finally:
            self._into = None

    async def call(self, name: str, method: str, path: str, headers: dict[str, str], **body: Any) -> httpx.Response:
        """One counted call, which must succeed; whether a person of the staff may come in is asked each half minute."""
        if "Authorization" in headers:
            await self.house.api.get("/v1/grant-history", headers=headers)
        with self.of(name):
            reply = await self.house.api.request(method, path, headers=headers, **body)
        assert reply.is_success, (name, reply.text)
        return reply


@pytest.fixture
async def system(house: House) -> dict[str, str]:
    """A holder's own token."""
    return (await house.system()).headers


async def journey(house: House, system: dict[str, str], claims: tuple[dict[str, Any], ...], checks: int) -> Ledger:
    """Every call of the main path, once, on a request with these claims."""
    ledger = Ledger(house)
    officer, approver = house.auth("officer"), house.auth("approver")
    body = {"capacity": "self", "channel": "web", "subject": {"name": "홍길동", "phone": "010-1234-5678"}}
    website = {**house.auth("website"), **key(), "Requester-Address": "192.0.2.1"}
    filed = (await ledger.call("file", "POST", "/v1/requests", website, json={**body, "claims": list(claims)})).json()
    person, place = bearer(filed["requester_token"]), f"/v1/requests/{filed['id']}"
    card = {"receipt_no": filed["receipt_no"], "access_code": filed["access_code"]}
    await ledger.call("track", "POST", "/v1/tracking", {}, json=card)
    wanted = {"party": "subject", "method": "phone_code", "purpose": "identity"}
    asked = (await ledger.call("ask", "POST", f"{place}/verifications", {**person, **key()}, json=wanted)).json()
    await house.workshop.run()
    code = {"code": house.last_code("sms")}
    await ledger.call("answer", "POST", f"/v1/verifications/{asked['id']}/answer", person, json=code)
    await house.workshop.run()

    claim = f"/v1/claims/{filed['claims'][0]['id']}"
    for name, headers in (("requester", person), ("officer", officer)):
        await ledger.call(f"get request as {name}", "GET", place, headers)
        await ledger.call(f"get timeline as {name}", "GET", f"{place}/timeline", headers)
    await ledger.call("search", "POST", "/v1/request-searches", officer, json={"phone": "010-1234-5678"})
    await ledger.call("queue", "GET", "/v1/claims?limit=200", officer)
    await ledger.call("get assessment", "GET", f"{claim}/assessment", officer)
    await ledger.call("get claim", "GET", claim, approver)
    await ledger.call("assign", "PUT", f"{claim}/assignee", officer, json={"assignee": "officer-1"})
    await ledger.call("check", "POST", "/v1/processing-checks", system, json={"checks": [CHECK] * checks})

    # Claims on the same data make each other contested: then an officer decides what the machine would have granted.
    for place_, each in enumerate(filed["claims"] if len(claims) > 1 else ()):
        seen = await house.api.get(f"/v1/claims/{each['id']}", headers=officer)
        sent = {**officer, "If-Match": seen.headers["etag"]}
        name = "decide" if place_ == 0 else "decide the others"
        await ledger.call(name, "PUT", f"/v1/claims/{each['id']}/decision", sent, json={"outcome": "approve"})

    tasks = (await ledger.call("list tasks", "GET", "/v1/tasks?limit=500&status=pending", system)).json()["items"]
    ours = [one for one in tasks if one["claim_id"] in {one["id"] for one in filed["claims"]}]
    task = f"/v1/tasks/{ours[0]['id']}"
    await ledger.call("get task", "GET", task, system)
    await ledger.call("acknowledge", "PUT", f"{task}/acknowledgement", system, json={"expected_on": "2026-12-01"})
    await ledger.call("report", "PUT", f"{task}/result", system, json={"result": "done"})
    for one in ours[1:]:
        done = await house.api.put(f"/v1/tasks/{one['id']}/result", headers=system, json={"result": "done"})
        assert done.is_success
    await house.workshop.run()
    for name, headers in (("requester", person), ("officer", officer)):
        listed = (await ledger.call(f"list notices as {name}", "GET", f"{place}/notices", headers)).json()["items"]
    assert len(listed) == len(claims)
    grant = {"grant": await house.grant(filed)}
    await ledger.call("open notice", "POST", f"/v1/notices/{listed[0]['id']}/document", person, json=grant)
    await ledger.call("fetch package", "POST", f"{claim}/package", person, json=grant)
    return ledger


async def test_no_call_costs_more_with_more_claims_or_more_requests(house: House, system: dict[str, str]) -> None:
    one = await journey(house, system, TEN[:1], checks=1)
    two = await journey(house, system, TEN[:2], checks=1)
    for n in range(50):
        other = {"name": f"사람{'가나다라마바사아자차'[n % 10]}", "phone": f"010-0000-{n:04d}"}
        await house.file(ONLINE_MALL, subject=other)
    ten = await journey(house, system, TEN, checks=100)
    few = {**two.found, **one.found}
    del few["decide the others"]
    dearer = {name: (len(few[name]), len(ten.found[name]), _more(few[name], ten.found[name])) for name in few}
    assert {name: told for name, told in dearer.items() if told[0] != told[1]} == {}


async def test_no_call_counts_a_table(house: House, system: dict[str, str]) -> None:
    ledger = await journey(house, system, TEN[:2], checks=2)
    counting = {
        name: [one for one in statements if re.search(r"\bcount\(", one, re.IGNORECASE)]
        for name, statements in ledger.found.items()
        if name not in CODE_LIMITS
    }
    assert {name: found for name, found in counting.items() if found} == {}


async def test_a_list_of_holders_costs_the_same_for_one_and_for_ten(house: House) -> None:
    admin, counts = house.auth("admin"), []
    for more in (1, 9):
        for n in range(more):
            await house.system(f"holder {n}")
        ledger = Ledger(house)
        reply = await ledger.call("list", "GET", "/v1/systems", admin)
        counts.append((len(reply.json()["items"]), len(ledger.found["list"])))
    assert counts == [(1, counts[0][1]), (10, counts[0][1])]


@pytest.mark.parametrize("capacity", ["guardian", "delegate"])
async def test_looking_at_what_is_asked_for_somebody_else_costs_the_same_for_one_claim_and_for_ten(
    house: House, capacity: str
) -> None:
    file = house.file_as_guardian if capacity == "guardian" else house.file_as_delegate
    counts = []
    for claims, papers in ((TEN[:1], 1), (TEN, 4)):
        filed = await file(*claims)
        await house.prove(filed, party="requester")
        for _ in range(papers):
            await hand_in(house, filed, "identity_document" if capacity == "guardian" else "power_of_attorney")
        counts.append(await looks(house, filed))
    assert counts[0] == counts[1]
    # The papers, at the door whether the token was recalled (ADR 0028), and the row of who asks for somebody else.
    assert counts[0]["/evidence as requester"] == 3
    most = {f"{path} as {who}": count + (who == "requester") for path, count in LOOKS_MAX.items() for who in WHO}
    assert {name: count for name, count in counts[0].items() if count > most[name]} == {}


async def looks(house: House, filed: dict[str, Any]) -> dict[str, int]:
    """How many statements each look at it costs whoever looks."""
    ledger = Ledger(house)
    for name, headers in (("requester", bearer(filed["requester_token"])), ("officer", house.auth("officer"))):
        for path in LOOKS_MAX:
            await ledger.call(f"{path} as {name}", "GET", f"/v1/requests/{filed['id']}{path}", headers)
    return {name: len(statements) for name, statements in ledger.found.items()}


def _more(few: list[str], many: list[str]) -> list[str]:
    """What was said more often."""
    return [one[:200] for one in (Counter(many) - Counter(few)).elements()]
