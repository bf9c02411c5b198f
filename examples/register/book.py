"""The register's search: it may find too many, for the desk compares name and contact itself."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from examples.common.compare import folded

ASKED = ("name", "phone", "email", "birth_date", "customer_no", "account_id")
LONGEST = 320


class BadLookupError(Exception):
    """The question is not one that the contract knows."""


def question(body: Any) -> dict[str, str]:
    """Return what is known about the person asked for; refuse unknown names and anything but short text."""
    if not isinstance(body, dict) or not set(body) <= set(ASKED):
        raise BadLookupError
    known = {name: value for name, value in body.items() if value is not None}
    if not known or not all(isinstance(value, str) and 0 < len(value) <= LONGEST for value in known.values()):
        raise BadLookupError
    return known


def matches(people: Iterable[dict[str, Any]], known: dict[str, str], *, on: date) -> list[dict[str, Any]]:
    """Return everybody who has the number, the account, one of the contacts or the name. A birth date finds nobody."""
    return [_answer(person, on) for person in people if _fits(person, known)]


def _fits(person: dict[str, Any], known: dict[str, str]) -> bool:
    held = {(one["kind"], folded(one["kind"], one["value"])) for one in person["contacts"]}
    return (
        ("customer_no" in known and known["customer_no"] == person["subject_ref"])
        or ("account_id" in known and known["account_id"] == person.get("account_id"))
        or any(kind in known and (kind, folded(kind, known[kind])) in held for kind in ("phone", "email"))
        or ("name" in known and person["name"] and folded("name", known["name"]) == folded("name", person["name"]))
    )


def _answer(person: dict[str, Any], on: date) -> dict[str, Any]:
    answered = {name: person[name] for name in ("subject_ref", "name", "birth_date", "flags")}
    return answered | {
        "contacts": [_contact(one, on) for one in person["contacts"]],
        "guardians": [_guardian(one, on) for one in person["guardians"]],
    }


def _guardian(guardian: dict[str, Any], on: date) -> dict[str, Any]:
    """Return a guardian beside a child; a flag may forbid to answer this one."""
    contacts = [_contact(one, on) for one in guardian["contacts"]]
    return {"name": guardian["name"], "contacts": contacts, "flags": guardian.get("flags", [])}


def _contact(contact: dict[str, Any], on: date) -> dict[str, Any]:
    """Return a contact as the contract has it; invented people may have one that is always a few days old."""
    since = contact.get("since") or str(on - timedelta(days=contact["since_days_ago"]))
    return {"kind": contact["kind"], "value": contact["value"], "since": since, "holder": contact["holder"]}
