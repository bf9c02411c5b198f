"""The service's own tokens."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from app.tokens.principal import AUDIENCE, LIFETIME, Role
from app.tokens.signing import ALGORITHM, private_key, sign, thumbprint

_OWN_CLAIMS = frozenset({"iss", "sub", "aud", "iat", "nbf", "exp", "jti", "role"})


class Issuer:
    """Makes the service's own tokens."""

    def __init__(self, name: str, key_pem: str) -> None:
        """Take the instance's name (`iss`) and its ES256 key."""
        self.name = name
        self._key, public = private_key(key_pem)
        self.public: Mapping[str, str] = public
        self.kid = thumbprint(public)

    def issue(self, role: Role | str, sub: str, ttl: timedelta, *, now: datetime, **claims: object) -> str:
        """A token of that role; `agent`, `site`, `rid`, `sid` and `name` are the further claims that `verify` reads."""
        role = Role(role)
        if not timedelta(seconds=1) <= ttl <= LIFETIME[role]:
            raise ValueError("lifetime")
        if _OWN_CLAIMS & claims.keys() or (role is Role.REQUESTER) != ("rid" in claims):
            raise ValueError("claims")
        issued = int(now.timestamp())
        payload: dict[str, object] = {key: str(value) for key, value in claims.items() if value is not None}
        payload |= {"iss": self.name, "sub": sub, "aud": AUDIENCE, "iat": issued, "role": role.value}
        payload |= {"exp": issued + int(ttl.total_seconds()), "jti": secrets.token_urlsafe(16)}
        return sign(payload, self._key, kid=self.kid)

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public key set, as served at /.well-known/jwks.json."""
        return {"keys": [{**self.public, "kid": self.kid, "use": "sig", "alg": ALGORITHM}]}
