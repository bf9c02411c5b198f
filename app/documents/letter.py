"""An answer by post: a cover page whose address shows in the envelope's window, then what is sent, ready to print."""

import io
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.documents.forms import Told
from app.documents.korean import day, lines, visible
from app.documents.notices import Recipient, Sender
from app.documents.typeset import typeset
from app.documents.wording.cover import COVERS, Tone
from app.documents.wording.request_cover import REQUEST_COVERS


@dataclass(frozen=True, slots=True)
class Window:
    """Where the window of the envelope stands on the page folded into it, in millimetres."""

    left: float
    top: float
    width: float
    height: float


# DIN 5008, form B: A4 folded in three for an envelope of 220 x 110 mm with a window of 90 x 45 mm. Envelopes made in
# Korea (220 x 105 mm) have the same window; for others, these four numbers are all that changes.
WINDOW = Window(left=20, top=45, width=85, height=45)

_A4_POINTS = (595.276, 841.89)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A heading and what stands under it."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover page; only `back`, `address`, `to` and `postal_code` show in the window."""

    name: str
    sender: str
    window: Window
    back: str
    address: str
    to: str
    postal_code: str
    reference: tuple[tuple[str, str], ...]
    greeting: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What goes into one envelope: the notice, and the access package's report where it goes by post."""

    receipt_no: str
    sender: Sender
    recipient: Recipient
    dated: date
    notice: bytes
    report: bytes | None = None
    tone: Tone = "ko"
    about: Literal["answer", "request"] = "answer"
    """Whether it carries an answer, or the request as it was written down."""

    def __post_init__(self) -> None:
        if not (self.recipient.postal_code and self.recipient.address):
            raise ValueError("a letter needs an address")


def letter_of(notice: Told, drawn: bytes, *, report: bytes | None, dated: date, language: str) -> Letter:
    """The letter that carries a notice, in the tone of whoever reads it."""
    tone: Tone = "en" if language == "en" else "easy" if notice.easy else "ko"
    return Letter(
        receipt_no=notice.receipt_no,
        sender=notice.sender,
        recipient=notice.recipient,
        dated=dated,
        notice=drawn,
        report=report,
        tone=tone,
    )


def render(letter: Letter, *, large: bool = False) -> bytes:
    """One PDF, each part beginning on a sheet of its own when printed on both sides; `large`: the cover too."""
    import pikepdf  # with the first letter: an API process that prints none stays small

    parts = [one for one in (letter.notice, letter.report) if one is not None]
    with pikepdf.new() as whole:
        for part in (typeset("letter", cover(letter), letter.dated, large=large), *parts):
            if len(whole.pages) % 2:
                whole.add_blank_page(page_size=_A4_POINTS)
            with pikepdf.open(io.BytesIO(part)) as pages:
                whole.pages.extend(pages.pages)
        out = io.BytesIO()
        whole.save(out, deterministic_id=True)
    return out.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a mail would have said, to somebody who is told on paper: no notice goes with it."""

    receipt_no: str
    sender: Sender
    recipient: Recipient
    dated: date
    text: str
    tone: Tone = "ko"

    def __post_init__(self) -> None:
        if not (self.recipient.postal_code and self.recipient.address):
            raise ValueError("a letter needs an address")


def render_word(word: Word, *, large: bool = False) -> bytes:
    """The same page with the address in the window, and the words themselves below the fold."""
    return typeset("letter", page_of(word), word.dated, large=large)


def page_of(word: Word) -> Cover:
    """The words of the mail, under the headings that they have there."""
    words, (greeting, *blocks) = COVERS[word.tone], word.text.strip().split("\n\n")
    return Cover(
        name=words.name_alone,
        sender=visible(word.sender.controller),
        window=WINDOW,
        greeting=visible(greeting),
        paragraphs=tuple(_paragraph(one) for one in blocks),
        **_window(word.sender, word.recipient, word.tone),
        reference=_reference(word.receipt_no, word.dated, word.tone),
    )


def _paragraph(block: str) -> Paragraph:
    """A block of a mail: its heading stands in square brackets, where it has one."""
    first, *rest = lines(block)
    if first.startswith("[") and first.endswith("]"):
        return Paragraph(first[1:-1], tuple(rest))
    return Paragraph("", (first, *rest))


def cover(letter: Letter) -> Cover:
    """The words of the cover page; the receipt number stands below the window."""
    covers = COVERS if letter.about == "answer" else REQUEST_COVERS
    words, sender = covers[letter.tone], letter.sender
    inside = (words.notice, words.report) if letter.report is not None else (words.notice,)
    told = (
        Paragraph(words.inside, tuple(f"· {one}" for one in inside)),
        *(
            Paragraph(
                label, tuple(one.format(phone=sender.phone, email=sender.email, desk=sender.desk) for one in lines)
            )
            for label, lines in words.told
        ),
    )
    return Cover(
        name=words.name,
        sender=visible(sender.controller),
        window=WINDOW,
        **_window(sender, letter.recipient, letter.tone),
        reference=_reference(letter.receipt_no, letter.dated, letter.tone),
        greeting=words.greeting,
        paragraphs=tuple(Paragraph(one.label, tuple(visible(line) for line in one.lines)) for one in told),
    )


def _window(sender: Sender, to: Recipient, tone: Tone) -> dict[str, str]:
    words = COVERS[tone]
    return {
        "back": visible(f"{words.back}: {sender.controller} {sender.desk}"),
        "address": visible(to.address),
        "to": visible(words.to.format(name=to.name)),
        "postal_code": visible(to.postal_code),
    }


def _reference(receipt_no: str, dated: date, tone: Tone) -> tuple[tuple[str, str], ...]:
    words = COVERS[tone]
    return ((words.receipt, visible(receipt_no)), (words.dated, _day(dated, tone)))


def _day(on: date, tone: Tone) -> str:
    return on.isoformat() if tone == "en" else day(on)
