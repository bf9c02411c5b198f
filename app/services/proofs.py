"""The picture or paper that a holder sends with its answer: a cleaned copy, sealed, looked at for a stated purpose."""

from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db import new_id, run
from app.desk import Actor
from app.errors import Conflict, NotFound
from app.inspection import Cleaned
from app.law.deadline import seoul_time
from app.models import Request, Task, TaskProof
from app.services import access_log, audit, keyring, ledgering
from app.services.chunks import PIECE

_PUT = "INSERT INTO task_proof_chunk (proof_id, position, sealed) VALUES (%(id)s, %(position)s, %(sealed)s)"
_GET = "SELECT position, sealed FROM task_proof_chunk WHERE proof_id = %(id)s AND position = %(position)s"
_DROP = "DELETE FROM task_proof_chunk WHERE proof_id = %(id)s"


async def keep(
    session: AsyncSession, request: Request, task: Task, cleaned: Cleaned, copy: BinaryIO, *, scan: str, now: datetime
) -> TaskProof:
    """Store the cleaned copy; who could not do it at first, and did it later, sends another."""
    proof = TaskProof(
        id=new_id(),
        task_id=task.id,
        request_id=request.id,
        media_type=cleaned.media_type,
        size=cleaned.size,
        scan=scan,
        chunks=0,
        at=now,
    )
    session.add(proof)
    await session.flush()
    copy.seek(0)
    while piece := copy.read(PIECE):
        sealed = keyring.seal_bytes(session, request, "task_proof.chunk", _place(proof.id, proof.chunks), piece)
        await run(session, _PUT, {"id": proof.id, "position": proof.chunks, "sealed": sealed})
        proof.chunks += 1
    return proof


async def of(session: AsyncSession, task_id: UUID) -> dict[str, object] | None:
    """What is known of the proof of a task, without opening it."""
    proof = await _of(session, task_id)
    if proof is None or proof.destroyed_at is not None:
        return None
    return {
        "media_type": proof.media_type,
        "size": proof.size,
        "scan": proof.scan,
        "at": seoul_time(proof.at).isoformat(),
    }


async def open_copy(session: AsyncSession, task_id: UUID, into: BinaryIO, *, by: Actor, now: datetime) -> str:
    """Open the copy for somebody who said what for; returns its media type."""
    proof = await _of(session, task_id)
    if proof is None:
        raise NotFound("task.not_found")
    request = await session.get_one(Request, proof.request_id)
    access_log.touch(session, request_id=request.id, subject_digest=request.subject_digest)
    if proof.destroyed_at is not None:
        raise Conflict("evidence.destroyed")
    for position in range(proof.chunks):
        (row,) = await run(session, _GET, {"id": proof.id, "position": position})
        into.write(keyring.unseal_bytes(session, request, "task_proof.chunk", _place(proof.id, position), row.sealed))
    into.seek(0)
    facts = {"task": str(task_id), "proof": str(proof.id)}
    audit.note(session, "task.open_proof", by=by, now=now, request_id=request.id, facts=facts)
    return proof.media_type


async def destroy(session: AsyncSession, request_id: UUID, *, by: Actor, now: datetime) -> int:
    """Destroy every proof of a request; that there was one stays."""
    kept = select(TaskProof).where(col(TaskProof.request_id) == request_id, col(TaskProof.destroyed_at).is_(None))
    proofs = (await session.execute(kept.order_by(col(TaskProof.id)).with_for_update())).scalars().all()
    for proof in proofs:
        await run(session, _DROP, {"id": proof.id})
        proof.destroyed_at = now
        facts = {"task": str(proof.task_id), "proof": str(proof.id)}
        audit.note(session, "task.destroy_proof", by=by, now=now, request_id=request_id, facts=facts)
        await ledgering.follow(session, "task_proof", proof.id, request_id=request_id)
    return len(proofs)


async def _of(session: AsyncSession, task_id: UUID) -> TaskProof | None:
    mine = select(TaskProof).where(col(TaskProof.task_id) == task_id).order_by(col(TaskProof.id).desc()).limit(1)
    return (await session.execute(mine)).scalar_one_or_none()


def _place(proof_id: UUID, position: int) -> str:
    return f"{proof_id}/{position}"
