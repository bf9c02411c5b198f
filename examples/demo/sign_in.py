"""The company's own sign-in, for its staff and for its customers: issuers that the desk has been told to trust."""

import base64
import json
import secrets
import time
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from examples.common.files import write_json

ISSUER, LOGIN = "https://sign-in.example.com", "https://login.example.com"
ROLES = ("admin", "officer", "approver")
LIFETIME_SECONDS = 3600
NUMBER_BYTES = 32


class SignIn:
    """One ES256 key, its public half in a file, and tokens made with it."""

    def __init__(self, folder: Path) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        jwks = folder / "sign-in.json"
        numbers = self._key.public_key().public_numbers()
        public = {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "1"}
        public |= {name: _text(value.to_bytes(NUMBER_BYTES)) for name, value in (("x", numbers.x), ("y", numbers.y))}
        write_json(jwks, {"keys": [public]})
        self._known = {"jwks": str(jwks), "alg": "ES256"}

    @property
    def trusted(self) -> str:
        """Return what the desk is told, as TRUSTED_ISSUERS, where only the staff signs in."""
        return json.dumps({ISSUER: {**self._known, "roles": ROLES}})

    @property
    def trusted_by_customers_too(self) -> str:
        """Return the same where customers sign in on the company's website."""
        return json.dumps({ISSUER: {**self._known, "roles": ROLES}, LOGIN: {**self._known, "roles": ["identity"]}})

    def token(self, role: str, sub: str) -> str:
        """Return a token for somebody of the staff."""
        return self._signed({"iss": ISSUER, "sub": sub, "role": role})

    def assertion(self, nonce: str, sub: str) -> str:
        """Return the word that a customer has just signed in, for the one verification that asked."""
        return self._signed({"iss": LOGIN, "sub": sub, "nonce": nonce, "auth_time": int(time.time())}, seconds=300)

    def _signed(self, claims: dict[str, Any], *, seconds: int = LIFETIME_SECONDS) -> str:
        now = int(time.time())
        claims |= {"aud": "rights-desk", "jti": secrets.token_urlsafe(16), "iat": now, "exp": now + seconds}
        signed = f"{_json({'alg': 'ES256', 'typ': 'at+jwt', 'kid': '1'})}.{_json(claims)}"
        numbers = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(SHA256())))
        return f"{signed}.{_text(b''.join(one.to_bytes(NUMBER_BYTES) for one in numbers))}"


def _json(value: dict[str, Any]) -> str:
    return _text(json.dumps(value).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
