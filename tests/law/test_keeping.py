"""How long papers and the data of who asks for another are kept (Act 21(1); Standard Guideline 13)."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.law.controller import Settled
from app.law.keeping import (
    End,
    destroyed_from,
    evidence_until,
    kept_from,
    request_until,
    requester_until,
)
from app.law.terms import Status
from tests.law.world import POLICY

SETTLED: Settled = replace(POLICY.settled, objection_window_days=30, unconfirmed_days=5)
DAY = date(2026, 11, 23)
OPEN = [one for one in Status if one not in (Status.CLOSED, Status.WITHDRAWN, Status.LAPSED)]
CLOSED = End(Status.CLOSED, DAY, DAY + timedelta(days=30))
WITHDRAWN, LAPSED = End(Status.WITHDRAWN, DAY), End(Status.LAPSED, DAY)


def later(**days: int) -> date:
    return DAY + timedelta(**days)


def test_papers_wait_for_the_objection_against_a_notice_or_a_lapse() -> None:
    assert evidence_until([CLOSED], SETTLED) == later(days=30)
    assert evidence_until([LAPSED], SETTLED) == later(days=30)
    assert evidence_until([WITHDRAWN], SETTLED) == later(days=5)


def test_the_data_of_a_guardian_who_was_never_confirmed_goes_within_days() -> None:
    assert requester_until([LAPSED], SETTLED, confirmed=False) == later(days=5)
    assert requester_until([LAPSED], SETTLED, confirmed=True) == later(days=30)
    for confirmed in (True, False):
        assert requester_until([WITHDRAWN], SETTLED, confirmed=confirmed) == later(days=5)
        assert requester_until([CLOSED], SETTLED, confirmed=confirmed) == later(days=30)


def test_the_last_claim_decides() -> None:
    longer = End(Status.CLOSED, later(days=3), later(days=40))
    assert evidence_until([WITHDRAWN, CLOSED, longer, LAPSED], SETTLED) == later(days=40)
    assert requester_until([LAPSED, WITHDRAWN, longer], SETTLED, confirmed=False) == later(days=40)


def test_while_one_claim_is_open_nothing_is_destroyed() -> None:
    for status in OPEN:
        ends = [CLOSED, End(status, None), WITHDRAWN]
        assert evidence_until(ends, SETTLED) is None, status
        assert requester_until(ends, SETTLED, confirmed=False) is None, status
    # Nor where a day is not known, nor where there is no claim: what cannot be counted is not over.
    assert evidence_until([End(Status.LAPSED, None)], SETTLED) is None
    assert evidence_until([End(Status.CLOSED, DAY, None)], SETTLED) is None
    assert evidence_until([], SETTLED) is None


def test_the_last_day_itself_still_belongs_to_the_keeping() -> None:
    until = evidence_until([CLOSED], SETTLED)
    assert not destroyed_from(until, later(days=29)) and not destroyed_from(until, later(days=30))
    assert destroyed_from(until, later(days=31))
    assert not destroyed_from(None, date.max)


ENDS = st.lists(
    st.builds(
        End,
        st.sampled_from(list(Status)),
        st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 1, 1))),
        st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 1, 1))),
    ),
    max_size=6,
)


@given(ENDS, st.booleans())
def test_the_order_of_claims_says_nothing_and_one_more_never_shortens_it(ends: list[End], confirmed: bool) -> None:
    papers, data = evidence_until(ends, SETTLED), requester_until(ends, SETTLED, confirmed=confirmed)
    assert evidence_until(ends[::-1], SETTLED) == papers
    # The data of a requester is never kept longer than the papers that show who they are.
    assert (papers is None) == (data is None)
    if papers is not None and data is not None:
        assert data <= papers
        more = evidence_until([*ends, CLOSED], SETTLED)
        assert more is not None and more >= papers


def test_a_request_is_kept_for_three_years_by_the_calendar() -> None:
    years = replace(SETTLED, requests_kept_years=3)
    assert request_until(DAY, years) == date(2029, 11, 23)
    assert request_until(date(2024, 2, 29), years) == date(2027, 2, 28)
    assert request_until(DAY, replace(SETTLED, requests_kept_years=1)) == date(2027, 11, 23)


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.integers(1, 5))
def test_what_happened_before_the_first_day_that_is_kept_is_over(on: date, years: int) -> None:
    settled = replace(SETTLED, requests_kept_years=years)
    first = kept_from(on, years)
    assert not destroyed_from(request_until(first, settled), on)
    assert destroyed_from(request_until(first - timedelta(days=1), settled), on)
