"""A child under 14 is sent no marketing: the register is asked by the handle alone, and silence refuses (9.3.라)."""

import asyncio
import json
import time
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app import db
from app.law.deadline import seoul_date
from app.services import ages
from examples.common.files import WatchedFile
from examples.register.__main__ import INVENTED_PEOPLE, build
from tests.api.acts import MARKETING, one, rows
from tests.api.test_statements import Ledger
from tests.conftest import REGISTER_SECRET, serving
from tests.house import Holder, House

USE = {"category": "site_log", "purpose": "marketing"}
CHILD, HER_MOTHERS = "010-0000-4001", "010-0000-4002"


class Watched:
    """The example register with people of its own; counts its questions, may be slow or away."""

    def __init__(self, people: Any) -> None:
        self.register = build(REGISTER_SECRET, WatchedFile(people))
        self.asked: list[dict[str, Any]] = []
        self.at_once = self.most_at_once = 0
        self.waits_s = 0.0
        self.away = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""

        async def heard() -> Any:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            return message

        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.waits_s)
        if self.away:
            await send({"type": "http.response.start", "status": 503, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self.register(scope, heard, send)
            self.asked.append(json.loads(body))
        self.at_once -= 1


@pytest.fixture
def people(tmp_path):
    """The invented people, and those that a test adds."""
    found = json.loads(INVENTED_PEOPLE.read_text(encoding="utf-8"))
    file = tmp_path / "people.json"

    def add(*more: dict[str, Any]) -> None:
        found.extend(more)
        file.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")

    add()
    add.file = file
    return add


@pytest.fixture
def register(environment: dict[str, str], people):
    """Ask for it before the desk is opened."""
    watched = Watched(people.file)
    with serving(watched) as url:
        environment["REGISTER_URL"] = url
        yield watched


@pytest.fixture
def unregistered(environment: dict[str, str]) -> None:
    """A desk without a register; ask for it before the desk is opened."""
    del environment["REGISTER_URL"], environment["REGISTER_SECRET"]


@pytest.fixture
async def mall(register: Watched, house: House) -> Holder:
    """A system that would like to write to people."""
    return await house.system()


def person(ref: str, phone: str, born: date | None, holder: str = "subject") -> dict[str, Any]:
    """Somebody the register knows."""
    contact = {"kind": "phone", "value": phone, "since": "2024-01-01", "holder": holder}
    return {
        "subject_ref": ref,
        "account_id": None,
        "name": "가나다",
        "birth_date": born.isoformat() if born else None,
        "contacts": [contact],
        "guardians": [],
        "flags": [],
    }


def years_before(day: date, years: int) -> date:
    """The same day of the calendar, years ago; the last of February where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


async def ask(mall: Holder, *questions: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers."""
    body = {"checks": list(questions)}
    reply = await mall.house.api.post("/v1/processing-checks", json=body, headers=mall.headers)
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json()["results"]
    return found


async def allowed(mall: Holder, **subject: str) -> bool:
    """Whether this handle may be written to."""
    [answer] = await ask(mall, {**USE, "subject": subject})
    return bool(answer["allowed"])


async def test_a_child_is_sent_no_marketing_and_nobody_had_to_claim_it(mall: Holder) -> None:
    [answer] = await ask(mall, {**USE, "subject": {"phone": CHILD}})
    [hold] = answer["holds"]
    assert answer["allowed"] is False and answer["except"] == []
    assert hold == {"kind": "child_marketing", "fields": None, "basis": "처리방침 9장 3.라", "since": hold["since"]}
    assert datetime.fromisoformat(hold["since"]).utcoffset() is not None
    assert await allowed(mall, phone=CHILD.replace("-", " ")) is False
    assert await allowed(mall, customer_no="C-1033") is False
    # Her mother's telephone is her mother's; grown-ups and people nobody knows may be written to.
    assert await allowed(mall, phone=HER_MOTHERS)
    assert await allowed(mall, phone="010-1234-5678") and await allowed(mall, email="Gildong@Example.com")
    assert await allowed(mall, customer_no="C-9999")
    # A handle of hers beside another is enough.
    assert await allowed(mall, phone="010-1234-5678", customer_no="C-1033") is False


async def test_it_is_every_purpose_that_the_policy_names_and_no_other(mall: Holder, register: Watched) -> None:
    for category, purpose, expected in (
        ("separate_service", "subscription_agency", True),
        ("online_mall", "delivery", True),
        ("site_log", "personalisation", False),
    ):
        question = {"category": category, "purpose": purpose, "subject": {"phone": CHILD}}
        [answer] = await ask(mall, question)
        assert answer["allowed"] is expected, purpose
    assert register.asked == [{"phone": "+821000004001"}]


async def test_the_register_hears_one_handle_and_nothing_else_and_is_asked_once_a_day(
    mall: Holder, register: Watched
) -> None:
    for _ in range(3):
        await ask(mall, {**USE, "subject": {"phone": CHILD, "customer_no": "C-1033"}})
    assert sorted(register.asked, key=str) == [{"customer_no": "C-1033"}, {"phone": "+821000004001"}]
    # What is kept names nobody, and is asked again after a day.
    kept = await rows(mall.house.desk, "SELECT digest, child_until FROM age_seen")
    assert len(kept) == 2 and {row.child_until for row in kept} == {date(2030, 4, 5)}
    assert all(len(row.digest) == 32 for row in kept)
    await rows(mall.house.desk, "UPDATE age_seen SET seen_at = seen_at - interval '25 hours' RETURNING digest")
    assert await allowed(mall, phone=CHILD) is False and len(register.asked) == 3
    async with mall.house.desk.database.transaction() as session:
        await ages.forget(session, now=db.now())
    assert await one(mall.house.desk, "SELECT count(*) FROM age_seen") == 1


async def test_on_the_fourteenth_birthday_in_seoul_it_ends(mall: Holder, people: Any) -> None:
    today = seoul_date(db.now())
    people(
        person("T-1", "+821000000001", years_before(today, 14)),
        person("T-2", "+821000000002", years_before(today, 14) + timedelta(days=1)),
        person("T-3", "+821000000003", None),
        person("T-4", "+821000000004", years_before(today, 9), holder="shared"),
        person("T-5", "+821000000005", years_before(today, 9), holder="guardian"),
    )
    told = [await allowed(mall, phone=f"010-0000-000{n}") for n in range(1, 6)]
    assert told == [True, False, True, False, True]


async def test_what_was_seen_of_a_child_ends_by_itself_on_the_birthday(house: House, register: Watched) -> None:
    """A cached answer is judged on the day of the question, by the calendar of Seoul."""
    digest = house.desk.handle("phone", "+821000004001")
    asked = {digest: ("phone", "+821000004001")}
    eve = datetime.fromisoformat("2030-04-04T23:59:59+09:00")
    away = house.api._transport.app.state.register
    register.away = False
    assert await ages.children(house.desk, asked, away, now=eve) == {digest: eve}
    register.away = True
    assert await ages.children(house.desk, asked, away, now=eve + timedelta(seconds=1)) == {}


async def test_a_register_that_is_silent_refuses_for_this_purpose_only_and_is_asked_again(
    mall: Holder, register: Watched
) -> None:
    register.away = True
    [grown_up, delivery] = await ask(
        mall,
        {**USE, "subject": {"phone": "010-1234-5678"}},
        {"category": "online_mall", "purpose": "delivery", "subject": {"phone": "010-1234-5678"}},
    )
    assert (grown_up["allowed"], [hold["kind"] for hold in grown_up["holds"]]) == (False, ["child_marketing"])
    assert delivery == {"allowed": True, "except": [], "holds": []}
    assert await one(mall.house.desk, "SELECT count(*) FROM age_seen") == 0
    register.away = False
    assert await allowed(mall, phone="010-1234-5678")


async def test_what_was_known_before_stands_while_the_register_is_away(mall: Holder, register: Watched) -> None:
    assert await allowed(mall, phone="010-1234-5678") and not await allowed(mall, phone=CHILD)
    register.away = True
    assert await allowed(mall, phone="010-1234-5678") and not await allowed(mall, phone=CHILD)


async def test_without_a_register_nothing_is_known_and_nothing_refused(unregistered: None, house: House) -> None:
    assert await allowed(await house.system(), phone=CHILD)


async def test_another_law_that_demands_it_is_logged_as_for_any_hold(mall: Holder) -> None:
    question = {**USE, "subject": {"phone": CHILD}, "required_by_law": "형사소송법 199"}
    [answer] = await ask(mall, question)
    assert answer["allowed"] is True and [hold["kind"] for hold in answer["holds"]] == ["child_marketing"]
    logged = await one(
        mall.house.desk,
        "SELECT convert_from(body, 'UTF8')::json -> 'facts' FROM audit_entry"
        " WHERE convert_from(body, 'UTF8') LIKE '%check.required_by_law%'",
    )
    assert (logged["article"], logged["purpose"]) == ("형사소송법 199", "marketing")


async def test_other_holds_are_told_beside_it(mall: Holder, people: Any) -> None:
    house = mall.house
    filed = await house.file(MARKETING)
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    await house.approve(filed["claims"][0]["id"], agree=True)
    people(person("T-9", "+821012345678", years_before(seoul_date(db.now()), 8), holder="shared"))
    [answer] = await ask(mall, {**USE, "subject": {"phone": "010-1234-5678"}})
    assert answer["allowed"] is False
    assert sorted(hold["kind"] for hold in answer["holds"]) == ["child_marketing", "consent_withdrawn"]


async def test_a_thousand_at_once_ask_a_few_at_a_time_and_each_handle_once(
    mall: Holder, register: Watched, people: Any
) -> None:
    born = years_before(seoul_date(db.now()), 10)
    people(*(person(f"K-{n}", f"+82100001{n:04d}", born) for n in range(0, 500, 2)))
    register.waits_s = 0.01
    phones = [f"010-0001-{n % 500:04d}" for n in range(1_000)]
    answers = await ask(mall, *({**USE, "subject": {"phone": phone}} for phone in phones))
    assert [answer["allowed"] for answer in answers] == [n % 2 == 1 for n in range(500)] * 2
    assert len(register.asked) == 500 and 1 < register.most_at_once <= ages.AT_ONCE
    await ask(mall, *({**USE, "subject": {"phone": phone}} for phone in phones))
    assert len(register.asked) == 500


async def test_a_slow_register_does_not_hold_the_caller_for_ever(
    mall: Holder, register: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ages, "WAITS_S", 0.5)
    assert await allowed(mall, phone="010-1234-5678")
    register.waits_s = 1.0
    began = time.monotonic()
    phones = ["010-1234-5678", *(f"010-0001-{n:04d}" for n in range(200))]
    answers = await ask(mall, *({**USE, "subject": {"phone": phone}} for phone in phones))
    assert time.monotonic() - began < 5
    # What was known is answered; of the rest nobody can say that it is no child.
    assert [answer["allowed"] for answer in answers] == [True] + [False] * 200


async def test_two_calls_about_the_same_people_at_once(
    mall: Holder, register: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ages, "WAITS_S", 60)  # it is not about how long that takes
    register.waits_s = 0.01
    phones = [f"010-0001-{n:04d}" for n in range(60)]
    forth = [{**USE, "subject": {"phone": phone}} for phone in phones]
    both = await asyncio.gather(*(ask(mall, *order) for order in (forth, forth[::-1]) * 3))
    assert all(answer["allowed"] for answers in both for answer in answers)
    assert await one(mall.house.desk, "SELECT count(*) FROM age_seen") == 60


async def test_other_purposes_cost_no_statement_more_and_a_hundred_handles_no_more_than_one(mall: Holder) -> None:
    ledger, delivery = Ledger(mall.house), {"category": "online_mall", "purpose": "delivery"}
    for name, use, many in (("delivery", delivery, 1), ("one", USE, 1), ("many", USE, 100)):
        subjects = [{"phone": f"010-0000-{many + n:04d}"} for n in range(many)]
        body = {"checks": [{**use, "subject": subject} for subject in subjects]}
        await ledger.call(name, "POST", "/v1/processing-checks", mall.headers, json=body)
    assert not [one for one in ledger.found["delivery"] if "age_seen" in one]
    assert len(ledger.found["delivery"]) + 2 == len(ledger.found["one"]) == len(ledger.found["many"])
