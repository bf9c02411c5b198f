"""Pages of a list that is ordered by a day, or a moment, and then by id."""

import base64
import json
from datetime import date, datetime
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


def moment_place(cursor: str | None) -> tuple[datetime, UUID] | None:
    """The same of a list that is ordered by a moment."""
    if cursor is None:
        return None
    try:
        at, last = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        found = datetime.fromisoformat(at), UUID(last)
    except (ValueError, TypeError, AttributeError):
        raise Invalid("field.value", pointer="/query/cursor") from None
    if found[0].tzinfo is None:
        raise Invalid("field.value", pointer="/query/cursor")
    return found


def cursor(day: str, last: str) -> str:
    """The place after this item, for the caller to bring back."""
    return base64.urlsafe_b64encode(json.dumps([day, last]).encode()).decode()
