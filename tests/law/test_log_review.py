"""The months of the access log, and what a family name is."""

from datetime import date

import pytest

from app.law import log_review


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("홍길동", "홍"),
        ("김 하나", "김"),
        ("남궁민수", "남궁"),
        ("남궁", "남"),
        ("선우 은", "선우"),
        ("Amélie O'Neill", "o'neill"),
        ("Cher", "cher"),
        ("  ", ""),
        ("", ""),
    ],
)
def test_a_family_name_is_the_first_of_a_korean_name_and_the_last_word_of_another(name: str, family: str) -> None:
    assert log_review.family_name(name) == family


def test_months_go_on_over_the_year_and_are_due_on_the_twentieth_of_the_next() -> None:
    december = date(2026, 12, 1)
    assert log_review.month_after(december, 1) == date(2027, 1, 1)
    assert log_review.month_after(december, -12) == date(2025, 12, 1)
    assert log_review.month_after(december, -25) == date(2024, 11, 1)
    assert log_review.due_on(december) == date(2027, 1, 20)
