"""The classes of records a policy has: said in full, or by name alone, and then as the rulebook says them."""

from collections.abc import Mapping
from dataclasses import replace

from app.law.controller import RecordClass
from app.marked import Place, Sheet
from app.policy.shape import PolicyFile, RecordEntry

_SAID = ("label", "statute", "article", "span", "at_least")
_STATUTE = ("article", "span", "at_least")
"""What a policy cannot say otherwise than the statute."""


def of(sheet: Sheet, file: PolicyFile, statutes: Mapping[str, RecordClass]) -> dict[str, RecordClass]:
    """Each class by its name, every problem noted."""
    found: dict[str, RecordClass] = {}
    for at, entry in enumerate(file.records):
        one = _one(sheet, ("records", at), entry, statutes.get(entry.id))
        if one is not None:
            found[entry.id] = one
    return found


def _one(sheet: Sheet, place: Place, entry: RecordEntry, statute: RecordClass | None) -> RecordClass | None:
    unsaid = [name for name in _SAID if getattr(entry, name) is None]
    if len(unsaid) == len(_SAID):
        if statute is None:
            sheet.flaw((*place, "id"), f"'{entry.id}' is not a class of records of the rulebook, so say it in full")
            return None
        return replace(statute, chapter=entry.chapter)
    for name in unsaid:
        sheet.flaw((*place, name), "is missing: say a class in full, or its name alone")
    own = _full(entry)
    if own is None or statute is None:
        return own
    for name in _STATUTE:
        if getattr(own, name) != getattr(statute, name):
            sheet.flaw((*place, name), f"is not what the rulebook says of '{entry.id}' ({statute.statute.ko})")
    return replace(own, sure=statute.sure, valid_from=statute.valid_from, valid_to=statute.valid_to)


def _full(entry: RecordEntry) -> RecordClass | None:
    label, statute, article, span = entry.label, entry.statute, entry.article, entry.span
    if label is None or statute is None or article is None or span is None or entry.at_least is None:
        return None
    return RecordClass(
        id=entry.id,
        label=label.label(),
        statute=statute.label(),
        article=article,
        span=span.counted(),
        at_least=entry.at_least,
        chapter=entry.chapter,
    )
