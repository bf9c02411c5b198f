"""What an inspection may end in."""

from dataclasses import dataclass

REFUSALS = frozenset(
    (
        "upload.active_content", "upload.corrupt", "upload.empty", "upload.encrypted", "upload.hwp", "upload.pages",
        "upload.pixels", "upload.polyglot", "upload.type_mismatch",
    )
)  # fmt: skip

DIED, BUSY = b"died", b"busy"
"""The foreman's last word, where a child had none: it was killed, or could not be made."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What lies in the `out` file: pages drawn anew, nothing that acts, nothing that tells where it was made."""

    media_type: str
    pages: int
    size: int
