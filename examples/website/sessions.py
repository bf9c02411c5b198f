"""What the backend remembers for a visitor: the tokens stay here, the browser holds an opaque name for them.

In memory on purpose: a restart forgets everybody, and receipt number and access code bring each one back.
"""

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

LIFETIME_SECONDS = 3600
MOST = 10_000


@dataclass(slots=True)
class Session:
    """One visitor who filed or came back to one request."""

    request_id: str
    token: str
    filed: dict[str, Any] | None = None
    verification_id: str | None = None
    purpose: str = "identity"
    grant: str | None = None
    opened: set[str] = field(default_factory=set)
    until: float = 0.0


class Sessions:
    """Sessions by the name in the cookie; the oldest go when there are too many."""

    def __init__(self) -> None:
        self._by_name: OrderedDict[str, Session] = OrderedDict()
        self._csrf_key = secrets.token_bytes(32)

    def open(self, session: Session) -> str:
        """Begin a session under a new name; a name from before the person was known is never used on."""
        name = secrets.token_urlsafe(32)
        session.until = time.monotonic() + LIFETIME_SECONDS
        self._by_name[name] = session
        while len(self._by_name) > MOST:
            self._by_name.popitem(last=False)
        return name

    def find(self, name: str | None) -> Session | None:
        """Return a session that still lives."""
        session = self._by_name.get(name or "")
        if session is not None and time.monotonic() > session.until:
            self.close(name)
            return None
        return session

    def close(self, name: str | None) -> None:
        """Forget a session and its tokens."""
        self._by_name.pop(name or "", None)

    def csrf(self, visit: str) -> str:
        """Return the value that forms of this visit carry; another site cannot know it."""
        return hmac.new(self._csrf_key, visit.encode(), hashlib.sha256).hexdigest()

    def is_ours(self, visit: str | None, sent: str) -> bool:
        """Tell whether a form came from a page that we gave to this visit."""
        return visit is not None and hmac.compare_digest(self.csrf(visit).encode(), sent.encode())
