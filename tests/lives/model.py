"""What must be true of a case after each act, and nothing of how that is done: the law's life of a claim, by hand."""

from dataclasses import dataclass, field
from typing import Any

ENDED = ("closed", "withdrawn")
WITHDRAWABLE = ("received", "verified", "approved")


@dataclass
class Case:
    """One request with one claim, of a person of its own."""

    place: int
    right: str
    filed: dict[str, Any]
    status: str = "received"
    proposed: bool = False
    assessed: bool = False
    fetched: bool = False
    frozen: bool = False
    void: bool = False
    round: int = 1
    asked: int = 0
    papers: int = 0
    code: str | None = None
    objection: str | None = None
    version: int = 0
    statuses: list[str] = field(default_factory=lambda: ["received"])

    @property
    def id(self) -> str:
        found: str = self.filed["id"]
        return found

    @property
    def claim_id(self) -> str:
        found: str = self.filed["claims"][0]["id"]
        return found

    @property
    def takes_two(self) -> bool:
        """Part of a deletion stays for the statute's time: two people say so."""
        return self.right == "deletion"

    @property
    def the_machine_grants(self) -> bool:
        """What nobody contests; what was objected to and upheld a person answers."""
        return self.right == "access" and self.round == 1

    @property
    def may_be_withdrawn(self) -> bool:
        """Until a holder may be destroying (A11); whoever stopped it only wanted it to end."""
        begun = self.right == "deletion" and self.fetched and self.status == "approved"
        return self.status in WITHDRAWABLE and not begun

    def become(self, status: str) -> None:
        """Another step of its life."""
        self.status = status
        self.statuses.append(status)
        if status != "verified":
            self.proposed = False

    def refusal_of_a_decision(self) -> str | None:
        """Why nobody may decide now."""
        if self.frozen:
            return "request.frozen"
        if self.status == "verified":
            return None if self.assessed else "claim.not_assessed"
        if self.status == "received":
            return "claim.not_verified"
        return "claim.closed" if self.status in ENDED else "claim.already_decided"
