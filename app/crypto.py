"""Sealing of what must not be read at rest: bytes in, bytes out, no clock, no storage.

One data key per case, wrapped by a master key; whoever destroys the wrapped key has destroyed the data (Act 21).
Every sealed value is bound to its place by additional authenticated data (table, column, row), so a value that was
copied to another row or column does not open. Nothing raised here carries what was sealed.
"""

import hashlib
import hmac
import json
import os
import re
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
LOOKUP_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
SCRYPT_COST = 2**14
SCRYPT_BLOCK = 8
SCRYPT_LANES = 1

_VERSION = b"\x01"
_KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class CryptoError(Exception):
    """A sealed value does not open here: other key, other place, or changed bytes. Which one is not told."""

    def __init__(self) -> None:
        super().__init__("sealed value does not open")


class KeyringError(ValueError):
    """The keys of the environment cannot be used; names the fault, never the key."""


class Keyring:
    """The service's master keys (newest first: it seals, all open) and the keys of the look-up hashes.

    Of these the newest makes every hash of a person's handle. The first that ever was stands last: it goes on making
    those of random secrets and of the feed, which nobody can guess and nothing can make anew.
    """

    def __init__(self, master_keys: Sequence[tuple[str, bytes]], *lookup_keys: bytes) -> None:
        """Derive every working key once; a missing, short, repeated or constant key is refused."""
        _check(master_keys, lookup_keys)
        self._newest = master_keys[0][0]
        self._wrapping = {key_id: AESGCM(_derive(key, b"wrap data keys")) for key_id, key in master_keys}
        self._service = {key_id: AESGCM(_derive(key, b"seal service secrets")) for key_id, key in master_keys}
        self._lookup_key, *self._earlier = [_derive(key, b"look-up") for key in lookup_keys]
        self._digest_key = _derive(lookup_keys[-1], b"digest of random secrets")
        self._feed_key = _derive(lookup_keys[-1], b"feed of holds, common")
        self._feed_keys = _derive(lookup_keys[-1], b"feed of holds, of each system")

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the master keys, newest first."""
        return tuple(self._wrapping)

    def newest_header(self) -> bytes:
        """What everything under the newest master key begins with."""
        return _header(self._newest)

    def new_key(self) -> bytes:
        """A fresh data key."""
        return AESGCM.generate_key(bit_length=KEY_BYTES * 8)

    def wrap(self, dek: bytes, *, aad: bytes) -> bytes:
        """Wrap a data key under the newest master key, whose id stands in the result."""
        return _seal_under(self._newest, self._wrapping, dek, aad)

    def unwrap(self, wrapped: bytes, *, aad: bytes) -> bytes:
        """Open a data key wrapped under any of the master keys."""
        return _open_under(self._wrapping, wrapped, aad)

    def service_seal(self, secret: bytes, *, aad: bytes) -> bytes:
        """Seal a secret that belongs to no case, as a signing key of an endpoint."""
        return _seal_under(self._newest, self._service, secret, aad)

    def service_unseal(self, sealed: bytes, *, aad: bytes) -> bytes:
        """Open what `service_seal` made."""
        return _open_under(self._service, sealed, aad)

    def seal(self, dek: bytes, plaintext: bytes, aad: str) -> bytes:
        """Seal one field or file chunk under the data key of its case, bound to its place."""
        if len(dek) != KEY_BYTES:
            raise ValueError("data key")
        nonce = os.urandom(NONCE_BYTES)
        return _VERSION + nonce + AESGCM(dek).encrypt(nonce, plaintext, _bound(_VERSION, aad.encode()))

    def unseal(self, dek: bytes, sealed: bytes, aad: str) -> bytes:
        """Open what `seal` made, in the same place only."""
        bound = _bound(_VERSION, aad.encode())
        try:
            if sealed[:1] != _VERSION:
                raise CryptoError
            return AESGCM(dek).decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], bound)
        except Exception:  # noqa: BLE001 - one answer for every cause
            raise CryptoError from None

    def seal_json(self, dek: bytes, value: Any, aad: str) -> bytes:
        """Seal a JSON value."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return self.seal(dek, text.encode(), aad)

    def unseal_json(self, dek: bytes, sealed: bytes, aad: str) -> Any:
        """Open what `seal_json` made."""
        plain = self.unseal(dek, sealed, aad)
        try:
            return json.loads(plain)
        except ValueError:
            raise CryptoError from None

    def lookup(self, kind: str, value: str) -> bytes:
        """Keyed hash by which an already normalised contact or number is found again; kinds never meet."""
        return _lookup(self._lookup_key, _named(kind, value))

    def lookups(self, kind: str, value: str) -> tuple[bytes, ...]:
        """The same under each look-up key, newest first: for what cannot be made anew, and for making anew the rest."""
        named = _named(kind, value)
        return tuple(_lookup(key, named) for key in (self._lookup_key, *self._earlier))

    @property
    def lookup_marks(self) -> tuple[bytes, ...]:
        """By what a database says under which look-up key its hashes are; ours, newest first."""
        return self.lookups("mark", "")

    def feed_digest(self, kind: str, value: str) -> bytes:
        """Keyed hash of a held handle from which that of each system is made; it is never shown (ADR 0041)."""
        return hmac.digest(self._feed_key, _named(kind, value), hashlib.sha256)

    def feed_key(self, system: bytes) -> tuple[bytes, bytes]:
        """The two keys by which a system hashes a handle as the feed of holds does: all systems', then its own."""
        return self._feed_key, hmac.digest(self._feed_keys, system, hashlib.sha256)

    def digest(self, secret: str) -> bytes:
        """Keyed SHA-256 for random secrets (client secrets, access codes, stop codes); never for short codes."""
        return hmac.digest(self._digest_key, secret.encode(), hashlib.sha256)


def scrypt_hash(code: str, salt: bytes) -> bytes:
    """Slow salted hash of a short code; takes tens of milliseconds, so keep it off the event loop."""
    if len(salt) < 16:
        raise ValueError("salt")
    return hashlib.scrypt(code.encode(), salt=salt, n=SCRYPT_COST, r=SCRYPT_BLOCK, p=SCRYPT_LANES, dklen=KEY_BYTES)


def scrypt_check(code: str, salt: bytes, expected: bytes) -> bool:
    """Whether the code is the one that was hashed, compared in constant time."""
    return hmac.compare_digest(scrypt_hash(code, salt), expected)


def _check(master_keys: Sequence[tuple[str, bytes]], lookup_keys: Sequence[bytes]) -> None:
    if not master_keys or not lookup_keys:
        raise KeyringError("no master key" if not master_keys else "no look-up key")
    ids = [name for name, _ in master_keys]
    if len(set(ids)) != len(ids) or not all(_KEY_ID.fullmatch(name) for name in ids):
        raise KeyringError("master key ids must be distinct and of the form [A-Za-z0-9_.-]{1,64}")
    keys = [*(key for _, key in master_keys), *lookup_keys]
    if any(len(key) != KEY_BYTES or len(set(key)) == 1 for key in keys):
        raise KeyringError("a key must be 32 random bytes")
    if len(set(keys)) != len(keys):
        raise KeyringError("one key stands in two places")


def _lookup(key: bytes, named: bytes) -> bytes:
    # Keyed BLAKE2b is a MAC as HMAC is, at a third of the time: a thousand of them stand in one processing check.
    return hashlib.blake2b(named, key=key, digest_size=LOOKUP_BYTES).digest()


def _named(kind: str, value: str) -> bytes:
    if not kind or "\x00" in kind:
        raise ValueError("kind")
    return kind.encode() + b"\x00" + value.encode()


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"rights-desk v1: " + purpose).derive(key)


def _bound(header: bytes, aad: bytes) -> bytes:
    if not aad:
        raise ValueError("aad")
    return header + b"\x00" + aad


def _header(name: str) -> bytes:
    return _VERSION + bytes([len(name)]) + name.encode()


def _seal_under(name: str, keys: dict[str, AESGCM], plaintext: bytes, aad: bytes) -> bytes:
    header = _header(name)
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + keys[name].encrypt(nonce, plaintext, _bound(header, aad))


def _open_under(keys: dict[str, AESGCM], sealed: bytes, aad: bytes) -> bytes:
    end = 2 + int.from_bytes(sealed[1:2])
    bound = _bound(sealed[:end], aad)  # the header as it stands: with any other nothing opens
    try:
        key = keys[sealed[2:end].decode()]
        return key.decrypt(sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :], bound)
    except Exception:  # noqa: BLE001 - one answer for every cause
        raise CryptoError from None
