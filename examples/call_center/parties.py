"""Who asks for somebody else in a call, from flags or from questions: nothing that the website does not ask."""

import argparse
from collections.abc import Callable
from typing import Any

from examples.call_center.claims import RIGHTS, words

JSON = dict[str, Any]
Ask = Callable[[str], str]
CAPACITIES = ("self", "guardian", "delegate")
RELATIONSHIPS = ("parent", "adoptive_parent", "appointed_guardian", "adult_guardian")
DELIVER_TO = ("subject", "delegate")


def parties_of(args: argparse.Namespace, ask: Ask) -> JSON:
    """Return capacity, requester and mandate; what a flag did not say is asked."""
    if args.capacity == "self":
        return {"capacity": "self"}
    requester = {"name": args.requester_name or ask("Name of who asks"), "birth_date": args.requester_birth_date}
    if args.capacity == "guardian":
        requester["birth_date"] = args.requester_birth_date or ask("Date of birth of the guardian (YYYY-MM-DD)")
    requester["phone"] = args.requester_phone or ask("Phone of who asks")
    requester["email"] = args.requester_email or ask("E-mail of who asks")
    requester["relationship"] = args.relationship or ask(_relationship(args.capacity))
    if args.capacity == "guardian" and requester["relationship"] not in RELATIONSHIPS:
        raise ValueError(f"relationship: choose from {', '.join(RELATIONSHIPS)}")
    asked: JSON = {"capacity": args.capacity, "requester": _without_gaps(requester)}
    return asked | ({"mandate": _mandate(args, ask)} if args.capacity == "delegate" else {})


def _relationship(capacity: str) -> str:
    return (
        f"By what a guardian ({', '.join(RELATIONSHIPS)})" if capacity == "guardian" else "What they are to the person"
    )


def _mandate(args: argparse.Namespace, ask: Ask) -> JSON:
    """Return the mandate as it is signed, read out by who holds it."""
    rights = words(args.mandate_rights or ask(f"Rights ticked on the mandate, with commas ({', '.join(RIGHTS)})"))
    mandate: JSON = {
        "rights": rights,
        "signed_on": args.signed_on or ask("Day of signature (YYYY-MM-DD)"),
        "expires_on": args.expires_on,
        "deliver_to": args.deliver_to,
    }
    return _without_gaps(mandate)


def _without_gaps(said: JSON) -> JSON:
    return {name: value for name, value in said.items() if value}
