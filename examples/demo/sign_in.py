"""The company's own sign-in: an issuer of tokens for its staff that the desk has been told to trust."""

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

ISSUER = "https://sign-in.example.com"
ROLES = ("admin", "officer", "approver")
LIFETIME_SECONDS = 3600
NUMBER_BYTES = 32


class SignIn:
    """One ES256 key, its public half in a file, and tokens made with it."""

    def __init__(self, folder: Path) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._jwks = folder / "sign-in.json"
        numbers = self._key.public_key().public_numbers()
        public = {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "1"}
        public |= {name: _text(value.to_bytes(NUMBER_BYTES)) for name, value in (("x", numbers.x), ("y", numbers.y))}
        write_json(self._jwks, {"keys": [public]})

    @property
    def trusted(self) -> str:
        """Return what the desk is told, as TRUSTED_ISSUERS."""
        return json.dumps({ISSUER: {"jwks": str(self._jwks), "alg": "ES256", "roles": ROLES}})

    def token(self, role: str, sub: str) -> str:
        """Return a token for somebody of the staff."""
        now = int(time.time())
        claims: dict[str, Any] = {"iss": ISSUER, "sub": sub, "role": role, "aud": "rights-desk"}
        claims |= {"jti": secrets.token_urlsafe(16), "iat": now, "exp": now + LIFETIME_SECONDS}
        signed = f"{_json({'alg': 'ES256', 'typ': 'at+jwt', 'kid': '1'})}.{_json(claims)}"
        numbers = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(SHA256())))
        return f"{signed}.{_text(b''.join(one.to_bytes(NUMBER_BYTES) for one in numbers))}"


def _json(value: dict[str, Any]) -> str:
    return _text(json.dumps(value).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
