"""multipart/form-data read as it comes in (RFC 7578): words into memory, the file into one that has no name on disk.

Everything is counted while it arrives, and no connection to the database is held meanwhile.
"""

import asyncio
import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import Message
from typing import BinaryIO, Final, cast
from urllib.parse import unquote_to_bytes

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser
from starlette.requests import ClientDisconnect

from app import text
from app.errors import Fault, Invalid, Malformed, Problem, TooLarge, Unavailable
from app.http.body import pointer

FILE_BYTES_MAX: Final = 10 * 1024 * 1024
TEXT_BYTES_MAX: Final = 1024
WRITTEN_BYTES_MAX: Final = 8 * 1024
PART_HEADERS_MAX: Final = 8
PART_HEADER_BYTES_MAX: Final = 8 * 1024
NAME_CHARS_MAX: Final = 100
OPEN_MAX: Final = 64
"""So many files at once are read by one process: what they may take of the disk is known beforehand."""
LATER_SECONDS: Final = 30

_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_PARAMETER = re.compile(
    rb";[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*=[ \t]*(?:\"((?:[^\"\\]|\\.)*)\"|([^;\"\s]*))[ \t]*"
)
_ESCAPED = re.compile(rb'\\(["\\])')
_EXTENDED = re.compile(rb"([A-Za-z0-9_-]{1,20})'[A-Za-z0-9-]{0,20}'([^']*)")
_CHARSETS = {"utf-8": "utf-8", "iso-8859-1": "latin-1", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "cp949": "cp949"}
_AS_IT_IS = (b"7bit", b"8bit", b"binary")
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_reading = asyncio.Semaphore(OPEN_MAX)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: where its bytes lie, how many they are, and what it may be called on a screen."""

    name: str
    content: BinaryIO
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """A form with one file, complete."""

    texts: dict[str, str]
    file: Upload


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as far as it was filled in, and what is wrong with it."""

    texts: dict[str, str]
    file: Upload | None
    fault: Problem | None


@asynccontextmanager
async def form(request: Request, *, texts: tuple[str, ...], file: str) -> AsyncIterator[Form]:
    """Read a form of exactly these parts; its file lives as long as the block."""
    boundary = _boundary(request.headers.get("content-type"))
    if _reading.locked():
        raise Unavailable("service.unavailable", retry_after=LATER_SECONDS)
    async with _reading:
        with unnamed() as content:
            yield await _read(request, _Parts(boundary, texts, file, content))


@asynccontextmanager
async def filled(request: Request, *, texts: tuple[str, ...], file: str) -> AsyncIterator[Filled]:
    """Read a form that somebody fills in by hand: whatever part is missing, and whatever is wrong, is told beside."""
    boundary = _boundary(request.headers.get("content-type"))
    if _reading.locked():
        raise Unavailable("service.unavailable", retry_after=LATER_SECONDS)
    async with _reading:
        with unnamed() as content:
            parts = _Parts(boundary, texts, file, content, text_bytes_max=WRITTEN_BYTES_MAX)
            fault: Problem | None = None
            try:
                async for piece in request.stream():
                    if fault is not None:
                        continue  # a telephone shows no answer before all is sent
                    try:
                        parts.take(piece)
                    except (TooLarge, Invalid) as problem:
                        fault = problem
            except ClientDisconnect:
                raise Malformed("upload.multipart_malformed") from None
            yield parts.so_far(fault)


def unnamed() -> BinaryIO:
    """A temporary file without a name: gone with the last who has it open, even where the process is killed."""
    try:
        return cast(BinaryIO, tempfile.TemporaryFile(buffering=0))
    except OSError:
        raise no_room() from None


def has_room(file: BinaryIO, size: int) -> bool:
    """Whether so many bytes could be written to an unnamed file now; it is empty afterwards."""
    try:
        os.posix_fallocate(file.fileno(), 0, size)
    except OSError:
        return False
    finally:
        file.truncate(0)
    return True


def no_room() -> Unavailable:
    """What is said when the disk takes no more."""
    return Unavailable("storage.unavailable", retry_after=LATER_SECONDS)


async def _read(request: Request, parts: "_Parts") -> Form:
    try:
        async for piece in request.stream():
            parts.take(piece)
    except ClientDisconnect:
        # Nobody is there to hear it; what counts is that nothing of theirs stays.
        raise Malformed("upload.multipart_malformed") from None
    return parts.whole()


def _boundary(content_type: str | None) -> bytes:
    message = Message()
    message["content-type"] = content_type or ""
    if message.get_content_type() != "multipart/form-data":
        raise Malformed("request.media_type")
    boundary = message.get_param("boundary")
    if not isinstance(boundary, str) or not _BOUNDARY.fullmatch(boundary):
        raise Malformed("upload.multipart_malformed")
    return boundary.encode("ascii")


class _Parts:
    """What the parser calls while it reads: each part is checked when its headers are known, and counted after."""

    def __init__(
        self,
        boundary: bytes,
        texts: tuple[str, ...],
        file: str,
        content: BinaryIO,
        *,
        text_bytes_max: int = TEXT_BYTES_MAX,
    ) -> None:
        self._texts, self._file, self._text_bytes_max = texts, file, text_bytes_max
        self._content, self._hash, self._size = content, hashlib.sha256(), 0
        self._words: dict[str, bytearray] = {}
        self._name: str | None = None
        self._part: str | None = None
        self._field, self._value = bytearray(), bytearray()
        self._headers: dict[bytes, bytes] = {}
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._field.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                "on_header_end": self._header,
                "on_headers_finished": self._head,
                "on_part_data": self._data,
                "on_end": self._end,
            },
            max_header_count=PART_HEADERS_MAX,
            max_header_size=PART_HEADER_BYTES_MAX,
        )

    def take(self, piece: bytes) -> None:
        """Read on."""
        try:
            self._parser.write(piece)
        except FormParserError:
            raise Malformed("upload.multipart_malformed") from None

    def whole(self) -> Form:
        """The form, or what is wrong with it now that nothing more comes."""
        if not self._ended:
            raise Malformed("upload.multipart_malformed")
        missing = [one for one in self._texts if not self._words.get(one)]
        if self._name is None or (not self._name and not self._size):
            # A browser sends a field in which no file was chosen as an empty one without a name.
            missing.append(self._file)
        if missing:
            raise Invalid("field.required", faults=tuple(Fault(f"/{one}", "field.required") for one in missing))
        if not self._size:
            raise Invalid("upload.empty", pointer=f"/{self._file}")
        self._content.seek(0)
        name = display_name(self._name or "", pointer=f"/{self._file}")
        return Form(self._decoded(), Upload(name, self._content, self._size, self._hash.digest()))

    def so_far(self, fault: Problem | None) -> Filled:
        """What came, and what was wrong with it; a file that was not chosen is none."""
        if fault is None and not self._ended:
            raise Malformed("upload.multipart_malformed")
        upload = None
        if fault is None and self._size:
            self._content.seek(0)
            try:
                name = display_name(self._name or "", pointer=f"/{self._file}")
                upload = Upload(name, self._content, self._size, self._hash.digest())
            except Invalid as problem:
                fault = problem
        return Filled(self._decoded(), upload, fault)

    def _decoded(self) -> dict[str, str]:
        try:
            return {name: bytes(words[: self._text_bytes_max]).decode() for name, words in self._words.items()}
        except UnicodeDecodeError:
            raise Malformed("request.encoding") from None

    def _begin(self) -> None:
        self._headers, self._part = {}, None

    def _header(self) -> None:
        name = bytes(self._field).lower()
        if name in self._headers:
            raise Malformed("upload.multipart_malformed")
        self._headers[name] = bytes(self._value)
        self._field.clear()
        self._value.clear()

    def _head(self) -> None:
        """A part begins: which it is, and whether it may stand here."""
        said = _disposition(self._headers.get(b"content-disposition", b""))
        if self._headers.get(b"content-transfer-encoding", b"binary").strip().lower() not in _AS_IT_IS:
            raise Malformed("upload.multipart_malformed")
        part, name = _name_of(said), _file_name(said)
        if part in self._words or (part == self._file and self._name is not None):
            raise Malformed("request.duplicate_param")
        if part not in (*self._texts, self._file):
            raise Invalid("field.unknown", pointer=pointer((part,)))
        if (name is None) == (part == self._file):
            raise Invalid("field.type", pointer=pointer((part,)))
        self._part = part
        if part == self._file:
            self._name = name
        else:
            self._words[part] = bytearray()

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._part == self._file:
            self._keep(data[start:end])
            return
        assert self._part is not None
        words = self._words[self._part]
        words += data[start:end]
        if len(words) > self._text_bytes_max:
            raise TooLarge("request.too_large")

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > FILE_BYTES_MAX:
            raise TooLarge("upload.too_large")
        self._hash.update(piece)
        try:
            if self._content.write(piece) != len(piece):
                raise no_room()
        except OSError:
            raise no_room() from None

    def _end(self) -> None:
        self._ended = True


def _disposition(raw: bytes) -> dict[bytes, bytes]:
    """The parameters of a part's Content-Disposition; one written twice could be read in two ways."""
    kind, mark, _ = raw.partition(b";")
    if kind.strip().lower() != b"form-data" or not mark:
        raise Malformed("upload.multipart_malformed")
    found: dict[bytes, bytes] = {}
    place = len(kind)
    while place < len(raw):
        match = _PARAMETER.match(raw, place)
        name = match[1].lower() if match else b""
        if match is None or name in found:
            raise Malformed("upload.multipart_malformed")
        found[name] = match[3] if match[2] is None else _ESCAPED.sub(rb"\1", match[2])
        place = match.end()
    return found


def _name_of(said: dict[bytes, bytes]) -> str:
    if b"name" not in said:
        raise Malformed("upload.multipart_malformed")
    return said[b"name"].decode("utf-8", "replace")


def _file_name(said: dict[bytes, bytes]) -> str | None:
    """The name a file was sent under, from filename* where that can be read (RFC 5987); None for a part of words."""
    extended = _extended(said[b"filename*"]) if b"filename*" in said else None
    if extended is not None:
        return extended
    if b"filename" in said:
        return _spelled(said[b"filename"])
    return "file" if b"filename*" in said else None


def _extended(raw: bytes) -> str | None:
    match = _EXTENDED.fullmatch(raw)
    charset = _CHARSETS.get(match[1].decode("ascii").lower()) if match else None
    if match is None or charset is None:
        return None
    try:
        return unquote_to_bytes(match[2]).decode(charset)
    except UnicodeDecodeError:
        return None


def _spelled(raw: bytes) -> str:
    """Browsers write UTF-8; what is none comes from an old Korean one (CP949)."""
    for charset in ("utf-8", "cp949"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def display_name(sent: str, *, pointer: str) -> str:
    """What a file is called on a screen: no path, nothing unseen, nothing that turns the reading order.

    A 주민등록번호 in it is refused like anywhere else (Act 24-2): the name would stand on lists and in downloads.
    """
    whole = unicodedata.normalize("NFC", sent)
    last = whole.replace("\\", "/").rpartition("/")[2]
    seen = "".join(char for char in last if unicodedata.category(char) not in _UNSEEN)
    if text.find_rrn(whole) or text.find_rrn(seen):
        raise Invalid("identifier.rrn_not_allowed", pointer=pointer)
    name = " ".join(seen.translate(_NOT_IN_NAMES).split()).strip(". ")
    if _DEVICE.fullmatch(name):
        name = f"_{name}"
    stem, dot, extension = name.rpartition(".")
    if dot and len(extension) <= 10:
        name = f"{stem[: NAME_CHARS_MAX - len(extension) - 1]}.{extension}"
    return name[:NAME_CHARS_MAX] or "file"
