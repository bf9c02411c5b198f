"""Pages of a list that is ordered by a day and then by id."""

import base64
import json
from datetime import date
from uuid import UUID

from app.errors import Invalid


def place(cursor: str | None) -> tuple[date, UUID] | None:
    """Where the next page begins; a cursor that is not ours is refused like any wrong value."""
    if cursor is None:
        return None
    try:
        day, last = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return date.fromisoformat(day), UUID(last)
    except (ValueError, TypeError, AttributeError):
        raise Invalid("field.value", pointer="/query/cursor") from None


def cursor(day: str, last: str) -> str:
    """The place after this item, for the caller to bring back."""
    return base64.urlsafe_b64encode(json.dumps([day, last]).encode()).decode()
