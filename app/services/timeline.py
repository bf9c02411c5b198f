"""What happened to a request, read from the audit chain in each role's own words."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.desk import Actor
from app.models import AuditEntry
from app.services.visibility import visible

STAFF = ("officer", "approver")
LONGEST = 1_000

# What the requester, a call center and a clerk are told happened, and how; the rest is the desk's own work.
PUBLIC: dict[str, tuple[str, str]] = {
    "request.file": ("요구를 접수했습니다.", "The request was filed."),
    "verification.ask": ("본인 확인을 요청했습니다.", "A verification was asked for."),
    "verification.answer": ("본인 확인에 답했습니다.", "The verification was answered."),
    "verification.attest": ("담당자가 신분증 등 서류를 확인했습니다.", "Documents were seen by our staff."),
    "claim.verify": ("확인 절차를 마쳤습니다.", "The verification is complete."),
    "claim.approve": ("요구를 받아들이기로 결정했습니다.", "It was decided to grant the claim."),
    "claim.approve_partly": ("요구의 일부를 받아들이기로 결정했습니다.", "It was decided to grant the claim in part."),
    "claim.refuse": ("요구를 받아들이지 않기로 결정했습니다.", "It was decided to refuse the claim."),
    "claim.carry_out": ("필요한 조치를 마쳤습니다.", "What was decided was carried out."),
    "claim.report_open": (
        "아직 조치 결과가 확인되지 않은 곳이 있어 지금까지의 상황을 알려 드렸습니다.",
        "Not every holder has answered yet; you were told where it stands.",
    ),
    "claim.notify": ("결과 통지서를 준비했습니다.", "The notice of the result is ready."),
    "claim.withdraw": ("요구를 취하했습니다.", "The claim was withdrawn."),
    "claim.lapse": (
        "정해진 날까지 본인 확인이 되지 않아 요구를 마쳤습니다. 언제든지 다시 요구하실 수 있습니다.",
        "It could not be verified in time and ends; you may file again at any time.",
    ),
    "notice.open": ("통지서를 열어 보았습니다.", "The notice was opened."),
    "package.fetch": ("열람 자료를 내려받았습니다.", "The package was fetched."),
}


async def read(session: AsyncSession, request_id: UUID, *, by: Actor) -> list[dict[str, Any]]:
    """What happened, read from the audit chain, as far as it is this role's business."""
    await visible(session, request_id, by)
    mine = select(col(AuditEntry.seq), col(AuditEntry.body)).where(col(AuditEntry.request_id) == request_id)
    rows = (await session.execute(mine.order_by(col(AuditEntry.seq)).limit(LONGEST))).all()
    entries = [(row.seq, json.loads(row.body)) for row in rows]
    seen = [(seq, entry) for seq, entry in entries if by.role in STAFF or entry["action"] in PUBLIC]
    return [_happening(seq, entry, staff=by.role in STAFF) for seq, entry in seen]


def _happening(seq: int, entry: dict[str, Any], *, staff: bool) -> dict[str, Any]:
    ko, en = PUBLIC.get(entry["action"], (entry["action"], entry["action"]))
    told: dict[str, Any] = {
        "seq": seq,
        "at": entry["at"],
        "action": entry["action"],
        "claim_id": entry["claim"],
        "text": {"ko": ko, "en": en},
    }
    if staff:
        told["actor"] = entry["actor"]
        told["facts"] = entry["facts"]
    return told
