"""A PDF in, the same pages drawn anew out.

What a state's certificate carries beside its pages, a signature and small attachments, is left behind: an officer
reads the paper. What acts is refused, so that nobody wonders which document they were shown.
"""

import io
import re

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Page, Pdf

from app.errors import Invalid
from app.inspection import active, figures, nesting, streams
from app.inspection.drawing import Drawing
from app.inspection.limits import (
    FILTERS_MOST,
    NESTING_MOST,
    PAGE_POINTS_MOST,
    PAGES_MOST,
    STREAM_BYTES_MOST,
    UNPACKED_BYTES_MOST,
)

_POINT_LEAST = 1
_ENCRYPT = re.compile(rb"/Encrypt[\s<]")


def prepare() -> None:
    """Set the bounds of the parser, once in a process."""
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=STREAM_BYTES_MOST,
        png_max_memory=STREAM_BYTES_MOST,
        tiff_max_memory=STREAM_BYTES_MOST,
        run_length_max_memory=STREAM_BYTES_MOST,
        max_stream_filters=FILTERS_MOST,
        parser_max_nesting=NESTING_MOST,
        doc_max_warnings=1_000,
    )


def redrawn(content: bytes) -> tuple[int, bytes]:
    """The number of pages and the cleaned file; anything refused is raised."""
    with _opened(content) as pdf:
        if pdf.is_encrypted:
            raise Invalid("upload.encrypted")
        _check_pages(pdf)
        active.refuse_active(pdf)
        _flatten(pdf)
        return len(pdf.pages), _drawn_anew(pdf)


def _opened(content: bytes) -> Pdf:
    try:
        return Pdf.open(io.BytesIO(content), conversion_mode="explicit")
    except pikepdf.PasswordError:
        raise Invalid("upload.encrypted") from None
    except pikepdf.PdfError:
        raise Invalid("upload.encrypted" if _ENCRYPT.search(content) else "upload.corrupt") from None


def _check_pages(pdf: Pdf) -> None:
    if not len(pdf.pages):
        raise Invalid("upload.corrupt")
    if len(pdf.pages) > PAGES_MOST:
        raise Invalid("upload.pages")
    for page in pdf.pages:
        _trim(page)
        if page.obj.get_int(Name.Rotate, 0) % 90:
            del page.obj[Name.Rotate]


def _trim(page: Page) -> None:
    """Make what a reader shows of a page the whole page; one that is no paper is refused."""
    unit = page.obj.get_float(Name.UserUnit, 1.0)
    corners = []
    for at in (0, 1):
        sides = [sorted(float(box[one].as_float()) for one in (at, at + 2)) for box in (page.mediabox, page.cropbox)]
        low, high = max(side[0] for side in sides), min(side[1] for side in sides)
        if not (high - low) * unit >= _POINT_LEAST:
            raise Invalid("upload.corrupt")
        if (high - low) * unit > PAGE_POINTS_MOST:
            raise Invalid("upload.pixels")
        corners.append((low, high))
    page.mediabox = page.cropbox = Array([one[edge] for edge in (0, 1) for one in corners])


def _flatten(pdf: Pdf) -> None:
    """Draw stamps, fields and seals into the pages that they stand on."""
    form = pdf.Root.get(Name.AcroForm)
    if isinstance(form, Dictionary) and form.get_bool(Name.NeedAppearances, False):
        pdf.generate_appearance_streams()
    pdf.flatten_annotations("all")


def _drawn_anew(pdf: Pdf) -> bytes:
    drawing = Drawing()
    pages = [page.obj for page in pdf.pages]
    for page in pages:
        drawing.reduce(page, "page")
    layers = pdf.Root.get(Name.OCProperties)
    if isinstance(layers, Dictionary):
        drawing.reduce(layers, "layers")
    for part, stream in drawing.streams:
        if part == "image":
            figures.check(stream)
    _weigh(drawing)
    nesting.refuse_endless(pages)
    return _written(pdf, layers)


def _weigh(drawing: Drawing) -> None:
    total = 0
    for _, stream in drawing.streams:
        unpacks_to = streams.unpacked_bytes(stream, STREAM_BYTES_MOST)
        total += unpacks_to
        if unpacks_to > STREAM_BYTES_MOST or total > UNPACKED_BYTES_MOST:
            raise Invalid("upload.corrupt")


def _written(pdf: Pdf, layers: pikepdf.Object | None) -> bytes:
    """The pages under a new catalogue."""
    out = io.BytesIO()
    with Pdf.new() as new:
        for page in pdf.pages:
            new.pages.append(page)
        if isinstance(layers, Dictionary):
            new.Root.OCProperties = new.copy_foreign(pdf.make_indirect(layers))
        new.save(out, object_stream_mode=ObjectStreamMode.generate, deterministic_id=True, min_version="1.7")
    return out.getvalue()
