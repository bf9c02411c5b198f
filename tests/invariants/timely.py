"""P7: no day passes in silence: somebody was warned before it, and what passed unanswered is written down."""

from collections.abc import Iterator
from datetime import timedelta

from app.law import deadline
from app.services.falling_due import CLOCKS
from tests.invariants.world import World

_LOOK = timedelta(minutes=5)
"""What came so lately may not have been looked at yet."""


def p7_no_day_passes_in_silence(world: World) -> Iterator[str]:
    """Of every clock whose day has come somebody was warned; one whose day is over is written down as late."""
    if not world.at_rest:
        return
    today = deadline.seoul_date(world.now)
    rows = world.ask(CLOCKS + _SILENT, last=today, before=world.now - _LOOK, today=today)  # type: ignore[arg-type]
    for row in rows:
        missing = "nobody was warned" if row["unwarned"] else "it is not written down as late"
        yield f"{row['of']} {row['about']} was due on {row['due_on']}, and {missing}"


_SILENT = """
SELECT * FROM (
    SELECT clock.*,
        NOT EXISTS (SELECT FROM due_warning WHERE due_warning.about = clock.about
            AND due_warning.due_on = clock.due_on) AS unwarned,
        clock.due_on < %(today)s AND NOT EXISTS (SELECT FROM overdue WHERE overdue.about = clock.about
            AND overdue.due_on = clock.due_on) AS unwritten
    FROM clock JOIN request ON request.id = clock.request_id AND request.filed_at < %(before)s
) AS looked WHERE unwarned OR unwritten ORDER BY due_on, about
"""
