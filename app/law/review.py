"""What makes a paper acceptable (Decree 45(2), 46(1); policy 8.3, 9.3)."""

from collections.abc import Sequence
from datetime import date, timedelta

from app.errors import Fault
from app.law.controller import Document
from app.law.terms import Right


def unknown_questions(document: Document, checklist: Sequence[str]) -> tuple[Fault, ...]:
    """The lines said to be seen that the checklist of this kind does not have (Decree 46(1))."""
    known = {one.id for one in document.checklist}
    return tuple(Fault(f"/checklist/{place}", "field.value") for place, one in enumerate(checklist) if one not in known)


def faults(
    document: Document,
    checklist: Sequence[str],
    *,
    issued_on: date | None,
    issuer_number: str | None,
    handed_in_on: date,
    on: date,
) -> tuple[Fault, ...]:
    """Why this paper cannot be accepted, every reason (Decree 45(2), 46(1)); none where it can.

    Its age is counted on the day it was handed in: nobody loses a certificate because we were slow to read it.
    """
    unseen = (one.id for one in document.checklist if one.id not in checklist)
    found = [Fault(f"/checklist/{one}", "evidence.checklist_incomplete") for one in unseen]
    if issued_on is not None and issued_on > on:
        found.append(Fault("/issued_on", "field.value"))
    if document.max_age_days is not None:
        if issued_on is None:
            found.append(Fault("/issued_on", "field.required"))
        elif issued_on < handed_in_on - timedelta(days=document.max_age_days):
            found.append(Fault("/issued_on", "evidence.too_old"))
    if document.issuer_number and not issuer_number:
        found.append(Fault("/issuer_number", "field.required"))
    return tuple(found)


def narrowed(rights: Sequence[str], ticked: Sequence[Right]) -> list[str]:
    """The rights that a mandate gives once the paper was seen: what was stated, so far as it is ticked (Decree 45(2)).

    A paper never widens what was stated at filing: nobody was asked for more.
    """
    return [one for one in rights if one in set(ticked)]
