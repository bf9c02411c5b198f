"""Sealed values open in their own place, under their own key, and nowhere else."""

import os
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import crypto
from app.crypto import CryptoError, Keyring, KeyringError

OLD, NEW, LOOKUP = os.urandom(32), os.urandom(32), os.urandom(32)
PLACE = "person|name|0193"


@pytest.fixture
def ring() -> Keyring:
    return Keyring([("k2", NEW), ("k1", OLD)], LOOKUP)


def flipped(sealed: bytes) -> list[bytes]:
    """Every one-bit change at every byte."""
    return [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]


@given(st.binary(max_size=300), st.text(min_size=1, max_size=40))
def test_a_field_opens_in_its_place_only(plain: bytes, place: str) -> None:
    ring = Keyring([("k1", OLD)], LOOKUP)
    dek = ring.new_key()
    sealed = ring.seal(dek, plain, place)
    assert ring.unseal(dek, sealed, place) == plain
    for other_key, other_place in ((dek, place + "x"), (ring.new_key(), place)):
        with pytest.raises(CryptoError):
            ring.unseal(other_key, sealed, other_place)


def test_every_changed_byte_is_noticed(ring: Keyring) -> None:
    dek = ring.new_key()
    for changed in flipped(ring.seal(dek, b"secret", PLACE)):
        with pytest.raises(CryptoError):
            ring.unseal(dek, changed, PLACE)
    for changed in flipped(ring.wrap(dek, aad=b"case 1")):
        with pytest.raises(CryptoError):
            ring.unwrap(changed, aad=b"case 1")


@pytest.mark.parametrize("cut", (0, 1, 2, 3, 12, 13, 28))
def test_a_cut_value_does_not_open(ring: Keyring, cut: int) -> None:
    dek = ring.new_key()
    with pytest.raises(CryptoError):
        ring.unseal(dek, ring.seal(dek, b"", PLACE)[:cut], PLACE)
    with pytest.raises(CryptoError):
        ring.unwrap(ring.wrap(dek, aad=b"a")[:cut], aad=b"a")


def test_nonces_are_not_repeated(ring: Keyring) -> None:
    dek = ring.new_key()
    assert len({ring.seal(dek, b"same", PLACE)[1:13] for _ in range(5000)}) == 5000


def test_the_newest_master_key_wraps_and_all_unwrap(ring: Keyring) -> None:
    before = Keyring([("k1", OLD)], LOOKUP)
    dek = before.new_key()
    wrapped = before.wrap(dek, aad=b"case 1")
    assert ring.unwrap(wrapped, aad=b"case 1") == dek
    again = ring.wrap(dek, aad=b"case 1")
    assert (crypto.key_id(wrapped), crypto.key_id(again)) == ("k1", "k2")
    with pytest.raises(CryptoError):
        before.unwrap(again, aad=b"case 1")
    with pytest.raises(CryptoError):
        ring.unwrap(wrapped, aad=b"case 2")


def test_the_same_id_over_another_key_does_not_open() -> None:
    wrapped = Keyring([("k1", OLD)], LOOKUP).wrap(os.urandom(32), aad=b"a")
    with pytest.raises(CryptoError):
        Keyring([("k1", NEW)], LOOKUP).unwrap(wrapped, aad=b"a")


def test_data_keys_and_service_secrets_do_not_meet(ring: Keyring) -> None:
    sealed = ring.service_seal(b"whsec_x", aad=b"system key|1")
    assert ring.service_unseal(sealed, aad=b"system key|1") == b"whsec_x"
    with pytest.raises(CryptoError):
        ring.unwrap(sealed, aad=b"system key|1")
    with pytest.raises(CryptoError):
        ring.service_unseal(ring.wrap(b"x" * 32, aad=b"a"), aad=b"a")


def test_a_place_is_required(ring: Keyring) -> None:
    dek = ring.new_key()
    attempts: list[Callable[[], bytes]] = [
        lambda: ring.seal(dek, b"x", ""),
        lambda: ring.wrap(dek, aad=b""),
        lambda: ring.service_seal(b"x", aad=b""),
        lambda: ring.unseal(dek, b"x" * 40, ""),
    ]
    for attempt in attempts:
        with pytest.raises(ValueError, match="aad"):
            attempt()


def test_a_short_data_key_is_refused(ring: Keyring) -> None:
    with pytest.raises(ValueError, match="data key"):
        ring.seal(b"k" * 16, b"x", PLACE)


def test_json_comes_back_as_it_was(ring: Keyring) -> None:
    dek = ring.new_key()
    value = {"이름": "홍길동", "n": [1, None, True, "\u2028"]}
    assert ring.unseal_json(dek, ring.seal_json(dek, value, PLACE), PLACE) == value
    with pytest.raises(CryptoError):
        ring.unseal_json(dek, ring.seal(dek, b"{", PLACE), PLACE)


def test_lookup_is_stable_keyed_and_parted_by_kind(ring: Keyring) -> None:
    other_masters = Keyring([("k9", os.urandom(32))], LOOKUP)
    assert ring.lookup("phone", "+821012345678") == other_masters.lookup("phone", "+821012345678")
    values = {
        ring.lookup("phone", "a"),
        ring.lookup("email", "a"),
        ring.digest("a"),
        ring.digest("phone\x00a"),
        Keyring([("k1", OLD)], NEW).lookup("phone", "a"),
    }
    assert len(values) == 5
    with pytest.raises(ValueError, match="kind"):
        ring.lookup("pho\x00ne", "a")


def test_errors_carry_no_data(ring: Keyring) -> None:
    with pytest.raises(CryptoError) as caught:
        ring.unseal(ring.new_key(), b"canary-canary-canary-canary-canary", "place-canary")
    assert "canary" not in f"{caught.value!r}{caught.value.__cause__!r}"
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "keys",
    (
        [],
        [("k1", b"short")],
        [("k1", b"\0" * 32)],
        [("k1", OLD), ("k1", NEW)],
        [("k1", OLD), ("k2", OLD)],
        [("k1", LOOKUP)],
        [("", OLD)],
        [("k 1", OLD)],
        [("k" * 65, OLD)],
    ),
)
def test_keys_that_cannot_be_used_are_refused(keys: list[tuple[str, bytes]]) -> None:
    with pytest.raises(KeyringError):
        Keyring(keys, LOOKUP)


def test_codes_are_hashed_with_their_salt() -> None:
    salt, other = b"a" * 16, b"b" * 16
    kept = crypto.scrypt_hash("12345678", salt)
    assert crypto.scrypt_check("12345678", salt, kept)
    assert not crypto.scrypt_check("12345679", salt, kept)
    assert not crypto.scrypt_check("12345678", other, kept)
    with pytest.raises(ValueError, match="salt"):
        crypto.scrypt_hash("12345678", b"short")
