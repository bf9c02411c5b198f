"""What people type: names, phone numbers, mail addresses and free text, brought to one form before anything keeps them.

Every pattern here runs in linear time. Errors point at the field and never carry what was typed.
A 주민등록번호 needs a statutory basis that this service does not have (Act 24-2): it is refused in structured fields
and masked in free text before storage, logs and queues.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import idna

from app.errors import Invalid

NAME_CHARS_LEAST, NAME_CHARS_MOST = 2, 100
MARKS_IN_A_ROW = 4
PHONE_CHARS = 40
EMAIL_CHARS, LOCAL_CHARS = 254, 64
FREE_TEXT_CHARS = 2000
RRN_MASK = "******-*******"
TAIL_MASK = "*******"

_NAME_PUNCTUATION = frozenset(" -‐'’‘ʼ·‧・.,()")
_UNSEEN = re.compile(  # default-ignorable code points that are not category Cf
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
_JAMO = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\ud7b0-\ud7ff\uffa0-\uffdc]")
_LAST_OF_PLANES = "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_NONCHARACTER = re.compile(f"[\ufdd0-\ufdef{_LAST_OF_PLANES}]")

_MOBILE = re.compile("010-?([0-9]{4})-?([0-9]{4})")
_PHONE_MARKS = re.compile(r"[\s().\-‐–—−]")
_PHONE_DIGITS = re.compile(r"\+?[0-9]{7,15}")
_NATIONAL = re.compile(
    r"10[0-9]{8}|1[16789][0-9]{7,8}|2[0-9]{7,8}|(?:3[1-3]|4[1-4]|5[1-5]|6[1-4])[0-9]{7,8}"
    r"|70[0-9]{8}|50[0-9]{8,9}|80[0-9]{7,8}"
)
_NATIONWIDE = re.compile(r"1[568][0-9]{6}")

_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")

_GAP = r"[\s\-‐‑–—−_./·:,~]{0,3}"
_RRN = re.compile(rf"(?<![0-9])[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]){_GAP}[0-9]{{7}}(?![0-9])")
_SPACED_RRN = re.compile(
    r"(?<![0-9])[0-9]([ .\-])[0-9]\1[01]\1[0-9]\1[0-3]\1[0-9]\1[\s.\-]{0,2}[0-9](?:\1[0-9]){6}(?![0-9])"
)
_TAIL = re.compile(r"[뒷뒤]\s?(?:7|일곱)?\s?(?:자리|번호)[^0-9]{0,10}([0-9]{7})(?![0-9])")
_CARD = re.compile(rf"(?<![0-9])[2-69][0-9]{{3}}(?:{_GAP}[0-9]{{4}}){{3}}(?![0-9])")
_CENTURIES = (1800, 1900, 1900, 2000, 2000, 1900, 1900, 2000, 2000, 1800)  # by the seventh digit


class Masked(NamedTuple):
    """Free text after masking, and how many numbers were taken out."""

    text: str
    removed: int


class Span(NamedTuple):
    """Where a number stands in the text, and what is written over it."""

    start: int
    end: int
    mask: str


def name(value: str, *, pointer: str | None = None) -> str:
    """A person's name in NFC: any script, no digits, nothing unseen, no loose jamo."""
    _bounded(value, NAME_CHARS_MOST, pointer)
    refuse_identifiers(value, pointer=pointer)
    text = re.sub(" +", " ", unicodedata.normalize("NFC", value).translate(_WIDTHS)).strip(" ")
    _refuse_forbidden(text, pointer)
    if not NAME_CHARS_LEAST <= len(text) <= NAME_CHARS_MOST:
        raise Invalid("field.length", pointer=pointer)
    if not _reads_as_name(text):
        raise Invalid("field.format", pointer=pointer)
    return text


def phone(value: str, *, pointer: str | None = None) -> str:
    """A Korean phone number in E.164."""
    if mobile := _MOBILE.fullmatch(value):  # as nearly all are written, a million times a day
        return f"+8210{mobile[1]}{mobile[2]}"
    _refuse_controls(value, pointer)
    if len(value) > PHONE_CHARS:
        raise Invalid("field.format", pointer=pointer)
    digits = _PHONE_MARKS.sub("", _fold(value)[0])
    rest = _national(digits) if _PHONE_DIGITS.fullmatch(digits) else None
    if rest is None:
        refuse_identifiers(value, pointer=pointer)
        raise Invalid("field.format", pointer=pointer)
    return "+82" + rest


def email(value: str, *, pointer: str | None = None) -> str:
    """A mail address: plain ASCII local part as typed, domain in lower case and in its ASCII form."""
    _refuse_controls(value, pointer)
    address = value.strip(" ")
    if len(address) > EMAIL_CHARS:
        raise Invalid("field.length", pointer=pointer)
    refuse_identifiers(address, pointer=pointer)
    local, _, typed = address.rpartition("@")
    domain = _domain(typed)
    if domain is None or len(local) > LOCAL_CHARS or not _LOCAL.fullmatch(local):
        raise Invalid("field.format", pointer=pointer)
    if len(local) + 1 + len(domain) > EMAIL_CHARS:
        raise Invalid("field.length", pointer=pointer)
    return f"{local}@{domain}"


def line(value: str, *, pointer: str | None = None, limit: int = 200) -> str:
    """One line of structured text, as an address or a title, in NFC."""
    _bounded(value, limit, pointer)
    refuse_identifiers(value, pointer=pointer)
    text = unicodedata.normalize("NFC", value).strip()
    _refuse_forbidden(text, pointer)
    if not 1 <= len(text) <= limit:
        raise Invalid("field.length", pointer=pointer)
    return text


def free_text(value: str, *, pointer: str | None = None, limit: int = FREE_TEXT_CHARS) -> Masked:
    """Free text in NFC with every 주민등록번호 masked; a card number is refused."""
    _bounded(value, limit, pointer)
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    _refuse_controls(text, pointer, allowed="\n\t")
    if len(text) > limit:
        raise Invalid("field.length", pointer=pointer)
    masked = mask_rrn(text)
    if find_card(masked.text):
        raise Invalid("identifier.card_not_allowed", pointer=pointer)
    return masked


def refuse_identifiers(value: str, *, pointer: str | None = None) -> None:
    """Refuse a structured value that holds a 주민등록번호 or a card number anywhere."""
    if find_rrn(value):
        raise Invalid("identifier.rrn_not_allowed", pointer=pointer)
    if find_card(value):
        raise Invalid("identifier.card_not_allowed", pointer=pointer)


def find_rrn(text: str) -> list[Span]:
    """Where a 주민등록번호, a 외국인등록번호 or the seven digits after "뒷자리" stand, however they are written.

    The check digit is not asked: numbers given since 2020-10-05 have none. What only looks like one is found too.
    """
    folded, places = _fold(text)
    found = [
        *_spans(_RRN, folded, places, RRN_MASK, _born),
        *_spans(_SPACED_RRN, folded, places, RRN_MASK, _born),
        *_spans(_TAIL, folded, places, TAIL_MASK, lambda _: True, group=1),
    ]
    return _apart(sorted(found))


def mask_rrn(text: str) -> Masked:
    """The text with every such number written over, and how many there were."""
    spans = find_rrn(text)
    for span in reversed(spans):
        text = text[: span.start] + span.mask + text[span.end :]
    return Masked(text, len(spans))


def find_card(text: str) -> list[Span]:
    """Where sixteen digits in fours stand that pass the Luhn check."""
    folded, places = _fold(text)
    return list(_spans(_CARD, folded, places, "*" * 16, _luhn))


def mask_name(value: str) -> str:
    """A name for those who may see that it is the right one, not read it: 홍*동."""
    if len(value) < 3:
        return value[:1] + "*"
    return value[0] + "".join(" " if char == " " else "*" for char in value[1:-1]) + value[-1]


def national(value: str) -> str:
    """An E.164 number as it is dialled in Korea, 010-1234-5678; a foreign one as it is."""
    rest = value.removeprefix("+82")
    if rest == value or len(rest) < 8:
        return value
    if _NATIONWIDE.fullmatch(rest):
        return f"{rest[:4]}-{rest[4:]}"
    head = "02" if rest.startswith("2") else f"0{rest[:2]}"
    tail = rest[len(head) - 1 :]
    return f"{head}-{tail[:-4]}-{tail[-4:]}"


def mask_phone(value: str) -> str:
    """An E.164 number with its middle hidden: 010-****-5678."""
    rest = value.removeprefix("+82")
    if rest == value or len(rest) < 8:
        return "****"
    if _NATIONWIDE.fullmatch(rest):
        return f"{rest[:4]}-****"
    head = "02" if rest.startswith("2") else f"0{rest[:2]}"
    return f"{head}-****-{rest[-4:]}"


def mask_email(value: str) -> str:
    """A mail address with its local part hidden, and nothing told of its length."""
    local, _, domain = value.rpartition("@")
    return f"{local[:1] if len(local) > 1 else ''}***@{domain}"


_WIDTHS = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}


def _bounded(value: str, limit: int, pointer: str | None) -> None:
    """Refuse what cannot become short enough by composing, before spending work on it."""
    if len(value) > 4 * limit:
        raise Invalid("field.length", pointer=pointer)


def _refuse_controls(text: str, pointer: str | None, *, allowed: str = "") -> None:
    if text.isascii() and text.isprintable():
        return
    unsafe = any(unicodedata.category(char) in ("Cc", "Cs") and char not in allowed for char in text)
    if unsafe or _NONCHARACTER.search(text):
        raise Invalid("field.forbidden_character", pointer=pointer)


def _refuse_forbidden(text: str, pointer: str | None) -> None:
    """Refuse controls, what is not seen, and what turns the reading order or begins another line."""
    _refuse_controls(text, pointer)
    if _UNSEEN.search(text) or any(unicodedata.category(char) in ("Cf", "Co", "Zl", "Zp") for char in text):
        raise Invalid("field.forbidden_character", pointer=pointer)


def _reads_as_name(text: str) -> bool:
    marks = letters = 0
    for position, char in enumerate(text):
        kind = unicodedata.category(char)[0]
        marks = marks + 1 if kind == "M" else 0
        letters += kind == "L"
        if _JAMO.match(char) or marks > MARKS_IN_A_ROW or (kind == "M" and position == 0):
            return False
        if kind not in "LM" and char not in _NAME_PUNCTUATION:
            return False
    return letters > 0


def _national(digits: str) -> str | None:
    """The number as it follows the country code, or None if no Korean number has this form."""
    if digits.startswith("+82"):
        rest = digits[3:].removeprefix("0")
        return rest if _NATIONAL.fullmatch(rest) or _NATIONWIDE.fullmatch(rest) else None
    if digits.startswith("0"):
        return digits[1:] if _NATIONAL.fullmatch(digits[1:]) else None
    return digits if _NATIONWIDE.fullmatch(digits) else None


def _domain(typed: str) -> str | None:
    try:
        domain = typed.lower() if typed.isascii() and "xn--" not in typed.lower() else _idna(typed)
    except UnicodeError:
        return None
    labels = domain.split(".")
    if len(labels) < 2 or len(domain) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    return None if labels[-1].isdigit() else domain


def _idna(typed: str) -> str:
    return idna.encode(typed, uts46=True, std3_rules=True).decode("ascii")


@lru_cache(maxsize=8192)
def _fold_char(char: str) -> str:
    """One character as a detector reads it: compatibility form, digits of any script as 0-9, nothing unseen."""
    if unicodedata.category(char) in ("Mn", "Me", "Cf") or _UNSEEN.match(char):
        return ""
    return "".join(
        str(unicodedata.digit(part)) if part.isdigit() else part for part in unicodedata.normalize("NFKC", char)
    )


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """The text as a detector reads it, and for each character of that the place in the original."""
    if text.isascii():
        return text, range(len(text))
    parts = [_fold_char(char) for char in text]
    return "".join(parts), [place for place, part in enumerate(parts) for _ in part]


def _spans(
    pattern: re.Pattern[str],
    folded: str,
    places: Sequence[int],
    mask: str,
    holds: Callable[[str], bool],
    group: int = 0,
) -> Iterator[Span]:
    for match in pattern.finditer(folded):
        if holds(re.sub("[^0-9]", "", match[group])):
            yield Span(places[match.start(group)], _end(places, match.end(group)), mask)


def _end(places: Sequence[int], end: int) -> int:
    """The end in the original, with what is unseen behind it (the frame of a keycap digit)."""
    last = places[end - 1] + 1
    return last if isinstance(places, range) or end == len(places) else max(last, places[end])


def _apart(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in spans:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _born(digits: str) -> bool:
    """Whether the first six digits are a day of the century that the seventh names."""
    try:
        date(_CENTURIES[int(digits[6])] + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    return True


def _luhn(digits: str) -> bool:
    doubled = (2 * int(digit) if place % 2 == 0 else int(digit) for place, digit in enumerate(digits))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
