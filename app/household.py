"""The example register and systems beside a development instance: one child process that ends when this one does."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from app.settings import ROOT

PATIENCE_SECONDS = 15


class Household:
    """Started at once, so that it is ready by the time the database is."""

    def __init__(self, folder: Path, register_secret: str) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "examples.household", str(folder)],
            cwd=ROOT,
            env={**os.environ, "REGISTER_SECRET": register_secret},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Household":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close its input, by which it ends, and wait for that."""
        assert self._child.stdin is not None
        self._child.stdin.close()
        try:
            self._child.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()

    def register_url(self) -> str | None:
        """Where the example register answers."""
        url = self._read().get("register_url")
        return str(url) if url else None

    def register(self, api: str, token: str) -> str | None:
        """Have the systems register themselves; the id of the first, for the lines on the terminal."""
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(json.dumps({"api": api, "token": token}) + "\n")
            self._child.stdin.flush()
        except OSError:
            return None
        systems = self._read().get("systems") or [{}]
        found = systems[0].get("id")
        return str(found) if found else None

    def _read(self) -> dict[str, Any]:
        """Its next line; nothing where it has died, which the terminal has told by then."""
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        found: dict[str, Any] = json.loads(line) if line else {}
        return found
