"""Signed notes (C2SP signed-note, tlog-checkpoint): how large the chain was and what its root was, under Ed25519."""

import base64
import hashlib
import re
from binascii import Error as Base64Error
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_ID_BYTES = 4
_NAME = re.compile(r"[^\s+]+")
_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<signed>[A-Za-z0-9+/]+={0,2})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteError(ValueError):
    """A note that is not one, or that none of the given keys has signed."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key under its name, written `name+id+base64`."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """By what a signature names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def of(cls, name: str, private: bytes) -> "Key":
        """The public half of a key."""
        if not _NAME.fullmatch(name):
            raise NoteError("a key's name has neither spaces nor plus signs")
        return cls(name, Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw())

    @classmethod
    def read(cls, text: str) -> "Key":
        """A key as it is written."""
        name, _, rest = text.strip().partition("+")
        named, _, coded = rest.partition("+")
        raw = _decoded(coded)
        if not _NAME.fullmatch(name) or raw[:1] != _ED25519 or len(raw) != 33:
            raise NoteError("no Ed25519 key of a signed note")
        key = cls(name, raw[1:])
        if key.id.hex() != named:
            raise NoteError("the key is not the one that its id names")
        return key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a note says of a chain: whose it is, how many entries it had, and their root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """As it is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """Three lines, and what else may follow."""
        lines = text.split("\n")
        if len(lines) < 4 or not lines[0] or not _SIZE.fullmatch(lines[1]):
            raise NoteError("no checkpoint")
        root = _decoded(lines[2])
        if len(root) != hashlib.sha256().digest_size:
            raise NoteError("no checkpoint")
        return cls(lines[0], int(lines[1]), root)


def sign(text: str, name: str, private: bytes) -> str:
    """The note of a text that ends with a line."""
    signature = Ed25519PrivateKey.from_private_bytes(private).sign(text.encode())
    signed = base64.b64encode(Key.of(name, private).id + signature).decode()
    return f"{text}\n— {name} {signed}\n"


def opened(note: str, keys: Iterable[Key]) -> str:
    """The text of a note that one of these keys has signed; lines of other keys count for nothing."""
    return _opened(note, keys)[0]


def checkpoint(note: str, keys: Iterable[Key]) -> Checkpoint:
    """What a signed checkpoint says, of the log that the key belongs to which signed it."""
    text, signers = _opened(note, keys)
    found = Checkpoint.read(text)
    if found.origin not in signers:
        raise NoteError("a checkpoint of another log")
    return found


def _opened(note: str, keys: Iterable[Key]) -> tuple[str, set[str]]:
    """The text, and the names of the given keys that have signed it."""
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise NoteError("no signed note")
    text += "\n"
    known = {(key.name, key.id): key for key in keys}
    signers: set[str] = set()
    for line in lines.removesuffix("\n").split("\n"):
        found = _LINE.fullmatch(line)
        if found is None:
            raise NoteError("no signed note")
        signed = _decoded(found["signed"])
        key = known.get((found["name"], signed[:_ID_BYTES]))
        if key is not None:
            _check(key, signed[_ID_BYTES:], text)
            signers.add(key.name)
    if not signers:
        raise NoteError("signed by none of the given keys")
    return text, signers


def _check(key: Key, signature: bytes, text: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except InvalidSignature:
        raise NoteError("the signature is wrong") from None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (Base64Error, ValueError):
        raise NoteError("no base64") from None
