"""Fees, postponements, objections, measures after a stop, warnings: each as a table and as properties."""

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Conflict, Forbidden, Invalid
from app.law import deadline, fee, follow_up, lateness, objection, postponement, warnings
from app.law.fee import Cause, Fee
from app.law.follow_up import Measure
from app.law.terms import ControllerKind, LateCause, Right, Status, WarningStep
from app.workdays import calendar
from tests.law.test_beyond import shipped

CLOSED = calendar()
DUE = date(2026, 12, 2)


def taken(one: Fee, right: Right, *, charged: bool = True, posted: bool = False, **given: bool) -> list[str]:
    try:
        fee.check(one, right, charged=charged, posted=posted, **given)
    except Invalid as caught:
        problem = caught
    else:
        return []
    assert (problem.code, problem.basis) == (problem.faults[0].code, "법 38③, 영 47")
    return [f"{fault.pointer} {fault.code}" for fault in problem.faults]


@pytest.mark.parametrize(
    ("one", "right", "charged", "posted", "faults"),
    [
        (Fee(Cause.CONTROLLER), Right.ACCESS, False, False, []),
        (Fee(Cause.PERSON), Right.DELETION, False, False, []),
        (Fee(Cause.PERSON, 500, 0, "사본 10장"), Right.ACCESS, True, True, []),
        (Fee(Cause.PERSON, 500, 430, "사본 10장, 보통우편"), Right.ACCESS, True, True, []),
        (Fee(Cause.PERSON, 500, 0, "전자파일"), Right.ACCESS, True, False, ["/fee/fee fee.not_allowed"]),
        (Fee(Cause.PERSON, 0, 430, "보통우편"), Right.ACCESS, True, True, []),
        (Fee(Cause.CONTROLLER, 500, 0, "사본 10장"), Right.ACCESS, True, True, ["/fee fee.not_allowed"]),
        (Fee(Cause.CONTROLLER, 0, 430, "보통우편"), Right.ACCESS, True, True, ["/fee fee.not_allowed"]),
        (Fee(Cause.PERSON, 500, 0, "사본 10장"), Right.ACCESS, False, True, ["/fee fee.not_allowed"]),
        *(
            (Fee(Cause.PERSON, 500, 0, "사본 10장"), right, True, True, ["/fee fee.not_allowed"])
            for right in Right
            if right is not Right.ACCESS
        ),
        (Fee(Cause.PERSON, 0, 430, "보통우편"), Right.ACCESS, True, False, ["/fee/postage fee.not_allowed"]),
        (Fee(Cause.PERSON, 500), Right.ACCESS, True, True, ["/fee/breakdown field.required"]),
    ],
)
def test_a_fee(one: Fee, right: Right, charged: bool, posted: bool, faults: list[str]) -> None:
    assert taken(one, right, charged=charged, posted=posted) == faults
    assert one.total == one.fee + one.postage


def test_what_opens_nothing_costs_nothing() -> None:
    copies = Fee(Cause.PERSON, 500, 0, "사본 10장")
    assert taken(copies, Right.ACCESS, posted=True, given=False) == ["/fee fee.not_allowed"]
    assert taken(Fee(Cause.PERSON), Right.ACCESS, given=False) == []


def postponed(
    ground: str = "A35_3_gathering",
    right: Right = Right.ACCESS,
    *,
    today: date = date(2026, 12, 1),
    expected_on: date = date(2026, 12, 10),
    used: tuple[str, ...] = (),
    media: bool = False,
    reason: str = "창고의 문서를 찾고 있습니다.",
) -> str:
    try:
        found = postponement.check(
            ground,
            right=right,
            edition=shipped()[1],
            controller=ControllerKind.COMPANY,
            media=media,
            arrived_on=date(2026, 11, 22),
            today=today,
            due_on=DUE,
            expected_on=expected_on,
            used=used,
            longest_days=30,
            reason=reason,
        )
    except (Conflict, Invalid) as caught:
        problem = caught
    else:
        return found.id
    if problem.code in ("postponement.not_allowed", "field.value"):
        assert problem.basis == shipped()[1].deferral.basis
    return " ".join([problem.code, *(one.pointer for one in problem.faults if one.code == "field.value")])


def test_access_is_put_off_before_the_day_or_not_at_all() -> None:
    assert postponed() == "A35_3_gathering"
    assert postponed(today=DUE) == "postponement.not_allowed"
    assert postponed(today=DUE + timedelta(days=1)) == "postponement.not_allowed"


@pytest.mark.parametrize("right", [one for one in Right if one is not Right.ACCESS])
def test_only_access_is_put_off(right: Right) -> None:
    assert postponed(right=right) == "postponement.not_allowed"


def test_never_twice_for_one_ground() -> None:
    assert postponed(used=("A35_3_gathering",)) == "postponement.not_allowed"
    assert postponed(used=("A35_3_failure",)) == "A35_3_gathering"


def test_masking_is_a_cause_for_footage_alone() -> None:
    assert postponed("A35_3_masking", media=True) == "A35_3_masking"
    assert postponed("A35_3_masking") == "ground.not_available"
    assert postponed("A35_4_2") == "ground.not_available"


def test_a_postponement_says_its_cause() -> None:
    assert postponed(reason="  ") == "decision.facts_required"


@pytest.mark.parametrize(
    ("expected_on", "answer"),
    [
        (date(2026, 12, 1), "field.value /expected_on"),
        (date(2026, 12, 2), "A35_3_gathering"),
        (DUE + timedelta(days=30), "A35_3_gathering"),
        (DUE + timedelta(days=31), "field.value /expected_on"),
    ],
)
def test_it_is_put_off_for_the_cause_and_no_longer(expected_on: date, answer: str) -> None:
    assert postponed(expected_on=expected_on) == answer


def test_the_window_of_an_objection() -> None:
    window = objection.until(date(2026, 12, 1), 30)
    assert window == date(2026, 12, 31)
    assert objection.is_late(window, window, allowed=False) is False
    assert objection.is_late(window + timedelta(days=1), window, allowed=True) is True
    with pytest.raises(Conflict) as caught:
        objection.is_late(window + timedelta(days=1), window, allowed=False)
    assert (caught.value.code, caught.value.basis) == ("objection.too_late", "법 38⑤")
    assert objection.is_late(date(2030, 1, 1), None, allowed=False) is False


def test_nobody_judges_their_own_decision() -> None:
    objection.took_no_part(("idp", "c"), {("idp", "a"), ("idp", "b"), (None, None)})
    with pytest.raises(Forbidden) as caught:
        objection.took_no_part(("idp", "a"), {("idp", "a"), ("idp", "b")})
    assert (caught.value.code, caught.value.basis) == ("approval.same_person", "법 38⑤")


@pytest.mark.parametrize(
    ("stopped", "records", "measure"),
    [
        ({"a"}, (), Measure.KEEP_APART),
        ({"a", "b"}, (), Measure.DESTROY),
        ({"a", "b"}, ("contract_5y",), Measure.KEEP_BY_STATUTE),
        (set(), (), Measure.KEEP_APART),
    ],
)
def test_the_measure_after_a_stop(stopped: set[str], records: tuple[str, ...], measure: Measure) -> None:
    assert follow_up.proposed(stopped, ("a", "b"), records) is measure
    assert follow_up.destroys(measure) is (measure is not Measure.KEEP_APART)


def step_of(due: date, today: date) -> WarningStep | None:
    """The step that this day brings for a day due; never two."""
    found = [one.step for one in warnings.windows(today, CLOSED) if one.first <= due <= one.last]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("today", "step"),
    [
        (date(2026, 11, 26), None),
        (date(2026, 11, 27), WarningStep.THREE),
        (date(2026, 11, 30), WarningStep.THREE),
        (date(2026, 12, 1), WarningStep.ONE),
        (DUE, WarningStep.TODAY),
        (date(2026, 12, 3), WarningStep.OVERDUE),
    ],
)
def test_the_warnings_of_one_day(today: date, step: WarningStep | None) -> None:
    assert step_of(DUE, today) is step


def test_warnings_count_working_days_over_a_long_holiday() -> None:
    due = date(2025, 10, 10)  # received 2025-09-23: the days before are closed from 3 October on
    assert step_of(due, date(2025, 9, 30)) is WarningStep.THREE
    assert step_of(due, date(2025, 10, 2)) is WarningStep.ONE
    assert step_of(due, date(2025, 10, 9)) is WarningStep.ONE
    assert step_of(due, date(2025, 9, 29)) is None


def test_a_day_that_turned_out_to_be_closed_is_warned_of_on_the_open_days_before() -> None:
    due = date(2026, 9, 25)  # Chuseok
    assert step_of(due, date(2026, 9, 21)) is WarningStep.THREE
    assert step_of(due, date(2026, 9, 23)) is WarningStep.ONE


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(-3, 25))
def test_a_warning_is_so_many_open_days_before(today: date, ahead: int) -> None:
    due = today + timedelta(days=ahead)
    if due < today:
        told: WarningStep | None = WarningStep.OVERDUE
    elif due == today:
        told = WarningStep.TODAY
    elif today >= deadline.working_days_before(due, 1, CLOSED):
        told = WarningStep.ONE
    else:
        told = WarningStep.THREE if today >= deadline.working_days_before(due, 3, CLOSED) else None
    assert step_of(due, today) is told


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)))
def test_warnings_only_grow_more_urgent(due: date) -> None:
    steps = [step_of(due, due + timedelta(days=ahead)) for ahead in range(-14, 3)]
    told = [one for one in dict.fromkeys(steps) if one is not None]
    assert told == list(WarningStep)
    assert all(len(warnings.TOLD[one]) <= len(warnings.TOLD[other]) for one, other in itertools.pairwise(told))


@pytest.mark.parametrize(
    ("today", "run"),
    [
        (date(2025, 9, 30), None),
        (date(2025, 10, 1), None),
        (date(2025, 10, 2), (date(2025, 10, 3), date(2025, 10, 9))),
        # Within it, it is the same run.
        (date(2025, 10, 3), (date(2025, 10, 3), date(2025, 10, 9))),
        (date(2025, 10, 9), (date(2025, 10, 3), date(2025, 10, 9))),
        (date(2025, 10, 10), None),
        (date(2026, 11, 27), None),
        (date(2026, 2, 13), (date(2026, 2, 14), date(2026, 2, 18))),
    ],
)
def test_closed_runs_are_seen_the_day_before(today: date, run: tuple[date, date] | None) -> None:
    assert warnings.closed_run(today, CLOSED, least=3) == run


def test_the_next_closed_run_is_found_from_far_off() -> None:
    # Independence Movement Day of 2027 is a Monday.
    run = (date(2027, 2, 27), date(2027, 3, 1))
    assert warnings.closed_run(date(2027, 2, 10), CLOSED, least=3, within=366) == run
    assert warnings.closed_run(date(2027, 2, 10), CLOSED, least=3, within=16) is None
    assert warnings.closed_run(date(2027, 2, 10), CLOSED, least=3, within=17) == run


@given(st.dates(date(2024, 1, 1), date(2028, 12, 1)))
def test_a_closed_run_is_closed_and_whole(today: date) -> None:
    run = warnings.closed_run(today, CLOSED, least=3)
    if run is not None:
        first, last = run
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        assert len(days) >= 3 and not any(deadline.is_open(day, CLOSED) for day in days)
        assert deadline.is_open(last + timedelta(days=1), CLOSED)
        assert deadline.is_open(first - timedelta(days=1), CLOSED)
        assert first - timedelta(days=1) <= today <= last


ARRIVED, INTERNAL = date(2026, 11, 22), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("standing", "cause"),
    [
        ({"status": Status.RECEIVED}, LateCause.VERIFICATION),
        ({"status": Status.AWAITING_EVIDENCE}, LateCause.VERIFICATION),
        ({"status": Status.AWAITING_EVIDENCE, "paper_unread": True}, LateCause.OFFICER),
        ({"status": Status.VERIFIED}, LateCause.OFFICER),
        ({"status": Status.VERIFIED, "proposed": True}, LateCause.APPROVER),
        ({"status": Status.APPROVED, "holders_silent": True}, LateCause.HOLDERS),
        ({"status": Status.APPROVED}, LateCause.DESK),
        ({"status": Status.CARRIED_OUT, "unread": True}, LateCause.READING),
        ({"status": Status.CARRIED_OUT, "holders_silent": True}, LateCause.DESK),
        ({"status": Status.REFUSED}, LateCause.DESK),
        ({"status": Status.VERIFIED, "frozen": True}, LateCause.FROZEN),
        ({"status": Status.VERIFIED, "entered_on": INTERNAL}, LateCause.OFFICER),
        ({"status": Status.VERIFIED, "entered_on": date(2026, 12, 2), "frozen": True}, LateCause.ENTRY),
    ],
)
def test_with_whom_a_claim_lay_when_its_day_passed(standing: dict[str, Any], cause: LateCause) -> None:
    whole = {"entered_on": ARRIVED, "internal_on": INTERNAL, **standing}
    assert lateness.cause(lateness.Standing(**whole)) is cause


@pytest.mark.parametrize(
    ("of", "state", "frozen", "cause"),
    [
        ("objection", "", False, LateCause.APPROVER),
        ("objection", "", True, LateCause.FROZEN),
        ("postponement", "", True, LateCause.FROZEN),
        ("postponement", "", False, LateCause.DESK),
        ("follow_up", "open", False, LateCause.OFFICER),
        ("follow_up", "proposed", False, LateCause.APPROVER),
        ("follow_up", "ordered", False, LateCause.HOLDERS),
    ],
)
def test_with_whom_any_other_day_lay(of: str, state: str, frozen: bool, cause: LateCause) -> None:
    assert lateness.cause_beside(of, state, frozen=frozen) is cause
