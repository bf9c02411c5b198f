"""The one door to `jose`: ES256 keys, signing and the check of a signature."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from jose import jwk, jws
from jose.backends.base import Key

ALGORITHM = "ES256"

__all__ = ["ALGORITHM", "Key", "TrustError", "check", "private_key", "public_key", "sign", "thumbprint"]


class TrustError(ValueError):
    """TOKEN_KEY or TRUSTED_ISSUERS cannot be used; names the fault, never the key."""


def private_key(pem: str) -> tuple[Key, dict[str, str]]:
    """The signing key of a PEM text and its public half as a JWK."""
    public = _public_jwk(_loaded(pem))
    return jwk.construct(pem, ALGORITHM), public


def public_key(entry: Mapping[str, Any]) -> Key:
    """The key of a public ES256 JWK, made once and kept: parsing costs more than checking."""
    return jwk.construct({key: entry[key] for key in ("kty", "crv", "x", "y")}, ALGORITHM)


def sign(payload: Mapping[str, object], key: Key, *, kid: str) -> str:
    """A signed token with the header every token of ours has."""
    any_key: Any = key  # the stubs know only texts and mappings
    return jws.sign(dict(payload), any_key, headers={"typ": "at+jwt", "kid": kid}, algorithm=ALGORITHM)


def check(token: str, key: Key) -> None:
    """Raise unless the key signed the token with ES256."""
    any_key: Any = key
    jws.verify(token, any_key, algorithms=[ALGORITHM])


def thumbprint(public: Mapping[str, str]) -> str:
    """The name of a key by its content (RFC 7638)."""
    canonical = json.dumps({key: public[key] for key in ("crv", "kty", "x", "y")}, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(canonical.encode()).digest()).rstrip(b"=").decode()


def _loaded(pem: str) -> EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except Exception:  # noqa: BLE001 - the library's message may quote what it was given
        raise TrustError("TOKEN_KEY is not a private key in PEM") from None
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise TrustError("TOKEN_KEY is not an ES256 (P-256) key")
    return key


def _public_jwk(key: EllipticCurvePrivateKey) -> dict[str, str]:
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    x, y = (base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (point[1:33], point[33:]))
    return {"crv": "P-256", "kty": "EC", "x": x, "y": y}
