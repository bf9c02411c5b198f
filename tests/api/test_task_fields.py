"""What a task tells: by what its system finds people, what its action needs, and nothing else that is known (F3, F9).

Each kind of action is made in earnest and fetched by systems that find people by different things. What was planted
elsewhere in the case must stand in none of them.
"""

import json
from typing import Any

import pytest

from tests.api.acts import rows
from tests.api.footage_acts import granted, media, order, store
from tests.api.others import granted as two_people
from tests.api.others import mandated
from tests.api.test_holds_and_tasks import settle, withdraw
from tests.api.test_kept import settled
from tests.house import DELEGATE, GILDONG, Holder, House

HOME = {"postal_code": "06199", "road_address": "서울특별시 강남구 노란새로 77", "detail": "777호"}
WHO = {**GILDONG, "birth_date": "1990-01-02", "address": HOME}
WRONG, RIGHT, WHY = "부산광역시 옛길 9", "서울특별시 강남구 새길 2", "스팸이 싫어서"
KNOWN = {
    "subject_ref": "C-1029",
    "name": "홍길동",
    "phone": "+821012345678",
    "email": "gildong@example.com",
    "birth_date": "1990-01-02",
}
PLANTED = (*KNOWN.values(), "010-1234-5678", *HOME.values(), WRONG, RIGHT, WHY, DELEGATE["name"], DELEGATE["phone"])
BRIEF = {"id", "action", "status", "claim_id", "category", "due_at", "test"}
FINDING = (("subject_ref",), ("name", "phone"), ("email", "birth_date"))
ACCESS = {"right": "access", "aspects": ["items"], "categories": ["online_mall"]}
ALL = ["hold", "release", "collect", "correct", "delete", "suspend", "resume", "withdraw_consent", "inform"]

TOLD: dict[str, set[str]] = {
    "hold": {"subject", "fields"},
    "release": {"subject", "fields"},
    "collect": {"subject", "fields"},
    "correct": {"subject", "fields", "changes"},
    "inform": {"subject", "fields", "changes"},
    "delete": {"subject", "fields", "keep"},
    "suspend": {"subject", "purposes"},
    "resume": {"subject", "purposes"},
    "withdraw_consent": {"subject", "purposes", "fields", "keep"},
    "relay": {"subject", "fields", "right"},
    "preserve": {"media"},
    "collect footage": {"subject", "media"},
    "release footage": {"media"},
}
"""By action: what stands there beside the ids and the day. Nothing else is told, and nothing of it is missing."""
SAID = {"correct": (WRONG, RIGHT), "inform": (WRONG, RIGHT), "collect footage": (KNOWN["name"],)}
"""What of the claim itself the action cannot do without."""


class Fetched:
    """What every system was told, as it came."""

    def __init__(self) -> None:
        self.kinds: dict[str, set[tuple[str, ...]]] = {}

    async def all_of(self, *systems: Holder) -> None:
        """Fetch whatever waits and hold each against the table; then do it."""
        for system in systems:
            by = tuple(system.registered["matches_by"])
            for task in await system.tasks():
                whole = await system.fetch(task["id"])
                self.check(by, whole)
                data = (
                    {"data": {whole["category"]: [{}]}} if whole["action"] == "collect" and not whole["media"] else {}
                )
                if whole["media"] is None or whole["action"] != "collect":
                    await system.report(task["id"], **data)
            await system.house.workshop.run()

    def check(self, by: tuple[str, ...], whole: dict[str, Any]) -> None:
        """Hold one against the table."""
        kind = whole["action"] + (" footage" if whole["media"] and whole["action"] != "preserve" else "")
        told = {name for name, value in whole.items() if value not in (None, [])} - BRIEF
        assert told == TOLD[kind], (kind, by)
        if "subject" in told:
            assert tuple(whole["subject"]) == by, kind
            assert whole["subject"] == {name: KNOWN[name] for name in by}, kind
        said = json.dumps({**whole, "subject": None}, ensure_ascii=False)
        assert [one for one in PLANTED if one in said and one not in SAID.get(kind, ())] == [], kind
        self.kinds.setdefault(kind, set()).add(by)


@pytest.fixture
async def systems(house: House) -> list[Holder]:
    """Three that hold the same and find people by different things."""
    categories = ["online_mall", "separate_service", "consultation"]
    return [
        await house.system(f"by {by[0]}", categories=categories, actions=ALL, matches_by=list(by)) for by in FINDING
    ]


async def filed_as(house: House, claim: dict[str, Any]) -> dict[str, Any]:
    filed = await house.file(claim, subject=WHO)
    # Only so many codes are sent to a contact in an hour.
    await rows(house.desk, "UPDATE verification SET created_at = created_at - interval '2 hours' RETURNING id")
    await house.prove(filed)
    return filed


async def test_each_action_is_told_what_it_needs_and_nothing_else_of_the_case(
    house: House, systems: list[Holder]
) -> None:
    seen = Fetched()
    party = await house.system(
        "given to",
        kind="third_party",
        categories=["separate_service"],
        actions=["inform"],
        matches_by=["name", "phone"],
    )
    change = {"category": "separate_service", "field": "address", "current": WRONG, "corrected": RIGHT}
    filed = await filed_as(house, {"right": "correction", "changes": [change]})
    await seen.all_of(*systems)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    await seen.all_of(*systems, party)
    await seen.all_of(*systems, party)

    await filed_as(house, ACCESS)
    await seen.all_of(*systems)

    stop = {"right": "suspension", "purposes": ["delivery"], "ends_contract": False, "reason": WHY}
    filed = await filed_as(house, stop)
    for system in systems:
        for task in await system.tasks():
            seen.check(tuple(system.registered["matches_by"]), await system.fetch(task["id"]))
    assert (await withdraw(house, filed)).status_code == 200
    await seen.all_of(*systems)

    ended = {"right": "consent_withdrawal", "purposes": ["complaint_handling", "result_notice"]}
    filed = await filed_as(house, ended)
    await settled(house, filed["claims"][0]["id"], outcome="partial", reason="보존합니다.")
    await seen.all_of(*systems)

    source = await house.system("a source", kind="source", categories=["online_mall"], actions=["relay"])
    filed = await filed_as(house, {"right": "deletion", "categories": ["online_mall"], "reason": WHY})
    await settle(house, filed["claims"][0]["id"], "partial")
    await seen.all_of(*systems)
    known = tuple(source.registered["matches_by"])
    [task] = await source.tasks()
    seen.check(known, await source.fetch(task["id"]))

    expected = {kind: set(FINDING) for kind in TOLD if " " not in kind and kind not in ("inform", "relay", "preserve")}
    assert seen.kinds == expected | {"inform": {("name", "phone")}, "relay": {known}}


async def test_footage_that_is_kept_or_let_go_is_about_nobody_and_who_is_in_it_is_told_to_find_them(
    house: House,
) -> None:
    seen, place = Fetched(), await store(house)
    filed = await house.file(media(place), subject=WHO)
    await seen.all_of(place)
    task = await granted(house, place, filed)
    seen.check(("name",), task)
    assert set(task["media"]) == {
        "site", "from", "to", "kind", "ground", "description", "visitor", "not_before", "not_after",
    }  # fmt: skip
    given_up = await house.file(media(place, days=5), subject=WHO)
    await seen.all_of(place)
    assert (await withdraw(house, given_up)).status_code == 200
    seen.check(("name",), await order(place, "release"))
    assert set(seen.kinds) == {"preserve", "collect footage", "release footage"}


async def test_an_event_says_which_task_and_by_when_and_no_more(house: House, systems: list[Holder]) -> None:
    # Until its endpoint has answered a system is sent nothing: what it is to be told waits, as it will be sent.
    endpoint = "UPDATE system SET endpoint_url = 'https://mall.example.com/e', state = 'unverified' RETURNING id"
    await rows(house.desk, endpoint)
    stop = {"right": "suspension", "purposes": ["delivery"], "ends_contract": False, "reason": WHY}
    filed = await filed_as(house, stop)
    assert (await withdraw(house, filed)).status_code == 200
    events = [row.body for row in await rows(house.desk, "SELECT convert_from(body, 'UTF8') AS body FROM delivery")]
    assert len(events) == 2 * len(systems)
    for event in events:
        told = json.loads(event)
        assert set(told) == {"type", "timestamp", "data"}
        assert told["type"] in ("task.created", "task.cancelled")
        assert set(told["data"]) == {"task_id", "action", "claim_id", "due_at"}
        assert [one for one in PLANTED if one in event] == []


async def test_what_is_asked_for_somebody_tells_holders_nothing_of_who_asks(
    house: House, systems: list[Holder]
) -> None:
    seen = Fetched()
    filed = await mandated(house, ACCESS, subject=WHO)
    await two_people(house, filed)
    await seen.all_of(*systems)
    assert seen.kinds == {"collect": set(FINDING)}
