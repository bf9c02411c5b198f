"""Standard Webhooks 1.0.0 signatures: v1 (HMAC-SHA256) and v1a (Ed25519), over `{id}.{timestamp}.{body}`.

Timestamps are whole Unix seconds, given by the caller. Everything wrong in what came in is one typed refusal.
"""

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from app.errors import Unauthenticated

TOLERANCE_S = 300
SECRET_BYTES = 32
SECRET_BYTES_LEAST, SECRET_BYTES_MOST = 24, 64
SEED_BYTES = 32
SIGNATURES_MOST = 20

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"

_ID = re.compile(r"[A-Za-z0-9_:-]{1,128}")
_SECONDS = re.compile(r"[0-9]{1,12}")


class KeyFormatError(ValueError):
    """A signing key that is not of the form whsec_, whsk_ or whpk_; never carries the key."""

    def __init__(self) -> None:
        super().__init__("not a Standard Webhooks key")


def new_secret() -> str:
    """A fresh v1 secret, `whsec_...`."""
    return "whsec_" + _text(os.urandom(SECRET_BYTES))


def new_private_key() -> str:
    """A fresh v1a signing key, `whsk_...` (seed and public key, as the reference implementation writes it)."""
    private = Ed25519PrivateKey.generate()
    seed = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return "whsk_" + _text(seed + private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def public_key(private_key: str) -> str:
    """The `whpk_...` that receivers keep for a `whsk_...`."""
    return "whpk_" + _text(_private(private_key).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def is_public_key(key: str) -> bool:
    """Whether this is a `whpk_...` that a message can be verified with."""
    try:
        Ed25519PublicKey.from_public_bytes(_key_bytes(key, "whpk_"))
    except ValueError:
        return False
    return True


def sign(keys: Sequence[str], message_id: str, timestamp: int, body: bytes) -> str:
    """The signature header: one signature per key (the current one first, then those still valid beside it)."""
    if not keys:
        raise KeyFormatError
    if not _ID.fullmatch(message_id) or type(timestamp) is not int or timestamp < 0:
        raise ValueError("message id or timestamp")
    content = _content(message_id, timestamp, body)
    return " ".join(_sign_one(key, content) for key in keys)


def headers(keys: Sequence[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of one attempt."""
    return {ID: message_id, TIMESTAMP: str(timestamp), SIGNATURE: sign(keys, message_id, timestamp, body)}


def verify(keys: Iterable[str], received: Mapping[str, str], body: bytes, *, now: int) -> str:
    """The id of a message that one of our trusted keys signed within the tolerance.

    Raises Unauthenticated `signature.missing` or `signature.invalid`, and nothing else whatever was sent.
    """
    lowered = {str(name).lower(): value for name, value in received.items()}
    if not all(lowered.get(name) for name in (ID, TIMESTAMP, SIGNATURE)):
        raise Unauthenticated("signature.missing")
    try:
        genuine = _genuine(tuple(keys), lowered, body, now)
    except Exception:  # noqa: BLE001 - a surprise in what was sent is a refusal
        genuine = False
    if not genuine:
        raise Unauthenticated("signature.invalid")
    return lowered[ID]


def _genuine(keys: Sequence[str], received: Mapping[str, str], body: bytes, now: int) -> bool:
    message_id, seconds = received[ID], received[TIMESTAMP]
    if not _ID.fullmatch(message_id) or not _SECONDS.fullmatch(seconds) or abs(now - int(seconds)) > TOLERANCE_S:
        return False
    signatures = received[SIGNATURE].split(" ")
    if len(signatures) > SIGNATURES_MOST:
        return False
    content = _content(message_id, int(seconds), body)
    return any(_matches(key, signatures, content) for key in keys)


def _matches(key: str, signatures: Sequence[str], content: bytes) -> bool:
    """Whether one of the signatures is this key's; an HMAC goes over the content once, however many there are."""
    try:
        if key.startswith("whsec_"):
            genuine = _hmac(key, content)
            return any(hmac.compare_digest(genuine, one) for one in _of(signatures, "v1"))
        if key.startswith("whpk_"):
            public = Ed25519PublicKey.from_public_bytes(_bytes(key.removeprefix("whpk_")))
            return any(_verifies(public, one, content) for one in _of(signatures, "v1a"))
    except Exception:  # noqa: BLE001 - one malformed key says nothing about the others
        return False
    return False


def _of(signatures: Sequence[str], scheme: str) -> Iterator[bytes]:
    """Those of one scheme; a malformed one says nothing about the others."""
    for one in signatures:
        named, _, value = one.partition(",")
        if named == scheme:
            with suppress(Exception):
                yield _bytes(value)


def _verifies(public: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    try:
        public.verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _content(message_id: str, timestamp: int, body: bytes) -> bytes:
    return f"{message_id}.{timestamp}.".encode() + body


def _sign_one(key: str, content: bytes) -> str:
    if key.startswith("whsec_"):
        return "v1," + _text(_hmac(key, content))
    return "v1a," + _text(_private(key).sign(content))


def _hmac(key: str, content: bytes) -> bytes:
    secret = _key_bytes(key, "whsec_")
    if not SECRET_BYTES_LEAST <= len(secret) <= SECRET_BYTES_MOST:
        raise KeyFormatError
    return hmac.digest(secret, content, hashlib.sha256)


def _private(key: str) -> Ed25519PrivateKey:
    raw = _key_bytes(key, "whsk_")
    if len(raw) not in (SEED_BYTES, 2 * SEED_BYTES):
        raise KeyFormatError
    private = Ed25519PrivateKey.from_private_bytes(raw[:SEED_BYTES])
    if raw[SEED_BYTES:] not in (b"", private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)):
        raise KeyFormatError
    return private


def _key_bytes(key: str, prefix: str) -> bytes:
    if not key.startswith(prefix):
        raise KeyFormatError
    try:
        return _bytes(key.removeprefix(prefix))
    except ValueError:
        raise KeyFormatError from None


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    """Base64, strictly, but with or without padding: some senders leave it off."""
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
