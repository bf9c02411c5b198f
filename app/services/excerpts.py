"""The first words of what an endpoint answered, without what may be personal: pure, and whatever the bytes are.

A receiver may answer an event with anything, a stack trace with a person in it included. What is kept is there to find
a fault by, so it is taken away rather too much than too little: letters beyond ASCII in any spelling, numbers of five
digits or more however they are parted, addresses, and long words that may be tokens.
"""

import re

CHARACTERS_MAX = 200
MASK = "■"
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|^(?:\xff\xfe|\xfe\xff)")
_ESCAPED = re.compile(
    rb"(?:\\[uU][0-9A-Fa-f]{4,8}|\\x[0-9A-Fa-f]{2}|&#?[0-9A-Za-z]{1,31};|%[0-9A-Fa-f]{2}|=[0-9A-F]{2})+"
)
"""As JSON, source code, HTML, URLs and mails write a character that they cannot write plainly."""
_AT = re.compile(rb"%40|\\u0040|\\x40|&#64;|&#[xX]40;|&commat;|=40")
_BEYOND = re.compile(rb"[\x80-\xff]+")
_LONG = re.compile(r"[A-Za-z0-9+/_=.-]{24,}")
_ADDRESS = re.compile(r"(?:\"[^\"]{0,64}\"|[A-Za-z0-9.!#$%&'*+/=?^_`{|}~■-]{0,64})@[A-Za-z0-9.■-]{0,255}")
_DIGITS = re.compile(r"[0-9](?:[^A-Za-z0-9]{0,3}[0-9]){4,}")
_MASKS = re.compile(rf"{MASK}(?:\s*{MASK})+")


def excerpt(answer: bytes) -> str | None:
    """At most 200 characters of an answer, masked; None where there was none. What is not text is one mask."""
    if not answer.strip():
        return None
    if _NOT_TEXT.search(answer):
        return MASK
    unescaped = _ESCAPED.sub(b"\x00", _AT.sub(b"@", answer))
    plain = _BEYOND.sub(b"\x00", unescaped).decode("ascii").replace("\x00", MASK)
    for pattern in (_ADDRESS, _LONG, _DIGITS):
        plain = pattern.sub(MASK, plain)
    plain = _MASKS.sub(MASK, plain)
    return " ".join(plain.split())[:CHARACTERS_MAX]
