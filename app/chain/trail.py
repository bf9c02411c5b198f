"""Reading a chain from entry to entry, and naming the first that is not what it was."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.chain.links import GENESIS, link
from app.chain.merkle import Growing

Elsewhere = Callable[[int], bytes | None]
"""The hash of an entry as it was written outside the database, or None where that does not reach so far."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What reading came to: which entries stand, up to which of them a signature vouches (0: none), where it breaks."""

    after: int
    last: int
    vouched: int
    first_bad: int | None
    because: str
    head: bytes

    @property
    def entries(self) -> int:
        """How many entries were read and stand."""
        return self.last - self.after

    @property
    def unsigned(self) -> int:
        """How many of them no signature vouches for."""
        return self.last - max(self.vouched, self.after)


class Trail:
    """A chain that is read from its first entry, or from one that is taken as it stands."""

    def __init__(
        self,
        *,
        after: int = 0,
        previous: bytes = GENESIS,
        signed: Mapping[int, bytes] | None = None,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        """`signed`: roots by size, from checkpoints whose signature was checked."""
        self.seq, self.head = after, previous
        self.vouched = 0
        self._after = after
        self.first_bad: int | None = None
        self.because = ""
        self._tree = Growing() if after == 0 else None
        self._signed = dict(signed or {})
        self._elsewhere = elsewhere

    def add(self, seq: int, previous: bytes, hash_: bytes, body: bytes) -> bool:
        """Read the next entry; False once one is wrong: what follows says nothing any more."""
        if self.first_bad is not None:
            return False
        if (seq, previous) != (self.seq + 1, self.head) or hash_ != link(seq, previous, body):
            return self.break_("does not follow from the one before")
        if self._elsewhere is not None and self._elsewhere(seq) not in (None, hash_):
            return self.break_("is not the one that was written outside the database")
        self.seq, self.head = seq, hash_
        if self._tree is not None:
            self._tree.add(hash_)
            if seq in self._signed:
                return self.meet(seq, self._signed[seq])
        return True

    def meet(self, size: int, root: bytes) -> bool:
        """Hold a signed root against what was read up to here."""
        if self.first_bad is not None:
            return False
        if self._tree is None or size != self.seq:
            return self.break_("does not stand where its checkpoint says")
        if root != self._tree.root():
            return self.doubt(f"or one of those after it, up to {size}, is not the one that was signed")
        self.vouched = size
        return True

    def break_(self, because: str) -> bool:
        """What comes next is wrong."""
        self.first_bad, self.because = self.seq + 1, because
        return False

    def doubt(self, because: str) -> bool:
        """What came last, or something before it that nothing vouches for, is wrong."""
        self.first_bad, self.because = max(self.vouched, self._after) + 1, because
        return False

    def end(self) -> Verdict:
        """Nothing more comes: whatever is known to have been longer was cut."""
        known = max(self._signed, default=0)
        if self.first_bad is None and (known > self.seq or self._goes_on()):
            self.break_(f"is missing: the chain was longer, and nothing vouches for what stands behind {self.vouched}")
        return self.told()

    def told(self) -> Verdict:
        """What reading came to up to here."""
        return Verdict(self._after, self.seq, self.vouched, self.first_bad, self.because, self.head)

    def _goes_on(self) -> bool:
        return self._elsewhere is not None and self._elsewhere(self.seq + 1) is not None
