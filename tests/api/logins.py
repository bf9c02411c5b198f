"""Issuers of identity assertions with keys of their own, and signing in with one."""

from typing import Any
from uuid import uuid4

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app import db
from app.tokens import signing
from tests.api.acts import answer, ask
from tests.house import House


class Provider:
    """An issuer of identity assertions with a key of its own."""

    def __init__(self, name: str) -> None:
        secret = ec.generate_private_key(ec.SECP256R1())
        pem = secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        self.name = name
        self._key, public = signing.private_key(pem)
        self.kid = signing.thumbprint(public)
        self.keys = {"keys": [{**public, "kid": self.kid, "alg": "ES256", "use": "sig"}]}

    def says(self, nonce: str, *, minutes_ago: int = 0, **more: Any) -> str:
        now = int(db.now().timestamp())
        whole = {
            "iss": self.name,
            "aud": "rights-desk",
            "iat": now,
            "exp": now + 300,
            "jti": str(uuid4()),
            "nonce": nonce,
            "auth_time": now - minutes_ago * 60,
            **more,
        }
        return signing.sign(whole, self._key, kid=self.kid)


LOGIN, STRANGER_ISSUER, STAFF = (Provider(f"https://{name}.example.com") for name in ("login", "elsewhere", "staff"))


async def log_in(
    house: House,
    filed: dict[str, Any],
    *,
    method: str = "site_login",
    purpose: str = "identity",
    party: str = "subject",
    **says: Any,
) -> httpx.Response:
    """Sign in as whoever this is; the worker does what follows."""
    asked = (await ask(house, filed, method, purpose, party=party)).json()
    return await answer(house, filed, asked["id"], assertion=LOGIN.says(asked["id"], **says))
