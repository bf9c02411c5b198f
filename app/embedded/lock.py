"""One process for one folder: a lock that the kernel releases with the process, however it dies."""

import fcntl
import os
from pathlib import Path


class FolderInUseError(Exception):
    """Another process has the folder; says which."""


class FolderLock:
    """Held from construction until `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        """Take the lock, or raise FolderInUseError at once."""
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._descriptor, 20, 0).decode(errors="replace").strip()
            os.close(self._descriptor)
            raise FolderInUseError(f"process {holder or 'unknown'}") from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let go; a second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
