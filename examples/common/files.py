"""JSON files: read again when they change, written so that a crash leaves the old or the new one, never half."""

import json
import os
from pathlib import Path
from typing import Any


class WatchedFile:
    """A JSON file that may appear or change while we run; its latest readable content."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mark: tuple[int, int, int] | None = None
        self._content: Any = None

    def read(self) -> Any:
        """Return the content, None while there is none. A half-written file counts as not yet changed."""
        try:
            state = self.path.stat()
            mark = (state.st_mtime_ns, state.st_size, state.st_ino)
            if mark != self._mark:
                self._content = json.loads(self.path.read_text("utf-8"))
                self._mark = mark
        except (FileNotFoundError, ValueError):
            pass
        return self._content


def write_json(path: Path, content: Any) -> None:
    """Write a file for its owner's eyes only, whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        json.dump(content, out, ensure_ascii=False, indent=1)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
