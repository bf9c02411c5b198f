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
    assert wrapped.startswith(before.newest_header()) and again.startswith(ring.newest_header())
    assert (before.newest_header(), ring.newest_header()) == (b"\x01\x02k1", b"\x01\x02k2")
    with pytest.raises(CryptoError):
        before.unwrap(again, aad=b"case 1")
    with pytest.raises(CryptoError):
        ring.unwrap(wrapped, aad=b"case 2")


def test_the_same_id_over_another_key_does_not_open() -> None:
    wrapped = Keyring([("k1", OLD)], LOOKUP).wrap(os.urandom(32), aad=b"a")
    with pytest.raises(CryptoError):
        Keyring([("k1", NEW)], LOOKUP).unwrap(wrapped, aad=b"a")


def test_what_names_no_key_of_ours_does_not_open(ring: Keyring) -> None:
    """Not even as another kind of failure: names that are empty, of no alphabet, unknown, or longer than the value."""
    for sealed in (b"\x01\x00", b"\x01\x02\xff\xfe", b"\x01\x02k9", b"\x01\xffk1", b"\x01"):
        for rest in (b"", bytes(28), bytes(300)):
            with pytest.raises(CryptoError):
                ring.unwrap(sealed + rest, aad=b"a")


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
        with pytest.raises(ValueError, match=r"^aad$"):
            attempt()


def test_a_short_data_key_is_refused(ring: Keyring) -> None:
    with pytest.raises(ValueError, match=r"^data key$"):
        ring.seal(b"k" * 16, b"x", PLACE)


def test_json_comes_back_as_it_was(ring: Keyring) -> None:
    dek = ring.new_key()
    value = {"이름": "홍길동", "n": [1, None, True, "\u2028"]}
    assert ring.unseal_json(dek, ring.seal_json(dek, value, PLACE), PLACE) == value
    assert len(ring.seal_json(dek, {"이름": [1, 2]}, PLACE)) == 29 + len('{"이름":[1,2]}'.encode())
    with pytest.raises(CryptoError):
        ring.unseal_json(dek, ring.seal(dek, b"{", PLACE), PLACE)
    with pytest.raises(ValueError, match="JSON"):
        ring.seal_json(dek, float("nan"), PLACE)


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
    for kind in ("pho\x00ne", ""):
        with pytest.raises(ValueError, match=r"^kind$"):
            ring.lookup(kind, "a")


def counted(first: int) -> bytes:
    return bytes(range(first, first + 32))


def test_what_an_earlier_version_wrote_is_still_found_and_opened() -> None:
    """Purposes, separators and lengths are in every database: with any other nothing in it is found or opened again."""
    ring, dek = Keyring([("k2", counted(1)), ("k1", counted(2))], counted(3), counted(4)), counted(5)
    hexes = bytes.fromhex
    wrapped = hexes(
        "01026b31018153c56c4421c042c7551e8b54aece1b4ceff96bb3cf6a5a87356fee7747cc9b3675ccbdbfe185ae9ced7a4074202006cf0f26"
        "5b8243a32f0e55b7"
    )
    secret = hexes("01026b3265cc0edff075c689594fec5fe174ebfd1d9df8addc19bdc751b53d7e6bd15dcd5fda52")
    sealed = hexes("011748f1c2d0866eab8eae1120ad911be9ad1ee22740102589691f4d5c24c13d6c971dd88420")
    assert ring.unwrap(wrapped, aad=b"case 1") == dek
    assert ring.service_unseal(secret, aad=b"system key|1") == b"whsec_x"
    assert ring.unseal(dek, sealed, PLACE) == "홍길동".encode()

    newest = hexes("18ccbba1c45a08fd0236f5642ef3a812c51ec40a63d5ebcf29866bbb2067d07f")
    first = hexes("9b9858ec5721b57b62ad59f9d40d3e8fd8508997cf3ca0bd88c09b9991d48aa4")
    handle = ("phone", "+821000001234")
    assert (ring.lookup(*handle), ring.lookups(*handle)) == (newest, (newest, first))
    assert ring.lookup_marks == (
        hexes("a26f91d45e4eca2ae5bef21bbb067b776c669038a0198d2cd59eb308a1ceaf9f"),
        hexes("f163c5f0add4c180b4f4341f49cf069eb7d77f51ed2df3cbb7b560169ffc9b34"),
    )
    assert ring.feed_digest(*handle) == hexes("f9124ce128882b5cbfa9d3d0ca06816d1d9cf6166b9fd6e2e11e8ee1887d3775")
    assert ring.feed_key(b"s" * 16) == (
        hexes("594e6a43e4ce62c92df704199a11556c384dc44d188908b39c516f130f8a1cad"),
        hexes("e929ea9f5d48ff38106a60d652cc698426cedbd10bfc21bdd872cf74443dd59e"),
    )
    assert ring.digest("secret") == hexes("d918c68318722e30db94f150ca08e6b6ec3da3bba0f947b599290b36ed346f29")
    kept = hexes("029f35445533c438e2b7ae778e5d4e325a12665fffeadc6f8cf0380dc1727040")
    assert crypto.scrypt_hash("12345678", b"a" * 16) == kept


def test_errors_carry_no_data(ring: Keyring) -> None:
    with pytest.raises(CryptoError) as caught:
        ring.unseal(ring.new_key(), b"canary-canary-canary-canary-canary", "place-canary")
    assert "canary" not in f"{caught.value!r}{caught.value.__cause__!r}"
    assert str(caught.value) == "sealed value does not open"
    assert caught.value.__suppress_context__


IDS = "master key ids must be distinct and of the form [A-Za-z0-9_.-]{1,64}"


@pytest.mark.parametrize(
    ("keys", "lookup", "because"),
    (
        ([], [LOOKUP], "no master key"),
        ([], [], "no master key"),
        ([("k1", OLD)], [], "no look-up key"),
        ([("k1", b"short")], [LOOKUP], "a key must be 32 random bytes"),
        ([("k1", b"\0" * 32)], [LOOKUP], "a key must be 32 random bytes"),
        ([("k1", OLD)], [LOOKUP, NEW + b"x"], "a key must be 32 random bytes"),
        ([("k1", OLD), ("k1", NEW)], [LOOKUP], IDS),
        ([("", OLD)], [LOOKUP], IDS),
        ([("k 1", OLD)], [LOOKUP], IDS),
        ([("k" * 65, OLD)], [LOOKUP], IDS),
        ([("k1", OLD), ("k2", OLD)], [LOOKUP], "one key stands in two places"),
        ([("k1", LOOKUP)], [LOOKUP], "one key stands in two places"),
        ([("k1", OLD)], [LOOKUP, LOOKUP], "one key stands in two places"),
    ),
)
def test_keys_that_cannot_be_used_are_refused(keys: list[tuple[str, bytes]], lookup: list[bytes], because: str) -> None:
    with pytest.raises(KeyringError) as caught:
        Keyring(keys, *lookup)
    assert str(caught.value) == because


def test_codes_are_hashed_with_their_salt() -> None:
    salt, other = b"a" * 16, b"b" * 16
    kept = crypto.scrypt_hash("12345678", salt)
    assert crypto.scrypt_check("12345678", salt, kept)
    assert not crypto.scrypt_check("12345679", salt, kept)
    assert not crypto.scrypt_check("12345678", other, kept)
    with pytest.raises(ValueError, match=r"^salt$"):
        crypto.scrypt_hash("12345678", b"short")
