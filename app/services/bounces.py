"""A mail server's own report of what became of a mail (RFC 3464), as far as it speaks of one of ours.

The bytes come from strangers. Nothing of them is kept or shown but a status code and our own name for the mail.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.policy import compat32

from app.services.receipts import Result

BYTES_MAX = 1 << 20
PARTS_MAX = 50
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}", re.ASCII)
_OURS = re.compile(r"<([a-p]{32})@[A-Za-z0-9.-]{1,150}>", re.ASCII)
_RESULTS: dict[str, Result] = {"failed": "returned", "delivered": "delivered"}
_HEADER = re.compile(rb"^message-id:\s*(<[^>\r\n]{1,300}>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a report says of one mail of ours."""

    ref: str
    result: Result
    status: str


def read(raw: bytes) -> Bounce | None:
    """What the report says; None where it is no report, speaks of a delay only, or of no mail of ours."""
    if len(raw) > BYTES_MAX:
        return None
    try:
        report = message_from_bytes(raw, policy=compat32)
        if report.get_content_type() != "multipart/report":
            return None
        parts = _parts(report)
    except (MessageError, ValueError, LookupError, RecursionError):
        return None
    fields = [one for part in parts if part.get_content_type() == "message/delivery-status" for one in _blocks(part)]
    said = [one for one in (_said(block) for block in fields) if one is not None]
    ref = _ref(report, parts)
    if ref is None or not said:
        return None
    # One mail of ours has one recipient; a list behind it is no news while one of it was reached.
    result, status = next((one for one in said if one[0] == "delivered"), said[0])
    return Bounce(ref, result, status)


def _parts(report: Message) -> list[Message]:
    """The parts of the report itself; a report inside a report is somebody else's."""
    found = report.get_payload()
    return [one for one in found[:PARTS_MAX] if isinstance(one, Message)] if isinstance(found, list) else []


def _blocks(part: Message) -> Iterator[Message]:
    """The fields of each recipient, as the parser gives them."""
    found = part.get_payload()
    if isinstance(found, list):
        yield from (one for one in found[:PARTS_MAX] if isinstance(one, Message))


def _said(block: Message) -> tuple[Result, str] | None:
    action = str(block.get("Action", "")).strip().casefold()
    status = _STATUS.match(str(block.get("Status", "")).strip())
    return (_RESULTS[action], status[0] if status else "") if action in _RESULTS else None


def _ref(report: Message, parts: list[Message]) -> str | None:
    """Our name for the mail: from the mail or its headers sent back, else from what the report answers."""
    for part in parts:
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            found = _HEADER.search(_returned(part))
            if found and (ours := _OURS.fullmatch(found[1].decode("ascii", "replace"))):
                return ours[1]
    answered = f"{report.get('In-Reply-To', '')} {report.get('References', '')}"
    named = _OURS.search(answered)
    return named[1] if named else None


def _returned(part: Message) -> bytes:
    whole = part.get_payload()
    if isinstance(whole, list) and isinstance(whole[0], Message):
        return b"\n".join(f"{name}: {value}".encode("utf-8", "replace") for name, value in whole[0].items())
    body = part.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""
