"""열람등 요구 처리대장: each claim with its day, its answer, and whether that was in time (Act 35 to 38)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.desk import Desk, desk_of
from app.documents.ledger import Column
from app.documents.wording.ledgers import CAUSES, ENDED, MACHINE, NONE, OUTCOMES, RULINGS
from app.law.deadline import seoul_date
from app.law.terms import Capacity, Right
from app.policy.words import CAPACITIES, RIGHTS
from app.services import ledger_names
from app.services.ledger_names import Names

COLUMNS = (
    Column("접수번호", 3),
    Column("접수일"),
    Column("접수 경로"),
    Column("자격"),
    Column("요구"),
    Column("정보주체"),
    Column("요구자"),
    Column("결정일"),
    Column("결과"),
    Column("사유(근거)", 4),
    Column("통지일"),
    Column("법정 기한"),
    Column("기한 준수"),
    Column("지연 사유"),
    Column("이의제기"),
    Column("이의 결과"),
    Column("수수료(원)"),
    Column("담당자"),
    Column("승인자"),
)
QUERY = """
SELECT request.id AS request_id, request.receipt_no, request.arrived_at, request.channel, request.capacity,
    claim."right", claim.status, claim.outcome, claim.edition, claim.due_on, claim.answered_at,
    decision.items, decision.fee, decision.decided_at, decision.decided_by, decision.proposer_sub,
    decision.approver_sub, overdue.cause, objection.arrived_at AS objected_at, objection.result AS ruling
FROM request
JOIN claim ON claim.request_id = request.id
LEFT JOIN LATERAL (
    SELECT items, fee, coalesce(settled_at, proposed_at) AS decided_at, decided_by, proposer_sub, approver_sub
    FROM decision
    WHERE decision.claim_id = claim.id AND decision.round = claim.round AND decision.state = 'effective'
    ORDER BY decision.id DESC LIMIT 1
) AS decision ON true
LEFT JOIN LATERAL (
    SELECT cause FROM overdue WHERE overdue.about = claim.id ORDER BY overdue.id DESC LIMIT 1
) AS overdue ON true
LEFT JOIN LATERAL (
    SELECT arrived_at, result FROM objection WHERE objection.claim_id = claim.id ORDER BY objection.id DESC LIMIT 1
) AS objection ON true
WHERE request.arrived_at >= :first AND request.arrived_at < :after
ORDER BY request.arrived_at, request.id, claim.position
"""
IN_TIME, LATE, UNANSWERED, OPEN, ENDED_WORD = "기한 내", "지연", "지연(미통지)", "진행 중", "종결"


async def told(
    session: AsyncSession, page: Sequence[Mapping[str, Any]], masked: bool, today: date
) -> list[tuple[tuple[str, ...], str]]:
    """A page of claims, each counted by whether its answer was in time."""
    desk = desk_of(session)
    names = await ledger_names.of(session, (one["request_id"] for one in page), masked=masked)
    return [_line(desk, one, names[one["request_id"]], today) for one in page]


def in_time(status: str, answered_on: date | None, due_on: date, today: date) -> str:
    """Whether the answer came by the statutory day; what ended unanswered was the person's own doing."""
    if answered_on is not None:
        return IN_TIME if answered_on <= due_on else LATE
    if status in ("withdrawn", "lapsed"):
        return ENDED_WORD
    return UNANSWERED if due_on < today else OPEN


def _line(desk: Desk, one: Mapping[str, Any], names: Names, today: date) -> tuple[tuple[str, ...], str]:
    answered_on = seoul_date(one["answered_at"]) if one["answered_at"] else None
    timely = in_time(one["status"], answered_on, one["due_on"], today)
    late = one["cause"] is not None and timely in (LATE, UNANSWERED)
    cells = (
        one["receipt_no"],
        _day(one["arrived_at"]),
        _channel(desk, one["channel"]),
        CAPACITIES[Capacity(one["capacity"])].ko,
        RIGHTS[Right(one["right"])][0].ko,
        names.subject,
        names.requester,
        _day(one["decided_at"]),
        OUTCOMES.get(one["outcome"] or "", ENDED.get(one["status"], NONE)),
        _grounds(desk, one),
        _day(one["answered_at"]),
        one["due_on"].isoformat(),
        timely,
        CAUSES.get(one["cause"], NONE) if late else NONE,
        _day(one["objected_at"]),
        RULINGS[one["ruling"]] if one["objected_at"] else NONE,
        str(one["fee"]["fee"] + one["fee"]["postage"]) if one["fee"] else "0",
        MACHINE if one["decided_by"] == "machine" else one["proposer_sub"] or NONE,
        one["approver_sub"] or NONE,
    )
    return cells, timely


def _grounds(desk: Desk, one: Mapping[str, Any]) -> str:
    """The articles on which something was kept or refused, each once."""
    grounds = desk.rulebook.named(one["edition"]).grounds
    named = dict.fromkeys(item["ground"] for item in one["items"] or () if item["ground"])
    return ", ".join(dict.fromkeys(grounds[name].article.ko for name in named if name in grounds)) or NONE


def _channel(desk: Desk, channel: str) -> str:
    listed: Any = desk.policy.document["channels"]
    return next((str(entry["label"]["ko"]) for entry in listed if entry["id"] == channel), channel)


def _day(moment: datetime | None) -> str:
    return seoul_date(moment).isoformat() if moment else NONE
