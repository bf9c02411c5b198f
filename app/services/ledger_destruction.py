"""파기 관리대장: what was destroyed, when, how, on what ground, by whom (Act 21, policy ch. 5)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Desk, desk_of
from app.documents.ledger import Column
from app.documents.wording.ledgers import DESTROYED, GONE, HIDDEN, HOW, ITEMS, MACHINE, NONE, WHY
from app.law.deadline import seoul_time
from app.law.terms import Right
from app.models import Request
from app.policy.words import RIGHTS
from app.services import keyring

COLUMNS = (
    Column("파기 일시", 3),
    Column("접수번호", 3),
    Column("구분", 3),
    Column("항목", 5),
    Column("보유한 곳", 3),
    Column("파기 방법", 4),
    Column("근거", 5),
    Column("파기한 사람", 3),
    Column("확인", 3),
)
QUERY = """
SELECT gone.*, coalesce(request.receipt_no, gone.id::text) AS receipt_no FROM (
    SELECT 'evidence' AS source, id, request_id, destroyed_at AS at, kind AS what, destroyed_cause AS why,
        NULL AS holder, NULL::text[] AS fields, NULL AS record_class, NULL AS "right", NULL::bytea AS said_ct,
        CASE WHEN destroyed_cause IN ('refused', 'number_visible') THEN reviewed_by_sub END AS by,
        NULL::timestamptz AS agreed_at, NULL::timestamptz AS checked_at, NULL AS checker
    FROM evidence WHERE destroyed_at >= :first AND destroyed_at < :after
    UNION ALL
    SELECT 'requester', request_id, request_id, destroyed_at, NULL, 'purpose_met', NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL
    FROM requester WHERE destroyed_at >= :first AND destroyed_at < :after
    UNION ALL
    SELECT 'package', id, request_id, destroyed_at, NULL,
        CASE WHEN destroyed_at < expires_at THEN 'recalled' ELSE 'expired' END, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL
    FROM package WHERE destroyed_at >= :first AND destroyed_at < :after
    UNION ALL
    SELECT 'task', task.id, task.request_id, task.finished_at, task.category, NULL, system.name, task.fields,
        task.record_class, claim."right", task.answer_ct, task.answered_by, NULL, NULL, NULL
    FROM task JOIN system ON system.id = task.system_id JOIN claim ON claim.id = task.claim_id
    WHERE task.action IN ('delete', 'withdraw_consent') AND task.status IN ('done', 'partly_done')
        AND task.finished_at >= :first AND task.finished_at < :after
    UNION ALL
    SELECT 'footage', viewing.id, viewing.request_id, viewing.seen_at, NULL, NULL, system.name, NULL, NULL, NULL,
        viewing.details_ct, viewing.by_id, NULL, NULL, NULL
    FROM viewing JOIN system ON system.id = viewing.site_id
    WHERE viewing.act = 'destroy' AND viewing.seen_at >= :first AND viewing.seen_at < :after
    UNION ALL
    SELECT 'request', one.request_id, one.request_id, one.destroyed_at, NULL, 'retention', NULL, NULL, NULL, NULL, NULL,
        coalesce(plan.confirmed_by_iss, '') || '|' || plan.confirmed_by_sub, plan.confirmed_at,
        plan.checked_at, plan.checked_by_sub
    FROM destroyed_request one JOIN destruction plan ON plan.id = one.destruction_id
    WHERE one.destroyed_at >= :first AND one.destroyed_at < :after
) AS gone
LEFT JOIN request ON request.id = gone.request_id
ORDER BY gone.at, gone.source, gone.id
"""


async def told(
    session: AsyncSession, page: Sequence[Mapping[str, Any]], masked: bool, today: date
) -> list[tuple[tuple[str, ...], str]]:
    """A page of destructions, each counted by what was destroyed."""
    desk, ids = desk_of(session), [one["request_id"] for one in page if one["said_ct"] is not None]
    found = (await session.execute(select(Request).where(col(Request.id).in_(ids)))).scalars()
    requests = {one.id: one for one in found}
    return [_line(desk, one, _method(session, requests.get(one["request_id"]), one, masked=masked)) for one in page]


def _line(desk: Desk, one: Mapping[str, Any], how: str) -> tuple[tuple[str, ...], str]:
    by = str(one["by"]).rpartition("|")[2] if one["by"] else MACHINE
    cells = (
        f"{seoul_time(one['at']):%Y-%m-%d %H:%M}",
        one["receipt_no"],
        DESTROYED[one["source"]],
        _what(desk, one),
        one["holder"] or desk.policy.controller.ko,
        how,
        _why(desk, one),
        MACHINE if one["agreed_at"] else by,
        _confirmed(one, by),
    )
    return cells, DESTROYED[one["source"]]


def _confirmed(one: Mapping[str, Any], by: str) -> str:
    """Who answers for it: a holder by its own word, approvers by name and day, else the audit chain is the proof."""
    if one["source"] == "task":
        return f"{by} 회신"
    if one["agreed_at"] is not None:
        word = f"개인정보 보호책임자 {by}, {seoul_time(one['agreed_at']):%Y-%m-%d}"
        if one["checked_at"] is None:
            return f"{word} (결과 확인 전)"
        return f"{word}, 결과 확인 {one['checker']}, {seoul_time(one['checked_at']):%Y-%m-%d}"
    return "기록 사슬"


def _what(desk: Desk, one: Mapping[str, Any]) -> str:
    policy = desk.policy
    match one["source"]:
        case "evidence":
            return policy.documents[one["what"]].label.ko if one["what"] in policy.documents else str(one["what"])
        case "task" if one["record_class"] is not None:
            return f"{policy.categories[one['what']].label.ko}: {policy.records[one['record_class']].label.ko}"
        case "task":
            category = policy.categories[one["what"]]
            labels = {field.id: field.label.ko for field in category.fields}
            fields = ", ".join(labels.get(name, name) for name in one["fields"] or labels)
            return f"{category.label.ko}: {fields}" if fields else category.label.ko
        case source:
            return ITEMS.get(source, NONE)


def _why(desk: Desk, one: Mapping[str, Any]) -> str:
    if one["record_class"] is not None:
        record = desk.policy.records[one["record_class"]]
        return f"보존 기간 경과({record.statute.ko} {record.article})"
    if one["right"] is not None:
        label, basis = RIGHTS[Right(one["right"])]
        return f"{label.ko} 요구({basis})"
    if one["source"] == "request":
        return f"보유 기간 경과(법 21①): {desk.policy.settled.requests_kept_basis}"
    return WHY.get(one["why"] or "", "보유 기간 경과")


def _method(session: AsyncSession, request: Request | None, one: Mapping[str, Any], *, masked: bool) -> str:
    """How: of ours as the desk does it, of a holder's in its own words, which are free and may name people."""
    if one["source"] in HOW:
        return HOW[one["source"]]
    if one["said_ct"] is None or request is None:
        return NONE
    if masked:
        return HIDDEN
    if not request.key:
        return GONE
    if one["source"] == "footage":
        said = keyring.unseal(session, request, "viewing.details", one["id"], one["said_ct"])
        return str(said.get("form") or said.get("file") or NONE)
    said = keyring.unseal(session, request, "task.answer", one["id"], one["said_ct"])["said"]
    return str(said.get("method") or said.get("note") or NONE)
