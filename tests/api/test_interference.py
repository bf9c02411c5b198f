"""What somebody sees of their own request is byte for byte the same, whatever the rest of the family asks (C3).

A family is made up: a child of eight to eighteen, two guardians of whom the register may know either, a delegate. One
of them asks, proves it and is answered. Then it is all played again, in a family like the first, with the others
filing, proving, being answered and giving up in between; and both are compared but for ids and moments.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from app import db
from app.law.deadline import seoul_date
from examples.register.__main__ import build
from tests.api.acts import DELETION, DELIVERY, MARKETING, rows
from tests.api.families import contact, person, plain, seen
from tests.api.others import days_go_by
from tests.api.papers import accept
from tests.conftest import REGISTER_SECRET, serving
from tests.house import ADDRESS, ONLINE_MALL, Holder, House, bearer, signed_mandate

FAMILIES = 10
CAST = ("child", "mother", "father", "delegate")
ACTS = ("file", "prove", "decide", "withdraw")
ASKED = (ONLINE_MALL, DELETION, ADDRESS, DELIVERY, MARKETING)
BUSY = {"child": ONLINE_MALL, "mother": DELETION, "father": ONLINE_MALL, "delegate": ONLINE_MALL}
FOR_STAFF = ("officer_todo", "approver_todo", "approver_freeze")
_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopabcdef")
_numbers = count(1)


class People:
    """A register that families move into as they are made up."""

    def __init__(self) -> None:
        self.known: list[dict[str, Any]] = []

    def read(self) -> list[dict[str, Any]]:
        """Everybody who is known by now."""
        return self.known


PEOPLE = People()


@pytest.fixture
def register_url() -> Iterator[str]:
    """The register of all these families."""
    with serving(build(REGISTER_SECRET, PEOPLE)) as url:  # type: ignore[arg-type]
        yield url


@dataclass(frozen=True)
class Story:
    """Who asks, what each of them asks, how old the child is, whom the register knows, and who acts in which order."""

    hero: str
    age: int
    recorded: tuple[bool, bool]
    asked: dict[str, dict[str, Any]]
    turns: tuple[str, ...]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A story in which the hero files, proves it, is answered and perhaps gives up, and the others do as they like."""
    age = draw(st.sampled_from((15, 8, 18, 13, 14)))
    hero = draw(st.sampled_from(CAST if age >= 14 else ("mother", "father")))
    turns = [hero] * draw(st.integers(3, 4))
    for other in CAST:
        turns += [other] * draw(st.integers(2, 4)) if other != hero else []
    return Story(
        hero=hero,
        age=age,
        recorded=(hero == "mother" or draw(st.booleans()), hero == "father" or draw(st.booleans())),
        asked={who: draw(st.sampled_from(ASKED)) for who in CAST},
        turns=tuple(draw(st.permutations(turns))),
    )


@dataclass
class Home:
    """One family, playing a story."""

    house: House
    story: Story
    number: int = field(default_factory=lambda: next(_numbers))
    filed: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parents = [
            {"name": self.name(who), "contacts": [contact(self.phone(who), holder="guardian")]}
            for who, recorded in zip(("mother", "father"), self.story.recorded, strict=True)
            if recorded
        ]
        own = contact(f"child{self.number:03}@example.com", kind="email")
        child = person(
            f"F-{self.number}", self.name("child"), self.born, contact(self.phone("child")), own, guardians=parents
        )
        PEOPLE.known.append(child)

    @property
    def born(self) -> str:
        """The child's birthday was some months ago."""
        today = seoul_date(db.now())
        return (today.replace(year=today.year - self.story.age, day=1) - timedelta(days=100)).isoformat()

    def name(self, who: str) -> str:
        """A name that nobody else has."""
        return f"{'강문신윤'[CAST.index(who)]}{chr(0xAC00 + 28 * self.number)}{'이모부벗'[CAST.index(who)]}"

    def phone(self, who: str) -> str:
        """A number that nobody else has."""
        return f"010-0000-{self.number:03}{CAST.index(who)}"

    @property
    def words(self) -> tuple[str, ...]:
        """What tells this family from another."""
        numbers = [self.phone(who) for who in CAST]
        return (*(self.name(who) for who in CAST), *numbers, f"child{self.number:03}", f"F-{self.number}")

    async def act(self, who: str) -> None:
        """The next thing this one does; what is refused is refused."""
        place = self.done.get(who, 0)
        self.done[who] = place + 1
        await getattr(self, f"_{ACTS[place]}")(who)

    async def _file(self, who: str) -> None:
        subject = {"name": self.name("child"), "birth_date": self.born, "phone": self.phone("child")}
        requester = {"name": self.name(who), "birth_date": "1980-01-01", "phone": self.phone(who)}
        more: dict[str, Any] = {"capacity": "self"}
        if who in ("mother", "father"):
            more = {"capacity": "guardian", "requester": {**requester, "relationship": "parent"}}
        elif who == "delegate":
            more = {"capacity": "delegate", "requester": requester, "mandate": signed_mandate()}
        body = {"channel": "web", "subject": subject, "claims": [self.story.asked[who]], "notify_by": "sms", **more}
        headers = {**self.house.auth("website"), "Idempotency-Key": f"{self.number}-{who}"}
        reply = await self.house.api.post("/v1/requests", json=body, headers=headers)
        if reply.status_code == 201:
            self.filed[who] = reply.json()

    async def _prove(self, who: str) -> None:
        filed = self.filed.get(who)
        if filed is None:
            return
        await self.house.prove(filed, party="subject" if who == "child" else "requester")
        if who == "delegate":
            await self.house.prove(filed)
            await accept(self.house, filed, "power_of_attorney")

    async def _decide(self, who: str) -> None:
        filed = self.filed.get(who)
        if filed is None or (await self.house.look(filed, "officer"))["claims"][0]["status"] != "verified":
            return
        claim = filed["claims"][0]["id"]
        outcomes = {one["proposed"] for one in (await self.house.assessment(claim))["items"]}
        whole: dict[str, Any] = {"outcome": "approve"}
        if outcomes != {"grant"}:
            whole = {"outcome": "partial" if "grant" in outcomes else "refuse", "reason": "법령에 따른 제한입니다."}
        proposed = await self.house.decide(claim, **whole)
        if proposed.json()["decision"]["state"] == "proposed":
            assert (await self.house.approve(claim, agree=True)).is_success

    async def _withdraw(self, who: str) -> None:
        if (filed := self.filed.get(who)) is not None:
            headers = bearer(filed["requester_token"])
            await self.house.api.post(f"/v1/requests/{filed['id']}/withdrawal", headers=headers)
            await self.house.workshop.run()

    async def shown(self) -> list[str]:
        """Everything that the hero sees and is sent."""
        filed = self.filed.get(self.story.hero)
        if filed is None:
            return []
        reply = await self.house.api.get(f"/v1/requests/{filed['id']}", headers=bearer(filed["requester_token"]))
        filing = filed | {"anchor": None}
        pages = await seen(self.house, filing, *self.words)
        return [*pages, reply.headers["etag"], *await self._sent(filed)]

    async def _sent(self, filed: dict[str, Any]) -> list[str]:
        """What was sent about this request to whoever asks it."""
        queued = "SELECT id, kind, party, channel, state FROM message WHERE request_id = :id ORDER BY id"
        texts = {
            one.get("ref") or one["message_id"].strip("<>").partition("@")[0]: one["text"]
            for carrier in ("sms", "mail")
            for one in self.house.sent(carrier)
        }
        return [
            plain([row.kind, row.party, row.channel, row.state, texts.get(row.id.hex.translate(_LETTERS))], *self.words)
            for row in await rows(self.house.desk, queued, id=filed["id"])
            if row.kind not in FOR_STAFF
        ]


async def played(house: House, mall: Holder, story: Story, *, alone: bool) -> list[str]:
    """The story to its end, by the hero alone or by everybody; what the hero saw."""
    home = Home(house, story)
    for who in story.turns:
        if who == story.hero or not alone:
            await home.act(who)
    await house.workshop.run()
    while await mall.work():
        pass
    await days_go_by(house)
    return await home.shown()


@pytest.mark.slow
@settings(
    max_examples=FAMILIES,
    deadline=None,
    derandomize=True,
    # A story takes seconds to play; the first that shows something is told as it is.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=stories())
@example(story=Story("child", 15, (True, True), BUSY, (*("mother", "child") * 3, *("father",) * 3)))
@example(story=Story("mother", 9, (True, True), BUSY, (*("father",) * 3, *("mother",) * 3)))
async def test_nobody_sees_what_the_others_do(house: House, story: Story) -> None:
    mall = await house.system(f"a mall of {next(_numbers)}")
    assert await played(house, mall, story, alone=True) == await played(house, mall, story, alone=False)
