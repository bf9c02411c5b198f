"""Who may ask for whom (Act 38(1)(2), Decree 45, Civil Act 4, policy chapter 8.1), judged from what was typed.

The register's own birth date is judged in `match`; whether somebody has shown who they are, in `proof`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.errors import Fault, Invalid
from app.law import age
from app.law.match import folded
from app.law.terms import Capacity, Relationship, Right

BASIS = {"guardian.required": "법 38②", "guardian.inconsistent": "법 38②", "mandate.inconsistent": "영 45"}


@dataclass(frozen=True, slots=True)
class Known:
    """What was typed about one person: name, date of birth, and contacts as (kind, value) in normal form."""

    name: str
    born: date | None = None
    contacts: frozenset[tuple[str, str]] = frozenset()


def check_filing(
    capacity: Capacity, relationship: Relationship | None, *, subject: Known, requester: Known | None, on: date
) -> None:
    """Refuse who cannot ask in this standing on this day, naming every fault (Act 38(1)(2), Civil Act 4).

    No birth date is demanded of who asks in their own name (Standard Guideline 34: no more than at collection), so
    without one there is nothing to refuse here.
    """
    faults = tuple(_FAULTS[capacity](relationship, subject, requester, on))
    if faults:
        raise Invalid(faults[0].code, basis=BASIS.get(faults[0].code), faults=faults)


def barred(capacity: Capacity, relationship: Relationship | None, years: int) -> str | None:
    """The code with which a subject of this age is asked for in another standing (Act 38(2), Civil Act 4, 938).

    Below 14 only the legal representative asks; from 14 on a minor asks alone, and until 19 a guardian may as well.
    """
    if capacity is Capacity.GUARDIAN:
        return None if relationship is None or age.fits(relationship, years) else "guardian.inconsistent"
    return None if age.asks_alone(years) else "guardian.required"


def lost(capacity: Capacity, relationship: Relationship | None, *, born: date | None, on: date) -> str | None:
    """The code of a standing that has ended by the day: a child came of age (Civil Act 4); who asks alone keeps theirs.

    Judged again at every decision and every disclosure; `born` is the register's date where it is known.
    """
    if capacity is not Capacity.GUARDIAN or relationship is None or born is None:
        return None
    ended = relationship is not Relationship.ADULT_GUARDIAN and not age.fits(relationship, age.age(born, on))
    return "guardian.ended" if ended else None


def mandate_faults(
    rights: Collection[Right],
    signed_on: date,
    expires_on: date | None,
    *,
    asked: Sequence[Right],
    on: date,
    longest_days: int,
) -> tuple[Fault, ...]:
    """What a mandate does not carry on the day of arrival: a right that is not ticked, or its days (Decree 45(2))."""
    faults = []
    if signed_on > on:
        faults.append(Fault("/mandate/signed_on", "field.value"))
    elif on > mandate_until(signed_on, None, longest_days):
        faults.append(Fault("/mandate/signed_on", "mandate.scope"))
    if expires_on is not None and expires_on < on:
        faults.append(Fault("/mandate/expires_on", "mandate.scope"))
    elif expires_on is not None and expires_on < signed_on:
        faults.append(Fault("/mandate/expires_on", "field.inconsistent"))
    unticked = [place for place, right in enumerate(asked) if right not in rights]
    return (*faults, *(Fault(f"/claims/{place}/right", "mandate.scope") for place in unticked))


def mandate_until(signed_on: date, expires_on: date | None, longest_days: int) -> date:
    """The last day on which a mandate holds: what it says, or the longest life the policy gives one (Decree 45(2))."""
    longest = signed_on + timedelta(days=longest_days)
    return longest if expires_on is None else min(expires_on, longest)


def mandate_lost(*, revoked: bool, until: date, on: date) -> str | None:
    """The code of a mandate that has ended by the day: its principal ends it at any time (Civil Act 128, 689)."""
    if revoked:
        return "mandate.revoked"
    return "mandate.expired" if on > until else None


def _alone(relationship: Relationship | None, subject: Known, requester: Known | None, on: date) -> list[Fault]:
    """Below 14 only the legal representative asks (Act 38(2), policy 8.1)."""
    faults = [] if requester is None else [Fault("/requester", "field.inconsistent")]
    return faults + (_born(subject, on, "/subject") or _barred(Capacity.SELF, None, subject, on))


def _guardian(relationship: Relationship | None, subject: Known, requester: Known | None, on: date) -> list[Fault]:
    """A child's guardian asks for a minor, an adult's for an adult, and nobody is their own (Civil Act 4, 938)."""
    if requester is None:
        return [Fault("/requester", "field.required")]
    faults = _born(subject, on, "/subject") + _born(requester, on, "/requester")
    if relationship is None:
        faults.append(Fault("/requester/relationship", "field.required"))
    for pointer, born in (("/subject/birth_date", subject.born), ("/requester/birth_date", requester.born)):
        if born is None:
            faults.append(Fault(pointer, "field.required"))
    if faults or relationship is None or subject.born is None or requester.born is None:
        return faults
    faults += _barred(Capacity.GUARDIAN, relationship, subject, on)
    # Nobody is born after their own parent or a child's guardian; an old mother's guardian may well be her son.
    upside_down = relationship is not Relationship.ADULT_GUARDIAN and requester.born >= subject.born
    if upside_down or _same(subject, requester):
        faults.append(Fault("/requester", "guardian.inconsistent"))
    return faults


def _delegate(relationship: Relationship | None, subject: Known, requester: Known | None, on: date) -> list[Fault]:
    """A child under 14 mandates nobody; and no contact of the delegate can ever confirm the subject (Decree 45, 46)."""
    if requester is None:
        return [Fault("/requester", "field.required")]
    faults = _born(subject, on, "/subject") + _born(requester, on, "/requester")
    faults = faults or _barred(Capacity.DELEGATE, None, subject, on)
    if _contacts(subject) & _contacts(requester) or _same(subject, requester):
        faults.append(Fault("/requester", "mandate.inconsistent"))
    return faults


_FAULTS = {Capacity.SELF: _alone, Capacity.GUARDIAN: _guardian, Capacity.DELEGATE: _delegate}


def _barred(capacity: Capacity, relationship: Relationship | None, subject: Known, on: date) -> list[Fault]:
    code = barred(capacity, relationship, age.age(subject.born, on)) if subject.born else None
    pointer = "/requester/relationship" if capacity is Capacity.GUARDIAN else "/subject/birth_date"
    return [Fault(pointer, code)] if code else []


def _born(one: Known, on: date, pointer: str) -> list[Fault]:
    yet_to_come = one.born is not None and one.born > on
    return [Fault(f"{pointer}/birth_date", "field.value")] if yet_to_come else []


def _same(one: Known, other: Known) -> bool:
    """One person under two headings: the same name with the same birth date or a common contact."""
    born = one.born is not None and one.born == other.born
    return folded(one.name) == folded(other.name) and (born or bool(_contacts(one) & _contacts(other)))


def _contacts(one: Known) -> set[tuple[str, str]]:
    return {(kind, value.casefold()) for kind, value in one.contacts}
