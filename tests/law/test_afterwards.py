"""What comes after an answer: a day of keeping that holders shorten, a measure that nothing else forbids."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.law import assessment, deadline, decision, follow_up, retention
from app.law.assessment import Item, Scope
from app.law.decision import Verdict, VerdictItem
from app.law.follow_up import Measure
from app.law.retention import Claimed, Judged
from app.law.terms import ItemOutcome, Label, Outcome, Right, Span
from app.workdays import calendar
from tests.law.test_beyond import shipped
from tests.law.world import ARRIVED, POLICY, record

CLOSED = calendar()
DAYS = st.dates(date(2026, 1, 1), date(2036, 12, 31))
REPORTS = st.lists(st.none() | DAYS, max_size=5)
PURPOSES = ("a", "b", "c")


@given(DAYS, REPORTS)
def test_a_holders_day_shortens_and_never_lengthens(decided: date, reported: list[date | None]) -> None:
    until = retention.shortened(decided, reported)
    assert until <= decided
    # Whoever holds the record longest decides; who named no day holds it as long as was decided.
    assert all(until >= min(day or decided, decided) for day in reported)
    assert until in {decided, *reported}


@given(DAYS, REPORTS, DAYS)
def test_one_more_holder_never_has_it_destroyed_earlier(
    decided: date, reported: list[date | None], another: date
) -> None:
    if reported:
        more = retention.shortened(decided, [*reported, another])
        assert more >= retention.shortened(decided, reported)


@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("records", [(), ("contract_5y",)])
@pytest.mark.parametrize("stopped", list(chain.from_iterable(combinations(PURPOSES, n) for n in range(4))))
def test_a_measure_destroys_neither_what_goes_on_nor_what_a_statute_keeps(
    stopped: tuple[str, ...], records: tuple[str, ...], measure: Measure
) -> None:
    allowed = {Measure.KEEP_APART}
    if set(stopped) == set(PURPOSES):
        allowed.add(Measure.KEEP_BY_STATUTE if records else Measure.DESTROY)
    assert follow_up.proposed(stopped, PURPOSES, records) in allowed
    if measure in allowed:
        follow_up.check(measure, stopped, PURPOSES, records)
        return
    with pytest.raises(Invalid) as caught:
        follow_up.check(measure, stopped, PURPOSES, records)
    assert (caught.value.code, caught.value.faults[0].pointer, caught.value.basis) == (
        "measure.not_allowed", "/measure", "법 37⑤",
    )  # fmt: skip


@given(DAYS, st.integers(1, 30))
def test_a_measure_is_due_on_an_open_day_within_its_days(answered: date, days: int) -> None:
    due = follow_up.due(answered, days, CLOSED)
    assert answered <= due <= answered + timedelta(days=days)
    assert due == answered or deadline.is_open(due, CLOSED)


def test_a_measure_due_over_a_holiday_comes_before_it() -> None:
    # Ten days on is the Saturday of the harvest holiday; the Wednesday before it is the last open day.
    assert follow_up.due(date(2026, 9, 16), 10, CLOSED) == date(2026, 9, 23)


def withdrawal(*purposes: str, before: dict[str, tuple[str, ...]]) -> tuple[Item, ...]:
    """What the shipped policy and edition say to a withdrawal of these consents."""
    policy, edition = shipped()
    scope = Scope(Right.CONSENT_WITHDRAWAL, purposes=purposes)
    return assessment.assess(
        scope, policy, edition, since=ARRIVED, holders={}, nothing_held=False, withdrawn=before
    )  # fmt: skip


@pytest.mark.parametrize(
    ("purposes", "before", "kept"),
    [
        (("marketing",), {}, []),
        (("marketing",), {"site_log": ("personalisation",)}, ["site_log:telecom_log_3m"]),
        (("marketing", "personalisation"), {}, ["site_log:telecom_log_3m"]),
        # What was withdrawn of another category, or this very purpose, leaves the other purpose.
        (("marketing",), {"consultation": ("complaint_handling",), "site_log": ("marketing",)}, []),
        # A contract goes on whatever consents were withdrawn.
        (("delivery",), {"online_mall": ("delivery",)}, []),
    ],
)
def test_a_record_is_kept_where_no_purpose_is_left(
    purposes: tuple[str, ...], before: dict[str, tuple[str, ...]], kept: list[str]
) -> None:
    assert [one.item for one in withdrawal(*purposes, before=before) if one.record_class] == kept


def test_a_statute_keeps_records_and_no_purposes() -> None:
    policy, edition = shipped()
    facts = {"statute": "전자상거래법 제6조", "record_class": "분쟁", "until": "2099-12-31"}
    purpose = VerdictItem("site_log.marketing", ItemOutcome.KEEP, "A21_1", facts)
    assessed = withdrawal("marketing", "personalisation", before={})
    with pytest.raises(Invalid) as caught:
        decision.check(
            Verdict(Outcome.PARTIAL, (purpose,), "kept"), assessed, Right.CONSENT_WITHDRAWAL, edition, policy.kind,
            on=ARRIVED, ends_contract=False,
        )  # fmt: skip
    assert (caught.value.code, caught.value.faults[0].pointer) == ("ground.not_available", "/items/0/ground")


CONTRACT, LOG = POLICY.records["contract_5y"], POLICY.records["log_3m"]
TAX = replace(record("tax_5y", Span(years=5)), statute=Label("국세법", "Tax Act"), article="제85조")
IN_FIVE, IN_THREE_MONTHS, NEXT_YEAR = date(2031, 11, 23), date(2027, 2, 23), date(2027, 6, 1)


@pytest.mark.parametrize(
    ("category", "said", "until", "judged"),
    [
        ("mall", "contract_5y", NEXT_YEAR, Judged(CONTRACT, NEXT_YEAR, doubtful=False)),
        ("mall", "거래법 제6조", IN_FIVE, Judged(CONTRACT, IN_FIVE, doubtful=False)),
        ("mall", "Trade Act", NEXT_YEAR, Judged(CONTRACT, NEXT_YEAR, doubtful=False)),
        # Longer than the statute can mean: its last day, and a person looks.
        ("mall", "contract_5y", IN_FIVE + timedelta(days=1), Judged(CONTRACT, IN_FIVE, doubtful=True)),
        # A statute that keeps something, but nothing of this; one of the rulebook that the policy does not name.
        ("mall", "log_3m", NEXT_YEAR, Judged(LOG, IN_THREE_MONTHS, doubtful=True)),
        ("letter", "국세법 제85조", NEXT_YEAR, Judged(TAX, NEXT_YEAR, doubtful=True)),
        # One that nobody knows: the holder's day stands until a person has looked.
        (
            "mall",
            "내부 지침",
            IN_FIVE + timedelta(days=999),
            Judged(None, IN_FIVE + timedelta(days=999), doubtful=True),
        ),
    ],
)
def test_a_holders_word_for_a_statute_is_held_against_those_that_are_known(
    category: str, said: str, until: date, judged: Judged
) -> None:
    assert retention.judge(POLICY, category, Claimed(said, until), ARRIVED, statutes=[TAX]) == judged


def test_a_statute_that_is_not_in_force_yet_keeps_nothing() -> None:
    later = replace(TAX, valid_from=ARRIVED + timedelta(days=1))
    judged = retention.judge(POLICY, "mall", Claimed("tax_5y", NEXT_YEAR), ARRIVED, statutes=[later])
    assert judged == Judged(None, NEXT_YEAR, doubtful=True)
