"""Forty people and what they ask for in a month; the officers, approvers and holders who answer them, day by day."""

import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from app.law import deadline
from tests.api.days import Clock, at
from tests.api.papers import accept
from tests.house import CHILD, CODE, DELEGATE, MOTHER, Holder, House, bearer, key, signed_mandate

MALL = {"right": "access", "aspects": ["items", "purposes"], "categories": ["online_mall"]}
SPOKEN = {"right": "access", "aspects": ["items"], "categories": ["consultation"]}
ADDRESS = {
    "right": "correction",
    "changes": [{"category": "separate_service", "field": "address", "corrected": "서울특별시 강남구 새길 2"}],
}
REPORT = {
    "right": "correction",
    "changes": [{"category": "report", "field": "email", "corrected": "new@example.com"}],
}
DELETION = {"right": "deletion", "categories": ["online_mall"]}
DELIVERY = {"right": "suspension", "purposes": ["delivery"], "ends_contract": False}
MARKETING = {"right": "consent_withdrawal", "purposes": ["marketing"]}
REASON = "법령에 따라 거래 기록을 보존합니다."
SEEN = ("store", "visit", "post", "fax", "email", "processor")

# Day of September (past 30: of October), channel, what becomes of it, what is asked.
PLAN: tuple[tuple[int, str, str, dict[str, Any]], ...] = (
    (15, "web", "plain", MALL), (15, "web", "plain", ADDRESS), (15, "phone", "plain", MALL),
    (15, "store", "plain", DELETION), (16, "web", "stranger", MALL), (16, "web", "unproved", MALL),
    (16, "web", "postponed", SPOKEN), (17, "visit", "plain", DELIVERY), (17, "web", "plain", MARKETING),
    (17, "web", "overturned", DELETION), (18, "web", "guardian", MALL), (18, "web", "plain", SPOKEN),
    (18, "web", "confirmed", DELETION), (19, "web", "plain", DELIVERY), (20, "web", "plain", ADDRESS),
    (20, "web", "unproved", DELETION), (21, "post", "plain", MALL), (21, "phone", "stranger", ADDRESS),
    (22, "web", "delegate", MALL), (22, "web", "silent", REPORT), (22, "fax", "plain", DELETION),
    (23, "web", "plain", ADDRESS), (23, "web", "taken_back", MARKETING), (24, "web", "plain", MALL),
    (24, "web", "plain", DELIVERY), (25, "web", "plain", DELETION), (26, "web", "stranger", DELETION),
    (27, "web", "plain", MARKETING), (27, "web", "unproved", ADDRESS), (28, "email", "plain", ADDRESS),
    (28, "web", "guardian", DELIVERY), (29, "processor", "plain", SPOKEN), (29, "web", "plain", MALL),
    (30, "store", "plain", DELIVERY), (30, "web", "taken_back", DELETION), (31, "web", "plain", ADDRESS),
    (32, "web", "delegate", ADDRESS), (33, "web", "plain", MALL), (34, "web", "stranger", DELIVERY),
    (35, "web", "plain", DELETION),
)  # fmt: skip


@dataclass
class Person:
    """One of them: what they asked, what they hold, how far they are."""

    number: int
    channel: str
    fate: str
    claim: dict[str, Any]
    filed: dict[str, Any] = field(default_factory=dict)
    asked: str = ""
    """The verification that was asked for."""

    @property
    def typed(self) -> dict[str, str]:
        """Who they say they are."""
        if self.fate == "guardian":
            return CHILD
        phone = f"010-0000-{8000 + self.number}"
        return {
            "name": f"가상{'가나다라마바사아자차'[self.number % 10]}{'김이박최정'[self.number // 10]}",
            "phone": phone,
            "email": f"p{self.number}@example.com",
        }

    @property
    def party(self) -> str:
        """Which of the two proves themselves first."""
        return "requester" if self.fate in ("guardian", "delegate") else "subject"

    @property
    def claim_id(self) -> str:
        """Its one claim."""
        found: str = self.filed["claims"][0]["id"]
        return found


def people() -> list[Person]:
    """All of them, in the order in which they come."""
    return [Person(place, channel, fate, claim) for place, (_, channel, fate, claim) in enumerate(PLAN)]


def day_of(place: int) -> date:
    """On which day they come."""
    return date(2026, 9, 1) + timedelta(days=PLAN[place][0] - 1)


def register_of(folder: Path) -> Path:
    """A register that knows them, but for strangers; the child and mother of the example register besides."""
    known: list[dict[str, Any]] = json.loads(Path("examples/register/people.json").read_text(encoding="utf-8"))
    for one in people():
        if one.fate in ("stranger", "guardian"):
            continue
        typed = one.typed
        contacts = [("phone", "+82" + typed["phone"].replace("-", "")[1:]), ("email", typed["email"])]
        known.append(
            {
                "subject_ref": f"M-{one.number}", "account_id": None, "name": typed["name"], "birth_date": "1980-01-01",
                "contacts": [
                    {"kind": kind, "value": value, "since": "2024-01-01", "holder": "subject"}
                    for kind, value in contacts
                ],
                "guardians": [], "flags": [],
            }
        )  # fmt: skip
    path = folder / "people.json"
    path.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    return path


class Month:
    """The house in that month, its people and its staff."""

    def __init__(self, house: House, clock: Clock) -> None:
        self.house = house
        self.clock = clock
        self.people = people()
        self.holders: dict[str, Holder] = {}
        self.swept: list[datetime] = []
        """The moments at which the worker looked at the days."""

    async def furnish(self) -> None:
        """One holder that is quick, one that takes days, one that never answers."""
        self.holders = {
            "mall": await self.house.system("a mall", categories=["online_mall", "consultation"]),
            "courier": await self.house.system("a courier", categories=["separate_service"], kind="processor"),
            "archive": await self.house.system("an archive", categories=["report"], kind="processor"),
        }

    async def day(self, day: date) -> None:
        """One day: people whenever they like, staff and holders only when the desk is open."""
        is_open = deadline.is_open(day, self.house.desk.closed)
        await self._at(day, 0, watched=True)
        await self._at(day, 9, self._come(day), watched=True)
        if is_open:
            await self._at(day, 10, self._officers, self._measures)
            await self._at(day, 11, self._approvers)
            await self._at(day, 14, self._holders)
            await self._at(day, 16, self._readers, watched=True)

    async def _at(
        self, day: date, hour: int, *acts: Callable[[], Coroutine[Any, Any, None]], watched: bool = False
    ) -> None:
        self.clock.now = at(day, hour)
        for act in acts:
            await act()
        await self.house.workshop.run()
        if watched:
            tasks = self.house.workshop.queue.tasks
            for name in ("watch", "sweep"):
                await tasks[name](timestamp=0)
            self.swept.append(self.clock.now)
            await self.house.workshop.run()

    # --- those who ask ----------------------------------------------------------------------------------------------

    def _come(self, day: date) -> Callable[[], Coroutine[Any, Any, None]]:
        async def come() -> None:
            today = [one for one in self.people if day_of(one.number) == day]
            for one in today:
                one.filed = await self._file(one)
                if one.fate != "unproved":
                    await self._ask(one)
            await self.house.workshop.run()
            for one in today:
                if one.asked:
                    await self._answer(one)
            await self.house.workshop.run()
            for one in self.people:
                await self._go_on(one, day)

        return come

    async def _file(self, one: Person) -> dict[str, Any]:
        house = self.house
        if one.fate == "guardian":
            return await house.file_as_guardian(one.claim)
        if one.fate == "delegate":
            mandate = signed_mandate(deliver_to="subject")
            return await house.file_as_delegate(one.claim, subject=one.typed, mandate=mandate)
        role = {"web": "website", "phone": "call_center", "processor": "officer"}.get(one.channel, "clerk")
        return await house.file(one.claim, subject=one.typed, role=role, channel=one.channel)

    def _headers(self, one: Person) -> dict[str, str]:
        if one.channel == "phone":
            return self.house.auth("call_center", agent="a17")
        return bearer(one.filed["requester_token"])

    async def _ask(self, one: Person) -> None:
        path = f"/v1/requests/{one.filed['id']}"
        if one.channel in SEEN:
            seen = {"party": "subject", "documents_seen": ["id_card"], "subject_ref": f"M-{one.number}"}
            headers = {**self.house.auth("officer", "officer-3"), **key()}
            ok(await self.house.api.post(f"{path}/attestation", json=seen, headers=headers))
            return
        body = {"party": one.party, "method": "phone_code", "purpose": "identity"}
        reply = ok(
            await self.house.api.post(f"{path}/verifications", json=body, headers={**self._headers(one), **key()})
        )
        one.asked = reply["id"]

    async def _answer(self, one: Person) -> None:
        phone = {"guardian": MOTHER, "delegate": DELEGATE}.get(one.fate, one.typed)["phone"]
        to = "+82" + phone.replace("-", "")[1:]
        code = next(
            CODE.findall(sms["text"])[0]
            for sms in reversed(self.house.sent("sms"))
            if sms["to"] == to and CODE.search(sms["text"])
        )
        path = f"/v1/verifications/{one.asked}/answer"
        ok(await self.house.api.post(path, json={"code": code}, headers=self._headers(one)))

    async def _go_on(self, one: Person, day: date) -> None:
        """What somebody does after filing: hand in papers, take it back, object."""
        if not one.filed:
            return
        self._come_back(one)
        since = (day - day_of(one.number)).days
        if one.fate == "delegate" and since == 1:
            await self.house.prove(one.filed)
            await accept(self.house, one.filed, "power_of_attorney")
        elif one.fate == "taken_back" and since == 0:
            path = f"/v1/requests/{one.filed['id']}/withdrawal"
            ok(await self.house.api.post(path, json={}, headers=self._headers(one)))
        elif one.fate in ("confirmed", "overturned"):
            claim = (await self.house.look(one.filed))["claims"][0]
            if claim["status"] == "closed" and await self._objections(one) == []:
                path, headers = f"/v1/claims/{one.claim_id}/objections", {**self._headers(one), **key()}
                ok(await self.house.api.post(path, json={"reason": "다시 보아 주십시오."}, headers=headers))

    def _come_back(self, one: Person) -> None:
        """With a token of today."""
        made = self.house.auth("requester", one.filed["id"], rid=one.filed["id"], party=one.party)
        one.filed["requester_token"] = made["Authorization"].removeprefix("Bearer ")

    async def _objections(self, one: Person) -> list[str]:
        found = []
        for state in ("open", "ruled"):
            reply = ok(await self.house.api.get(f"/v1/objections?state={state}", headers=self.house.auth("approver")))
            found += [row["id"] for row in reply["items"] if row["claim_id"] == one.claim_id]
        return found

    # --- those who answer -------------------------------------------------------------------------------------------

    async def _queue(self, status: str) -> list[Person]:
        """Whose claim stands so, as the queue tells it; soonest due first."""
        path = f"/v1/claims?status={status}&limit=200"
        items = ok(await self.house.api.get(path, headers=self.house.auth("officer")))["items"]
        whose = {one.claim_id: one for one in self.people if one.filed}
        return [whose[item["id"]] for item in items]

    async def _claim(self, one: Person, headers: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
        seen = await self.house.api.get(f"/v1/claims/{one.claim_id}", headers=headers)
        return ok(seen), {**headers, "If-Match": seen.headers["etag"]}

    async def _officers(self) -> None:
        for one in await self._queue("verified"):
            again = one.fate == "overturned" and len(await self._objections(one)) == 1
            officer = self.house.auth("officer", "officer-2" if again else "officer-1")
            claim, named = await self._claim(one, officer)
            if claim["decision"] is not None and claim["decision"]["state"] == "proposed":
                continue
            path = f"/v1/claims/{one.claim_id}"
            if one.fate == "postponed" and len([step for step in claim["due_steps"] if "resumed" in step["step"]]) == 0:
                until = (self.clock.now.date() + timedelta(days=12)).isoformat()
                body = {"ground": "A35_3_gathering", "reason": "창고의 문서를 찾고 있습니다.", "expected_on": until}
                ok(await self.house.api.post(f"{path}/postponement", json=body, headers=named))
                continue
            assessed = ok(await self.house.api.get(f"{path}/assessment", headers=officer))
            body = self._verdict(one, assessed["items"], again=again)
            ok(await self.house.api.put(f"{path}/decision", json=body, headers=named))

    async def _measures(self) -> None:
        """After a suspension the data is kept apart from what goes on (Act 37(5))."""
        officer = self.house.auth("officer", "officer-1")
        for row in ok(await self.house.api.get("/v1/follow-ups?state=open", headers=officer))["items"]:
            path = f"/v1/follow-ups/{row['id']}"
            named = {**officer, "If-Match": (await self.house.api.get(path, headers=officer)).headers["etag"]}
            body = {"measure": "keep_apart", "reason": "다른 목적에 쓰이는 동안 따로 보관합니다."}
            ok(await self.house.api.put(f"{path}/measure", json=body, headers=named))

    def _verdict(self, one: Person, items: list[dict[str, Any]], *, again: bool) -> dict[str, Any]:
        if one.fate in ("confirmed", "overturned") and not again:
            facts = {"statute": "가상법 제1조"}
            refused = [{"item": item["item"], "outcome": "refuse", "ground": "A36_1", "facts": facts} for item in items]
            return {"outcome": "refuse", "items": refused, "reason": "보존할 기록이 있어 삭제할 수 없습니다."}
        kept = any(item["proposed"] == "keep" for item in items)
        return {"outcome": "partial", "reason": REASON} if kept else {"outcome": "approve"}

    async def _approvers(self) -> None:
        for one in await self._queue("verified"):
            again = one.fate == "overturned" and len(await self._objections(one)) == 1
            claim, named = await self._claim(one, self.house.auth("approver", "approver-3" if again else "approver-1"))
            if claim["decision"] is not None and claim["decision"]["state"] == "proposed":
                path = f"/v1/claims/{one.claim_id}/approval"
                ok(await self.house.api.post(path, json={"agree": True}, headers=named))
        for one in await self._queue("objected"):
            [objection] = await self._objections(one)
            headers, path = self.house.auth("approver", "approver-2"), f"/v1/objections/{objection}"
            seen = await self.house.api.get(path, headers=headers)
            body = {"result": one.fate, "reason": "다시 살펴보았습니다."}
            named = {**headers, "If-Match": seen.headers["etag"]}
            ok(await self.house.api.put(f"{path}/ruling", json=body, headers=named))

    async def _holders(self) -> None:
        for name, most_fresh in (("mall", timedelta()), ("courier", timedelta(days=2))):
            holder = self.holders[name]
            for task in await holder.tasks():
                whole = await holder.fetch(task["id"])
                given = deadline.seoul_time(datetime.fromisoformat(whole["due_at"]))
                if given - self.clock.now > timedelta(days=3) - most_fresh and most_fresh:
                    continue
                data = {}
                if task["action"] == "collect":
                    row = {name: f"value of {name}" for name in whole["fields"]}
                    data = {"data": {task["category"]: [row]}}
                ok(await holder.report(task["id"], **data))

    async def _readers(self) -> None:
        """Free text that was collected is read by an officer before it is released."""
        for one in await self._queue("carried_out"):
            headers, path = self.house.auth("officer", "officer-2"), f"/v1/claims/{one.claim_id}/collection"
            seen = await self.house.api.get(path, headers=headers)
            named = {**headers, "If-Match": seen.headers["etag"]}
            ok(await self.house.api.put(f"{path}/review", headers=named))


def ok(reply: httpx.Response) -> Any:
    """The answer, which must be one."""
    assert reply.is_success, (reply.request.method, str(reply.request.url), reply.text)
    return reply.json()
