"""개인영상정보 관리대장: who asked to see which footage and why, who showed, copied, kept or destroyed it, and when."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.documents.ledger import Column
from app.documents.wording.ledgers import ACTS, GONE, HIDDEN, NONE
from app.law.deadline import seoul_time
from app.models import Request
from app.services import keyring, ledger_names
from app.services.ledger_names import Names

COLUMNS = (
    Column("접수번호", 3),
    Column("구분"),
    Column("일시", 3),
    Column("장소", 2),
    Column("촬영 시작", 3),
    Column("촬영 종료", 3),
    Column("파일명", 3),
    Column("요구자"),
    Column("연락처", 3),
    Column("목적", 3),
    Column("형태(사본)", 2),
    Column("거절 사유", 3),
    Column("가림 처리"),
    Column("열람자", 2),
    Column("기록한 사람", 2),
)
QUERY = """
SELECT viewing.id, viewing.request_id, viewing.act, viewing.recorded_from, viewing.recorded_to, viewing.details_ct,
    viewing.masked, viewing.seen_at, viewing.by_id, request.receipt_no, system.name AS site
FROM viewing
JOIN request ON request.id = viewing.request_id
JOIN system ON system.id = viewing.site_id
WHERE viewing.seen_at >= :first AND viewing.seen_at < :after
ORDER BY viewing.seen_at, viewing.id
"""


async def told(
    session: AsyncSession, page: Sequence[Mapping[str, Any]], masked: bool, today: date
) -> list[tuple[tuple[str, ...], str]]:
    """A page of the footage's lines, each counted by what was done."""
    ids = [one["request_id"] for one in page]
    names = await ledger_names.of(session, ids, masked=masked)
    found = (await session.execute(select(Request).where(col(Request.id).in_(ids)))).scalars()
    requests = {one.id: one for one in found}
    return [
        _line(one, names[one["request_id"]], _details(session, requests[one["request_id"]], one, masked=masked))
        for one in page
    ]


def _line(one: Mapping[str, Any], names: Names, said: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    cells = (
        one["receipt_no"],
        ACTS[one["act"]],
        _moment(one["seen_at"]),
        one["site"],
        _moment(one["recorded_from"]),
        _moment(one["recorded_to"]),
        said["file"],
        names.subject if names.requester == NONE else names.requester,
        names.contact,
        said["purpose"],
        said["form"],
        said["reason"],
        "예" if one["masked"] else "아니요",
        said["viewer"],
        one["by_id"].rpartition("|")[2],
    )
    return cells, ACTS[one["act"]]


def _details(session: AsyncSession, request: Request, one: Mapping[str, Any], *, masked: bool) -> dict[str, str]:
    """What was written down beside it: free words, which whoever may see no names does not read."""
    names = ("file", "purpose", "form", "reason", "viewer")
    if one["details_ct"] is None:
        return dict.fromkeys(names, NONE)
    if masked:
        return dict.fromkeys(names, HIDDEN)
    if not request.key:
        return dict.fromkeys(names, GONE)
    said = keyring.unseal(session, request, "viewing.details", one["id"], one["details_ct"])
    return {name: str(said.get(name) or NONE) for name in names}


def _moment(at: datetime) -> str:
    return f"{seoul_time(at):%Y-%m-%d %H:%M}"
