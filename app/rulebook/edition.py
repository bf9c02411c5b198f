"""An edition of the law from its file, whole or as an amendment of the one before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from app.law.controller import RecordClass
from app.law.terms import Answering, Decider, Deferral, Edition, Ground, Label, Leak, LeakReport, Right
from app.marked import Place, Sheet, Words
from app.rulebook.shape import (
    AmendmentFile,
    AnsweringEntry,
    DeferralEntry,
    EditionFile,
    GroundEntry,
    LeakEntry,
)


@dataclass(frozen=True, slots=True)
class Sector:
    """The statutes of a kind of business, as they stand beside an edition."""

    id: str
    label: Label
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelledEdition(Edition):
    """An edition with the words in which its articles and facts are shown, and the statutes beside the Act."""

    articles: dict[Right, Label]
    facts: dict[str, Label]
    sources: tuple[str, ...]
    amends: str | None = None
    sectors: tuple[Sector, ...] = ()
    records: dict[str, RecordClass] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    """What an entry rests on that was not read in an official text, by the entry's id."""


def whole(sheet: Sheet, file: EditionFile) -> LabelledEdition:
    """The edition of a file that says all of it."""
    facts = _labels(file.facts)
    rights = {right: getattr(file.rights, right.value) for right in Right}
    check_dates(sheet, (), file.valid_from, file.valid_to)
    return LabelledEdition(
        id=file.id,
        valid_from=file.valid_from,
        valid_to=file.valid_to,
        days={right: one.days for right, one in rights.items()},
        basis={right: one.basis for right, one in rights.items()},
        articles={right: one.article.label() for right, one in rights.items()},
        grounds=grounds(sheet, ("grounds",), file.grounds, file.valid_from, file.valid_to, facts),
        deferral=_deferral(file.deferral),
        objection=_answering(file.objection),
        follow_up=_answering(file.follow_up),
        destruction=_answering(file.destruction),
        leak=_leak(file.leak),
        forms=file.forms,
        facts=facts,
        sources=tuple(file.sources),
        notes=notes(file.grounds),
    )


def amended(sheet: Sheet, file: AmendmentFile, before: LabelledEdition) -> LabelledEdition:
    """The edition before it with what the amendment adds, says anew and takes away; every other word stands."""
    check_dates(sheet, (), file.valid_from, file.valid_to)
    facts = _facts(sheet, file, before)
    said = file.replaced
    rights = {right: one for right in Right if (one := getattr(said.rights, right.value)) is not None}
    return replace(
        before,
        id=file.id,
        valid_from=file.valid_from,
        valid_to=file.valid_to,
        grounds=_regrounded(sheet, file, before, facts),
        facts=facts,
        sources=tuple(file.sources),
        amends=before.id,
        notes={**before.notes, **notes([*file.replaced.grounds, *file.added.grounds])},
        days=before.days | {right: one.days for right, one in rights.items()},
        basis=before.basis | {right: one.basis for right, one in rights.items()},
        articles=before.articles | {right: one.article.label() for right, one in rights.items()},
        deferral=_deferral(said.deferral) if said.deferral else before.deferral,
        objection=_answering(said.objection) if said.objection else before.objection,
        follow_up=_answering(said.follow_up) if said.follow_up else before.follow_up,
        destruction=_answering(said.destruction) if said.destruction else before.destruction,
        leak=_leak(said.leak) if said.leak else before.leak,
        forms=said.forms or before.forms,
    )


def _regrounded(
    sheet: Sheet, file: AmendmentFile, before: LabelledEdition, facts: Mapping[str, Label]
) -> dict[str, Ground]:
    """The grounds that stand, those said anew in their old places, and the new ones behind them."""
    new, anew, dates = ("added", "grounds"), ("replaced", "grounds"), (file.valid_from, file.valid_to)
    _known(sheet, ("ended", "grounds"), file.ended.grounds, before.grounds)
    stand = {name: one for name, one in before.grounds.items() if name not in file.ended.grounds}
    _known(sheet, anew, [one.id for one in file.replaced.grounds], stand, "id")
    for at, one in enumerate(file.added.grounds):
        if one.id in before.grounds:
            sheet.flaw((*new, at, "id"), f"'{one.id}' is already in the edition '{before.id}'")
    replaced = grounds(sheet, anew, file.replaced.grounds, *dates, facts)
    added = grounds(sheet, new, file.added.grounds, *dates, facts)
    kept = {name: goes for name, old in stand.items() if (goes := _goes_on(old, file, before)) is not None}
    _still_said(sheet, file, facts, [one for name, one in kept.items() if name not in replaced])
    return {**kept, **replaced, **added}


def _goes_on(ground: Ground, file: AmendmentFile, before: LabelledEdition) -> Ground | None:
    """A ground that stands: it no longer ends with the edition before, but on a day of its own it does."""
    if ground.valid_to == before.valid_to:
        return replace(ground, valid_to=file.valid_to)
    return ground if ground.valid_to is None or ground.valid_to >= file.valid_from else None


def grounds(
    sheet: Sheet,
    place: Place,
    entries: Iterable[GroundEntry],
    valid_from: date,
    valid_to: date | None,
    facts: Mapping[str, Label],
) -> dict[str, Ground]:
    """The grounds of a list, each checked: said once, with facts that are among the facts, applied by two people."""
    found: dict[str, Ground] = {}
    for index, one in enumerate(entries):
        here = (*place, index)
        if one.id in found:
            sheet.flaw((*here, "id"), f"'{one.id}' stands twice")
        for at, fact in enumerate(one.facts):
            if fact not in facts:
                sheet.flaw((*here, "facts", at), f"'{fact}' is not among the facts")
            elif fact in one.facts[:at]:
                sheet.flaw((*here, "facts", at), f"'{fact}' stands twice")
        if one.effect != "postpone" and one.applied_by is not Decider.TWO:
            sheet.flaw((*here, "applied_by"), "a ground that refuses, restricts or keeps is applied by two people")
        check_dates(sheet, here, one.valid_from or valid_from, one.valid_to)
        found[one.id] = _ground(one, valid_from, valid_to)
    return found


def notes(entries: Iterable[Any]) -> dict[str, str]:
    """What the entries that are not sure rest on."""
    return {one.id: one.note for one in entries if not one.sure}


def check_dates(sheet: Sheet, place: Place, first: date, last: date | None) -> None:
    """Note a last day before the first."""
    if last is not None and last < first:
        sheet.flaw((*place, "valid_to"), "is before the first day")


def _ground(one: GroundEntry, valid_from: date, valid_to: date | None) -> Ground:
    return Ground(
        id=one.id,
        rights=frozenset(one.rights),
        article=one.article.label(),
        effect=one.effect,
        controllers=frozenset(one.controllers),
        facts=tuple(one.facts),
        applied_by=one.applied_by,
        text=one.text.label(),
        valid_from=one.valid_from or valid_from,
        valid_to=one.valid_to or valid_to,
        media=one.media,
    )


def _facts(sheet: Sheet, file: AmendmentFile, before: LabelledEdition) -> dict[str, Label]:
    _known(sheet, ("ended", "facts"), file.ended.facts, before.facts)
    for name in file.added.facts:
        if name in before.facts:
            sheet.flaw(("added", "facts", name), f"'{name}' is already in the edition '{before.id}'")
    kept = {name: one for name, one in before.facts.items() if name not in file.ended.facts}
    for name in file.replaced.facts:
        if name not in kept:
            sheet.flaw(("replaced", "facts", name), f"'{name}' is not in the edition '{before.id}'")
    return {**kept, **_labels(file.replaced.facts), **_labels(file.added.facts)}


def _known(sheet: Sheet, place: Place, names: list[str], known: Mapping[str, object], key: str | None = None) -> None:
    """Note every name that nothing in the edition before answers to."""
    for at, name in enumerate(names):
        if name not in known:
            sheet.flaw((*place, at) if key is None else (*place, at, key), f"'{name}' is not in the amended edition")
        elif name in names[:at] and key is None:
            sheet.flaw((*place, at), f"'{name}' stands twice")


def _still_said(sheet: Sheet, file: AmendmentFile, facts: Mapping[str, Label], kept: list[Ground]) -> None:
    """No fact ends that a ground still rests on."""
    for at, name in enumerate(file.ended.facts):
        needing = [one.id for one in kept if name in one.facts and name not in facts]
        if needing:
            sheet.flaw(("ended", "facts", at), f"'{name}' is still needed by {', '.join(needing)}")


def _deferral(one: DeferralEntry) -> Deferral:
    return Deferral(frozenset(one.rights), one.days, one.basis)


def _answering(one: AnsweringEntry) -> Answering:
    return Answering(one.days, one.basis)


def _leak(one: LeakEntry) -> Leak:
    fields = {name: words.label() for name, words in one.report.fields}
    report = LeakReport(one.report.to.label(), fields, one.report.checked)
    return Leak(one.hours, one.subjects, frozenset(one.always), one.basis, one.possible, report)


def _labels(words: Mapping[str, Words]) -> dict[str, Label]:
    return {name: one.label() for name, one in words.items()}
