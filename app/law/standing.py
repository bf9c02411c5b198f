"""Who may ask in their own name (Act 38(2), policy chapter 8.1)."""

from datetime import date

from app.errors import Invalid
from app.law import age


def check_self(typed_birth_date: date | None, on: date, *, pointer: str = "/subject/birth_date") -> None:
    """Refuse a child who asks alone: below 14 the legal representative asks (Act 38(2)).

    From 14 on a minor asks alone. No birth date is demanded of anybody (Standard Guideline 34: no more than at
    collection), so without one there is nothing to refuse here; the register's own date is judged in `match`.
    """
    if typed_birth_date is not None and age.under_14(typed_birth_date, on):
        raise Invalid("guardian.required", pointer=pointer, basis="법 38②")
