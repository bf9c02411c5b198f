"""The service's side: the foreman is started with the first file and told what to look at. Nothing is parsed here.

The foreman is a program of its own with an empty environment, and sees no file but those that it is handed. Starting
it takes this process a millisecond; the foreman reads its libraries while the first order waits.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO, Final

from app.errors import Invalid, Unavailable
from app.inspection.limits import PAGES_MOST, STAMP_LINE_CHARS_MOST, STAMP_LINES_MOST
from app.inspection.verdict import BUSY, DIED, REFUSALS, Cleaned

PATIENCE_S: Final = 120.0
"""With this many seconds gone, the others before it or the foreman itself are stuck."""
_FAREWELL_S: Final = 5.0
_ANSWER_BYTES: Final = 4096
_NAME_CHARS: Final = 255
_MEDIA_TYPES: Final = frozenset(("application/pdf", "image/jpeg", "image/png"))
_ROOT: Final = Path(__file__).parents[2]
_PROGRAM: Final = (sys.executable, "-P", "-s", "-B", "-m", "app.inspection.foreman")


class Workshop:
    """The foreman as this process knows it; started when first needed, and again when it is gone."""

    def __init__(self) -> None:
        self._orders: socket.socket | None = None
        self._foreman: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    @property
    def foreman(self) -> int | None:
        """The process, for whoever wants to watch it."""
        return self._foreman.pid if self._foreman is not None else None

    async def start(self) -> None:
        """Start the foreman before it is needed."""
        self._started()

    async def stop(self) -> None:
        """Send the foreman home; whatever it looks at is dropped."""
        with self._lock:
            foreman, self._foreman = self._foreman, None
            if self._orders is not None:
                self._orders.close()
                self._orders = None
        if foreman is not None:
            await asyncio.to_thread(_part_from, foreman)

    async def ask(self, order: dict[str, Any], source: BinaryIO, out: BinaryIO) -> dict[str, Any]:
        """Have a file looked at; Unavailable where the workshop itself is in trouble."""
        source.flush()
        out.flush()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours:
            ours.setblocking(False)
            with theirs:
                self._tell(json.dumps(order).encode(), [theirs.fileno(), source.fileno(), out.fileno()])
            try:
                async with asyncio.timeout(PATIENCE_S):
                    said = await asyncio.get_running_loop().sock_recv(ours, _ANSWER_BYTES)
            except (OSError, TimeoutError):
                said = b""
        return _understood(said)

    def _tell(self, order: bytes, descriptors: list[int]) -> None:
        """Hand over an order; a foreman that is gone is replaced once."""
        for last in (False, True):
            try:
                socket.send_fds(self._started(), [order], descriptors)
            except (BrokenPipeError, ConnectionResetError):
                self._forget()
            except OSError:
                break
            else:
                return
            if last:
                break
        raise Unavailable("service.unavailable")

    def _started(self) -> socket.socket:
        with self._lock:
            if self._orders is None:
                self._orders, self._foreman = _hire()
            return self._orders

    def _forget(self) -> None:
        with self._lock:
            if self._orders is not None:
                self._orders.close()
                self._orders = None
            if self._foreman is not None:
                self._foreman.kill()
                self._foreman.wait()
                self._foreman = None


def _hire() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    with theirs:
        try:
            foreman = subprocess.Popen(
                _PROGRAM,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={"PYTHONPATH": str(_ROOT), "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", "")},
                cwd="/",
                start_new_session=True,  # an interrupt at the terminal is the service's to answer
            )
        except OSError:
            ours.close()
            raise
    return ours, foreman


def _part_from(foreman: subprocess.Popen[bytes]) -> None:
    try:
        foreman.wait(_FAREWELL_S)
    except subprocess.TimeoutExpired:
        foreman.kill()
        foreman.wait()


def _understood(said: bytes) -> dict[str, Any]:
    """An answer; a child may have been taken over by what it looked at, so what it says is judged like any input."""
    if said in (b"", BUSY):
        raise Unavailable("service.unavailable")
    try:
        answer = json.loads(said) if said != DIED else None
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        return {"code": "upload.corrupt"}
    if isinstance(answer.get("errno"), int):
        raise OSError(answer["errno"], "the copy could not be written")
    return answer


workshop = Workshop()


async def inspect(source: BinaryIO, out: BinaryIO, *, name: str) -> Cleaned:
    """Write the cleaned copy of a sent file; raises Invalid with the code of what is wrong with it.

    Both are real files: their descriptors are lent to another process, and their positions move. Where the copy
    cannot be written, OSError; where the workshop is in trouble, Unavailable.
    """
    answer = await workshop.ask({"task": "inspect", "name": name[-_NAME_CHARS:]}, source, out)
    return _cleaned(answer, out)


async def stamped(source: BinaryIO, out: BinaryIO, *, media_type: str, lines: tuple[str, ...]) -> None:
    """Write the copy of a cleaned file that an officer looks at, with those lines across every page."""
    most = STAMP_LINE_CHARS_MOST
    written = [line[at : at + most] for line in lines for at in range(0, len(line), most)][:STAMP_LINES_MOST]
    answer = await workshop.ask({"task": "stamp", "media_type": media_type, "lines": written}, source, out)
    if answer.get("media_type") != media_type:
        raise Unavailable("service.unavailable")
    out.seek(0)


def _cleaned(answer: dict[str, Any], out: BinaryIO) -> Cleaned:
    media_type, pages = answer.get("media_type"), answer.get("pages")
    size = os.fstat(out.fileno()).st_size
    if media_type in _MEDIA_TYPES and isinstance(pages, int) and 1 <= pages <= PAGES_MOST and size > 0:
        out.seek(0)
        return Cleaned(media_type, pages, size)
    out.truncate(0)
    code = answer.get("code")
    raise Invalid(code if code in REFUSALS else "upload.corrupt")
