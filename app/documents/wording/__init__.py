"""The words of every message, by topic. Sentences a neighbour would use; no result, no name, no link in a text."""

from typing import Final

from app.documents.wording import answers, codes, days, fees, later, leaks, papers, staff, stops
from app.documents.wording.tones import Spoken, Tone, Words

WORDS: Final[Words] = {
    **codes.WORDS,
    **answers.WORDS,
    **fees.WORDS,
    **later.WORDS,
    **leaks.WORDS,
    **papers.WORDS,
    **stops.WORDS,
    **staff.WORDS,
    **days.WORDS,
}

__all__ = ["WORDS", "Spoken", "Tone", "Words"]
