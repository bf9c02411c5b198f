"""Reading what was sent into the desk's own form: every fault is gathered instead of stopping at the first."""

from collections.abc import Callable

from app import text
from app.errors import Fault, Invalid

FREE_TEXT = 2_000


class Gathering:
    """The faults found so far, and what had to be masked."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self.adjusted: list[dict[str, str]] = []

    def fault(self, at: str, code: str) -> None:
        """Write one fault down and read on."""
        self._faults.append(Fault(at, code))

    def stop_at_faults(self) -> None:
        """Refuse with every fault found, if any was."""
        if self._faults:
            raise Invalid(self._faults[0].code, faults=tuple(self._faults))

    def attempt(self, at: str, check: Callable[..., str], value: str) -> str | None:
        """The value in normal form, or None and a fault."""
        try:
            return check(value, pointer=at)
        except Invalid as problem:
            self.fault(at, problem.code)
            return None

    def optional(self, at: str, check: Callable[..., str], value: str | None) -> str | None:
        """The same for what may be left out."""
        return None if value is None else self.attempt(at, check, value)

    def free(self, at: str, value: str) -> str:
        """Free words: a 주민등록번호 in them is masked before anything else sees it (A13)."""
        try:
            masked = text.free_text(value, pointer=at, limit=FREE_TEXT)
        except Invalid as problem:
            self.fault(at, problem.code)
            return ""
        if masked.removed:
            self.adjusted.append({"pointer": at, "code": "identifier.masked"})
        return masked.text
