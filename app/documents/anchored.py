"""Where a document stands in the audit chain, printed with it: whoever keeps the paper holds the anchor.

The code is an address and not the proof itself: at the time of printing the entry may not be signed yet, and a proof
makes a code that no telephone reads from paper. The address bears the hash, which is all that has to be kept.
"""

import io
from dataclasses import dataclass

import segno

from app.documents.tongue import Tongue, either, say
from app.law.terms import Label

_HEADING = Label("이 문서를 보관해 주세요", "Please keep this document")
_ALT = Label("감사기록에서 이 문서를 확인하는 주소의 QR 코드", "QR code of the address that proves this document")


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry of the chain by its number and hash, and the address that proves it."""

    seq: int
    hash: str
    url: str


@dataclass(frozen=True, slots=True)
class Anchored:
    """What is printed of it: a picture with its words."""

    label: str
    lines: tuple[str, ...]
    svg: str
    alt: str


def anchored(anchor: Anchor, tongue: Tongue) -> Anchored:
    """The code and the words beside it."""
    told = either(
        tongue,
        f"감사기록 {anchor.seq:,}번에 적힌 문서입니다. 이 코드나 아래 값을 가지고 계시면, 기록이 나중에 고쳐지거나 "
        "지워지지 않았는지 회사의 말에 기대지 않고 확인하실 수 있습니다.",
        f"Entry {anchor.seq:,} of the audit chain speaks of this document. With this code, or the value below, you can "
        "see at any time that the record was neither changed nor removed, without taking our word for it.",
    )
    return Anchored(say(_HEADING, tongue), (told, f"{anchor.seq}.{anchor.hash}"), _drawn(anchor.url), say(_ALT, tongue))


def _drawn(url: str) -> str:
    """The code as a picture that PDF and page both draw."""
    memory = io.BytesIO()
    code = segno.make_qr(url, error="m")
    code.save(memory, kind="svg", xmldecl=False, nl=False, omitsize=True, border=2, svgclass=None, lineclass=None)
    return memory.getvalue().decode()
