"""How the feed names people: a handle in its normal form, hashed under the two keys that the desk gave us."""

import base64
import hashlib
import hmac
import re

PREFIX = "hfk_"
_MARKS = re.compile(r"[ .()-]")
_NATIONAL = re.compile(r"10[0-9]{8}|1[16789][0-9]{7,8}|2[0-9]{7,8}|(?:3[1-3]|4[1-4]|5[1-5]|6[1-4])[0-9]{7,8}")
_MAIL = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@([A-Za-z0-9]+(-[A-Za-z0-9]+)*\.)+[A-Za-z]{2,}")
_NUMBER = re.compile(r"[!-~]{1,64}")


def normal(kind: str, value: str) -> str | None:
    """Return a handle as the desk writes it; None for any form of which we are not sure that we write it alike."""
    if kind == "phone":
        digits = _MARKS.sub("", value)
        rest = digits.removeprefix("+82").removeprefix("0") if digits.startswith(("+82", "0")) else ""
        return f"+82{rest}" if _NATIONAL.fullmatch(rest) else None
    if kind == "email":
        return value.lower() if _MAIL.fullmatch(value) and "xn--" not in value.lower() else None
    return value if kind == "customer_no" and _NUMBER.fullmatch(value) else None


class Hashing:
    """The key of our copy, as `GET /v1/holds/feed-key` gives it. Keep it like any secret: it opens the copy."""

    def __init__(self, key: str) -> None:
        both = base64.b64decode(key.removeprefix(PREFIX), validate=True)
        if not key.startswith(PREFIX) or len(both) != 64:
            raise ValueError("not a key of the feed")
        self._common, self._own = both[:32], both[32:]

    def subject(self, kind: str, value: str) -> str | None:
        """Return the name of this person in the feed, None where only the desk can say."""
        written = normal(kind, value)
        if written is None:
            return None
        inner = hmac.digest(self._common, f"{kind}\0{written}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(hmac.digest(self._own, inner, hashlib.sha256)).decode().rstrip("=")
