"""What a copy may cost (Act 38(3), Decree 47): the actual cost, and nothing where the controller caused the request."""

from dataclasses import dataclass
from enum import StrEnum

from app.errors import Fault, Invalid
from app.law.terms import Right

BASIS = "법 38③, 영 47"


class Cause(StrEnum):
    """Why the person had to ask at all (Decree 47(2))."""

    CONTROLLER = "controller"
    """An error or a leak of the controller's own: neither fee nor postage."""
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Fee:
    """The actual cost in won, and how it was counted."""

    cause: Cause
    fee: int = 0
    postage: int = 0
    breakdown: str = ""

    @property
    def total(self) -> int:
        """What is to be paid, in won."""
        return self.fee + self.postage


def check(fee: Fee, right: Right, *, charged: bool, posted: bool, given: bool = True) -> None:
    """Refuse a fee that may not be taken (Act 38(3), Decree 47(1)(2)).

    `charged`: the policy announces that the actual cost is taken at all. `posted`: a copy on paper goes by post; what
    is opened electronically costs nothing, and so is never charged for nor kept waiting. `given`: anything is opened
    at all. Only seeing data costs anything to grant: to correct, delete or stop is the controller's own duty.
    """
    if not fee.total:
        return
    faults = []
    if fee.cause is Cause.CONTROLLER or not charged or right is not Right.ACCESS or not given:
        faults.append(Fault("/fee", "fee.not_allowed"))
    if fee.fee and not posted:
        faults.append(Fault("/fee/fee", "fee.not_allowed"))
    if fee.postage and not posted:
        faults.append(Fault("/fee/postage", "fee.not_allowed"))
    if not fee.breakdown.strip():
        faults.append(Fault("/fee/breakdown", "field.required"))
    if faults:
        raise Invalid(faults[0].code, basis=BASIS, faults=tuple(faults))
