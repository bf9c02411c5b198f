"""The challenge of an endpoint: it says back a random word before it is told anything about anybody."""

import hmac
import json
import logging
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app import signature
from app.desk import MACHINE, Desk
from app.jobs import Job, defer
from app.models import System
from app.services import audit, endpoints, signing_keys
from app.services.attempts import Attempted, Sender

WAITS_S = (5, 30, 300)
"""How long after each unanswered challenge the next one comes; after the last an admin asks for a new one."""
_FORGOTTEN = timedelta(seconds=2 * WAITS_S[-1])
_log = logging.getLogger("rights_desk.sending")


async def challenge(desk: Desk, system_id: UUID, sender: Sender, now: datetime) -> bool:
    """Ask an endpoint to say back a random word, signed like every event; it is active once it did."""
    async with desk.database.transaction() as session:
        system = await session.get(System, system_id)
        keys = await signing_keys.signing(session, system_id, now=now)
    url = endpoints.challenged(system) if system is not None else None
    if system is None or not (url and system.challenge and keys):
        return False
    word = system.challenge
    event = {"type": "endpoint.challenge", "timestamp": now.isoformat(), "data": {"challenge": word}}
    body = json.dumps(event, separators=(",", ":")).encode()
    headers = signature.headers(keys, str(uuid5(system_id, word)), int(now.timestamp()), body)
    attempt = await sender.send(url, body, headers, system_id=system_id, now=now)
    async with desk.database.transaction() as session:
        return await _record(session, system_id, word, attempt, now=now)


async def due_challenges(session: AsyncSession, now: datetime) -> list[UUID]:
    """Systems whose challenge has tries left and no job any more."""
    forgotten = select(col(System.id)).where(
        endpoints.is_challenged(),
        col(System.challenge_tries) <= len(WAITS_S),
        signing_keys.is_given(),
        or_(
            col(System.challenged_at) < now - _FORGOTTEN,
            and_(col(System.challenged_at).is_(None), col(System.created_at) < now - _FORGOTTEN),
        ),
    )
    return list((await session.execute(forgotten)).scalars())


async def _record(session: AsyncSession, system_id: UUID, word: str, attempt: Attempted, *, now: datetime) -> bool:
    system = await session.get(System, system_id, with_for_update=True, populate_existing=True)
    if system is None or not endpoints.challenged(system) or system.challenge != word:
        return False
    system.challenged_at = now
    system.challenge_tries += 1
    if attempt.status == 200 and _says_back(attempt.body, word):
        endpoints.proven(system)
        system.version += 1
        audit.note(session, "system.verify", by=MACHINE, now=now, facts={"system": str(system_id)})
        await defer(session, Job("deliver", {"system_id": str(system_id)}))
        return True
    if system.challenge_tries <= len(WAITS_S):
        later = now + timedelta(seconds=WAITS_S[system.challenge_tries - 1])
        await defer(session, Job("challenge", {"system_id": str(system_id)}, at=later))
    else:
        _log.warning("system %s did not answer its challenge", system_id)
    return False


def _says_back(body: bytes, word: str) -> bool:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return False
    answer = said.get("challenge") if isinstance(said, dict) else None
    return isinstance(answer, str) and hmac.compare_digest(answer.encode("utf-8", "replace"), word.encode())
