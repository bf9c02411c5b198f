"""Standard Webhooks: the published vectors, an independent verifier, and what a hostile sender may try."""

import base64
import json
import time
from typing import Any

import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import strategies as st

from app import signature
from app.errors import Unauthenticated
from app.signature import KeyFormatError

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PRIVATE = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
V1 = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
V1A = "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="
KEYS = (SECRET, PUBLIC)


def received(sig: str = V1, *, message_id: str = ID, at: str = str(AT)) -> dict[str, str]:
    return {"Webhook-Id": message_id, "Webhook-Timestamp": at, "Webhook-Signature": sig}


def code(headers: dict[str, str], body: bytes = BODY, now: int = AT, keys: tuple[str, ...] = KEYS) -> str:
    """`ok`, or the code of the refusal."""
    try:
        signature.verify(keys, headers, body, now=now)
    except Unauthenticated as refusal:
        return refusal.code
    return "ok"


def test_the_published_vectors() -> None:
    assert signature.sign([SECRET], ID, AT, BODY) == V1
    assert signature.sign([PRIVATE], ID, AT, BODY) == V1A
    assert signature.sign([PRIVATE, SECRET], ID, AT, BODY) == f"{V1A} {V1}"
    assert signature.public_key(PRIVATE) == PUBLIC
    assert code(received(V1)) == code(received(V1A)) == "ok"
    assert signature.verify(KEYS, received(), BODY, now=AT) == ID


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=20)))
def test_the_official_library_believes_ours(data: dict[str, str]) -> None:
    secret, now = signature.new_secret(), int(time.time())
    body = json.dumps(data)
    headers = signature.headers([signature.new_secret(), secret], "0193-ab", now, body.encode())
    assert standardwebhooks.Webhook(secret).verify(body, headers) == data
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(secret).verify(body + " ", headers)


def test_a_public_key_is_told_from_a_secret() -> None:
    assert signature.is_public_key(PUBLIC) and signature.is_public_key(PUBLIC.rstrip("="))
    assert not signature.is_public_key(SECRET) and not signature.is_public_key(PUBLIC + "AAAA")


def test_a_new_pair_fits() -> None:
    private = signature.new_private_key()
    headers = signature.headers([private], "a", AT, b"")
    assert code(headers, b"", keys=(signature.public_key(private),)) == "ok"
    assert code(headers, b"", keys=(signature.public_key(signature.new_private_key()),)) == "signature.invalid"


@pytest.mark.parametrize("leave_out", ("Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"))
def test_a_missing_header(leave_out: str) -> None:
    headers = received()
    del headers[leave_out]
    assert code(headers) == "signature.missing"
    assert code({**headers, leave_out: ""}) == "signature.missing"


@pytest.mark.parametrize(
    "headers",
    (
        received("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA="),
        received("v1"),
        received("nocomma"),
        received("v1,***"),
        received("v1,"),
        received(V1[:8] + "*" + V1[8:]),
        received(V1 + "="),
        received(f"nocomma\t{V1}"),
        received("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        received(V1.replace("v1", "v1a")),
        received(V1A.replace("v1a", "v1")),
        received(" ".join(["v1,AAAA"] * 20 + [V1])),
        received(at="hello"),
        received(at=str(AT) + ".0"),
        received(at="-1"),
        received(at="１６１４２６５３３０"),
        received(at="9" * 400),
        received(message_id="other"),
        received(message_id="a.1614265330"),
        received(message_id="\ud800"),
        received("v1,\ud800"),
        received("v1,é"),
    ),
)
def test_whatever_is_sent_is_one_refusal(headers: dict[str, str]) -> None:
    assert code(headers) == "signature.invalid"


def test_a_bad_token_before_the_good_one_does_not_hide_it() -> None:
    assert code(received(f"nocomma v1,*** v2,AAAA {V1}")) == "ok"
    assert code(received(V1.rstrip("="))) == "ok"
    assert code(received(" ".join(["v1,AAAA"] * 19 + [V1]))) == "ok"


@pytest.mark.parametrize(("off", "answer"), ((300, "ok"), (301, "signature.invalid")))
def test_the_tolerance_goes_both_ways(off: int, answer: str) -> None:
    assert code(received(), now=AT + off) == code(received(), now=AT - off) == answer


def test_a_changed_body_or_key() -> None:
    assert code(received(), BODY + b" ") == "signature.invalid"
    assert code(received(), keys=(signature.new_secret(),)) == "signature.invalid"
    assert code(received(), keys=()) == "signature.invalid"
    assert code(received(), keys=("rubbish", "whsec_", SECRET)) == "ok"


@pytest.mark.parametrize(
    "key", ("", "rubbish", "whsec_", "whsec_***", "whpk_", "whpk_AAAA", PRIVATE, SECRET.removeprefix("whsec_"))
)
def test_what_is_no_key_of_a_sender_vouches_for_nothing(key: str) -> None:
    assert code(received(), keys=(key,)) == code(received(V1A), keys=(key,)) == "signature.invalid"
    assert not signature.is_public_key(key)


@given(
    st.dictionaries(st.sampled_from([signature.ID, signature.TIMESTAMP, signature.SIGNATURE]), st.text()), st.binary()
)
def test_nothing_but_the_typed_refusal_is_raised(headers: dict[str, str], body: bytes) -> None:
    assert code(headers, body) in ("signature.missing", "signature.invalid")


@pytest.mark.parametrize(
    "key",
    (
        "",
        "whsec_",
        "whsec_" + base64.b64encode(b"x" * 23).decode(),
        "whsec_" + base64.b64encode(b"x" * 65).decode(),
        "whsec_***",
        "whsk_" + base64.b64encode(b"x" * 33).decode(),
        "whsk_" + base64.b64encode(b"x" * 64).decode(),
        PUBLIC,
    ),
)
def test_signing_demands_a_proper_key(key: str) -> None:
    with pytest.raises(KeyFormatError) as caught:
        signature.sign([key], ID, AT, BODY)
    assert str(caught.value) == "not a Standard Webhooks key"


@pytest.mark.parametrize("length", (24, 64))
def test_a_secret_has_24_to_64_bytes(length: int) -> None:
    secret = "whsec_" + base64.b64encode(b"x" * length).decode()
    assert code(received(signature.sign([secret], ID, AT, BODY)), keys=(secret,)) == "ok"


def test_a_private_key_may_be_its_seed_alone() -> None:
    seed = base64.b64decode(PRIVATE.removeprefix("whsk_"))[:32]
    assert signature.sign(["whsk_" + base64.b64encode(seed).decode()], ID, AT, BODY) == V1A


def test_signing_demands_a_key_a_plain_id_and_whole_seconds() -> None:
    with pytest.raises(KeyFormatError):
        signature.sign([], ID, AT, BODY)
    for message_id in ("a.b", "", "a b", "a\r\nb"):
        with pytest.raises(ValueError, match=r"^message id or timestamp$"):
            signature.sign([SECRET], message_id, AT, BODY)
    with pytest.raises(ValueError, match="timestamp"):
        signature.sign([SECRET], ID, -1, BODY)
    assert code(received(signature.sign([SECRET], ID, 0, BODY), at="0"), now=0) == "ok"


def test_odd_types_are_refused_too() -> None:
    odd: dict[str, Any] = {signature.ID: 5, signature.TIMESTAMP: b"1", signature.SIGNATURE: ["v1,x"]}
    assert code(odd) == "signature.invalid"
