"""The pictures inside a PDF: no larger than one that is sent by itself, and without what a camera wrote beside them."""

import io

from pikepdf import Array, Dictionary, Name, Object, Stream
from PIL import Image

from app.errors import Invalid
from app.inspection import jpeg, streams
from app.inspection.limits import PIXELS_MOST, STREAM_BYTES_MOST

_JPEG, _JPEG2000, _FAX, _JBIG2 = Name.DCTDecode, Name.JPXDecode, Name.CCITTFaxDecode, Name.JBIG2Decode
_FAX_COLUMNS = 1728
_JBIG2_PAGE = 48


def check(image: Stream) -> None:
    """Refuse a picture that says, or whose own header says, that it is too large; strip one that is a photo."""
    _measure(_number(image.get(Name.Width)), _number(image.get(Name.Height)))
    found = streams.filters(image)
    coding = found[-1] if found else None
    if coding in (_JPEG, _JPEG2000):
        _check_coded(image, coding)
    elif coding == _FAX:
        columns = streams.parameter(image, "/Columns")
        rows = streams.parameter(image, "/Rows")
        _measure(_FAX_COLUMNS if columns is None else _number(columns), _number(rows) or 1)
    elif coding == _JBIG2:
        _measure(*_jbig2_size(streams.unpacked(image, STREAM_BYTES_MOST)))


def _measure(width: int, height: int) -> None:
    if width <= 0 or height <= 0:
        raise Invalid("upload.corrupt")
    if width * height > PIXELS_MOST:
        raise Invalid("upload.pixels")


def _number(value: Object | None) -> int:
    return int(value.as_int(0)) if value is not None else 0


def _check_coded(image: Stream, coding: Object) -> None:
    content = streams.unpacked(image, STREAM_BYTES_MOST)
    picture = Image.open(io.BytesIO(content), formats=("JPEG", "MPO") if coding == _JPEG else ("JPEG2000",))
    _measure(*picture.size)
    if coding == _JPEG:
        picture.draft(None, (1, 1))  # read to the end, drawn as small as can be
        picture.load()
        image.write(jpeg.bare(content), filter=_JPEG, decode_parms=_own(image))


def _own(image: Stream) -> Dictionary | None:
    """The parameters of the picture's own coding, when the packings around it are gone."""
    parms = image.get(Name.DecodeParms)
    own = parms[-1] if isinstance(parms, Array) and len(parms) else parms
    return own if isinstance(own, Dictionary) else None


def _jbig2_size(content: bytes) -> tuple[int, int]:
    """What the first segment says of the page; one that begins otherwise is left to its own width and height."""
    if len(content) < 19 or content[4] & 0x3F != _JBIG2_PAGE:
        return 1, 1
    at = 11 + (3 if content[4] & 0x40 else 0)
    width, height = (int.from_bytes(content[one : one + 4], "big") for one in (at, at + 4))
    return width, 1 if height == 0xFFFFFFFF else height
