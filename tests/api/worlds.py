"""An invented half year of claims, written as rows: each with its life told beside them, to be counted by hand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import db
from app.law import deadline
from app.models import Claim, Decision, Notice, Objection, Overdue, Postponement, Request, System, Task
from app.workdays import calendar

RIGHTS = ("access", "correction", "deletion", "suspension", "consent_withdrawal")
CHANNELS = ("web", "phone", "store", "post")
CAPACITIES = ("self", "guardian", "delegate")
GROUNDS = ("A35_4_2", "A36_1", "A21_1")
CAUSES = ("officer", "holders", "frozen")
DAY = timedelta(days=1)


@dataclass
class Round:
    """One round: when it began, by when it was to be answered, how it ended."""

    began: datetime
    due_on: Any
    ended: datetime | None = None
    how: str = "open"
    """open, answered, withdrawn, lapsed"""
    decider: str = ""
    outcome: str = ""
    grounds: tuple[str, ...] = ()
    cause: str | None = None
    reopened: bool = False
    """Whether it began with an objection that was upheld."""

    @property
    def late(self) -> bool:
        return self.how == "answered" and deadline.seoul_date(self.ended) > self.due_on  # type: ignore[arg-type]


@dataclass
class Life:
    """One claim, from its arrival on."""

    right: str
    channel: str
    capacity: str
    arrived: datetime
    verified: datetime | None
    first: bool
    """Whether it is the first of its request."""
    rounds: list[Round] = field(default_factory=list)
    objections: list[tuple[datetime, datetime | None, Any, str | None]] = field(default_factory=list)
    """Arrival, ruling, day, result."""


class World:
    """Makes rows and lives by chance, the same for the same seed."""

    def __init__(self, seed: int, start: datetime) -> None:
        self.chance = Random(seed)
        self.start = start
        self.lives: list[Life] = []
        self.duties: list[tuple[str, datetime, datetime | None]] = []

    async def fill(self, session: AsyncSession, requests: int) -> None:
        """Write so many requests."""
        self.systems = [_system(name) for name in ("a mall", "=b\tcourier")]
        session.add_all(self.systems)
        await session.flush()
        for _ in range(requests):
            await self._request(session)

    def _days(self, most: float) -> timedelta:
        return timedelta(seconds=self.chance.randrange(int(most * 86_400)))

    async def _request(self, session: AsyncSession) -> None:
        arrived = self.start + self._days(120)
        request = _request(self.chance.choice(CHANNELS), self.chance.choice(CAPACITIES), arrived)
        session.add(request)
        await session.flush()
        for position in range(1, self.chance.choice((2, 2, 3, 4))):
            await self._claim(session, request, position)

    async def _claim(self, session: AsyncSession, request: Request, position: int) -> None:
        chance = self.chance
        verified = request.arrived_at + self._days(2) if chance.random() < 0.8 else None
        right = chance.choice(RIGHTS)
        life = Life(right, request.channel, request.capacity, request.arrived_at, verified, position == 1)
        claim = _claim(request, position, right, verified)
        session.add(claim)
        await session.flush()
        self.lives.append(life)
        self._begin(life, claim, request.arrived_at, reopened=False)
        await self._live(session, life, claim, request)
        claim.round = len(life.rounds)

    def _begin(self, life: Life, claim: Claim, at: datetime, *, reopened: bool) -> None:
        due = deadline.due(deadline.seoul_date(at), 10, calendar(), basis="영 41④", margin=1)
        claim.due_on, claim.internal_on, claim.status = due.due_on, due.internal_on, "verified"
        claim.answered_at = claim.closed_at = None
        life.rounds.append(Round(at, due.due_on, reopened=reopened))

    async def _live(self, session: AsyncSession, life: Life, claim: Claim, request: Request) -> None:
        """One round to its end, and what follows from that."""
        chance, now = self.chance, life.rounds[-1]
        now.how = chance.choices(("answered", "withdrawn", "lapsed", "open"), (80, 7, 6, 7))[0]
        if now.how == "open":
            return
        now.ended = max(now.began, life.verified or now.began) + self._days(14)
        if now.how != "answered":
            claim.status, claim.closed_at = now.how, now.ended
            return
        await self._answer(session, life, claim, request, now)
        if claim.status == "closed" and chance.random() < 0.3:
            await self._object(session, life, claim, request)

    async def _answer(self, session: AsyncSession, life: Life, claim: Claim, request: Request, now: Round) -> None:
        chance = self.chance
        assert now.ended is not None
        round_ = len(life.rounds)
        now.outcome = chance.choice(("approve", "partial", "refuse", "nothing_held", "handed_over"))
        if now.outcome in ("partial", "refuse"):
            now.grounds = tuple(sorted(chance.sample(GROUNDS, chance.choice((1, 2)))))
        now.decider = "two" if now.grounds else chance.choice(("machine", "officer", "two"))
        session.add(_decision(claim, round_, now))
        kinds = chance.choice((("result",), ("result",), ("interim",), ("interim", "result")))
        for place, kind in enumerate(kinds):
            told = now.ended + DAY * 20 * place
            session.add(_notice(claim, request, round_, kind, told, now.due_on))
        # What was put off has notices too, which are no answer.
        if chance.random() < 0.1:
            session.add(_notice(claim, request, round_, "postponement_1", now.began, now.due_on))
        if now.late:
            now.cause = chance.choice(CAUSES)
            session.add(_overdue(claim, request, round_, now))
        claim.answered_at = now.ended
        if "result" in kinds:
            claim.status, claim.closed_at = "closed", now.ended + DAY * 20 * (len(kinds) - 1)
        elif chance.random() < 0.3:
            # Told how it stood, then taken back: that was an answer.
            claim.status, claim.closed_at = "withdrawn", now.ended + DAY
        else:
            claim.status = "approved"
        self._task(session, claim, request, round_, now)

    def _task(self, session: AsyncSession, claim: Claim, request: Request, round_: int, now: Round) -> None:
        system = self.chance.choice(self.systems)
        due_at = now.began + DAY * 4
        finished = self.chance.choice((due_at - DAY, due_at + DAY, None))
        status = "pending" if finished is None else "done"
        session.add(_task(claim, request, system, round_, due_at, finished, status, "collect"))
        session.add(_task(claim, request, system, round_, due_at, None, "pending", "hold"))
        session.add(_task(claim, request, system, round_, due_at, None, "cancelled", "correct"))
        self.duties.append((system.name, due_at, finished))

    async def _object(self, session: AsyncSession, life: Life, claim: Claim, request: Request) -> None:
        chance = self.chance
        assert claim.closed_at is not None
        arrived = claim.closed_at + self._days(20)
        result = chance.choice(("confirmed", "overturned", "dropped", None))
        ruled = arrived + self._days(15) if result else None
        due_on = deadline.seoul_date(arrived) + DAY * 10
        session.add(_objection(claim, request, len(life.rounds), arrived, ruled, due_on, result))
        life.objections.append((arrived, ruled, due_on, result))
        if result == "overturned" and ruled is not None and len(life.rounds) < 3:
            self._begin(life, claim, ruled, reopened=True)
            await session.flush()
            await self._live(session, life, claim, request)
        elif result is None:
            claim.status = "objected"


def _system(name: str) -> System:
    return System(
        id=db.new_id(),
        name=name,
        kind="internal",
        state="active",
        categories=[],
        actions=[],
        matches_by=[],
        contact_email="holder@example.com",
        created_at=db.now(),
    )


def _request(channel: str, capacity: str, arrived: datetime) -> Request:
    one = db.new_id()
    return Request(
        id=one,
        receipt_no=one.hex,
        capacity=capacity,
        channel=channel,
        language="ko",
        notify_by="email",
        filed_at=arrived,
        arrived_at=arrived,
        filer_role="website",
        filer_iss="urn:example",
        filer_sub="site",
        key=b"",
        subject_ct=b"",
        likeness=one.bytes,
        contacts=[],
        policy="a",
    )


def _claim(request: Request, position: int, right: str, verified: datetime | None) -> Claim:
    return Claim(
        id=db.new_id(),
        request_id=request.id,
        position=position,
        right=right,
        status="verified",
        edition="a",
        due_on=deadline.seoul_date(request.arrived_at),
        internal_on=deadline.seoul_date(request.arrived_at),
        due_steps=[],
        scope={},
        verified_at=verified,
    )


def _decision(claim: Claim, round_: int, now: Round) -> Decision:
    items = [{"item": f"a.{ground}", "outcome": "refuse", "ground": ground} for ground in now.grounds * 2]
    return Decision(
        id=db.new_id(),
        claim_id=claim.id,
        round=round_,
        state="effective",
        outcome=now.outcome,
        decided_by="machine" if now.decider == "machine" else "person",
        edition="a",
        items=[*items, {"item": "a.b", "outcome": "grant", "ground": None}],
        approver_sub="approver-1" if now.decider == "two" else None,
        proposed_at=now.began,
    )


def _notice(claim: Claim, request: Request, round_: int, kind: str, at: datetime, due_on: Any) -> Notice:
    return Notice(
        id=db.new_id(),
        request_id=request.id,
        claim_id=claim.id,
        round=round_,
        kind=kind,
        form="10",
        language="ko",
        content_ct=b"",
        at=at,
        due_on=due_on,
    )


def _overdue(claim: Claim, request: Request, round_: int, now: Round) -> Overdue:
    return Overdue(
        id=db.new_id(),
        about=claim.id,
        of="claim",
        claim_id=claim.id,
        request_id=request.id,
        round=round_,
        due_on=now.due_on,
        cause=str(now.cause),
        at=now.began,
    )


def _task(
    claim: Claim,
    request: Request,
    system: System,
    round_: int,
    due_at: datetime,
    finished: datetime | None,
    status: str,
    action: str,
) -> Task:
    return Task(
        id=db.new_id(),
        claim_id=claim.id,
        request_id=request.id,
        system_id=system.id,
        action=action,
        category="a",
        status=status,
        round=round_,
        due_at=due_at,
        created_at=due_at - DAY,
        finished_at=finished,
    )


def _objection(
    claim: Claim,
    request: Request,
    round_: int,
    arrived: datetime,
    ruled: datetime | None,
    due_on: Any,
    result: str | None,
) -> Objection:
    return Objection(
        id=db.new_id(),
        claim_id=claim.id,
        request_id=request.id,
        of="decision",
        round=round_,
        reason_ct=b"",
        at=arrived,
        arrived_at=arrived,
        due_on=due_on,
        internal_on=due_on,
        due_steps=[],
        filed_by_role="requester",
        filed_by="a",
        result=result,
        ruled_at=ruled,
    )


def postponement(claim_id: UUID, request_id: UUID, ground: str, at: datetime, resumed: datetime | None) -> Postponement:
    """Access put off."""
    return Postponement(
        id=db.new_id(),
        claim_id=claim_id,
        request_id=request_id,
        round=1,
        ground=ground,
        reason_ct=b"",
        expected_on=deadline.seoul_date(at) + DAY * 20,
        due_before=deadline.seoul_date(at) + DAY,
        at=at,
        by_iss="urn:example",
        by_sub="officer-1",
        resumed_at=resumed,
    )
