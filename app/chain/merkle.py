"""The tree over the entries (RFC 6962): roots, paths from a leaf, and proofs that a tree only grew.

Making a proof asks a `Span` for the hashes of few whole ranges; checking one (RFC 9162, 2.1.3 and 2.1.4) is another
algorithm, so that a mistake in one is not repeated in the other.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

WIDE = 256
"""Leaves of a tile. The hash of a full one is kept, so that a million entries are some four thousand hashes."""
EMPTY = hashlib.sha256(b"").digest()
Span = Callable[[int, int], bytes]
"""The hash of the tree over the leaves from the first, up to and without the second."""


def node(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Growing:
    """A tree that leaves are added to, one after the other; keeps one hash for each bit of its size."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        self._peaks.append(leaf)
        self.size += 1
        full = self.size
        while full % 2 == 0:
            right = self._peaks.pop()
            self._peaks[-1] = node(self._peaks[-1], right)
            full //= 2

    def root(self) -> bytes:
        """The root over what was added so far."""
        if not self._peaks:
            return EMPTY
        found = self._peaks[-1]
        for left in reversed(self._peaks[:-1]):
            found = node(left, found)
        return found


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over the hashes of all leaves."""
    tree = Growing()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


class Tiled:
    """A `Span` over a tree of which the full tiles are known by their hash, and the leaves of a few tiles besides."""

    def __init__(self, tiles: Sequence[bytes], leaves: Mapping[int, Sequence[bytes]]) -> None:
        self._tiles = tiles
        self._leaves = leaves
        self._known: dict[tuple[int, int], bytes] = {}

    def __call__(self, first: int, after: int) -> bytes:
        """The hash of this range, reckoned once."""
        found = self._known.get((first, after))
        if found is None:
            found = self._known[first, after] = self._hash(first, after)
        return found

    def _hash(self, first: int, after: int) -> bytes:
        tile, place = divmod(first, WIDE)
        if place == 0 and after % WIDE == 0 and after // WIDE <= len(self._tiles):
            return root(self._tiles[tile : after // WIDE])
        if after - first == 1:
            return self._leaves[tile][place]
        middle = first + _split(after - first)
        return node(self(first, middle), self(middle, after))


def inclusion(index: int, size: int, span: Span) -> list[bytes]:
    """The path of a leaf in the tree of this size (RFC 6962, 2.1.1)."""
    path: list[bytes] = []
    first, after = 0, size
    while after - first > 1:
        middle = first + _split(after - first)
        if index < middle:
            path.append(span(middle, after))
            after = middle
        else:
            path.append(span(first, middle))
            first = middle
    return path[::-1]


def consistency(old: int, size: int, span: Span) -> list[bytes]:
    """The proof that the tree of this size begins with that of the old one (RFC 6962, 2.1.2)."""
    path: list[bytes] = []
    first, after, begins = 0, size, True
    while old != after:
        middle = first + _split(after - first)
        if old <= middle:
            path.append(span(middle, after))
            after = middle
        else:
            path.append(span(first, middle))
            first, begins = middle, False
    if not begins:
        path.append(span(first, after))
    return path[::-1]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether this path leads from the leaf to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for one in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node(one, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, one)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def extends(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether this proof shows that the tree only grew from the old one (RFC 9162, 2.1.4.2)."""
    if old == size:
        return not path and old_root == root
    if not 0 < old < size or not path:
        return False
    rest = [old_root, *path] if old & (old - 1) == 0 else list(path)
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = now = rest[0]
    for one in rest[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, now = node(one, before), node(one, now)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            now = node(now, one)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and now == root


def _split(size: int) -> int:
    """The largest power of two below a size of two or more."""
    return 1 << (size - 1).bit_length() - 1
