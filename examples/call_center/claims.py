"""The claims of a call, from flags or from questions."""

import argparse
from collections.abc import Callable
from typing import Any

JSON = dict[str, Any]
Ask = Callable[[str], str]
RIGHTS = ("access", "correction", "deletion", "suspension", "consent_withdrawal")
GROUNDS, KINDS = ("own_image", "life", "body", "property"), ("existence", "view", "copy")
ASPECTS = "items,purposes,retention,third_parties,consents"


def claims_of(args: argparse.Namespace, ask: Ask) -> list[JSON]:
    """Return one claim for each right named; what a flag did not say is asked."""
    rights = words(args.rights or ask(f"Rights, with commas ({', '.join(RIGHTS)})"))
    if not rights or not set(rights) <= set(RIGHTS):
        raise ValueError(f"rights: choose from {', '.join(RIGHTS)}")
    return [{"right": right} | MAKERS[right](args, ask) for right in rights]


def words(text: str | None) -> list[str]:
    """Return the words of a list written with commas."""
    return [one.strip() for one in (text or "").split(",") if one.strip()]


def _access(args: argparse.Namespace, ask: Ask) -> JSON:
    if args.site:
        return {"media": _media(args, ask)}
    aspects = words(args.aspects or ask(f"Aspects [{ASPECTS}]") or ASPECTS)
    return {"aspects": aspects, "delivery": "electronic"} | _categories(args)


def _media(args: argparse.Namespace, ask: Ask) -> JSON:
    """Return the footage of a place and time; the caller says by what they can be found in it."""
    asked = (
        ("from", args.film_from, "From when, with offset (2026-11-20T10:00:00+09:00)"),
        ("to", args.film_to, "Until when"),
        ("description", args.description, "What the caller looked like"),
        ("ground", args.ground, f"Ground ({', '.join(GROUNDS)})"),
        ("kind", args.kind, f"What is wanted ({', '.join(KINDS)})"),
    )
    return {"site": args.site} | {name: said or ask(question) for name, said, question in asked}


def _correction(args: argparse.Namespace, ask: Ask) -> JSON:
    changes = args.change or []
    while not changes or (not args.change and ask("Another change? (y/N)").lower() == "y"):
        changes = [*changes, f"{ask('Field, as category.field')}={ask('Corrected value')}"]
    return {"changes": [_change(one) for one in changes]}


def _change(text: str) -> JSON:
    place, _, corrected = text.partition("=")
    category, dot, field = place.partition(".")
    if not dot or not corrected:
        raise ValueError("a change is written category.field=corrected value")
    return {"category": category, "field": field, "current": None, "corrected": corrected}


def _deletion(args: argparse.Namespace, ask: Ask) -> JSON:
    if args.categories is None:
        args.categories = ask("Categories to delete, with commas [all]")
    return _categories(args) | _reason(args)


def _suspension(args: argparse.Namespace, ask: Ask) -> JSON:
    ends = args.ends_contract or ask("Does the caller also end the contract? (yes/no)")
    if ends not in ("yes", "no"):
        raise ValueError("whether the contract ends is yes or no")
    suspended = {"purposes": _purposes(args, ask), "categories": words(args.categories) or None}
    return suspended | {"ends_contract": ends == "yes"} | _reason(args)


def _withdrawal(args: argparse.Namespace, ask: Ask) -> JSON:
    return {"purposes": _purposes(args, ask)}


def _purposes(args: argparse.Namespace, ask: Ask) -> list[str]:
    purposes = words(args.purposes or ask("Purposes, with commas"))
    if not purposes:
        raise ValueError("at least one purpose is needed")
    return purposes


def _categories(args: argparse.Namespace) -> JSON:
    return {"categories": words(args.categories)} if words(args.categories) else {}


def _reason(args: argparse.Namespace) -> JSON:
    return {"reason": args.reason} if args.reason else {}


MAKERS: dict[str, Callable[[argparse.Namespace, Ask], JSON]] = {
    "access": _access,
    "correction": _correction,
    "deletion": _deletion,
    "suspension": _suspension,
    "consent_withdrawal": _withdrawal,
}
