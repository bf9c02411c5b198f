"""What a token says is read whole and to the last character; what is wrong with it has a name of its own."""

import asyncio
import base64
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jose.backends.base import Key

from app.errors import Unauthenticated
from app.tokens import Assertion, Issuer, Principal, Role, TrustError, Verifier, signing
from app.tokens import verifier as verifying
from app.tokens.reading import HEADER_CHARS, TOKEN_CHARS
from tests.gates.test_tokens import (
    AT,
    IDP,
    IDP_PEM,
    LOGIN,
    LOGIN_PEM,
    NOW,
    OWN,
    OWN_PEM,
    REQUEST,
    Shelf,
    assertion,
    claims,
    forge,
    header,
    key_set,
    pem,
)

LIFE = timedelta(minutes=5)


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(OWN, OWN_PEM)


@pytest.fixture
def verifier(issuer: Issuer) -> Verifier:
    trusted = {IDP: {"jwks": "idp", "roles": ["officer"]}, LOGIN: {"jwks": "login", "roles": ["identity"]}}
    return Verifier(issuer, trusted, load=Shelf(idp=key_set(IDP_PEM), login=key_set(LOGIN_PEM)))


def flaw(verifier: Verifier, token: str, now: datetime = NOW) -> str | None:
    """What the access log is told of a token that is not believed; None of one that is."""
    try:
        asyncio.run(verifier.verify(token, now))
    except Unauthenticated as error:
        return error.flaw or "none is named"
    return None


@pytest.mark.parametrize(
    ("make", "named"),
    (
        (lambda: forge(header(), claims()), None),
        (lambda: "nonsense", "form"),
        (lambda: forge(header(alg="none"), claims()), "form"),
        (lambda: forge(header(), "{"), "form"),
        (lambda: forge(header(), claims(sub=...)), "form"),
        (lambda: forge(header(), claims(iat=True)), "form"),
        (lambda: forge(header(), claims(nbf="x")), "form"),
        (lambda: forge(header(), claims(iss="https://evil.example.com")), "issuer"),
        (lambda: forge(header(), claims(iss=[OWN])), "issuer"),
        (lambda: forge(header(kid="unknown"), claims()), "key"),
        (lambda: forge(header(), claims(), IDP_PEM), "signature"),
        (lambda: forge(header(), claims(aud="elsewhere")), "audience"),
        (lambda: forge(header(), claims(role="identity")), "role"),
        (lambda: Issuer(IDP, IDP_PEM).issue("admin", "a", LIFE, now=NOW), "role"),
        (lambda: forge(header(), claims(iat=AT - 900, exp=AT - 30)), "time"),
        (lambda: forge(header(), claims(nbf=AT + 31)), "time"),
    ),
)
def test_each_flaw_has_its_name(verifier: Verifier, make: Callable[[], str], named: str | None) -> None:
    assert flaw(verifier, make()) == named


@pytest.mark.parametrize(
    ("changes", "refused"),
    (
        ({"sub": "x" * 255}, {"sub": "x" * 256}),
        ({"jti": "x" * 128}, {"jti": "x" * 129}),
        ({"name": "x" * 100}, {"name": "x" * 101}),
        ({"sid": "x" * 128}, {"sid": "x" * 129}),
        ({"sid": "x"}, {"sid": ""}),
        ({"role": "call_center", "agent": "x" * 64}, {"role": "call_center", "agent": "x" * 65}),
        ({"role": "clerk", "site": str(REQUEST)}, {"role": "clerk", "site": REQUEST.hex}),
        ({"role": "clerk", "site": ...}, {"role": "clerk", "site": "x"}),
        ({"nbf": AT + 30}, {"nbf": AT + 31}),
        ({"exp": AT + 1}, {"exp": AT}),
        ({"exp": AT + 8 * 3600}, {"exp": AT + 8 * 3600 + 1}),
        (
            {"role": "requester", "rid": str(REQUEST), "party": "requester"},
            {"role": "requester", "rid": str(REQUEST), "party": "officer"},
        ),
        (
            {"role": "requester", "rid": str(REQUEST), "party": "subject"},
            {"role": "requester", "rid": str(REQUEST), "party": ["requester"]},
        ),
    ),
)
def test_claims_go_so_far_and_no_further(verifier: Verifier, changes: dict[str, Any], refused: dict[str, Any]) -> None:
    assert flaw(verifier, forge(header(), claims(**changes))) is None
    assert flaw(verifier, forge(header(), claims(**refused))) is not None


def padded(length: int) -> str:
    """A good token of exactly so many characters."""
    for first in range(3):  # one length in four is that of no base64
        near = (length - len(forge(header(pad="x" * first), claims(pad="")))) * 3 // 4
        for pad in range(near - 4, near + 4):
            token = forge(header(pad="x" * first), claims(pad="x" * pad))
            if len(token) == length:
                return token
    raise AssertionError


def headed(length: int) -> str:
    """A good token whose header has exactly so many characters."""
    bare = len(json.dumps(header(pad="")).encode())
    token = forge(header(pad="x" * (length * 3 // 4 - bare)), claims())
    assert len(token.partition(".")[0]) == length
    return token


def test_tokens_and_their_headers_are_so_long_and_no_longer(verifier: Verifier) -> None:
    assert flaw(verifier, padded(TOKEN_CHARS)) is None and flaw(verifier, padded(TOKEN_CHARS + 1)) == "form"
    assert flaw(verifier, headed(HEADER_CHARS)) is None and flaw(verifier, headed(HEADER_CHARS + 2)) == "form"


@pytest.mark.parametrize("number", ("NaN", "Infinity", "-Infinity"))
def test_what_is_no_number_in_json_is_none_in_a_claim_that_nobody_reads(verifier: Verifier, number: str) -> None:
    body = json.dumps(claims(pad=5))
    assert flaw(verifier, forge(header(), body)) is None
    assert flaw(verifier, forge(header(), body.replace('"pad": 5', f'"pad": {number}'))) == "form"


def test_every_character_of_base64_is_read(verifier: Verifier) -> None:
    token = forge(header(), claims(name="??>>??>>~~~"))
    assert {"-", "_"} <= set(token.split(".")[1])
    assert asyncio.run(verifier.verify(token, NOW)).name == "??>>??>>~~~"


def caller(role: Role, **more: Any) -> Principal:
    """Who a token of `said` is, but for what is given."""
    times = {"issued_at": NOW, "expires_at": NOW + LIFE}
    return Principal(role, **{"iss": OWN, "sub": "someone", "jti": "j1"} | times | more)


SITE = UUID("019312ab-0000-7000-8000-000000000002")
SAID: dict[str, Any] = {"agent": "a17", "site": str(SITE), "sid": "log-in 1", "name": "김담당", "party": "requester"}
OF_ROLE: dict[Role, dict[str, Any]] = {
    **{role: {} for role in Role},
    Role.CALL_CENTER: {"agent": "a17"},
    Role.CLERK: {"site_id": SITE},
    Role.SYSTEM: {"sub": str(REQUEST), "system_id": REQUEST},
    Role.REQUESTER: {"request_id": REQUEST, "party": "requester"},
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_says_what_is_its_own_and_nothing_else(verifier: Verifier, role: Role) -> None:
    own = OF_ROLE[role]
    whole = {"role": role.value, "sub": own.get("sub", "someone"), "exp": AT + 300}
    rid = {"rid": str(REQUEST)}
    said = forge(header(), claims(**whole, **rid, **SAID))
    assert asyncio.run(verifier.verify(said, NOW)) == caller(role, **{"sid": "log-in 1", "name": "김담당"} | own)
    least = forge(header(), claims(**whole, **(rid if role is Role.REQUESTER else {})))
    kept = {key: own[key] for key in ("sub", "system_id", "request_id") if key in own}
    assert asyncio.run(verifier.verify(least, NOW)) == caller(role, **kept)
    assert caller(role).party == "subject"


PERSON = {"name": "홍길동", "phone": "010-0000-1234", "birth_date": "1990-01-02"}


def vouched(verifier: Verifier, **changes: Any) -> Assertion:
    """What is asserted of a person."""
    return asyncio.run(verifier.verify_assertion(assertion(**changes), nonce="v1", now=NOW))


def test_an_assertion_is_read_whole(verifier: Verifier) -> None:
    moments = {"auth_time": NOW - timedelta(seconds=60), "expires_at": NOW + LIFE}
    nobody = dict.fromkeys(("sub", "name", "phone", "birth_date"))
    named = {"name": "홍길동", "phone": "010-0000-1234", "birth_date": date(1990, 1, 2)}
    assert vouched(verifier) == Assertion(LOGIN, "j1", **moments | nobody | {"sub": "C-1029"})  # type: ignore[arg-type]
    assert vouched(verifier, sub=..., **PERSON) == Assertion(LOGIN, "j1", **moments | nobody | named)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "refused"),
    (
        ({"auth_time": AT + 30}, {"auth_time": AT + 31}),
        ({"auth_time": AT - 630}, {"auth_time": AT - 631}),
        ({"sub": "x" * 255}, {"sub": "x" * 256}),
        ({"name": "x" * 255}, {"name": "x" * 256}),
        ({"jti": "x" * 128}, {"jti": "x" * 129}),
        ({"exp": AT + 900}, {"exp": AT + 901}),
        *(({"sub": ..., **PERSON}, {"sub": ..., **PERSON, missing: ...}) for missing in PERSON),
        *(({}, {empty: ""}) for empty in PERSON),
    ),
)
def test_assertions_go_so_far_and_no_further(
    verifier: Verifier, changes: dict[str, Any], refused: dict[str, Any]
) -> None:
    assert vouched(verifier, **changes)
    with pytest.raises(Unauthenticated) as caught:
        vouched(verifier, **refused)
    assert caught.value.code == "auth.invalid" and caught.value.__suppress_context__


class Counting(Key):  # type: ignore[misc]
    """The public key of this instance, which counts how often a signature is checked."""

    def __init__(self) -> None:
        self.checks = 0
        self._key = signing.public_key(Issuer(OWN, OWN_PEM).public)

    def verify(self, msg: bytes, sig: bytes) -> bool:
        self.checks += 1
        return bool(self._key.verify(msg, sig))


def test_the_signatures_of_the_latest_tokens_are_checked_once(
    issuer: Issuer, verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "REMEMBERED", 3)
    key = Counting()
    verifier._own_keys = {issuer.kid: key}
    one, two, three, four = (issuer.issue("officer", f"o{number}", LIFE, now=NOW) for number in range(4))

    def checks(*tokens: str) -> int:
        before = key.checks
        assert [flaw(verifier, token) for token in tokens] == [None] * len(tokens)
        return key.checks - before

    assert checks(one, two, three) == 3
    assert checks(one, two, three, one) == 0, "so many are remembered"
    assert checks(four) == 1
    assert checks(one, three, four) == 0, "those used last are kept"
    assert checks(two) == 1, "the one used longest ago made room"
    assert flaw(verifier, four, NOW + timedelta(hours=1)) == "time", "whatever is remembered"


def test_whom_the_trust_does_not_fit_is_named_to_the_operator(issuer: Issuer) -> None:
    right = {"jwks": "x", "roles": ["officer"]}
    for trusted, said in (
        ({OWN: right}, "an outside issuer bears the name of this instance"),
        ({IDP: right | {"roles": ["requester"]}}, f"TRUSTED_ISSUERS: roles of {IDP}"),
        ({IDP: right | {"alg": "HS256"}}, f"TRUSTED_ISSUERS: alg of {IDP} must be ES256"),
        ({IDP: right | {"jwks": ""}}, f"TRUSTED_ISSUERS: jwks of {IDP} must be a file or an https address"),
    ):
        with pytest.raises(TrustError) as caught:
            Verifier(issuer, trusted)
        assert str(caught.value) == said
    everything = [role.value for role in Role if role is not Role.REQUESTER] + ["identity"]
    assert Verifier(issuer, {IDP: right | {"roles": everything}}).has_identity_issuer


def test_what_a_token_key_lacks_is_said_to_the_operator() -> None:
    for text, said in (
        ("canary", "TOKEN_KEY is not a private key in PEM"),
        (pem(ec.SECP384R1()), "TOKEN_KEY is not an ES256 (P-256) key"),
    ):
        with pytest.raises(TrustError) as caught:
            Issuer(OWN, text)
        assert str(caught.value) == said


def test_the_key_of_rfc_7517_has_its_numbers_and_its_thumbprint() -> None:
    """Sections A.1 and A.2; the thumbprint by RFC 7638."""
    secret = int.from_bytes(base64.urlsafe_b64decode("870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE="), "big")
    key = ec.derive_private_key(secret, ec.SECP256R1())
    made = Issuer(OWN, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())
    point = {
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    }
    named = {"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256"}
    assert made.jwks() == {"keys": [named | point | {"kid": "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"}]}


def test_no_other_algorithm_is_checked_than_the_one_of_the_key() -> None:
    key = signing.public_key(Issuer(OWN, OWN_PEM).public)
    signing.check(forge(header(), claims()), key)
    with pytest.raises(Exception, match="alg"):
        signing.check(forge(header(alg="ES384"), claims()), key)


def test_a_token_lives_for_a_second_at_least_and_has_an_id_that_nobody_guesses(issuer: Issuer) -> None:
    with pytest.raises(ValueError, match=r"^lifetime$"):
        issuer.issue("officer", "o", timedelta(milliseconds=999), now=NOW)
    with pytest.raises(ValueError, match=r"^claims$"):
        issuer.issue("officer", "o", LIFE, now=NOW, rid=REQUEST)
    made = [Verifier(issuer).verify(issuer.issue("officer", "o", timedelta(seconds=1), now=NOW), NOW) for _ in "ab"]

    async def both() -> list[Principal]:
        return list(await asyncio.gather(*made))

    one, two = asyncio.run(both())
    assert one.expires_at - one.issued_at == timedelta(seconds=1)
    assert one.jti != two.jti and len(one.jti) == len(two.jti) == 22, "128 bits"
