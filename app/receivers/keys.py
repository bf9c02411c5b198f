"""Keys of `webhook listen` and `processor certify`: from a file or the environment, never from the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app import signature

TRUSTED = "WEBHOOK_KEYS"
CURRENT, NEW, ENDED = "WEBHOOK_KEY", "WEBHOOK_NEW_KEY", "WEBHOOK_ENDED_KEY"


class KeysError(Exception):
    """Which key is missing or of another form, in a sentence without the key."""


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """What the certifier signs with: the key that the endpoint trusts, one that follows it, one it trusts no more."""

    current: str
    new: str | None = None
    ended: str | None = None

    @property
    def scheme(self) -> str:
        """`v1` or `v1a`, by the current key."""
        return "v1" if self.current.startswith("whsec_") else "v1a"


def trusted(file: Path | None, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The keys a listener trusts, `whsec_` or `whpk_`: each line of the file, else the words of WEBHOOK_KEYS."""
    found = tuple((_text(file) if file else environment.get(TRUSTED, "")).split())
    if not found:
        raise KeysError(f"no key: write one on each line of --secret-file, or set {TRUSTED}")
    if not all(signature.is_public_key(key) or _signs(key, "whsec_") for key in found):
        raise KeysError("a listener's key is whsec_... (v1) or whpk_... (v1a)")
    return found


def signing(file: Path | None, environment: Mapping[str, str]) -> SigningKeys:
    """The keys a certifier signs with, `whsec_` or `whsk_`: NAME=value lines of the file, else the environment's."""
    given = _lines(_text(file)) if file else environment
    current = given.get(CURRENT)
    if not current:
        raise KeysError(
            f"no key: write {CURRENT}=... into --secret-file or the environment; `processor keys` makes one"
        )
    found = SigningKeys(current, given.get(NEW) or None, given.get(ENDED) or None)
    if not all(_signs(key, ("whsec_", "whsk_")) for key in filter(None, (found.current, found.new, found.ended))):
        raise KeysError("a certifier's key is whsec_... (v1) or whsk_... (v1a, the private one)")
    return found


def pair(scheme: str) -> tuple[str, str]:
    """A fresh key to sign with, and what its receiver keeps of it."""
    if scheme == "v1":
        secret = signature.new_secret()
        return secret, secret
    private = signature.new_private_key()
    return private, signature.public_key(private)


def _signs(key: str, prefixes: str | tuple[str, ...]) -> bool:
    try:
        return key.startswith(prefixes) and bool(signature.sign([key], "try", 0, b""))
    except signature.KeyFormatError:
        return False


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise KeysError("the file of the keys cannot be read") from None


def _lines(text: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in text.splitlines() if not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}
