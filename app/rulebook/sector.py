"""The statutes of a sector, laid beside every edition in whose time they hold.

An id stands once in all sectors and for all time: where a statute changes, the old entry gets its last day and the new
one a name of its own, so that what was kept under a name stays kept under it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from app.law.controller import RecordClass
from app.law.terms import Ground, Label
from app.marked import Place, Sheet
from app.rulebook.edition import LabelledEdition, Sector, check_dates, grounds, notes
from app.rulebook.shape import RecordEntry, SectorFile

Dated = TypeVar("Dated", Ground, RecordClass)


@dataclass(frozen=True, slots=True)
class Statutes:
    """A sector as the law core knows it."""

    sector: Sector
    valid_from: date
    valid_to: date | None
    facts: dict[str, Label]
    grounds: dict[str, Ground]
    records: dict[str, RecordClass]
    notes: dict[str, str]


def statutes(sheet: Sheet, file: SectorFile, editions: Iterable[LabelledEdition]) -> Statutes:
    """The statutes of a file, checked against the editions in whose time they hold."""
    check_dates(sheet, (), file.valid_from, file.valid_to)
    facts = {name: words.label() for name, words in file.facts.items()}
    known = dict(facts)
    for at, edition in enumerate(one for one in editions if _meet(one, file.valid_from, file.valid_to)):
        for name in facts.keys() & edition.facts.keys():
            sheet.flaw(("facts", name), f"'{name}' is already in the edition '{edition.id}'")
        for index, one in enumerate(file.grounds):
            if one.id in edition.grounds:
                sheet.flaw(("grounds", index, "id"), f"'{one.id}' is already in the edition '{edition.id}'")
        shared = edition.facts if at == 0 else {name: one for name, one in known.items() if name in edition.facts}
        known = {**shared, **facts}
    return Statutes(
        sector=Sector(file.sector, file.label.label(), tuple(file.sources)),
        valid_from=file.valid_from,
        valid_to=file.valid_to,
        facts=facts,
        grounds=grounds(sheet, ("grounds",), file.grounds, file.valid_from, file.valid_to, known),
        records=_records(sheet, file),
        notes=notes([*file.records, *file.grounds]),
    )


def check_names(found: Iterable[tuple[Sheet, SectorFile]]) -> None:
    """Note what stands under one name in two places: a sector, a fact, a class of records, a ground."""
    seen: dict[tuple[str, str], str] = {}
    for sheet, file in found:
        named: list[tuple[str, str, Place]] = [("sector", file.sector, ("sector",))]
        named += [("fact", name, ("facts", name)) for name in file.facts]
        named += [("record", one.id, ("records", at, "id")) for at, one in enumerate(file.records)]
        named += [("ground", one.id, ("grounds", at, "id")) for at, one in enumerate(file.grounds)]
        for kind, name, place in named:
            first = seen.setdefault((kind, name), sheet.path.name)
            if first != sheet.path.name:
                sheet.flaw(place, f"'{name}' already stands in {first}")


def beside(edition: LabelledEdition, found: Iterable[Statutes]) -> LabelledEdition:
    """The edition with the records and grounds of the sectors that hold in its time."""
    for one in found:
        if _meet(edition, one.valid_from, one.valid_to):
            edition = replace(
                edition,
                facts={**edition.facts, **one.facts},
                grounds={**edition.grounds, **_of(edition, one.grounds)},
                records={**edition.records, **_of(edition, one.records)},
                sectors=(*edition.sectors, one.sector),
                notes={**edition.notes, **one.notes},
            )
    return edition


def _of(edition: LabelledEdition, entries: dict[str, Dated]) -> dict[str, Dated]:
    """The entries that hold on some day of the edition."""
    return {name: one for name, one in entries.items() if _meet(edition, one.valid_from, one.valid_to)}


def _meet(edition: LabelledEdition, first: date | None, last: date | None) -> bool:
    """Whether two stretches of days have one in common; without a last day a stretch goes on."""
    begins = first is None or edition.valid_to is None or first <= edition.valid_to
    return begins and (last is None or last >= edition.valid_from)


def _records(sheet: Sheet, file: SectorFile) -> dict[str, RecordClass]:
    found: dict[str, RecordClass] = {}
    for index, one in enumerate(file.records):
        if one.id in found:
            sheet.flaw(("records", index, "id"), f"'{one.id}' stands twice")
        check_dates(sheet, ("records", index), one.valid_from or file.valid_from, one.valid_to)
        found[one.id] = _record(one, file)
    return found


def _record(one: RecordEntry, file: SectorFile) -> RecordClass:
    return RecordClass(
        id=one.id,
        label=one.label.label(),
        statute=one.statute.label(),
        article=one.article,
        span=one.span.counted(),
        at_least=one.at_least,
        chapter=None,
        sure=one.sure,
        valid_from=one.valid_from or file.valid_from,
        valid_to=one.valid_to or file.valid_to,
    )
