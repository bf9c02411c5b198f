"""What a claim asked for, line by line, as it is written into form 8 and beside it (Decree 41(1), 43(1), 44(1))."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.desk import Desk
from app.documents.tongue import Tongue, either, hour, say
from app.documents.wording import request as words
from app.documents.wording import results
from app.law.terms import FootageGround, FootageKind, Label, Right
from app.models import Claim
from app.policy.words import DELIVERY, FOOTAGE_GROUNDS, FOOTAGE_KINDS
from app.services import composing, itemised

Told = tuple[str, tuple[str, ...]]
"""A heading outside the form, and its lines."""


class Asked:
    """One claim in the words of the form; not `whole`: without what the person wrote."""

    def __init__(self, desk: Desk, claim: Claim, detail: Mapping[str, Any], tongue: Tongue, *, whole: bool) -> None:
        self.right = Right(claim.right)
        self._desk, self._scope, self._detail = desk, claim.scope, detail
        self._tongue, self._whole = tongue, whole

    def corrections(self) -> tuple[str, ...]:
        """Which data is to be corrected or deleted, and why."""
        match self.right:
            case Right.CORRECTION:
                return (*(self._change(one) for one in self._detail.get("changes", ())), *self._reason())
            case Right.DELETION:
                return (f"{self._say(words.DELETE)}: {self._named()}", *self._reason())
            case _:
                return ()

    def suspensions(self) -> tuple[str, ...]:
        """The processing of which data is to stop, to what extent, and why; whether the contract ends (Act 37(2)4)."""
        if self.right is not Right.SUSPENSION:
            return ()
        contract = results.ENDS_CONTRACT if self._scope.get("ends_contract") else results.KEEPS_CONTRACT
        return (f"{self._say(words.STOP)}: {self._named()}", self._say(contract), *self._reason())

    def beyond(self) -> tuple[Told, ...]:
        """What the form has no box for."""
        if self._scope.get("media"):
            return ((self._say(words.FOOTAGE), self._footage(self._scope["media"])),)
        match self.right:
            case Right.ACCESS:
                return ((self._say(words.ACCESS_SCOPE), (self._named(), *self._delivery())),)
            case Right.CONSENT_WITHDRAWAL:
                return ((self._say(words.WITHDRAWAL), (self._named(), *self._reason())),)
            case _:
                return ()

    def _named(self) -> str:
        return composing.named(self._desk, self._scope, self._tongue)

    def _change(self, change: Mapping[str, Any]) -> str:
        label = itemised.label(self._desk, f"{change['category']}.{change['field']}", self._tongue)
        current = self._written(change["current"]) if change["current"] else self._say(words.UNKNOWN)
        return f"{self._say(words.CORRECT)}: {label}: {current} → {self._written(change['corrected'])}"

    def _reason(self) -> tuple[str, ...]:
        reason = self._detail.get("reason")
        return (f"{self._say(words.REASON)}: {self._written(reason)}",) if reason else ()

    def _delivery(self) -> tuple[str, ...]:
        chosen = DELIVERY.get(self._scope.get("delivery", ""))
        return (self._say(chosen),) if chosen else ()

    def _footage(self, media: Mapping[str, Any]) -> tuple[str, ...]:
        """Where, what, when, on what ground, and what the person says is to be seen."""
        tongue = self._tongue
        starts, ends = (hour(datetime.fromisoformat(media[one]), tongue) for one in ("from", "to"))
        description = self._detail.get("description")
        return (
            f"{media['name']}: {self._say(FOOTAGE_KINDS[FootageKind(media['kind'])])}",
            media["name"],
            either(tongue, f"{starts}부터 {ends}까지", f"from {starts} until {ends}"),
            self._say(FOOTAGE_GROUNDS[FootageGround(media["ground"])]),
            *((self._written(description),) if description else ()),
        )

    def _written(self, value: str) -> str:
        return value if self._whole else self._say(words.HIDDEN)

    def _say(self, label: Label) -> str:
        return say(label, self._tongue)
