"""Rows of the access log, several in one statement: each call is answered once its own is committed, and not before.

For calls that ask nothing else of the database, as the processing check from memory does: each alone would pay for a
transaction. Whoever comes while a statement is under way goes with the next.
"""

import asyncio
import json
from datetime import datetime
from typing import Any

from app.db import Database, run
from app.services.access_log import Contact, is_logged, row_of

ROWS_MOST = 500
_WRITE = (
    "INSERT INTO access_log (id, at, role, actor, agent, address, operation, request_id, subject_digest, scope,"
    " purpose, result, trace) SELECT id, at, role, actor, agent, address, operation, request_id, subject_digest, scope,"
    " purpose, result, trace FROM json_populate_recordset(NULL::access_log, %(rows)s::json)"
)


class LogTogether:
    """The calls of one process whose rows wait for the next statement."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[dict[str, Any], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, contact: Contact, *, now: datetime) -> None:
        """Come back when the row is committed; raises what kept it from that."""
        if not is_logged(contact):
            return
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((row_of(contact, now=now), written))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        await written

    async def _write(self) -> None:
        try:
            while self._waiting:
                now, self._waiting = self._waiting[:ROWS_MOST], self._waiting[ROWS_MOST:]
                try:
                    await self._insert([row for row, _ in now])
                except Exception as error:  # noqa: BLE001 - theirs to answer
                    self._tell(now, error)
                else:
                    self._tell(now, None)
        finally:
            self._writing = None

    async def _insert(self, rows: list[dict[str, Any]]) -> None:
        async with self._database.singly() as session:
            await run(session, _WRITE, {"rows": json.dumps(rows, default=_written)})

    @staticmethod
    def _tell(rows: list[tuple[dict[str, Any], "asyncio.Future[None]"]], error: Exception | None) -> None:
        for _, written in rows:
            if written.done():  # whoever asked has left
                continue
            if error is None:
                written.set_result(None)
            else:
                written.set_exception(error)


def _written(value: object) -> str:
    """What JSON has no form for, as PostgreSQL reads it."""
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)
