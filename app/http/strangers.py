"""How many rows of the access log somebody gets who is believed nothing: enough to be seen, too few to fill a disk.

The rows stay for two years, and anybody may write a wrong token. So each address has so many a minute in one process,
then one that says that more came; all of them are counted.
"""

from collections import Counter as Tally
from datetime import datetime
from typing import Final

from prometheus_client import Counter

ROWS_MOST: Final = 60
ADDRESSES_MOST: Final = 10_000
MORE: Final = "more"
_UNBELIEVED = Counter("desk_unbelieved_total", "Calls with a token or secret that was not believed")


class Strangers:
    """The calls of this minute, by where they came from."""

    def __init__(self) -> None:
        self._minute = 0
        self._calls: Tally[str] = Tally()

    def result(self, result: str, address: str | None, now: datetime) -> str | None:
        """What the row of one more such call says; None where it gets none."""
        _UNBELIEVED.inc()
        minute = int(now.timestamp()) // 60
        if minute != self._minute:
            self._minute, self._calls = minute, Tally()
        known = address if address in self._calls or len(self._calls) < ADDRESSES_MOST else None
        self._calls[known or ""] += 1
        calls = self._calls[known or ""]
        if calls > ROWS_MOST:
            return None
        return result if calls < ROWS_MOST else f"{result}:{MORE}"
