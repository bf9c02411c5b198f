"""Unpacking the streams of a PDF without letting one of them fill the memory."""

import zlib

from pikepdf import Array, Dictionary, Name, Object, Stream, StreamDecodeLevel

from app.errors import Invalid
from app.inspection.limits import FILTERS_MOST

_CHUNK_BYTES = 1024 * 1024
_ZLIB_HEADER_BYTES = 2
PACKINGS = frozenset(
    Name(f"/{one}") for one in ("FlateDecode", "LZWDecode", "ASCII85Decode", "ASCIIHexDecode", "RunLengthDecode")
)
PICTURES = frozenset(Name(f"/{one}") for one in ("DCTDecode", "JPXDecode", "CCITTFaxDecode", "JBIG2Decode"))
_FLATE = Name.FlateDecode
_LEVEL = StreamDecodeLevel.specialized


def filters(stream: Stream) -> list[Object]:
    """The filters of a stream, first to last; one that nobody knows is refused."""
    named = stream.get(Name.Filter)
    found = list(named) if isinstance(named, Array) else [named] if named is not None else []
    if len(found) > FILTERS_MOST or not all(one in PACKINGS | PICTURES for one in found):
        raise Invalid("upload.corrupt")
    if any(one in PICTURES for one in found[:-1]):
        raise Invalid("upload.corrupt")
    return found


def unpacked(stream: Stream, most: int) -> bytes:
    """What a stream holds, a picture still in its own form."""
    found = filters(stream)
    if unpacked_bytes(stream, most) > most:
        raise Invalid("upload.corrupt")
    if not found or found[-1] not in PICTURES:
        return stream.read_bytes(_LEVEL)
    return _without_last(stream).read_bytes(_LEVEL) if found[:-1] else stream.read_raw_bytes()


def unpacked_bytes(stream: Stream, most: int) -> int:
    """How much a stream unpacks to, counted no further than `most`; a broken one is refused."""
    found = filters(stream)
    if found == [_FLATE]:
        return _inflated_bytes(stream.read_raw_bytes(), most)
    if found and found[-1] in PICTURES:
        return len(_without_last(stream).read_bytes(_LEVEL)) if found[:-1] else len(stream.read_raw_bytes())
    return len(stream.read_bytes(_LEVEL))


def _without_last(stream: Stream) -> Stream:
    """The same stream short of its last filter."""
    copy = stream.copy()
    assert isinstance(copy, Stream)
    copy[Name.Filter] = Array(filters(stream)[:-1])
    parms = copy.get(Name.DecodeParms)
    if isinstance(parms, Array):
        copy[Name.DecodeParms] = Array(list(parms)[:-1])
    return copy


def _inflated_bytes(packed: bytes, most: int) -> int:
    """The length after inflating; the checksum behind the last block may be missing, nothing before it."""
    if packed[:1] and (packed[0] & 0x0F != zlib.DEFLATED or int.from_bytes(packed[:_ZLIB_HEADER_BYTES], "big") % 31):
        raise Invalid("upload.corrupt")
    unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    rest, total = packed[_ZLIB_HEADER_BYTES:], 0
    try:
        while rest and not unpacker.eof and total <= most:
            total += len(unpacker.decompress(rest, _CHUNK_BYTES))
            rest = unpacker.unconsumed_tail
    except zlib.error:
        raise Invalid("upload.corrupt") from None
    if not unpacker.eof and total <= most:
        raise Invalid("upload.corrupt")
    return total


def parameter(stream: Stream, key: str) -> Object | None:
    """A decoding parameter of the last filter."""
    parms = stream.get(Name.DecodeParms)
    if isinstance(parms, Array):
        parms = parms[-1] if len(parms) else None
    return parms.get(key) if isinstance(parms, Dictionary) else None
