"""How names and contacts are compared."""

import re
import unicodedata


def folded(kind: str, value: str) -> str:
    """Return a value as it is compared: phones as +82..., the rest composed, in one case, with single spaces."""
    if kind == "phone":
        digits = re.sub(r"[^0-9+]", "", unicodedata.normalize("NFKC", value))
        return "+82" + digits[1:] if digits.startswith("0") else digits
    return " ".join(unicodedata.normalize("NFC", value).casefold().split())
