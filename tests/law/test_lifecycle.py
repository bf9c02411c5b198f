"""Every status with every event, against a table written by hand from the design (lifecycle of a claim)."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Conflict
from app.law import lifecycle
from app.law.lifecycle import Duty, Step
from app.law.terms import Event, Right, Status

# A capital is a refusal; a word in small letters is the status the event leads to.
CODES = {
    "S": "state.conflict",
    "C": "claim.closed",
    "D": "claim.already_decided",
    "V": "claim.not_verified",
    "I": "claim.irreversible",
    "E": "evidence.required",
    "P": "postponement.not_allowed",
}
SHORT = {
    "recd": Status.RECEIVED,
    "wait": Status.AWAITING_EVIDENCE,
    "veri": Status.VERIFIED,
    "post": Status.POSTPONED,
    "appr": Status.APPROVED,
    "refu": Status.REFUSED,
    "done": Status.CARRIED_OUT,
    "clos": Status.CLOSED,
    "wdrn": Status.WITHDRAWN,
    "laps": Status.LAPSED,
    "objd": Status.OBJECTED,
}
TABLE = """
event              none recd wait veri post appr refu done clos wdrn laps objd
file               recd S    S    S    S    S    S    S    S    S    S    S
file_incomplete    wait S    S    S    S    S    S    S    S    S    S    S
ask_for_evidence   S    wait S    veri S    D    D    D    C    C    C    D
complete_evidence  S    S    recd S    S    D    D    D    C    C    C    D
verify             S    veri E    S    S    D    D    D    C    C    C    D
lapse              S    laps laps laps laps laps D    D    C    C    C    D
propose            S    V    V    veri S    D    D    D    C    C    C    D
return             S    V    V    veri S    D    D    D    C    C    C    D
postpone           S    V    V    post P    D    D    D    C    C    C    D
resume             S    V    V    S    veri D    D    D    C    C    C    D
approve            S    V    V    appr S    D    D    D    C    C    C    D
approve_partly     S    V    V    appr S    D    D    D    C    C    C    D
refuse             S    V    V    refu S    D    D    D    C    C    C    D
carry_out          S    V    V    S    S    done S    S    C    C    C    S
report_open        S    V    V    S    S    appr S    S    C    C    C    S
notify             S    V    V    S    S    S    clos clos C    C    C    S
withdraw           S    wdrn wdrn wdrn wdrn wdrn D    I    C    C    C    D
disown             S    wdrn wdrn wdrn wdrn wdrn D    I    C    C    C    D
object             S    S    S    S    S    S    S    S    objd C    C    S
confirm            S    S    S    S    S    S    S    S    C    C    C    clos
overturn           S    S    S    S    S    S    S    S    C    C    C    veri
drop_objection     S    S    S    S    S    S    S    S    C    C    C    clos
"""
DECIDING = {Event.PROPOSE, Event.RETURN, Event.POSTPONE, Event.APPROVE, Event.APPROVE_PARTLY, Event.REFUSE}
BEFORE_DECISION = ("recd", "wait", "veri", "post")
GIVEN_UP = "forget_checked lift_hold cancel_tasks release_tasks free_waiting confirm_withdrawal"
DISOWNED = "forget_checked lift_hold cancel_tasks release_tasks free_waiting security_event confirm_withdrawal"
# Whose standing ended before the decision, and after it.
ENDED = "forget_checked lift_hold cancel_tasks release_tasks free_waiting lapse_notice"
DUTIES = {
    ("none", "file"): "preserve_tasks",
    ("none", "file_incomplete"): "preserve_tasks ask_supplement",
    ("recd", "ask_for_evidence"): "ask_supplement",
    ("wait", "complete_evidence"): "verify_if_proved",
    ("recd", "verify"): "place_hold hold_tasks assess",
    ("recd", "lapse"): "lift_hold cancel_tasks release_tasks lapse_notice",
    ("wait", "lapse"): "lift_hold cancel_tasks release_tasks lapse_notice",
    ("veri", "lapse"): ENDED,
    ("post", "lapse"): ENDED,
    ("appr", "lapse"): ENDED.replace("free", "resume_tasks free"),
    ("veri", "ask_for_evidence"): "ask_supplement",
    ("veri", "propose"): "tell_approver",
    ("veri", "return"): "tell_officer",
    ("veri", "postpone"): "postpone_notice",
    ("post", "resume"): "new_clock assess",
    ("veri", "approve"): "forget_checked place_hold plan_tasks",
    ("veri", "approve_partly"): "forget_checked place_hold plan_tasks fence_kept",
    ("veri", "refuse"): "forget_checked lift_hold release_tasks free_waiting notice",
    ("appr", "carry_out"): "lift_hold release_tasks inform_tasks free_waiting package notice",
    ("appr", "report_open"): "open_follow_up report_notice escalate",
    ("done", "notify"): "open_objection_window open_follow_up",
    ("refu", "notify"): "open_objection_window open_follow_up",
    **{(one, "withdraw"): GIVEN_UP for one in BEFORE_DECISION},
    **{(one, "disown"): DISOWNED for one in BEFORE_DECISION},
    ("appr", "withdraw"): GIVEN_UP.replace("free", "resume_tasks free"),
    ("appr", "disown"): DISOWNED.replace("free", "resume_tasks free"),
    ("clos", "object"): "acknowledge tell_approver",
    ("objd", "confirm"): "ruling_notice",
    ("objd", "overturn"): "new_round place_hold hold_tasks assess ruling_notice",
    ("objd", "drop_objection"): "",
}


def expected() -> dict[tuple[Status | None, Event], Step | str]:
    head, *rows = (line.split() for line in TABLE.strip().splitlines())
    answers: dict[tuple[Status | None, Event], Step | str] = {}
    for event, *cells in rows:
        for column, cell in zip(head[1:], cells, strict=True):
            status = None if column == "none" else SHORT[column]
            if cell in CODES:
                answers[status, Event(event)] = CODES[cell]
            else:
                duties = tuple(Duty(one) for one in DUTIES[column, event].split())
                answers[status, Event(event)] = Step(SHORT[cell], duties)
    return answers


EXPECTED = expected()
PAIRS = list(product((None, *Status), Event))


def test_the_table_by_hand_is_whole() -> None:
    assert set(EXPECTED) == set(PAIRS)
    steps = [one for one in EXPECTED.values() if isinstance(one, Step)]
    assert len(steps) == len(DUTIES) == len(lifecycle.TABLE)


@pytest.mark.parametrize(("status", "event"), PAIRS)
def test_pair(status: Status | None, event: Event) -> None:
    found = EXPECTED[status, event]
    assert lifecycle.outcome(status, event) == found
    if isinstance(found, Step):
        assert lifecycle.advance(status, event) == found
    else:
        with pytest.raises(Conflict) as caught:
            lifecycle.advance(status, event)
        assert caught.value.code == found


def test_every_duty_is_now_or_later_and_some_step_has_it() -> None:
    assert frozenset(Duty) == lifecycle.NOW | lifecycle.LATER
    assert not lifecycle.NOW & lifecycle.LATER
    assert frozenset(Duty) == {duty for step in lifecycle.TABLE.values() for duty in step.duties}


def test_what_must_follow_at_once_stands_before_what_may_wait() -> None:
    for step in lifecycle.TABLE.values():
        later = [duty in lifecycle.LATER for duty in step.duties]
        assert later == sorted(later)
        assert len(set(step.duties)) == len(step.duties)


def test_a_stop_begins_with_verification_or_with_the_grant() -> None:
    assert lifecycle.HOLD_FROM == {
        Right.CORRECTION: Status.VERIFIED,
        Right.SUSPENSION: Status.APPROVED,
        Right.CONSENT_WITHDRAWAL: Status.APPROVED,
    }
    for status in lifecycle.HOLD_FROM.values():
        leading = [step for step in lifecycle.TABLE.values() if step.status is status]
        assert any(Duty.PLACE_HOLD in step.duties for step in leading)


@given(st.lists(st.integers(0, 99), max_size=40))
def test_any_story_keeps_the_order_of_the_law(choices: list[int]) -> None:
    status: Status | None = None
    lived: list[Event] = []
    for choice in choices:
        steps = [(one, lifecycle.outcome(status, one)) for one in Event]
        possible = [(one, step.status) for one, step in steps if isinstance(step, Step)]
        if not possible:
            assert status in (Status.WITHDRAWN, Status.LAPSED)
            break
        event, status = possible[choice % len(possible)]
        lived.append(event)
    if DECIDING & set(lived):
        first = min(index for index, one in enumerate(lived) if one in DECIDING)
        assert Event.VERIFY in lived[:first]
    if Event.OBJECT in lived:
        assert Event.NOTIFY in lived[: lived.index(Event.OBJECT)]
    if Event.CARRY_OUT in lived:
        assert {Event.APPROVE, Event.APPROVE_PARTLY} & set(lived[: lived.index(Event.CARRY_OUT)])
    for last in (Event.WITHDRAW, Event.DISOWN, Event.LAPSE):
        assert last not in lived[:-1]
