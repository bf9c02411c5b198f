"""What must hold in a policy file beyond its shape: no entry twice, no name without its entry, nothing the law forbids.

These look at what the file says, not at checked objects, so that they can speak even where the shape is wrong
elsewhere: whoever writes a policy is told everything at once.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

from app.law.terms import Capacity, Decider, Method, Right
from app.marked import Place, Sheet

LISTS = ("rights", "channels", "purposes", "records", "categories", "consent_methods", "lines", "bodies")
DESTROYING = {Right.DELETION, Right.CONSENT_WITHDRAWAL}


def check(sheet: Sheet) -> None:
    """Note every problem of references, repetition and law."""
    if not isinstance(sheet.value, dict):
        return
    for name in LISTS:
        _unique(sheet, (name,), "id")
    _unique_parties(sheet)
    _references(sheet)
    _categories(sheet)
    _assurance(sheet)
    _deciders(sheet)


def _entries(sheet: Sheet, place: Place) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The groups of a list, with the place of each; whatever is of another type is told by the shape."""
    found = _at(sheet.value, place)
    for index, entry in enumerate(found if isinstance(found, list) else ()):
        if isinstance(entry, dict):
            yield (*place, index), entry


def _at(value: Any, place: Place) -> Any:
    for step in place:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _ids(sheet: Sheet, name: str) -> set[str]:
    return {entry["id"] for _, entry in _entries(sheet, (name,)) if isinstance(entry.get("id"), str)}


def _texts(entry: dict[str, Any], name: str) -> list[tuple[int, str]]:
    """The texts of a list inside an entry, with their positions."""
    found = entry.get(name)
    return [(at, one) for at, one in enumerate(found) if isinstance(one, str)] if isinstance(found, list) else []


def _unique(sheet: Sheet, place: Place, key: str) -> None:
    seen: set[str] = set()
    for here, entry in _entries(sheet, place):
        name = entry.get(key)
        if isinstance(name, str) and name in seen:
            sheet.flaw((*here, key), f"'{name}' stands twice")
        elif isinstance(name, str):
            seen.add(name)


def _unique_parties(sheet: Sheet) -> None:
    """Processors and third parties share one set of names."""
    _unique(sheet, ("processors",), "id")
    _unique(sheet, ("third_parties",), "id")
    for here, entry in _entries(sheet, ("third_parties",)):
        if str(entry.get("id")) in _ids(sheet, "processors"):
            sheet.flaw((*here, "id"), f"'{entry['id']}' is already a processor")


def _references(sheet: Sheet) -> None:
    purposes, records, channels = (_ids(sheet, name) for name in ("purposes", "records", "channels"))
    used: set[str] = set()
    for here, entry in _entries(sheet, ("categories",)):
        _known(sheet, here, entry, "purposes", purposes, "is not among the purposes")
        _known(sheet, here, entry, "routes", channels, "is not a channel by which a request may come (Decree 41(2)2)")
        _unique(sheet, (*here, "records"), "record")
        for inner, kept in _entries(sheet, (*here, "records")):
            if isinstance(kept.get("record"), str) and kept["record"] not in records:
                sheet.flaw((*inner, "record"), f"'{kept['record']}' is not among the records")
            used.add(str(kept.get("record")))
    for here, entry in _entries(sheet, ("records",)):
        if str(entry.get("id")) not in used and not entry.get("note"):
            sheet.flaw((*here, "note"), "is missing: no category holds these records, so say why")


def _known(sheet: Sheet, here: Place, entry: dict[str, Any], name: str, known: set[str], text: str) -> None:
    seen: set[str] = set()
    for at, one in _texts(entry, name):
        if one not in known:
            sheet.flaw((*here, name, at), f"'{one}' {text}")
        elif one in seen:
            sheet.flaw((*here, name, at), f"'{one}' stands twice")
        seen.add(one)


def _categories(sheet: Sheet) -> None:
    for here, entry in _entries(sheet, ("categories",)):
        _unique(sheet, (*here, "fields"), "id")
        for inner, one in _entries(sheet, (*here, "fields")):
            if (one.get("input") == "textarea") != (one.get("free_text") is True):
                sheet.flaw((*inner, "free_text"), "a textarea holds free text, and nothing else does")
        if entry.get("fields") == [] and entry.get("media") is not True:
            sheet.flaw((*here, "fields"), "is empty, but the category is not media")
        if entry.get("short_lived") is True and (entry.get("records") or entry.get("span")):
            sheet.flaw((*here, "short_lived"), "is kept for a period or by statute, so it is not short-lived")


def _assurance(sheet: Sheet) -> None:
    """Every right can be proved, and an e-mail address is enough where nothing else was asked (Standard Guideline)."""
    rules = [entry for _, entry in _entries(sheet, ("assurance",))]
    wide = {right for one in rules if not one.get("email_only_categories") for _, right in _texts(one, "rights")}
    mail = {
        right
        for one in rules
        if Method.EMAIL_CODE in [text for _, text in _texts(one, "methods")]
        for _, right in _texts(one, "rights")
    }
    mail_only = any(_mail_only(entry) for _, entry in _entries(sheet, ("categories",)))
    for right in Right:
        if right not in wide:
            sheet.flaw(("assurance",), f"no method proves identity for '{right}' (Decree 46(1))")
        if mail_only and right not in mail:
            sheet.flaw(("assurance",), f"'{right}' cannot be proved by e-mail, the only contact asked at collection")


def _mail_only(category: dict[str, Any]) -> bool:
    fields = category.get("fields")
    ids = {str(one.get("id")) for one in fields if isinstance(one, dict)} if isinstance(fields, list) else set()
    return "email" in ids and "phone" not in ids


def _deciders(sheet: Sheet) -> None:
    """Somebody decides every claim, and never the machine or one person where the table wants more."""
    rules = list(_entries(sheet, ("deciders",)))
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
    decider, rights = entry.get("decider"), {text for _, text in _texts(entry, "rights")}
    capacities = {text for _, text in _texts(entry, "capacities")}
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
        and right in [text for _, text in _texts(rule, "rights")]
        and capacity in [text for _, text in _texts(rule, "capacities")]
        and rule.get("uncontested") in (None, uncontested)
        and rule.get("short_lived") in (None, short)
    )
