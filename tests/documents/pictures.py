"""The documents as pictures: drawn by pdftoppm, looked at once by a person, and compared ever after.

`python -m tests.documents.pictures` draws them anew: look at each that `git diff` shows before it is committed.
"""

import io
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

from app.documents import forms, letter
from app.documents.notices import Recipient
from app.documents.package import package_pdf
from tests.documents import examples, requests

GOLDEN = Path(__file__).parent / "golden"
GOLDEN_DPI, SHADES = 60, 16
BLUR, BLOCK = 2, 12
"""Pixels: letters are smoothed, then differences are averaged over squares about two lines high."""
TOLERANCE = 18.0
"""The most that any square may differ, of 255: other smoothing makes up to 14, a ticked box or a word 26 and more."""
KEPT = {
    "form-8-several": (False, True),
    "form-8-english": (False,),
    "form-8-blank": (False, True),
    "form-9-partial": (False, True),
    "form-9-english": (False,),
    "form-9-nothing-held": (False,),
    "form-10-deletion": (False, True),
    "form-10-withdrawal": (False,),
    "form-11": (False, True),
    "form-11-english": (False,),
    "ruling": (False,),
    "leak": (False,),
}
"""Which documents, and whether in large print."""


def cases() -> Iterator[tuple[str, bytes]]:
    """Each document with the name of its pictures."""
    for name, sizes in KEPT.items():
        for large in sizes:
            yield f"{name}{'-large' if large else ''}", requests.DOCUMENTS[name].pdf(large=large)


def pages(document: bytes, *, dpi: int = GOLDEN_DPI) -> list[Image.Image]:
    """Every page in shades of grey."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["pdftoppm", "-r", str(dpi), "-gray", "-png", "-", f"{folder}/page"]
        subprocess.run(command, input=document, check=True)
        return [Image.open(io.BytesIO(one.read_bytes())).convert("L") for one in sorted(Path(folder).iterdir())]


def difference(one: Image.Image, other: Image.Image) -> float:
    """How much the squares differ that differ most; everything where the sizes do."""
    if one.size != other.size:
        return 255.0
    soft = (picture.filter(ImageFilter.GaussianBlur(BLUR)) for picture in (one, other))
    apart = ImageChops.difference(*soft)
    squares = apart.resize((apart.width // BLOCK, apart.height // BLOCK), Image.Resampling.BOX)
    return float(squares.getextrema()[1])  # type: ignore[arg-type]


def golden(name: str) -> list[Path]:
    """The pictures kept of a document, page by page."""
    return sorted(GOLDEN.glob(f"{name}.[0-9].png"))


SHOWN = Path(__file__).parents[2] / "docs" / "forms"
SHOWN_DPI, SHOWN_SHADES = 80, 16


def shown() -> dict[str, bytes]:
    """What docs/forms shows, by the name of its pictures."""
    child = replace(examples.DELETION, easy=True, silent=(), informed=(), recipient=Recipient(name="정우진"))
    mother = Recipient(name="이바다", acting_as="법정대리인", subject="김하늘")
    kept = (
        "form-8-several", "form-8-blank", "form-9-partial", "form-9-nothing-held", "form-9-english",
        "form-10-deletion", "form-10-withdrawal", "ruling",
    )  # fmt: skip
    return {
        **{name: requests.DOCUMENTS[name].pdf() for name in kept},
        "form-9-partial-large": requests.DOCUMENTS["form-9-partial"].pdf(large=True),
        "form-9-guardian": forms.render_pdf(replace(examples.PARTIAL, recipient=mother)),
        "form-10-child": forms.render_pdf(child),
        "power-of-attorney": requests.ATTORNEY.pdf(),
        "access-package": package_pdf(examples.PACKAGE),
        "letter": letter.render(
            letter.letter_of(
                examples.PARTIAL,
                forms.render_pdf(examples.PARTIAL),
                report=package_pdf(examples.PACKAGE),
                dated=examples.PARTIAL.dated,
                language="ko",
            )
        ),
    }


PAGES_SHOWN = 2


def renew() -> None:
    """Draw all of them anew, and what docs/forms shows."""
    for old in SHOWN.glob("*.png"):
        old.unlink()
    for name, document in shown().items():
        for number, page in enumerate(pages(document, dpi=SHOWN_DPI)[:PAGES_SHOWN], start=1):
            page.quantize(SHOWN_SHADES).save(SHOWN / f"{name}-{number}.png", optimize=True)
    for old in GOLDEN.glob("*.png"):
        old.unlink()
    GOLDEN.mkdir(exist_ok=True)
    for name, document in cases():
        for number, page in enumerate(pages(document), start=1):
            page.quantize(SHADES).save(GOLDEN / f"{name}.{number}.png", optimize=True)


if __name__ == "__main__":
    renew()
