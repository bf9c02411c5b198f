"""The life of a claim: one table from (status, event) to the next status and what must follow (Act 35 to 38).

It has no memory. What must be remembered is a row (supplement, proposal, objection, freeze), not a status. Guards
that need more than the status (irreversible steps, dates, who may act) stand with the station that asks.
The code for reach is sent when it is asked for, by that call, and so is no duty of filing; the clock is part of the
filing itself, that of an objection of its row, and warnings are found by the days that come (E2).
"""

from dataclasses import dataclass
from enum import StrEnum

from app.errors import Conflict
from app.law.terms import Event, Right, Status


class Duty(StrEnum):
    """What must follow from an event: now, in the same transaction, or later, as a job of it."""

    NEW_CLOCK = "new_clock"
    PRESERVE_TASKS = "preserve_tasks"
    VERIFY_IF_PROVED = "verify_if_proved"
    PLACE_HOLD = "place_hold"
    HOLD_TASKS = "hold_tasks"
    LIFT_HOLD = "lift_hold"
    RELEASE_TASKS = "release_tasks"
    PLAN_TASKS = "plan_tasks"
    FENCE_KEPT = "fence_kept"
    CANCEL_TASKS = "cancel_tasks"
    FORGET_CHECKED = "forget_checked"
    RESUME_TASKS = "resume_tasks"
    INFORM_TASKS = "inform_tasks"
    FREE_WAITING = "free_waiting"
    # The day the person was told starts both the window to object and the retention of the case itself.
    OPEN_OBJECTION_WINDOW = "open_objection_window"
    # The data whose processing was stopped is destroyed or treated otherwise, within days of that answer (37(5)).
    OPEN_FOLLOW_UP = "open_follow_up"
    NEW_ROUND = "new_round"
    SECURITY_EVENT = "security_event"
    ASK_SUPPLEMENT = "ask_supplement"
    ASSESS = "assess"
    TELL_APPROVER = "tell_approver"
    TELL_OFFICER = "tell_officer"
    NOTICE = "notice"
    PACKAGE = "package"
    POSTPONE_NOTICE = "postpone_notice"
    REPORT_NOTICE = "report_notice"
    LAPSE_NOTICE = "lapse_notice"
    ESCALATE = "escalate"
    CONFIRM_WITHDRAWAL = "confirm_withdrawal"
    ACKNOWLEDGE = "acknowledge"
    RULING_NOTICE = "ruling_notice"


LATER = frozenset(
    {
        Duty.ASK_SUPPLEMENT,
        Duty.ASSESS,
        Duty.TELL_APPROVER,
        Duty.TELL_OFFICER,
        Duty.NOTICE,
        Duty.PACKAGE,
        Duty.POSTPONE_NOTICE,
        Duty.REPORT_NOTICE,
        Duty.LAPSE_NOTICE,
        Duty.ESCALATE,
        Duty.CONFIRM_WITHDRAWAL,
        Duty.ACKNOWLEDGE,
        Duty.RULING_NOTICE,
    }
)
NOW = frozenset(Duty) - LATER

# The status with which a right's own stop begins: what is said to be wrong is not used from verification on
# (Act 36(2), policy 8.7), a purpose is stopped when that is granted (Act 37(2)(3)).
HOLD_FROM: dict[Right, Status] = {
    Right.CORRECTION: Status.VERIFIED,
    Right.SUSPENSION: Status.APPROVED,
    Right.CONSENT_WITHDRAWAL: Status.APPROVED,
}


@dataclass(frozen=True, slots=True)
class Step:
    """Where an event leads and what follows from it, in this order."""

    status: Status
    duties: tuple[Duty, ...] = ()


_FILED = (Duty.PRESERVE_TASKS,)
# What was looked at to check a correction is destroyed with the decision, whatever that is (Act 21(1)).
_GRANTED = (Duty.FORGET_CHECKED, Duty.PLACE_HOLD, Duty.PLAN_TASKS)
_UNDONE = (Duty.FORGET_CHECKED, Duty.LIFT_HOLD, Duty.CANCEL_TASKS, Duty.RELEASE_TASKS)
_GIVEN_UP = Step(Status.WITHDRAWN, (*_UNDONE, Duty.FREE_WAITING, Duty.CONFIRM_WITHDRAWAL))
_GIVEN_UP_LATE = Step(Status.WITHDRAWN, (*_UNDONE, Duty.RESUME_TASKS, Duty.FREE_WAITING, Duty.CONFIRM_WITHDRAWAL))
_DISOWNED = Step(Status.WITHDRAWN, (*_UNDONE, Duty.FREE_WAITING, Duty.SECURITY_EVENT, Duty.CONFIRM_WITHDRAWAL))
_DISOWNED_LATE = Step(
    Status.WITHDRAWN, (*_UNDONE, Duty.RESUME_TASKS, Duty.FREE_WAITING, Duty.SECURITY_EVENT, Duty.CONFIRM_WITHDRAWAL)
)
# Of a claim that nobody could verify nothing was begun, but for footage that was preserved at its filing.
_LAPSED = Step(Status.LAPSED, (Duty.LIFT_HOLD, Duty.CANCEL_TASKS, Duty.RELEASE_TASKS, Duty.LAPSE_NOTICE))
# Who asked has lost their standing (a mandate revoked or expired, a child grown up): nothing more is done for them.
_ENDED_EARLY = Step(Status.LAPSED, (*_UNDONE, Duty.FREE_WAITING, Duty.LAPSE_NOTICE))
_ENDED_LATE = Step(Status.LAPSED, (*_UNDONE, Duty.RESUME_TASKS, Duty.FREE_WAITING, Duty.LAPSE_NOTICE))
_TOLD = Step(Status.CLOSED, (Duty.OPEN_OBJECTION_WINDOW, Duty.OPEN_FOLLOW_UP))

TABLE: dict[tuple[Status | None, Event], Step] = {
    (None, Event.FILE): Step(Status.RECEIVED, _FILED),
    (None, Event.FILE_INCOMPLETE): Step(Status.AWAITING_EVIDENCE, (*_FILED, Duty.ASK_SUPPLEMENT)),
    (Status.RECEIVED, Event.ASK_FOR_EVIDENCE): Step(Status.AWAITING_EVIDENCE, (Duty.ASK_SUPPLEMENT,)),
    (Status.RECEIVED, Event.VERIFY): Step(Status.VERIFIED, (Duty.PLACE_HOLD, Duty.HOLD_TASKS, Duty.ASSESS)),
    (Status.RECEIVED, Event.LAPSE): _LAPSED,
    (Status.RECEIVED, Event.WITHDRAW): _GIVEN_UP,
    (Status.RECEIVED, Event.DISOWN): _DISOWNED,
    (Status.AWAITING_EVIDENCE, Event.COMPLETE_EVIDENCE): Step(Status.RECEIVED, (Duty.VERIFY_IF_PROVED,)),
    (Status.AWAITING_EVIDENCE, Event.LAPSE): _LAPSED,
    (Status.AWAITING_EVIDENCE, Event.WITHDRAW): _GIVEN_UP,
    (Status.AWAITING_EVIDENCE, Event.DISOWN): _DISOWNED,
    (Status.VERIFIED, Event.ASK_FOR_EVIDENCE): Step(Status.VERIFIED, (Duty.ASK_SUPPLEMENT,)),
    (Status.VERIFIED, Event.PROPOSE): Step(Status.VERIFIED, (Duty.TELL_APPROVER,)),
    (Status.VERIFIED, Event.RETURN): Step(Status.VERIFIED, (Duty.TELL_OFFICER,)),
    (Status.VERIFIED, Event.POSTPONE): Step(Status.POSTPONED, (Duty.POSTPONE_NOTICE,)),
    (Status.VERIFIED, Event.APPROVE): Step(Status.APPROVED, _GRANTED),
    (Status.VERIFIED, Event.APPROVE_PARTLY): Step(Status.APPROVED, (*_GRANTED, Duty.FENCE_KEPT)),
    (Status.VERIFIED, Event.REFUSE): Step(
        Status.REFUSED,
        (Duty.FORGET_CHECKED, Duty.LIFT_HOLD, Duty.RELEASE_TASKS, Duty.FREE_WAITING, Duty.NOTICE),
    ),
    (Status.VERIFIED, Event.LAPSE): _ENDED_EARLY,
    (Status.VERIFIED, Event.WITHDRAW): _GIVEN_UP,
    (Status.VERIFIED, Event.DISOWN): _DISOWNED,
    (Status.POSTPONED, Event.RESUME): Step(Status.VERIFIED, (Duty.NEW_CLOCK, Duty.ASSESS)),
    (Status.POSTPONED, Event.LAPSE): _ENDED_EARLY,
    (Status.POSTPONED, Event.WITHDRAW): _GIVEN_UP,
    (Status.POSTPONED, Event.DISOWN): _DISOWNED,
    (Status.APPROVED, Event.CARRY_OUT): Step(
        Status.CARRIED_OUT,
        (Duty.LIFT_HOLD, Duty.RELEASE_TASKS, Duty.INFORM_TASKS, Duty.FREE_WAITING, Duty.PACKAGE, Duty.NOTICE),
    ),
    (Status.APPROVED, Event.REPORT_OPEN): Step(
        Status.APPROVED, (Duty.OPEN_FOLLOW_UP, Duty.REPORT_NOTICE, Duty.ESCALATE)
    ),
    (Status.APPROVED, Event.LAPSE): _ENDED_LATE,
    (Status.APPROVED, Event.WITHDRAW): _GIVEN_UP_LATE,
    (Status.APPROVED, Event.DISOWN): _DISOWNED_LATE,
    (Status.CARRIED_OUT, Event.NOTIFY): _TOLD,
    (Status.REFUSED, Event.NOTIFY): _TOLD,
    (Status.CLOSED, Event.OBJECT): Step(Status.OBJECTED, (Duty.ACKNOWLEDGE, Duty.TELL_APPROVER)),
    (Status.OBJECTED, Event.CONFIRM): Step(Status.CLOSED, (Duty.RULING_NOTICE,)),
    (Status.OBJECTED, Event.OVERTURN): Step(
        Status.VERIFIED, (Duty.NEW_ROUND, Duty.PLACE_HOLD, Duty.HOLD_TASKS, Duty.ASSESS, Duty.RULING_NOTICE)
    ),
    (Status.OBJECTED, Event.DROP_OBJECTION): Step(Status.CLOSED),
}

_FILING = frozenset({Event.FILE, Event.FILE_INCOMPLETE})
_GIVING_UP = frozenset({Event.WITHDRAW, Event.DISOWN})
_OBJECTING = frozenset({Event.OBJECT, Event.CONFIRM, Event.OVERTURN, Event.DROP_OBJECTION})
_AFTER_DECISION = frozenset({Event.CARRY_OUT, Event.REPORT_OPEN, Event.NOTIFY})
_PROVING = frozenset({Event.ASK_FOR_EVIDENCE, Event.COMPLETE_EVIDENCE, Event.VERIFY, Event.LAPSE})
_DECIDING = frozenset(Event) - _FILING - _GIVING_UP - _OBJECTING - _AFTER_DECISION - _PROVING

_ENDED = frozenset({Status.CLOSED, Status.WITHDRAWN, Status.LAPSED})
_DECIDED = frozenset({Status.APPROVED, Status.REFUSED, Status.CARRIED_OUT, Status.OBJECTED})
_UNVERIFIED = frozenset({Status.RECEIVED, Status.AWAITING_EVIDENCE})

_NAMED: dict[tuple[Status, Event], str] = {
    (Status.AWAITING_EVIDENCE, Event.VERIFY): "evidence.required",
    (Status.POSTPONED, Event.POSTPONE): "postponement.not_allowed",
    (Status.CARRIED_OUT, Event.WITHDRAW): "claim.irreversible",
    (Status.CARRIED_OUT, Event.DISOWN): "claim.irreversible",
}


def outcome(status: Status | None, event: Event) -> Step | str:
    """The step that an event is, or the code of its refusal; an answer for every pair (Act 35 to 38)."""
    return TABLE.get((status, event)) or _refusal(status, event)


def advance(status: Status | None, event: Event) -> Step:
    """The step that an event is; a conflict, named, where the law of the claim's life has none (Act 35 to 38)."""
    found = outcome(status, event)
    if isinstance(found, str):
        raise Conflict(found)
    return found


def _refusal(status: Status | None, event: Event) -> str:
    if status is None or event in _FILING:
        return "state.conflict"
    if (status, event) in _NAMED:
        return _NAMED[status, event]
    if status in _ENDED:
        return "claim.closed"
    if status in _DECIDED and event in _PROVING | _DECIDING | _GIVING_UP:
        return "claim.already_decided"
    if status in _UNVERIFIED and event in _DECIDING | _AFTER_DECISION:
        return "claim.not_verified"
    return "state.conflict"
