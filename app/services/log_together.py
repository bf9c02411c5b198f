"""Rows of the access log, several in one statement: each call is answered once its own is committed, and not before.

For calls that ask nothing else of the database, as the processing check from memory does: each alone would pay for a
transaction.
"""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.db import Database
from app.services.access_log import Contact, is_logged, row_of
from app.services.together import Together

WRITING_S_MOST = 5.0
_WRITE = (
    "INSERT INTO access_log (id, at, role, actor, agent, address, operation, request_id, subject_digest, scope,"
    " purpose, result, trace) SELECT id, at, role, actor, agent, address, operation, request_id, subject_digest, scope,"
    " purpose, result, trace FROM json_populate_recordset(NULL::access_log, %(rows)s::json)"
)


class LogTogether:
    """The calls of one process whose rows wait for the next statement."""

    def __init__(self, database: Database) -> None:
        self._line = database.line("log")
        self._rows: Together[dict[str, Any], None] = Together(self._insert)

    async def write(self, contact: Contact, *, now: datetime) -> None:
        """Come back when the row is committed; raises what kept it from that."""
        if is_logged(contact):
            await self._rows.write(row_of(contact, now=now))

    async def _insert(self, rows: list[dict[str, Any]]) -> Sequence[None]:
        try:
            async with asyncio.timeout(WRITING_S_MOST):
                await self._line.run(_WRITE, {"rows": json.dumps(rows, default=_written)})
        except TimeoutError:
            # As one who found no connection: told to come again, and nobody behind it waits for the kernel.
            raise PoolTimeout("the access log takes too long") from None
        return [None] * len(rows)


def _written(value: object) -> str:
    """What JSON has no form for, as PostgreSQL reads it."""
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)
