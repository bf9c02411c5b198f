"""What a claim came to, opened for telling it: of this notices and packages are made, and what comes later."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.documents.tongue import Tongue, tongue_of
from app.law.terms import Label
from app.models import Claim, Decision, Fence, Request
from app.services import showing
from app.services.recipients import Recipient


@dataclass(frozen=True, slots=True)
class Facts:
    """What a claim came to, opened for composing."""

    request: Request
    claim: Claim
    decision: Decision | None
    items: list[dict[str, Any]]
    who: Recipient
    """Whom the answer goes to."""
    typed: dict[str, Any]
    """What was typed about the subject."""
    reason: str | None
    silent: tuple[str, ...]
    informed: tuple[str, ...]
    closes: datetime | None
    on: date
    kept_until: dict[str, str]
    reported: tuple[Fence, ...] = ()
    """What holders keep by statute on their own word."""
    onward: tuple[tuple[str, str], ...] = ()
    """Who has not done it of those to whom a holder had passed the data: their name and the holder's."""
    partly: tuple[str, ...] = ()
    passed_on: tuple[Label, ...] = ()
    """Whom the data had come from, and who is told of the claim (Decree 43(2))."""
    absent: frozenset[str] = frozenset()
    """Categories of which every holder said that it has nothing."""
    young: bool = False
    """Who reads the answer is under age."""
    provided: int = 0
    """How many provisions to third parties the access report tells of."""
    sight: showing.Sight | None = None
    """Of footage: what its place said."""

    @property
    def tongue(self) -> Tongue:
        """The language that was chosen at filing."""
        return tongue_of(self.who.language)
