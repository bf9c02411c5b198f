"""The tree of domain errors: what went wrong, never how it is told.

A problem carries a code from the catalogue (`app/http/catalogue.yaml`), where it points in what was sent
(RFC 6901) and the article where the law speaks. It never carries what was sent. HTTP numbers stand in `app/http`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in what was sent: where, and its code in the catalogue."""

    pointer: str
    code: str


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """Anything this service answers with a problem document."""

    def __init__(
        self,
        code: str,
        *,
        pointer: str | None = None,
        basis: str | None = None,
        faults: tuple[Fault, ...] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.basis = basis
        self.faults = faults or ((Fault(pointer, code),) if pointer is not None else ())
        self.retry_after = retry_after


class Malformed(Problem):
    """The bytes or the headers cannot be read."""


class Unauthenticated(Problem):
    """Nobody, or nobody we can believe."""

    def __init__(self, code: str, *, flaw: str | None = None) -> None:
        super().__init__(code)
        self.flaw = flaw
        """What was wrong, for the access log: a word of ours, never told to the caller."""


class Forbidden(Problem):
    """The caller is known and may not do this."""


class NotFound(Problem):
    """Unknown, or foreign: the two look alike."""


class Gone(Problem):
    """It was here and is no more."""


class Conflict(Problem):
    """Right in form, wrong for the state of things."""


class Stale(Problem):
    """The version named in If-Match is not the present one."""


class Unconditional(Problem):
    """If-Match is missing where a decision must name the version it was made on."""


class TooLarge(Problem):
    """More bytes than the door takes."""


class Invalid(Problem):
    """Readable, but not what the contract or the law asks for."""


class Limited(Problem):
    """Too many, too fast; says when to come again."""


class Unavailable(Problem):
    """A part we need is away; nothing was accepted."""
