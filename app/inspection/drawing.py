"""What pages draw, and nothing else: the parts of ISO 32000 that put marks on paper, as a table.

A page is walked from its content to the last font file. An entry that the table does not name is taken out, whatever
it means: actions, annotations, metadata, structure, private data of programs.
"""

from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object, Stream

from app.errors import Invalid
from app.inspection.limits import NESTING_MOST

_PLAIN = "plain"
_EACH = "each "
_STREAMS_ONLY = frozenset(("data", "fontfile"))
_STREAM = {"Filter": _PLAIN, "DecodeParms": "decoding", "Length": _PLAIN}


def _plain(*keys: str, **others: str) -> dict[str, str]:
    return dict.fromkeys(keys, _PLAIN) | others


_PARTS: dict[str, dict[str, str]] = {
    "page": _plain(
        "Type", "MediaBox", "CropBox", "Rotate", "UserUnit", Contents="data", Resources="resources", Group="group"
    ),
    "data": {},
    "decoding": _plain(
        "Predictor", "Colors", "BitsPerComponent", "Columns", "EarlyChange", "ColorTransform",
        "K", "EndOfLine", "EncodedByteAlign", "Rows", "EndOfBlock", "BlackIs1", "DamagedRowsBeforeError",
        JBIG2Globals="data",
    ),
    "resources": _plain(
        "ProcSet", ExtGState="each state", ColorSpace="each colour", Pattern="each pattern", Shading="each shading",
        XObject="each picture", Font="each font", Properties="each layer",
    ),
    "image": _plain(
        "Type", "Subtype", "Name", "Width", "Height", "BitsPerComponent", "Intent", "ImageMask", "Decode",
        "Interpolate", "SMaskInData", "Matte", ColorSpace="colour", Mask="picture", SMask="picture", OC="layer",
    ),
    "form": _plain(
        "Type", "Subtype", "Name", "FormType", "BBox", "Matrix", Resources="resources", Group="group", OC="layer"
    ),
    "group": _plain("Type", "S", "I", "K", CS="colour"),
    "layer": _plain("Type", "Name", "P", "VE", OCGs="layer"),
    "state": _plain(
        "Type", "LW", "LC", "LJ", "ML", "D", "RI", "OP", "op", "OPM", "FL", "SM", "SA", "BM", "CA", "ca", "AIS", "TK",
        Font="font", SMask="softmask",
    ),
    "softmask": _plain("Type", "S", "BC", G="picture", TR="colour"),
    # A colour space is an array of names, numbers, dictionaries, profiles and functions; these stand elsewhere too.
    "colour": _plain(
        "N", "Range", "WhitePoint", "BlackPoint", "Gamma", "Matrix", "FunctionType", "Domain", "Size", "BitsPerSample",
        "Order", "Encode", "Decode", "C0", "C1", "Bounds", Alternate="colour", Functions="colour",
    ),
    "pattern": _plain(
        "Type", "PatternType", "PaintType", "TilingType", "BBox", "XStep", "YStep", "Matrix",
        Resources="resources", Shading="shading", ExtGState="state",
    ),
    "shading": _plain(
        "ShadingType", "Background", "BBox", "AntiAlias", "Coords", "Domain", "Extend", "Matrix", "BitsPerCoordinate",
        "BitsPerComponent", "BitsPerFlag", "Decode", "VerticesPerRow", ColorSpace="colour", Function="colour",
    ),
    "font": _plain(
        "Type", "Subtype", "BaseFont", "Name", "FirstChar", "LastChar", "Widths", "CIDSystemInfo", "DW", "W", "DW2",
        "W2", "FontBBox", "FontMatrix", FontDescriptor="descriptor", Encoding="encoding", ToUnicode="encoding",
        DescendantFonts="font", CIDToGIDMap="data", CharProcs="each data", Resources="resources",
    ),
    "descriptor": _plain(
        "Type", "FontName", "FontFamily", "FontStretch", "FontWeight", "Flags", "FontBBox", "ItalicAngle", "Ascent",
        "Descent", "Leading", "CapHeight", "XHeight", "StemV", "StemH", "AvgWidth", "MaxWidth", "MissingWidth",
        "CharSet", "Style", "Lang", "FD", FontFile="fontfile", FontFile2="fontfile", FontFile3="fontfile",
        CIDSet="data",
    ),
    "fontfile": _plain("Subtype", "Length1", "Length2", "Length3"),
    "encoding": _plain(
        "Type", "BaseEncoding", "Differences", "CMapName", "CIDSystemInfo", "WMode", UseCMap="encoding"
    ),
    "layers": _plain(OCGs="layer", D="layerstates"),
    "layerstates": _plain("BaseState", ON="layer", OFF="layer"),
}  # fmt: skip


class Drawing:
    """One walk over a file: what it has been to is bare, and known for later questions."""

    def __init__(self) -> None:
        self.streams: list[tuple[str, Stream]] = []
        self._known: dict[tuple[int, int], str] = {}

    def reduce(self, whole: Object, part: str) -> None:
        """Take out of an object, and of all it leads to, what the table does not name."""
        ahead = [(whole, part)]
        while ahead:
            one, part = ahead.pop()
            if isinstance(one, Array):
                ahead += [(each, part) for each in one if isinstance(each, Array | Dictionary | Stream)]
            elif isinstance(one, Dictionary | Stream):
                part = _image_or_form(one) if part == "picture" else part
                ahead += self._of(one, part) if self._new(one, part) else ()

    def _of(self, one: Dictionary | Stream, part: str) -> Iterator[tuple[Object, str]]:
        """Prune one dictionary; what it still leads to, and as what."""
        if part.startswith(_EACH):
            if isinstance(one, Stream):
                raise Invalid("upload.corrupt")
            for key in one.keys():  # noqa: SIM118 - no mapping
                yield one[key], part.removeprefix(_EACH)
            return
        named = _PARTS[part]
        if isinstance(one, Stream):
            named = named | _STREAM
            self.streams.append((part, one))
        for key in one.keys():  # noqa: SIM118 - no mapping
            inner = named.get(key[1:])
            if inner is None or not _fits(one[key], inner):
                del one[key]
            elif inner != _PLAIN:
                yield one[key], inner

    def _new(self, one: Dictionary | Stream, part: str) -> bool:
        """Whether the walk has not been there; what is one thing here and another there is refused."""
        if not one.is_indirect or not one.keys():
            return True
        if self._known.get(one.objgen, part) != part:
            raise Invalid("upload.corrupt")
        known, self._known[one.objgen] = one.objgen in self._known, part
        return not known


def _image_or_form(one: Dictionary | Stream) -> str:
    kind = one.get(Name.Subtype)
    if not isinstance(one, Stream) or kind not in (Name.Image, Name.Form):
        raise Invalid("upload.corrupt")
    return "image" if kind == Name.Image else "form"


def _fits(value: Object, part: str) -> bool:
    """Whether a value can be what its place asks for."""
    if part == _PLAIN:
        return _is_plain(value)
    return isinstance(value, Array | Stream) or part not in _STREAMS_ONLY


def _is_plain(value: Object, depth: int = 0) -> bool:
    """Whether a value is numbers, names and text, however nested, and leads to no stream."""
    if depth > NESTING_MOST or isinstance(value, Stream):
        return False
    if not isinstance(value, Array | Dictionary) or b" R" not in value.unparse(resolved=True):
        return True
    inner = value if isinstance(value, Array) else value.values()
    return all(_is_plain(one, depth + 1) for one in inner)
