"""When what was granted is handed out: the wait by the policy's table, always inside the statutory day (C4)."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law import release
from app.law.terms import Capacity, Reached, Right
from tests.law.world import ARRIVED, POLICY

# The table of the invented policy by hand: self by footing, then a guardian, a delegate for access, for the rest.
OWN_DAYS = {Reached.NONE: 0, Reached.OLD: 0, Reached.CHANGED: 3, Reached.OTHER: 1}


@pytest.mark.parametrize(("right", "capacity", "reached"), list(product(Right, Capacity, Reached)))
def test_the_first_rule_that_fits_holds(right: Right, capacity: Capacity, reached: Reached) -> None:
    if capacity is Capacity.SELF:
        days = OWN_DAYS[reached]
    else:
        days = 5 if (right, capacity) == (Right.ACCESS, Capacity.DELEGATE) else 3
    assert release.wait_days(POLICY, right, capacity, reached) == days


@pytest.mark.parametrize(
    ("capacity", "reached", "due_in", "wait"),
    [
        (Capacity.SELF, Reached.OLD, 9, 0),
        (Capacity.SELF, Reached.OTHER, 9, 1),
        (Capacity.SELF, Reached.CHANGED, 9, 3),
        (Capacity.SELF, Reached.CHANGED, 2, 2),
        (Capacity.SELF, Reached.CHANGED, 0, 0),
        (Capacity.SELF, Reached.CHANGED, -4, 0),
        (Capacity.SELF, Reached.OLD, -4, 0),
        (Capacity.GUARDIAN, Reached.OLD, 9, 3),
        (Capacity.DELEGATE, Reached.OLD, 9, 5),
        (Capacity.DELEGATE, Reached.OTHER, 1, 1),
    ],
)
def test_a_wait_by_hand(capacity: Capacity, reached: Reached, due_in: int, wait: int) -> None:
    assert released(ARRIVED, due_in, Right.ACCESS, capacity, reached) == ARRIVED + timedelta(days=wait)


def released(granted_on: date, due_in: int, right: Right, capacity: Capacity, reached: Reached) -> date:
    due_on = granted_on + timedelta(days=due_in)
    return release.available_on(granted_on, due_on, right=right, capacity=capacity, reached=reached, policy=POLICY)


@given(
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.integers(-30, 30),
    st.sampled_from(Right),
    st.sampled_from(Capacity),
    st.sampled_from(Reached),
)
def test_no_wait_passes_the_statutory_day(
    granted_on: date, due_in: int, right: Right, capacity: Capacity, reached: Reached
) -> None:
    opens = released(granted_on, due_in, right, capacity, reached)
    assert opens >= granted_on
    # Granted late, it opens at once: a wait never adds to a delay.
    assert opens <= max(granted_on, granted_on + timedelta(days=due_in))
    waited = (opens - granted_on).days
    assert waited <= release.wait_days(POLICY, right, capacity, reached)
    if due_in >= 5:
        assert waited == release.wait_days(POLICY, right, capacity, reached)
