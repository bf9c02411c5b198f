"""Verification against the published vectors and the official Python package."""

import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from standardwebhooks import Webhook

from examples.common.signature import (
    SignatureRefusedError,
    key_bytes,
    scheme_of,
    verify,
)

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="
PRIVATE = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
V1 = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
V1A = "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="


def _headers(signature: str, **changed: str) -> dict[str, str]:
    return {"webhook-id": ID, "webhook-timestamp": str(AT), "webhook-signature": signature} | changed


@pytest.mark.parametrize(("key", "signature"), [(SECRET, V1), (PUBLIC, V1A)])
def test_the_published_vectors_verify(key: str, signature: str) -> None:
    assert verify(_headers(signature), BODY, [key], now=AT) == ID


@pytest.mark.parametrize(
    "signature",
    [f"v1,Z2FyYmFnZQ== {V1}", f"v2,anything {V1}", f"nocomma {V1}", f"v1,!!! {V1} v1a,x", f"{V1A} {V1}", f" {V1}"],
)
def test_one_fitting_signature_among_several_is_enough(signature: str) -> None:
    assert verify(_headers(signature), BODY, [SECRET], now=AT) == ID


@pytest.mark.parametrize(("other", "key", "signature"), [(PUBLIC, SECRET, V1), (SECRET, PUBLIC, V1A)])
def test_any_of_our_keys_counts_and_each_only_in_its_scheme(other: str, key: str, signature: str) -> None:
    assert verify(_headers(signature), BODY, [other, key], now=AT) == ID
    with pytest.raises(SignatureRefusedError):
        verify(_headers(signature), BODY, [other], now=AT)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-id": ID, "webhook-timestamp": str(AT)},
        {"webhook-id": ID, "webhook-signature": V1},
        {"webhook-timestamp": str(AT), "webhook-signature": V1},
        _headers(V1, **{"webhook-id": "a.b"}),
        _headers(V1, **{"webhook-id": ""}),
        _headers(V1, **{"webhook-timestamp": "hello"}),
        _headers(V1, **{"webhook-timestamp": f"{AT}.0"}),
        _headers(V1, **{"webhook-timestamp": "9" * 5000}),
        _headers(V1, **{"webhook-timestamp": str(AT + 1)}),
        _headers("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA="),
        _headers(V1.replace("v1,", "v1a,")),
        _headers("v1,\xff\xfe"),
        _headers(V1.removeprefix("v1,")),
        _headers(""),
        _headers(" ".join(["v1,x"] * 16 + [V1])),
    ],
)
def test_what_is_not_signed_as_it_should_be_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(SignatureRefusedError):
        verify(headers, BODY, [SECRET, PUBLIC], now=AT)


def test_another_body_is_refused() -> None:
    for body in (BODY + b" ", b"", BODY.replace(b": ", b":")):
        for key, signature in ((SECRET, V1), (PUBLIC, V1A)):
            with pytest.raises(SignatureRefusedError):
                verify(_headers(signature), body, [key], now=AT)


@pytest.mark.parametrize("late", [-301, 301])
def test_five_minutes_and_no_more(late: int) -> None:
    near = late - 1 if late > 0 else late + 1
    assert verify(_headers(V1), BODY, [SECRET], now=AT + near) == ID
    with pytest.raises(SignatureRefusedError, match="timestamp"):
        verify(_headers(V1), BODY, [SECRET], now=AT + late)


def test_the_official_package_signs_what_we_verify() -> None:
    now = int(datetime.now(UTC).timestamp())
    text = json.dumps({"이름": "홍길동"}, ensure_ascii=False)
    signature = Webhook(SECRET).sign(ID, datetime.fromtimestamp(now, UTC), text)
    headers = _headers(signature, **{"webhook-timestamp": str(now)})
    assert verify(headers, text.encode(), [SECRET], now=now) == ID
    assert Webhook(SECRET).verify(text, headers) == {"이름": "홍길동"}


def test_unpadded_keys_are_read() -> None:
    assert key_bytes(PUBLIC.rstrip("=")) == key_bytes(PUBLIC)
    public = Ed25519PrivateKey.from_private_bytes(base64.b64decode(PRIVATE[5:])[:32]).public_key().public_bytes_raw()
    assert key_bytes(PUBLIC) == public


def test_a_private_key_is_no_receivers_key() -> None:
    with pytest.raises(ValueError, match="whsec_ or whpk_"):
        scheme_of(PRIVATE)
