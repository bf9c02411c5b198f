"""The segments of a JPEG: where it ends, and the same picture without what was written beside it."""

import re

_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd8\x01])")
_SCAN, _END = 0xDA, 0xD9
# Frames, tables, lines, restarts, and how the colours are meant. Not Exif, XMP, profiles, previews, comments.
_NEEDED = frozenset((*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD, 0xE0, 0xEE))


def end(content: bytes, start: int = 0) -> int | None:
    """Where the picture that begins at `start` ends, or None where it is cut off."""
    at = start + 2
    while marker := _MARKER.search(content, at):
        if marker[1][0] == _END:
            return marker.end()
        at = marker.end() + int.from_bytes(content[marker.end() : marker.end() + 2], "big")
    return None


def bare(content: bytes) -> bytes:
    """The picture alone: its tables and scans, not where, when and with what it was taken."""
    kept = [content[:2]]
    at = 2
    while marker := _MARKER.search(content, at):
        length = int.from_bytes(content[marker.end() : marker.end() + 2], "big")
        if marker[1][0] in (_SCAN, _END):
            return b"".join((*kept, content[marker.start() : end(content)]))
        at = marker.end() + length
        if marker[1][0] in _NEEDED and not content.startswith(b"JFXX", marker.end() + 2):
            kept.append(content[marker.start() : at])
    return content
