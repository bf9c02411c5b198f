"""When what was granted is handed out (Act 35(3), Decree 41(4); lifecycle, C4)."""

from datetime import date, timedelta

from app.law.controller import Policy
from app.law.terms import Capacity, Reached, Right


def wait_days(policy: Policy, right: Right, capacity: Capacity, reached: Reached) -> int:
    """The days that a release waits by the policy's table; the first rule that fits holds (C4)."""
    return next(
        rule.days
        for rule in policy.waits
        if right in rule.rights and capacity in rule.capacities and reached in rule.reached
    )


def available_on(
    granted_on: date, due_on: date, *, right: Right, capacity: Capacity, reached: Reached, policy: Policy
) -> date:
    """The day from which what was granted can be fetched, always inside the statutory day (Decree 41(4)).

    The wait lets the real person hear of the request and stop it. It never passes the day due, and where that day
    is already gone there is no wait at all.
    """
    wait = wait_days(policy, right, capacity, reached)
    return max(granted_on, min(granted_on + timedelta(days=wait), due_on))
