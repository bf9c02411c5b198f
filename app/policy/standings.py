"""What must hold of the rules for each standing: who proves what by which means, who decides, how long a release waits.

Whoever may ask has a way to show it, and no claim falls between two rules.
"""

from collections.abc import Iterable
from itertools import product
from typing import Any

from app.law.proof import IDENTITY_DOCUMENT
from app.law.terms import Capacity, Decider, Method, Reached, Relationship, Right
from app.marked import Place, Sheet
from app.policy.entries import entries, ids, refer, texts, unique, words

DESTROYING = {Right.DELETION, Right.CONSENT_WITHDRAWAL}
OWN = {Capacity.SELF, Capacity.DELEGATE}
"""Where the subject proves themselves; so a rule that names no capacity means these."""


def check(sheet: Sheet) -> None:
    """Note every gap and every rule that the law does not allow."""
    _assurance(sheet)
    _documents(sheet)
    _proofs(sheet)
    _waits(sheet)
    _deciders(sheet)


def _assurance(sheet: Sheet) -> None:
    """Every right can be proved, and an e-mail address is enough where nothing else was asked (Standard Guideline)."""
    rules = [entry for _, entry in entries(sheet, ("assurance",))]
    wide = _proved(entry for entry in rules if not entry.get("email_only_categories"))
    mail = _proved(entry for entry in rules if Method.EMAIL_CODE in words(entry, "methods"))
    mail_only = any(_mail_only(entry) for _, entry in entries(sheet, ("categories",)))
    for right in Right:
        unproved = [capacity for capacity in Capacity if (right, capacity) not in wide]
        if unproved:
            who = ", ".join(unproved)
            sheet.flaw(("assurance",), f"no method proves identity for '{right}' of {who} (Decree 46(1))")
        if mail_only and any((right, capacity) not in mail for capacity in OWN):
            sheet.flaw(("assurance",), f"'{right}' cannot be proved by e-mail, the only contact asked at collection")
    for here, entry in entries(sheet, ("assurance",)):
        for at, method in texts(entry, "methods"):
            if method == Method.DOCUMENTS and _capacities(entry) & OWN:
                sheet.flaw((*here, "methods", at), "papers identify a guardian, never the subject")


def _proved(rules: Iterable[dict[str, Any]]) -> set[tuple[str, str]]:
    return {pair for one in rules for pair in product(words(one, "rights"), _capacities(one))}


def _capacities(rule: dict[str, Any]) -> set[str]:
    return words(rule, "capacities") if "capacities" in rule else set(OWN)


def _mail_only(category: dict[str, Any]) -> bool:
    fields = category.get("fields")
    ids = {str(one.get("id")) for one in fields if isinstance(one, dict)} if isinstance(fields, list) else set()
    return "email" in ids and "phone" not in ids


def _documents(sheet: Sheet) -> None:
    for here, _ in entries(sheet, ("documents",)):
        unique(sheet, (*here, "checklist"), "id")
    if IDENTITY_DOCUMENT not in ids(sheet, "documents"):
        text = f"'{IDENTITY_DOCUMENT}' is missing: a guardian who can only be reached shows who they are by it"
        sheet.flaw(("documents",), text)


def _proofs(sheet: Sheet) -> None:
    """Every guardian and every delegate has papers to show, by one rule (Decree 45(2))."""
    documents, shown = ids(sheet, "documents"), set()
    for here, entry in entries(sheet, ("proofs",)):
        refer(sheet, here, entry, "documents", documents, "is not among the documents")
        for case, place in _cases(sheet, here, entry):
            if case in shown:
                sheet.flaw(place, f"'{case}' stands twice")
            shown.add(case)
    for case in ("delegate", *Relationship):
        if case not in shown:
            sheet.flaw(("proofs",), f"no document shows '{case}' (Decree 45(2))")


def _cases(sheet: Sheet, here: Place, entry: dict[str, Any]) -> list[tuple[str, Place]]:
    """Whose papers a rule names. A delegate's relationship is in their own words, so no rule can hang on it."""
    capacity, relationships = entry.get("capacity"), texts(entry, "relationships")
    if capacity == Capacity.SELF:
        sheet.flaw((*here, "capacity"), "who asks for themselves shows no papers (Standard Guideline)")
    if capacity == Capacity.GUARDIAN and not relationships:
        sheet.flaw((*here, "relationships"), "is empty, but a guardian's papers hang on what they are")
    if capacity == Capacity.DELEGATE and relationships:
        sheet.flaw((*here, "relationships"), "should be empty: a delegate's papers hang on nothing")
    if capacity == Capacity.DELEGATE:
        return [(Capacity.DELEGATE.value, (*here, "capacity"))]
    return [(one, (*here, "relationships", at)) for at, one in relationships]


def _waits(sheet: Sheet) -> None:
    rules = [entry for _, entry in entries(sheet, ("release_waits",))]
    told = {
        case for one in rules for case in product(words(one, "rights"), words(one, "capacities"), words(one, "reached"))
    }
    for capacity in Capacity:
        untold = [
            f"{right}/{reached}" for right, reached in product(Right, Reached) if (right, capacity, reached) not in told
        ]
        if untold:
            sheet.flaw(("release_waits",), f"nothing says how long these wait for {capacity}: {', '.join(untold)}")


def _deciders(sheet: Sheet) -> None:
    """Somebody decides every claim, and never the machine or one person where the table wants more."""
    rules = list(entries(sheet, ("deciders",)))
    for here, entry in rules:
        _decider(sheet, here, entry)
    cases = product(("grant", "refuse"), Right, Capacity, (True, False), (True, False))
    open_cases = {
        f"{outcome} of {right} for {capacity}"
        for outcome, right, capacity, uncontested, short in cases
        if not any(_fits(rule, outcome, right, capacity, uncontested, short) for _, rule in rules)
    }
    for case in sorted(open_cases):
        sheet.flaw(("deciders",), f"nobody decides the {case}")


def _decider(sheet: Sheet, here: Place, entry: dict[str, Any]) -> None:
    decider, rights = entry.get("decider"), words(entry, "rights")
    capacities = words(entry, "capacities")
    alone = decider in (Decider.MACHINE, Decider.OFFICER)
    if alone and entry.get("outcome") == "refuse":
        sheet.flaw((*here, "decider"), "a refusal or partial grant takes two people")
    if alone and capacities - {Capacity.SELF}:
        sheet.flaw((*here, "decider"), "what goes to a guardian or delegate takes two people")
    if decider == Decider.MACHINE and (rights & DESTROYING or entry.get("uncontested") is not True):
        sheet.flaw((*here, "decider"), "the machine grants only what is uncontested and destroys nothing")
    if decider == Decider.OFFICER and rights & DESTROYING and not _short_deletion(entry, rights):
        sheet.flaw((*here, "decider"), "an officer alone destroys only short-lived data")


def _short_deletion(entry: dict[str, Any], rights: set[str]) -> bool:
    return rights & DESTROYING == {Right.DELETION} and entry.get("short_lived") is True


def _fits(rule: dict[str, Any], outcome: str, right: str, capacity: str, uncontested: bool, short: bool) -> bool:
    return (
        rule.get("outcome") == outcome
        and right in words(rule, "rights")
        and capacity in words(rule, "capacities")
        and rule.get("uncontested") in (None, uncontested)
        and rule.get("short_lived") in (None, short)
    )
