"""Whoever is believed nothing is written down, and cannot fill the log by being so."""

from datetime import UTC, datetime, timedelta

from app.http.strangers import ADDRESSES_MOST, ROWS_MOST, Strangers

NOON = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)


def test_each_address_gets_so_many_rows_a_minute_and_the_last_says_that_more_came() -> None:
    strangers = Strangers()
    said = [strangers.result("auth.invalid", "203.0.113.9", NOON) for _ in range(ROWS_MOST + 40)]
    assert said == ["auth.invalid"] * (ROWS_MOST - 1) + ["auth.invalid:more"] + [None] * 40
    assert strangers.result("auth.invalid", "203.0.113.10", NOON) == "auth.invalid", "somebody else"
    assert strangers.result("auth.invalid", None, NOON) == "auth.invalid"
    assert strangers.result("auth.invalid", "203.0.113.9", NOON + timedelta(minutes=1)) == "auth.invalid"


def test_more_addresses_than_anybody_has_share_one_place() -> None:
    strangers = Strangers()
    for number in range(ADDRESSES_MOST):
        strangers.result("auth.invalid", f"2001:db8::{number:x}", NOON)
    said = [strangers.result("auth.invalid", f"2001:db8:1::{number:x}", NOON) for number in range(ROWS_MOST * 2)]
    assert said.count(None) == ROWS_MOST
