"""With whom a day lay that passed unanswered: a fact for the report, never an excuse (Decree 41(4), 43(3), 44(2))."""

from dataclasses import dataclass
from datetime import date

from app.law.terms import LateCause, Status


@dataclass(frozen=True, slots=True)
class Standing:
    """How a claim stood when its day had passed."""

    status: Status
    entered_on: date
    internal_on: date
    frozen: bool = False
    paper_unread: bool = False
    """A paper of theirs waits for our reviewer."""
    proposed: bool = False
    """A decision waits for its second person."""
    holders_silent: bool = False
    unread: bool = False
    """What holders returned waits for a reader."""


def cause(claim: Standing) -> LateCause:
    """Where a claim lay on the day it fell due: what came first stands before what followed from it (E3)."""
    if claim.entered_on > claim.internal_on:
        return LateCause.ENTRY
    if claim.frozen:
        return LateCause.FROZEN
    match claim.status:
        case Status.RECEIVED | Status.AWAITING_EVIDENCE:
            return LateCause.OFFICER if claim.paper_unread else LateCause.VERIFICATION
        case Status.VERIFIED:
            return LateCause.APPROVER if claim.proposed else LateCause.OFFICER
        case Status.APPROVED if claim.holders_silent:
            return LateCause.HOLDERS
        case Status.CARRIED_OUT if claim.unread:
            return LateCause.READING
        case _:
            return LateCause.DESK


def cause_beside(of: str, state: str, *, frozen: bool) -> LateCause:
    """The same of an objection, of a day until which access was put off, of a measure after a stop (Act 37(5), 38(5)).

    `state` is that of the measure.
    """
    if frozen:
        return LateCause.FROZEN
    if of == "objection":
        return LateCause.APPROVER
    measures = {"open": LateCause.OFFICER, "proposed": LateCause.APPROVER, "ordered": LateCause.HOLDERS}
    return measures.get(state, LateCause.DESK)
