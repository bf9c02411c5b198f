"""From where a call comes: the peer, or what a trusted proxy says of it, and never what the caller says of itself."""

import pytest

from app.http.unit import address_of

PROXIES = {"10.0.0.1", "10.0.0.2"}


@pytest.mark.parametrize(
    ("peer", "said", "found"),
    [
        ("203.0.113.5", [], "203.0.113.5"),
        ("203.0.113.5", ["198.51.100.7"], "203.0.113.5"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["192.0.2.1, 198.51.100.7, 10.0.0.2"], "198.51.100.7"),
        # A proxy that appends a line of its own leaves the caller's before it.
        ("10.0.0.1", ["192.0.2.1", "198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["192.0.2.1", "10.0.0.2"], "192.0.2.1"),
    ],
)
def test_the_last_word_that_is_no_proxys_counts(peer: str, said: list[str], found: str) -> None:
    headers = [(b"x-forwarded-for", one.encode()) for one in said]
    assert address_of({"type": "http", "client": (peer, 1), "headers": headers}, PROXIES) == found
