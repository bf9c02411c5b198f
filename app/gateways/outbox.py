"""Messages as files, for development: one JSON file each, readable by its owner only, complete or absent."""

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path


def put(folder: Path, ref: str, message: Mapping[str, object], now: datetime) -> None:
    """Write one message; names sort by time, and a repeated `ref` makes a further file, as a repeated mail would."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark = hashlib.sha256(ref.encode()).hexdigest()[:8]
    name = f"{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{mark}-{os.urandom(2).hex()}"
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
