"""The anchor that goes with a document: which entry of the chain speaks of it, and where that is proved (H1)."""

import json
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.chain import packs
from app.db import run
from app.desk import desk_of
from app.documents.anchored import Anchor
from app.models import Notice

_MINE = """
SELECT seq, hash, body FROM audit_entry WHERE request_id = %(request)s AND body LIKE %(begins)s::bytea ORDER BY seq
"""


async def of_filing(session: AsyncSession, request_id: UUID) -> Anchor | None:
    """The entry that says that it was filed: the one on the receipt."""
    return await _of(session, request_id, "request.file", {})


async def of_notice(session: AsyncSession, notice: Notice) -> Anchor | None:
    """The entry that states the contents of a notice."""
    return await _of(session, notice.request_id, packs.TELLS, {"notice": str(notice.id)})


async def _of(session: AsyncSession, request_id: UUID, action: str, facts: dict[str, str]) -> Anchor | None:
    begins = f'{{"action":"{action}"%'.encode()
    for row in await run(session, _MINE, {"request": request_id, "begins": begins}):
        if facts.items() <= json.loads(row.body)["facts"].items():
            url = f"{desk_of(session).settings.public_url}/v1/audit/proofs/{row.seq}.{row.hash.hex()}"
            return Anchor(row.seq, row.hash.hex(), url)
    return None
