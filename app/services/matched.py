"""What the register's answer came to, in the form in which the desk keeps it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.law.match import Contact, Finding, Person
from app.law.terms import Reached, Right
from app.models import Claim

CONTACTS = ("phone", "email")


@dataclass(frozen=True, slots=True)
class Found:
    """One finding, and about whom; `finding` is None where only reach was proved and nobody was asked."""

    finding: Finding | None
    person: dict[str, Any] | None = None
    """As it is sealed with the request: the person's own contacts and shared ones, never a guardian's."""
    guardians: tuple[dict[str, Any], ...] = ()
    """Those on record, to be told of the request and kept nowhere."""
    proved: tuple[str, str] | None = None
    """The contact by which the party was found."""
    reached: Reached = Reached.OTHER
    on_record: bool = False


def known(person: Person) -> dict[str, Any]:
    """A person of the register, without the people beside them."""
    return {
        "subject_ref": person.subject_ref,
        "name": person.name,
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "contacts": _contacts(one for one in person.contacts if one.holder != "guardian"),
    }


def vouched(name: str, birth_date: str | None, *, subject_ref: str | None, phone: str | None) -> dict[str, Any]:
    """A person of whom there is only somebody's word; a merely typed contact is not taken over, it may be another's."""
    own = [{"kind": "phone", "value": phone, "since": None, "holder": "subject"}] if phone else []
    return {"subject_ref": subject_ref, "name": name, "birth_date": birth_date, "contacts": own}


def guardians(person: Person) -> tuple[dict[str, Any], ...]:
    """The guardians that the register names beside a person."""
    return tuple(
        {"name": one.name, "contacts": _contacts(one.contacts), "flags": list(one.flags)} for one in person.guardians
    )


def under_correction(claims: Iterable[Claim]) -> set[str]:
    """The kinds of contact that this request itself says are wrong: they prove nothing in it (A8)."""
    return {
        change["field"]
        for claim in claims
        if claim.right == Right.CORRECTION
        for change in claim.scope["changes"]
        if change["field"] in CONTACTS
    }


def day(value: str | None) -> date | None:
    """A date as it was sealed."""
    return date.fromisoformat(value) if value else None


def _contacts(contacts: Iterable[Contact]) -> list[dict[str, Any]]:
    return [
        {
            "kind": one.kind,
            "value": one.value,
            "since": one.since.isoformat() if one.since else None,
            "holder": one.holder,
        }
        for one in contacts
    ]
