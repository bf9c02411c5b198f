"""What in a PDF acts: scripts, actions that leave the page, media, forms of another kind, attached files.

The whole file is searched, not the places where such things belong: what is refused must not hide beside them. What
only a click would follow, as a link, is no reason to refuse; it goes when the pages are drawn anew.
"""

import re
from collections.abc import Iterable, Iterator

from pikepdf import Array, Dictionary, Name, Object, ObjectSet, Pdf, Stream, String

from app.errors import Invalid
from app.inspection import edges, streams
from app.inspection.limits import ATTACHMENT_BYTES_MOST, OBJECTS_MOST

_ACTIONS = frozenset(
    Name(f"/{one}")
    for one in (
        "JavaScript", "Launch", "SubmitForm", "ImportData", "GoToE", "GoToR", "Movie", "Sound", "Rendition",
        "RichMediaExecute", "GoTo3DView",
    )
)  # fmt: skip
_MEDIA = frozenset(Name(f"/{one}") for one in ("RichMedia", "Movie", "Sound", "3D", "Screen"))
_GO_TO = Name.GoTo
# Any object whose text has none of these words is passed over.
_TELLING = re.compile(
    rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|GoToE|GoToR|Movie|Sound|Rendition|RichMedia|RichMediaExecute"
    rb"|GoTo3DView|3D|Screen|XFA|OpenAction|AA|EF|EmbeddedFile|PS|F|FFilter)(?![A-Za-z0-9_.-])"
)
_FILE_SLOTS = ("/F", "/UF", "/DOS", "/Mac", "/Unix")
_HARMLESS_ENDINGS = frozenset("txt xml jpg jpeg png csv p7b p7s p7m cer crt der sig".split())  # noqa: SIM905 - a list of words
_HARMFUL_TEXT = re.compile(rb"<(?:[a-z]*:)?script|javascript:|@echo off|^\s*#!", re.IGNORECASE)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_OTHER_MAGICS = (b"MZ", b"PK", b"%PDF", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")


def refuse_active(pdf: Pdf) -> None:
    """Refuse a file that holds anything that acts."""
    objects = pdf.objects
    if len(objects) > OBJECTS_MOST:
        raise Invalid("upload.corrupt")
    checked = ObjectSet()
    for found in _telling(objects):
        if _acts(found) or not all(_harmless(name, file) for name, file in _attached(found) if checked.add(file)):
            raise Invalid("upload.active_content")


def _telling(objects: Iterable[Object]) -> Iterator[Dictionary | Stream]:
    """Every dictionary of every object in which a telling word stands."""
    for outer in objects:
        inner = [outer] if _TELLING.search(_text(outer)) else []
        while inner:
            one = inner.pop()
            if isinstance(one, Dictionary | Stream):
                yield one
                inner += [value for key in one.keys() if not (value := one[key]).is_indirect]  # noqa: SIM118 - no mapping
            elif isinstance(one, Array):
                inner += [value for value in one if not value.is_indirect]


def _text(one: Object) -> bytes:
    return (one.stream_dict if isinstance(one, Stream) else one).unparse(resolved=True)


def _acts(one: Dictionary | Stream) -> bool:
    if one.get(Name.S) in _ACTIONS:
        return True
    if isinstance(one.get(Name.JS), String | Stream) or isinstance(one.get(Name.XFA), Array | Stream):
        return True
    if one.get(Name.Subtype) in _MEDIA and Name.Rect in one:
        return True
    return _of_itself(one) or _named_scripts(one.get(Name.JavaScript)) or (isinstance(one, Stream) and _foreign(one))


def _of_itself(one: Dictionary | Stream) -> bool:
    """Whether something happens without a click; to open at a page is the only thing that may."""
    opening, others = one.get(Name.OpenAction), one.get(Name.AA)
    started = [opening, *(others.values() if isinstance(others, Dictionary) else ())]
    return any(isinstance(act, Dictionary) and act.get(Name.S, _GO_TO) != _GO_TO for act in started)


def _named_scripts(tree: Object | None) -> bool:
    if not isinstance(tree, Dictionary):
        return False
    return any(isinstance(part := tree.get(key), Array) and len(part) > 0 for key in (Name.Names, Name.Kids))


def _foreign(stream: Stream) -> bool:
    """Whether a stream is a program for a printer, or lies in another file."""
    return stream.get(Name.Subtype) == Name.PS or Name.F in stream or Name.FFilter in stream


def _attached(one: Dictionary | Stream) -> Iterator[tuple[str, Object]]:
    """The files that a dictionary carries, with the names it gives them."""
    if isinstance(one, Stream) and one.get(Name.Type) == Name.EmbeddedFile:
        yield "", one
    files = one.get(Name.EF)
    if not isinstance(files, Dictionary):
        return
    names = [str(said) for slot in _FILE_SLOTS if isinstance(said := one.get(slot), String)]
    for slot in files.keys():  # noqa: SIM118 - no mapping
        yield from ((name, files[slot]) for name in names or [""])


def _harmless(name: str, file: Object) -> bool:
    """Whether an attached file is text, a picture or a certificate, by its name and by its content."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if not isinstance(file, Stream) or (ending and ending not in _HARMLESS_ENDINGS):
        return False
    content = streams.unpacked(file, ATTACHMENT_BYTES_MOST)
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\x30\x82", b"\x30\x80")):
        return not edges.marked_up(content)
    text = content[2:].replace(b"\0", b"") if content.startswith((b"\xff\xfe", b"\xfe\xff")) else content
    harmful = edges.marked_up(text) or _HARMFUL_TEXT.search(text) or _BINARY.search(text)
    return not harmful and not text.startswith(_OTHER_MAGICS)
