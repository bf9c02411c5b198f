"""Whom the service believes: its own tokens, and those of TRUSTED_ISSUERS within the roles each may give."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.errors import Unauthenticated
from app.tokens.issuer import Issuer
from app.tokens.key_set import KeySet, Loader, load_key_set
from app.tokens.principal import AUDIENCE, IDENTITY, Assertion, Principal, Role, assertion, principal
from app.tokens.reading import TokenError, is_current, token_parts
from app.tokens.signing import ALGORITHM, Key, TrustError, check, public_key

REMEMBERED = 1_024
"""So many tokens' signatures are remembered; a caller uses one token for many calls."""


@dataclass(slots=True, repr=False)
class _Signed:
    """A token whose form is right; believed once a key is named that its signature holds under."""

    kid: str
    claims: dict[str, Any]
    key: Key | None = None
    caller: Principal | None = None


class Verifier:
    """Believes the service's own tokens and those of TRUSTED_ISSUERS, each within the roles it may give."""

    def __init__(
        self, own: Issuer, trusted: Mapping[str, Mapping[str, Any]] | None = None, load: Loader | None = None
    ) -> None:
        """Take the own issuer and the outside ones as TRUSTED_ISSUERS has them; nothing is fetched yet."""
        trusted = trusted or {}
        if own.name in trusted:
            raise TrustError("an outside issuer bears the name of this instance")
        self._own = own.name
        self._own_keys: Mapping[str, Key] = {own.kid: public_key(own.public)}
        self._roles: dict[str, frozenset[str]] = {own.name: frozenset(Role)}
        self._sets: dict[str, KeySet] = {}
        for iss, terms in trusted.items():
            self._roles[iss] = _roles(iss, terms)
            self._sets[iss] = KeySet(_source(iss, terms), load or load_key_set)
        self._signed: dict[bytes, _Signed] = {}

    async def verify(self, token: str, now: datetime) -> Principal:
        """The caller, or Unauthenticated: one answer whatever is wrong."""
        try:
            signed = await self._believed(token, now)
            if signed.caller is None or not is_current(signed.caller.issued_at, signed.caller.expires_at, now):
                claims = signed.claims
                if claims.get("role") not in self._roles[claims["iss"]]:
                    raise TokenError("role")
                signed.caller = principal(claims, now)
            return signed.caller
        except TokenError as error:
            raise Unauthenticated("auth.invalid", flaw=error.flaw) from None
        except Exception:  # noqa: BLE001 - any surprise in a token is a refusal
            raise Unauthenticated("auth.invalid", flaw="form") from None

    async def verify_assertion(self, token: str, *, nonce: str, now: datetime) -> Assertion:
        """What an identity issuer asserts for this verification, or Unauthenticated."""
        try:
            claims = (await self._believed(token, now)).claims
            if IDENTITY not in self._roles[claims["iss"]] or claims.get("role", IDENTITY) != IDENTITY:
                raise TokenError
            if not nonce or claims.get("nonce") != nonce:
                raise TokenError
            return assertion(claims, now)
        except Exception:  # noqa: BLE001 - any surprise in a token is a refusal
            raise Unauthenticated("auth.invalid") from None

    @property
    def has_identity_issuer(self) -> bool:
        """Whether anybody outside may vouch for a person: a site login or an identity provider."""
        return any(IDENTITY in roles for roles in self._roles.values())

    def failing(self) -> tuple[str, ...]:
        """The outside issuers whose key set could not be fetched at the last attempt."""
        return tuple(iss for iss, keys in self._sets.items() if keys.failed)

    async def _believed(self, token: str, now: datetime) -> "_Signed":
        """Find the key by issuer and `kid`, check the signature, and return the claims every token must have.

        A signature that held is remembered for as long as its key is the one named; times are judged at each call. No
        token can be withdrawn before it expires; once one can, that is to be asked at each call as well.
        """
        digest = hashlib.sha256(token.encode()).digest()
        signed = self._signed.pop(digest, None)
        if signed is None:
            header, claims = token_parts(token)
            signed = _Signed(header["kid"], claims)
        iss = signed.claims.get("iss")
        if not isinstance(iss, str) or iss not in self._roles:
            raise TokenError("issuer")
        keys = self._own_keys if iss == self._own else await self._sets[iss].having(signed.kid, now)
        key = keys.get(signed.kid)
        if key is None:
            raise TokenError("key")
        if signed.key is not key:
            _check(token, key)
            signed.key = key
        self._remember(digest, signed)
        audience = signed.claims.get("aud")
        if audience != AUDIENCE and not (isinstance(audience, list) and AUDIENCE in audience):
            raise TokenError("audience")
        return signed

    def _remember(self, digest: bytes, signed: "_Signed") -> None:
        """Put it last; the first, used longest ago, makes room."""
        self._signed[digest] = signed
        if len(self._signed) > REMEMBERED:
            del self._signed[next(iter(self._signed))]


def _check(token: str, key: Key) -> None:
    try:
        check(token, key)
    except Exception:  # noqa: BLE001 - the library has many errors for one flaw
        raise TokenError("signature") from None


def _roles(iss: str, terms: Mapping[str, Any]) -> frozenset[str]:
    named = terms.get("roles")
    roles = frozenset(str(role) for role in named) if isinstance(named, list | tuple) else frozenset()
    # A requester's token opens one request of this instance, so nobody else can give it.
    allowed = (frozenset(role.value for role in Role) | {IDENTITY}) - {Role.REQUESTER.value}
    if not roles or not roles <= allowed:
        raise TrustError(f"TRUSTED_ISSUERS: roles of {iss}")
    return roles


def _source(iss: str, terms: Mapping[str, Any]) -> str:
    source = terms.get("jwks")
    if terms.get("alg", ALGORITHM) != ALGORITHM:
        raise TrustError(f"TRUSTED_ISSUERS: alg of {iss} must be {ALGORITHM}")
    if not isinstance(source, str) or not source or source.startswith("http://"):
        raise TrustError(f"TRUSTED_ISSUERS: jwks of {iss} must be a file or an https address")
    return source
