"""Messages as files, for development: one JSON file each, readable by its owner only, complete or absent."""

import asyncio
import hashlib
import json
import os
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path


def put(folder: Path, ref: str, message: Mapping[str, object], now: datetime) -> None:
    """Write one message; names sort by time, and a repeated `ref` makes a further file, as a repeated mail would."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{_mark(ref)}-{os.urandom(2).hex()}"
    unfinished = folder / f".{name}.tmp"
    content = json.dumps({**message, "sent_at": now.isoformat()}, ensure_ascii=False, indent=2).encode()
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(folder / f"{name}.json")
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


class Outbox:
    """The folder of all these files, one below it for each carrier."""

    def __init__(self, home: Path) -> None:
        self._home = home

    async def forget(self, refs: Collection[str]) -> None:
        """Delete the files of these messages: what they say is destroyed."""
        await asyncio.to_thread(self._forget, {_mark(ref) for ref in refs})

    def _forget(self, marks: Collection[str]) -> None:
        for path in self._home.glob("*/*.json") if marks else ():
            if path.stem.rpartition("-")[0].rpartition("-")[2] in marks:
                path.unlink(missing_ok=True)


def _mark(ref: str) -> str:
    return hashlib.sha256(ref.encode()).hexdigest()[:8]
