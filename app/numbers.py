"""Numbers and codes that people read, write down and say over the telephone."""

import secrets
import string
import unicodedata

CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def receipt_no() -> str:
    """Ten random digits and a check digit (Luhn), spoken in groups of three, four and four; not enumerable."""
    digits = "".join(secrets.choice("0123456789") for _ in range(10))
    return _grouped(digits + check_digit(digits))


def spoken(value: str) -> str | None:
    """A receipt number as it is printed, however its digits were typed; None if it cannot be one."""
    digits = "".join(char for char in value if char not in " -")
    return _grouped(digits) if is_receipt_no(digits) else None


def is_receipt_no(value: str) -> bool:
    """Whether the form and the check digit are right."""
    digits = value.replace("-", "")
    return len(digits) == 11 and digits.isascii() and digits.isdecimal() and check_digit(digits[:-1]) == digits[-1]


def _grouped(number: str) -> str:
    return f"{number[:3]}-{number[3:7]}-{number[7:]}"


def check_digit(digits: str) -> str:
    """Luhn's digit: it catches every single wrong digit and nearly every swap of two neighbours."""
    doubled = [int(one) * (2 if place % 2 == 0 else 1) for place, one in enumerate(reversed(digits))]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def written(code: str) -> str:
    """An access code as it was given, however it was typed."""
    plain = "".join(one for one in code.lower() if one.isalnum())
    return f"{plain[:4]}-{plain[4:]}"


def access_code() -> str:
    """Eight letters and digits that nobody mistakes for one another: about forty bits, with limited tries."""
    letters = "".join(secrets.choice(CODE_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def stop_code() -> str:
    """Twelve of the same letters and digits in three groups: about sixty bits, so that trying finds none."""
    letters = "".join(secrets.choice(CODE_ALPHABET) for _ in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def stop_written(code: str) -> str:
    """A stop code as it was given, however it was typed."""
    plain = "".join(one for one in unicodedata.normalize("NFKC", code).lower() if one.isalnum())
    return f"{plain[:4]}-{plain[4:8]}-{plain[8:]}"


def code() -> str:
    """Eight digits, to be typed back."""
    return f"{secrets.randbelow(10**8):08d}"


def code_written(code: str) -> str | None:
    """Eight digits however they were typed, full width and apart too; None where it cannot be such a number."""
    digits = "".join(one for one in unicodedata.normalize("NFKC", code) if one not in " -\t")
    return digits if len(digits) == 8 and digits.isascii() and digits.isdecimal() else None


def page_token() -> str:
    """The secret part of an address, in letters only: nobody takes a part of it for a code. About 250 bits."""
    return "".join(secrets.choice(string.ascii_letters) for _ in range(44))
