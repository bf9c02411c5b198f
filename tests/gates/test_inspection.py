"""Every class of file that people send and attackers make: what is taken, what is refused, and what is left of it."""

import io
from collections.abc import AsyncIterator

import pytest
from pikepdf import Pdf
from PIL import Image, ImageChops, ImageStat

from app import inspection
from tests.files import HARMLESS, HOSTILE, bare, papers, pictures, raw
from tests.files.look import drawn, look, stamp, words

LINES = ("열람 officer-1", "2026-11-22 14:03 KST", "보호자 관계 확인")
PDFS = [name for name, (_, make, *_) in HARMLESS.items() if b"%PDF-" in make()[:1024]]


@pytest.fixture(scope="module", autouse=True)
async def closed() -> AsyncIterator[None]:
    """Nobody is left working behind these tests."""
    yield
    await inspection.workshop.stop()


@pytest.mark.parametrize("which", HARMLESS)
async def test_what_people_send_is_taken_and_bare(which: str) -> None:
    name, make, media_type, pages = HARMLESS[which]
    looked = await look(make(), name)
    assert looked.cleaned is not None, looked.code
    assert (looked.cleaned.media_type, looked.cleaned.pages) == (media_type, pages)
    assert looked.cleaned.size == len(looked.content)
    bare.check(looked.content, media_type, pages)


@pytest.mark.parametrize("which", HOSTILE)
async def test_what_attackers_send_is_refused_by_name(which: str) -> None:
    name, make, code = HOSTILE[which]
    looked = await look(make(), name)
    if code:
        assert looked.code == code
    else:
        assert looked.cleaned is not None or looked.code == "upload.corrupt"


def test_the_classes_are_told_apart() -> None:
    told = {code for _, _, code in HOSTILE.values()} - {""}
    assert told == inspection.verdict.REFUSALS


@pytest.mark.needs_pdftotext
@pytest.mark.parametrize("which", PDFS)
async def test_a_page_looks_as_it_did(which: str) -> None:
    name, make, _, pages = HARMLESS[which]
    before = make()
    after = (await look(before, name)).content
    for page in {1, pages}:
        shown, kept = drawn(before, page), drawn(after, page)
        assert shown.size == kept.size
        assert max(ImageStat.Stat(ImageChops.difference(shown, kept)).mean) < 0.1
        assert ImageStat.Stat(kept).stddev[0] > 1, "an empty page looks like any other"


@pytest.mark.needs_pdftotext
async def test_what_was_filled_in_and_stamped_is_drawn_into_the_page() -> None:
    assert "FILLED" in words((await look(papers.filled())).content)
    seal = drawn((await look(papers.certificate())).content, dots=72)
    assert seal.getpixel((480, 842 - 130)) == (204, 0, 0)


@pytest.mark.needs_pdftotext
async def test_a_hidden_layer_stays_hidden() -> None:
    text = words((await look(papers.layered())).content)
    assert "SHOWN" in text and "HIDDEN" not in text


async def test_nothing_of_a_certificate_but_its_page_remains() -> None:
    content = (await look(papers.certificate())).content
    assert b"/Sig" not in content and b"ByteRange" not in content and b"EmbeddedFile" not in content
    with Pdf.open(io.BytesIO(content)) as pdf:
        assert set(pdf.pages[0].keys()) <= {
            "/Type", "/Parent", "/MediaBox", "/CropBox", "/Contents", "/Resources", "/Rotate",
        }  # fmt: skip
        assert pdf.Root.keys() == {"/Type", "/Pages"}


async def test_what_lies_beside_a_page_is_cut_off() -> None:
    content = (await look(raw.page(box=b"[700 842 0 0]", on_page=b"/CropBox [0 0 595 900] /Rotate 45"))).content
    with Pdf.open(io.BytesIO(content)) as pdf:
        page = pdf.pages[0]
        assert [float(side) for side in page.mediabox] == [float(side) for side in page.cropbox] == [0, 0, 595, 842]
        assert page.rotation == 0


@pytest.mark.parametrize(("orientation", "corner"), ((1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1))))
async def test_a_photo_is_shown_the_way_it_was_held(orientation: int, corner: tuple[int, int]) -> None:
    content = (await look(pictures.jpeg(orientation=orientation), "a.jpg")).content
    picture = Image.open(io.BytesIO(content))
    assert picture.size == ((620, 877) if orientation < 5 else (877, 620))
    reds = {place for place in ((0, 0), (1, 0), (0, 1), (1, 1)) if _red(picture, *place)}
    assert reds == {corner}


def _red(picture: Image.Image, right: int, down: int) -> bool:
    at = (picture.width - 11 if right else 10, picture.height - 11 if down else 10)
    red, green, _ = picture.getpixel(at)  # type: ignore[misc]
    return red > 150 and green < 80


@pytest.mark.parametrize("orientation", (1, 6))
async def test_an_iphone_photo_is_not_turned_twice(orientation: int) -> None:
    picture = Image.open(io.BytesIO((await look(pictures.heic(orientation=orientation), "a.heic")).content))
    assert picture.size == ((320, 448) if orientation == 1 else (448, 320))
    assert _red(picture, int(orientation == 6), 0)


async def test_a_large_photo_is_brought_to_size() -> None:
    wide = pictures.jpeg(pictures.document(6400, 400))
    assert Image.open(io.BytesIO((await look(wide)).content)).size == (4000, 250)
    shot = pictures.png(pictures.document(500, 5000))
    assert Image.open(io.BytesIO((await look(shot)).content)).size == (400, 4000)


async def test_what_is_transparent_lies_on_white_paper() -> None:
    clear = Image.open(io.BytesIO((await look(pictures.png(Image.new("RGBA", (9, 9), (255, 0, 0, 0))))).content))
    assert clear.getpixel((4, 4)) == (255, 255, 255)
    half = Image.open(io.BytesIO((await look(pictures.png(Image.new("LA", (9, 9), (0, 128))))).content))
    assert half.getpixel((4, 4)) in ((126, 126, 126), (127, 127, 127), (128, 128, 128))
    deep = Image.open(io.BytesIO((await look(pictures.png(Image.new("I;16", (9, 9), 0x8000)))).content))
    assert deep.getpixel((4, 4)) == 128


async def test_a_fax_has_the_shape_of_its_paper() -> None:
    """A standard fax has half as many lines to the inch as columns."""
    content = (await look(pictures.tiff(1, size=(1728, 1078), dpi=(204, 98)), "a.tif")).content
    with Pdf.open(io.BytesIO(content)) as pdf:
        _, _, width, height = (float(side) for side in pdf.pages[0].mediabox)
        assert (round(width), round(height)) == (610, 792)
        scan = pdf.pages[0].Resources.XObject.Scan
        assert (scan.BitsPerComponent, scan.Width, scan.Height) == (1, 1728, 1078)


async def test_a_preview_in_a_scan_is_no_page() -> None:
    """A reduced picture of a page, as some scanners write behind it."""
    out = io.BytesIO()
    first, preview = pictures.document(300, 400), pictures.document(30, 40)
    preview.encoderinfo = {"tiffinfo": {254: 1}}
    first.save(out, "TIFF", save_all=True, append_images=[preview], compression="tiff_lzw")
    looked = await look(out.getvalue(), "a.tif")
    assert looked.cleaned is not None and looked.cleaned.pages == 1


@pytest.mark.needs_pdftotext
@pytest.mark.parametrize(
    "which", ("a scan", "a turned page", "a certificate of the state", "a fax", "everything that draws")
)
async def test_every_page_shows_who_looked_when_and_for_what(which: str) -> None:
    name, make, _, pages = HARMLESS[which]
    plain = (await look(make(), name)).content
    stamped = await stamp(plain, "application/pdf", LINES)
    again = await stamp(plain, "application/pdf", ("officer-2", *LINES[1:]))
    for page in range(1, pages + 1):
        before, after = drawn(plain, page), drawn(stamped, page)
        _check_marked(before, after)
        assert ImageChops.difference(after, drawn(again, page)).getbbox() is not None
    with Pdf.open(io.BytesIO(stamped)) as pdf:
        assert not pdf.check_pdf_syntax()


@pytest.mark.parametrize(("make", "media_type"), ((pictures.jpeg, "image/jpeg"), (pictures.png, "image/png")))
async def test_a_picture_shows_it_too(make: object, media_type: str) -> None:
    plain = (await look(make())).content  # type: ignore[operator]
    stamped = await stamp(plain, media_type, LINES)
    before, after = (Image.open(io.BytesIO(one)).convert("RGB") for one in (plain, stamped))
    _check_marked(before, after)
    assert Image.open(io.BytesIO(stamped)).get_format_mimetype() == media_type


def _check_marked(before: Image.Image, after: Image.Image) -> None:
    """Marked in every quarter, and still to be read."""
    assert before.size == after.size
    difference = ImageChops.difference(before, after).convert("L").point(lambda by: 255 if by > 12 else 0)
    width, height = difference.size
    for left in (0, width // 2):
        for top in (0, height // 2):
            assert difference.crop((left, top, left + width // 2, top + height // 2)).getbbox() is not None
    assert ImageStat.Stat(difference).mean[0] < 60


@pytest.mark.parametrize("lines", ((), ("",), ("가" * 500,) * 20, ("a\nb\tc", "\u202e🔒")))
async def test_whatever_the_purpose_says_it_can_be_stamped(lines: tuple[str, ...]) -> None:
    assert await stamp(raw.page(), "application/pdf", lines)


async def test_the_cleaned_copy_is_the_same_each_time() -> None:
    first, second = [(await look(papers.certificate())).content for _ in range(2)]
    assert first == second


async def test_a_cleaned_copy_is_taken_again() -> None:
    for which in ("a certificate of the state", "everything that draws", "a fax", "a photo", "a screenshot"):
        name, make, *_ = HARMLESS[which]
        once = await look(make(), name)
        again = await look(once.content)
        assert again.cleaned is not None and once.cleaned is not None
        assert (again.cleaned.media_type, again.cleaned.pages) == (once.cleaned.media_type, once.cleaned.pages)


def test_the_reader_of_these_tests_sees_what_acts() -> None:
    with Pdf.open(io.BytesIO(HOSTILE["a script on a page"][1]()), conversion_mode="explicit") as pdf:
        page = pdf.pages[0].obj
        with pytest.raises(AssertionError):
            bare.check_object(page)
