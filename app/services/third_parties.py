"""The letter to a third party that was given data since corrected, and has no machine to be told by (policy 8.7)."""

import asyncio
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.desk import Actor, desk_of
from app.documents import forms
from app.documents.free import CorrectedNotice
from app.documents.notices import Recipient
from app.errors import Conflict, NotFound
from app.law import deadline
from app.models import Request, System, Task
from app.services import audit, casebook, composing, fulfilment, itemised

_FOUND_BY = {
    "name": "성명",
    "phone": "전화번호",
    "email": "전자우편주소",
    "birth_date": "생년월일",
    "subject_ref": "고객번호",
    "customer_no": "고객번호",
}


async def letter(session: AsyncSession, task_id: UUID, *, by: Actor, now: datetime) -> bytes:
    """What was corrected to what, with exactly what this receiver finds the person by."""
    task = await session.get(Task, task_id)
    if task is None:
        raise NotFound("task.not_found")
    await casebook.held_still(session, task.request_id)
    _, whole = await fulfilment.fetch(session, task_id, by=by, now=now)
    if task.action != "inform" or whole["subject"] is None or not whole["changes"]:
        raise Conflict("state.conflict")
    desk, system = desk_of(session), await session.get_one(System, task.system_id)
    request = await session.get_one(Request, task.request_id)
    content = CorrectedNotice(
        receipt_no=request.receipt_no,
        sender=composing.sender(desk),
        recipient=Recipient(name=system.name),
        subject=tuple((_FOUND_BY[name], value) for name, value in whole["subject"].items() if value),
        changes=tuple(
            (itemised.label(desk, f"{task.category}.{one['field']}"), one["current"] or "", one["corrected"])
            for one in whole["changes"]
        ),
        answer_by=deadline.seoul_date(task.due_at),
        dated=deadline.seoul_date(now),
    )
    facts = {"task": str(task.id), "system": str(system.id)}
    audit.note(session, "task.letter", by=by, now=now, request_id=request.id, claim_id=task.claim_id, facts=facts)
    return await asyncio.to_thread(forms.render_pdf, content)
