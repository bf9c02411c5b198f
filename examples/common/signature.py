"""Standard Webhooks 1.0.0 signatures, verified and made: v1 (HMAC-SHA256) and v1a (Ed25519).

Copy this file into a receiver of your own; it needs `cryptography` for v1a only. Give it the body exactly as it came
over the wire: a body that was parsed and written again has another signature.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

TOLERANCE_SECONDS = 300
MOST_SIGNATURES = 16
SCHEMES = {"whsec_": "v1", "whpk_": "v1a"}


class SignatureRefusedError(Exception):
    """Not signed by a key we trust, or not now. Answer 401 and say no more."""


def verify(headers: Mapping[str, str], body: bytes, keys: Iterable[str], *, now: float) -> str:
    """Return the webhook-id of a message signed by one of our keys within five minutes of now; else raise.

    Several keys: during a rotation the old and the new one both count. The header may carry several signatures
    too; one that fits is enough, and tokens that make no sense are passed over.
    """
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    # The dot joins id, timestamp and body, so an id with a dot in it could be read in two ways.
    if not re.fullmatch(r"[!-\-/-~]{1,200}", message_id) or not re.fullmatch(r"[0-9]{1,11}", stamp):
        raise SignatureRefusedError("headers")
    if abs(now - int(stamp)) > TOLERANCE_SECONDS:
        raise SignatureRefusedError("timestamp")
    signed = f"{message_id}.{stamp}.".encode() + body
    tokens = headers.get("webhook-signature", "").split(" ")[:MOST_SIGNATURES]
    for key in keys:
        scheme, fits = scheme_of(key), _v1 if key.startswith("whsec_") else _v1a
        for token in tokens:
            version, comma, value = token.partition(",")
            if comma and version == scheme and fits(key, signed, value):
                return message_id
    raise SignatureRefusedError("signature")


def headers(key: str, message_id: str, seconds: int, body: bytes) -> dict[str, str]:
    """Return the three headers of a message of our own, signed with a shared `whsec_` or a private `whsk_` key."""
    signed = f"{message_id}.{seconds}.".encode() + body
    if key.startswith("whsec_"):
        signature = "v1," + base64.b64encode(hmac.digest(key_bytes(key), signed, hashlib.sha256)).decode()
    else:
        private = Ed25519PrivateKey.from_private_bytes(key_bytes(key)[:32])
        signature = "v1a," + base64.b64encode(private.sign(signed)).decode()
    return {"webhook-id": message_id, "webhook-timestamp": str(seconds), "webhook-signature": signature}


def scheme_of(key: str) -> str:
    """Return the scheme that a serialised key is for. A private `whsk_` key never belongs to a receiver."""
    for prefix, scheme in SCHEMES.items():
        if key.startswith(prefix):
            return scheme
    raise ValueError("a receiver's key starts with whsec_ or whpk_")


def key_bytes(key: str) -> bytes:
    """Return the bytes of a serialised key; the padding of its base64 may be missing."""
    text = key.partition("_")[2]
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def _v1(key: str, signed: bytes, value: str) -> bool:
    expected = base64.b64encode(hmac.digest(key_bytes(key), signed, hashlib.sha256))
    return hmac.compare_digest(expected, value.encode())


def _v1a(key: str, signed: bytes, value: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key_bytes(key)).verify(base64.b64decode(value, validate=True), signed)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
