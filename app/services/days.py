"""What a day may bring, each case found and dealt with by its own service; the worker looks every minute."""

from collections.abc import Awaitable, Callable, Sequence

from app.services import (
    fencing,
    following_up,
    footage_days,
    freezes,
    incident_clock,
    incident_notices,
    late_holders,
    mandates,
    overdue,
    postponing,
    relaying,
    supplements,
    undelivered,
    unheard,
    watch,
)

Find = Callable[..., Awaitable[Sequence[object]]]
Act = Callable[..., Awaitable[object]]
DAYS: tuple[tuple[Find, Act], ...] = (
    (mandates.doubtful, mandates.judge),
    (watch.lapsing, watch.lapse),
    (late_holders.late, late_holders.remind),
    (late_holders.unheeded, late_holders.escalate),
    (watch.unreported, watch.report),
    (watch.unsettled, watch.remind),
    (unheard.due, unheard.remind),
    (freezes.overdue, freezes.remind),
    (supplements.to_remind, supplements.remind),
    (postponing.ripe, postponing.take_up),
    (overdue.passed, overdue.record),
    (fencing.due, fencing.destroy),
    (fencing.overdue, fencing.remind),
    (fencing.untold, fencing.tell),
    (following_up.untold, following_up.tell),
    (incident_notices.unnoted, incident_notices.note_told),
    (incident_clock.pressing, incident_clock.warn),
    (footage_days.unpreserved, footage_days.warn),
    (footage_days.unneeded, footage_days.release),
    (relaying.silent, relaying.remind),
    (undelivered.silent, undelivered.ask),
)
"""What finds the cases, and what is done with each, in a transaction of its own."""
