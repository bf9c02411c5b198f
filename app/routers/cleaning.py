"""A file that came in, looked at by the scanner and drawn anew by the workshop; no connection is held meanwhile."""

from typing import BinaryIO

from app import inspection
from app.desk import Desk
from app.errors import Invalid
from app.http import multipart


async def scanned(desk: Desk, content: BinaryIO) -> str:
    """`clean` or `infected`; `pending` while the scanner is silent, `off` where there is none."""
    address = desk.settings.clamd
    if address is None:
        return "off"
    try:
        verdict: str = await inspection.scan(address, content)
    except (OSError, TimeoutError):
        verdict = "pending"
    content.seek(0)
    return verdict


async def cleaned(file: multipart.Upload, copy: BinaryIO, *, name: str) -> inspection.Cleaned:
    """The cleaned copy, written to `copy`; what is refused is said of the part of the form that bears this name."""
    try:
        return await inspection.inspect(file.content, copy, name=file.name)
    except Invalid as problem:
        # Where the copy could not be written the workshop found nothing; that is not the file's fault.
        if problem.code == "upload.corrupt" and not multipart.has_room(copy, file.size):
            raise multipart.no_room() from None
        raise Invalid(problem.code, pointer=f"/{name}") from None
    except OSError:
        raise multipart.no_room() from None
