"""When what was granted is handed out (Act 35(3), Decree 41(4); lifecycle, D11)."""

from datetime import date, timedelta

from app.law.terms import Capacity, Policy


def available_on(granted_on: date, due_on: date, *, capacity: Capacity, old_contact: bool, policy: Policy) -> date:
    """The day from which what was granted can be fetched, always inside the statutory day (Decree 41(4)).

    The wait lets the real person hear of the request and stop it. It never passes the day due, and where that day
    is already gone there is no wait at all.
    """
    settled = policy.settled
    known = capacity is Capacity.SELF and old_contact
    wait = settled.release_wait_old_contact_days if known else settled.release_wait_other_days
    return max(granted_on, min(granted_on + timedelta(days=wait), due_on))
