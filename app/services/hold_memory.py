"""The active holds as one process remembers them: how they lie in memory, and how a change is put upon them.

Two layers. Below, what was loaded: one packed record a key, in the order of the keyed hashes, 60 bytes each, because a
million holds have to fit. Above, what changed since, as ordinary objects; a hold that stands there counts as it stands
there, whatever the layer below says.
"""

import json
import struct
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

DIGEST_BYTES = 32
CHANGES_MOST = 20_000
"""So many changed holds lie above; then all are loaded anew."""
_PACKED = struct.Struct(">16sqI")
_RECORD_BYTES = DIGEST_BYTES + _PACKED.size
_BUCKETS = 1 << 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Held(NamedTuple):
    """An active hold, as far as a check needs it."""

    id: bytes
    kind: str
    category: str
    fields: list[str] | None
    purposes: list[str] | None
    basis: str
    since: datetime


class Mark(NamedTuple):
    """A change in the sequence, by number and moment: the same number of another history has another moment."""

    seq: int
    at: datetime


@dataclass(slots=True)
class Loaded:
    """What was loaded, packed: keyed hash, id, since (microseconds), and which of the few shapes it has."""

    _records: bytearray = field(default_factory=bytearray)
    _starts: "array[int]" = field(default_factory=lambda: array("Q"))
    _shapes: dict[str, int] = field(default_factory=dict)
    _read: list[tuple[str, str, list[str] | None, list[str] | None, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._records) // _RECORD_BYTES

    def add(self, packed: bytes, shape: str) -> None:
        """The next key in the order of the hashes: `packed` is hash, id and since; `shape` the rest as JSON."""
        number = self._shapes.get(shape)
        if number is None:
            number = self._shapes[shape] = len(self._read)
            kind, category, fields, purposes, basis = json.loads(shape)
            self._read.append((kind, category, fields, purposes, basis))
        self._reach((packed[0] << 8 | packed[1]) + 1)
        self._records += packed
        self._records += number.to_bytes(4, "big")

    def close(self) -> None:
        """Nothing more is added."""
        self._reach(_BUCKETS + 1)

    def find(self, digest: bytes) -> list[Held]:
        """The holds under this hash."""
        bucket = digest[0] << 8 | digest[1]
        place, end = self._starts[bucket], self._starts[bucket + 1]
        found: list[Held] = []
        while (place := self._records.find(digest, place, end)) >= 0:
            # The same bytes across two records would be chance beyond belief, and are passed over all the same.
            if place % _RECORD_BYTES == 0:
                hold_id, since, shape = _PACKED.unpack_from(self._records, place + DIGEST_BYTES)
                kind, category, fields, purposes, basis = self._read[shape]
                at = _EPOCH + timedelta(microseconds=since)
                found.append(Held(hold_id, kind, category, fields, purposes, basis, at))
            place += 1
        return found

    def _reach(self, buckets: int) -> None:
        while len(self._starts) < buckets:
            self._starts.append(len(self._records))


class Memory:
    """All active holds as of one change."""

    def __init__(self, loaded: Loaded, mark: Mark) -> None:
        self.mark = mark
        self._loaded = loaded
        self._changed: dict[bytes, frozenset[bytes]] = {}
        """Holds that changed since, with the hashes under which they now stand: none where they were lifted."""
        self._above: dict[bytes, dict[bytes, Held]] = {}

    @property
    def keys(self) -> int:
        """How many keys are remembered, about: those of lifted holds are still among them."""
        return len(self._loaded) + len(self._above)

    @property
    def is_full(self) -> bool:
        """Whether so much changed that it should be loaded anew."""
        return len(self._changed) > CHANGES_MOST

    def change(self, hold_id: bytes, held: Held | None, digests: Iterable[bytes]) -> None:
        """Put a hold as it stands now; None where it is active no more."""
        for digest in self._changed.get(hold_id, ()):
            under = self._above[digest]
            del under[hold_id]
            if not under:
                del self._above[digest]
        self._changed[hold_id] = now = frozenset(digests) if held is not None else frozenset()
        for digest in now:
            assert held is not None
            self._above.setdefault(digest, {})[hold_id] = held

    def find(self, digest: bytes) -> list[Held]:
        """The active holds under this hash."""
        found = self._loaded.find(digest)
        if found and self._changed:
            found = [held for held in found if held.id not in self._changed]
        above = self._above.get(digest)
        return [*found, *above.values()] if above else found
