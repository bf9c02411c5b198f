"""Forms that draw forms: none draws itself, and all together draw no more than a reader can bear."""

import re
from collections import Counter
from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object, Stream

from app.errors import Invalid
from app.inspection import streams
from app.inspection.limits import CONTENT_BYTES_MOST, DRAWING_DEPTH_MOST, DRAWINGS_MOST, PIXELS_MOST

_USED = re.compile(rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]+)[\x00\t\n\f\r ]+(Do|scn|SCN|gs)(?![A-Za-z0-9])")
_KEPT_IN = {b"Do": Name.XObject, b"scn": Name.Pattern, b"SCN": Name.Pattern, b"gs": Name.ExtGState}
_INLINE = re.compile(rb"(?<![A-Za-z0-9])BI(?=[\s/])(.{0,512}?)[\s]ID(?=\s)", re.DOTALL)
_WIDTH, _HEIGHT = (re.compile(rb"/(?:%s)[\s]+([0-9]{1,9})" % one) for one in (b"W|Width", b"H|Height"))
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")

Place = tuple[int, int]


def refuse_endless(pages: list[Dictionary]) -> None:
    """Refuse a file in which drawing one page means drawing without end."""
    costs: dict[Place, int] = {}
    if sum(_cost(page, page.get(Name.Resources), costs, ()) for page in pages) > DRAWINGS_MOST:
        raise Invalid("upload.corrupt")


def _cost(scope: Object, resources: Object | None, costs: dict[Place, int], above: tuple[Place, ...]) -> int:
    """How many drawings one scope causes."""
    if scope.objgen in costs:
        return costs[scope.objgen]
    if scope.objgen in above or len(above) > DRAWING_DEPTH_MOST:
        raise Invalid("upload.corrupt")
    content = _content(scope)
    _measure_inline(content)
    total, above = 1, (*above, scope.objgen)
    for drawn, times in _drawn(content, resources):
        total += times * _cost(drawn, drawn.get(Name.Resources, resources), costs, above)
        if total > DRAWINGS_MOST:
            raise Invalid("upload.corrupt")
    return costs.setdefault(scope.objgen, total)


def _content(scope: Object) -> bytes:
    if isinstance(scope, Stream):
        return b"" if scope.get(Name.Subtype) == Name.Image else streams.unpacked(scope, CONTENT_BYTES_MOST)
    whole = scope.get(Name.Contents)
    parts = whole if isinstance(whole, Array) else [whole]
    return b"\n".join(streams.unpacked(part, CONTENT_BYTES_MOST) for part in parts if isinstance(part, Stream))


def _drawn(content: bytes, resources: Object | None) -> Iterator[tuple[Stream, int]]:
    """What a content draws or paints with, and how often."""
    uses = Counter((one[1], one[2]) for one in _USED.finditer(content))
    for (name, operator), times in uses.items():
        kept = resources.get(_KEPT_IN[operator]) if isinstance(resources, Dictionary) else None
        found = kept.get(f"/{_plain(name)}") if isinstance(kept, Dictionary) else None
        if operator == b"gs":
            found = _mask(found)
        if isinstance(found, Stream):
            yield found, times


def _plain(name: bytes) -> str:
    return _ESCAPED.sub(lambda one: bytes((int(one[1], 16),)), name).decode("utf-8", "replace")


def _mask(state: Object | None) -> Object | None:
    mask = state.get(Name.SMask) if isinstance(state, Dictionary) else None
    return mask.get(Name.G) if isinstance(mask, Dictionary) else None


def _measure_inline(content: bytes) -> None:
    """A picture written into the content itself is measured by what it says."""
    for found in _INLINE.finditer(content):
        width, height = _WIDTH.search(found[1]), _HEIGHT.search(found[1])
        if width and height and int(width[1]) * int(height[1]) > PIXELS_MOST:
            raise Invalid("upload.pixels")
