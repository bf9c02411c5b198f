"""What makes a paper acceptable: its checklist, its age when it came, its number (Decree 45(2), 46(1))."""

from datetime import date, timedelta

import pytest

from app.errors import Fault
from app.law import review
from app.law.controller import Document, Question
from app.law.terms import Right
from tests.law.world import label

TODAY = date(2026, 11, 25)
HANDED_IN = date(2026, 11, 20)


def paper(*, days: int | None = None, number: bool = False) -> Document:
    """A certificate with two things to see on it."""
    lines = tuple(Question(one, label(one)) for one in ("names", "seal"))
    return Document("certificate", label("certificate"), label("hint"), lines, max_age_days=days, issuer_number=number)


def faults(
    document: Document,
    *seen: str,
    issued_on: date | None = None,
    number: str | None = None,
    on: date = TODAY,
) -> list[tuple[str, str]]:
    found = review.faults(document, seen, issued_on=issued_on, issuer_number=number, handed_in_on=HANDED_IN, on=on)
    return [(one.pointer, one.code) for one in found]


@pytest.mark.parametrize(
    ("seen", "missing"),
    [(("names", "seal"), ()), (("seal",), ("names",)), (("names",), ("seal",)), ((), ("names", "seal"))],
)
def test_every_line_of_the_checklist_is_seen(seen: tuple[str, ...], missing: tuple[str, ...]) -> None:
    assert faults(paper(), *seen) == [(f"/checklist/{one}", "evidence.checklist_incomplete") for one in missing]


def test_a_line_that_the_checklist_does_not_have_is_named_by_its_place() -> None:
    assert review.unknown_questions(paper(), ["seal", "names"]) == ()
    assert review.unknown_questions(paper(), ["seal", "stamp", "names", "photo"]) == (
        Fault("/checklist/1", "field.value"),
        Fault("/checklist/3", "field.value"),
    )


@pytest.mark.parametrize(
    ("days", "issued_on", "code"),
    [
        (None, None, None),
        (None, date(1999, 1, 1), None),
        (None, TODAY, None),
        (None, TODAY + timedelta(days=1), "field.value"),
        (90, None, "field.required"),
        (90, HANDED_IN, None),
        # It is as old as it was on the day it came, however late it is read.
        (90, HANDED_IN - timedelta(days=90), None),
        (90, HANDED_IN - timedelta(days=91), "evidence.too_old"),
        (90, TODAY + timedelta(days=1), "field.value"),
    ],
)
def test_the_age_of_a_paper(days: int | None, issued_on: date | None, code: str | None) -> None:
    found = faults(paper(days=days), "names", "seal", issued_on=issued_on)
    assert found == ([("/issued_on", code)] if code else [])


@pytest.mark.parametrize(
    ("asked", "number", "missing"),
    [(True, "1234-5678", False), (True, None, True), (True, "", True), (False, None, False), (False, "1234", False)],
)
def test_the_number_of_the_issuer(asked: bool, number: str | None, missing: bool) -> None:
    found = faults(paper(number=asked), "names", "seal", number=number)
    assert found == ([("/issuer_number", "field.required")] if missing else [])


def test_every_reason_is_told_at_once() -> None:
    assert faults(paper(days=90, number=True)) == [
        ("/checklist/names", "evidence.checklist_incomplete"),
        ("/checklist/seal", "evidence.checklist_incomplete"),
        ("/issued_on", "field.required"),
        ("/issuer_number", "field.required"),
    ]


def test_a_paper_narrows_what_was_stated_and_never_widens_it() -> None:
    assert review.narrowed(["access", "deletion"], [Right.DELETION, Right.CORRECTION]) == ["deletion"]
    assert review.narrowed(["access"], []) == []
    assert review.narrowed(["deletion", "access"], list(Right)) == ["deletion", "access"]
