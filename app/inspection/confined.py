"""The life of one child: it may count, remember a little and write one file, and it does not live long.

Before it looks at a byte it gives up its rights: no file or socket can be opened any more, no other user's process be
touched, and memory, processor time and the size of what it writes are bounded by the kernel.
"""

import ctypes
import json
import os
import resource
import signal
import socket
from typing import Any, Final

from app.errors import Invalid
from app.inspection import edges, kinds, pdf, pictures, stamp
from app.inspection.kinds import Kind

MEMORY_BYTES: Final = 700 * 1024 * 1024
PROCESSOR_S: Final = 15
WRITTEN_BYTES: Final = 40 * 1024 * 1024
_NOBODY = 65534
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CHECKS = {
    Kind.PDF: edges.check_pdf,
    Kind.JPEG: edges.check_jpeg,
    Kind.PNG: edges.check_png,
    Kind.HEIC: edges.check_heic,
    Kind.TIFF: edges.check_tiff,
}
_libc = ctypes.CDLL(None)


def prepare() -> None:
    """Load what a child will need: it cannot open anything."""
    pdf.prepare()
    pictures.prepare()
    stamp.prepare()


def live(order: bytes, answer: socket.socket, source: int, out: int) -> None:
    """Do what was ordered, say what came of it, and be gone."""
    status = 1
    try:
        _confine((answer.fileno(), source, out))
        answer.send(json.dumps(_carry_out(json.loads(order), source, out)).encode())
        status = 0
    finally:
        os._exit(status)


def _confine(kept: tuple[int, ...]) -> None:
    os.setsid()
    for one in (0, 2):  # the foreman's orders are not a child's; the libraries' complaints may quote the file
        os.dup2(1, one)
    _close_but(kept)
    bounds = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: WRITTEN_BYTES,
        resource.RLIMIT_CPU: PROCESSOR_S,
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_NOFILE: 0,
    }
    for which, most in bounds.items():
        resource.setrlimit(which, (most, most))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    _become_nobody()
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _close_but(kept: tuple[int, ...]) -> None:
    first = 3
    for one in (*sorted(kept), resource.getrlimit(resource.RLIMIT_NOFILE)[0]):
        os.closerange(first, one)
        first = one + 1


def _become_nobody() -> None:
    """Root would be bound by none of this; where it may not change who it is, the bounds have to do."""
    if os.geteuid() == 0:
        try:
            os.setgroups([])
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)
        except OSError:
            return


def _carry_out(order: dict[str, Any], source: int, out: int) -> dict[str, object]:
    """The answer: what lies in `out`, or the code of a refusal."""
    try:
        media_type, pages, copy = _copied(order, _read(source))
    except Invalid as refusal:
        return {"code": refusal.code}
    except Exception:  # noqa: BLE001 - whatever a library raises over a file says that it cannot be read
        return {"code": "upload.corrupt"}
    try:
        _write(out, copy)
    except OSError as full:
        return {"errno": full.errno}
    return {"media_type": media_type, "pages": pages}


def _copied(order: dict[str, Any], content: bytes) -> tuple[str, int, bytes]:
    if order["task"] == "stamp":
        return order["media_type"], 1, stamp.stamped(content, order["media_type"], tuple(order["lines"]))
    return redrawn(content, order["name"])


def redrawn(content: bytes, name: str) -> tuple[str, int, bytes]:
    """Media type, pages and bytes of the cleaned copy of a file."""
    kind = kinds.recognised(content, name)
    _CHECKS[kind](content)
    if kind != Kind.PDF:
        return pictures.redrawn(content, kind)
    pages, paper = pdf.redrawn(content)
    return kind, pages, paper


def _read(source: int) -> bytes:
    with open(source, "rb", closefd=False) as file:
        file.seek(0)
        return file.read()


def _write(out: int, content: bytes) -> None:
    with open(out, "r+b", closefd=False) as file:
        file.truncate(0)
        file.seek(0)
        file.write(content)
