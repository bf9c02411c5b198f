"""In what tones a message is said: Korean, English, and Korean that a twelve-year-old understands (policy 9.2)."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Tone = Literal["ko", "en", "easy"]


class Spoken(NamedTuple):
    """One message in one tone: the mail's subject and body, and the text message."""

    subject: str
    mail: str
    sms: str


Words = Mapping[str, Mapping[Tone, Spoken]]
