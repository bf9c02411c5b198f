"""The state of the law as dated data: deadlines and the closed list of grounds, one file for each edition.

The edition in force on the day of arrival applies to a claim. An edition without a last day ends when the next begins.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field as Bound
from pydantic import StringConstraints

from app.law.terms import Answering, ControllerKind, Decider, Deferral, Edition, Ground, Label, Leak, Right
from app.marked import Entry, FileError, Id, Sheet, Text, Words, read

BUNDLED = Path(__file__).parent / "law" / "editions"

_Right = Annotated[Right, Bound(strict=False)]
_Kind = Annotated[ControllerKind, Bound(strict=False)]
_Decider = Annotated[Decider, Bound(strict=False)]


class RulebookError(FileError):
    """Editions of the rulebook that cannot be used."""


class _RightEntry(Entry):
    days: Annotated[int, Bound(ge=1, le=90)]
    basis: Text
    article: Words


class _RightEntries(Entry):
    access: _RightEntry
    correction: _RightEntry
    deletion: _RightEntry
    suspension: _RightEntry
    consent_withdrawal: _RightEntry


class _GroundEntry(Entry):
    id: Annotated[str, StringConstraints(pattern=r"^A\d+(_\d+){1,3}(_[a-z]+)?$")]
    rights: Annotated[list[_Right], Bound(min_length=1)]
    article: Words
    effect: Literal["refuse", "keep", "restrict", "postpone", "except"]
    controllers: Annotated[list[_Kind], Bound(min_length=1)]
    facts: Annotated[list[Id], Bound(min_length=1)]
    applied_by: _Decider
    media: bool | None = Bound(default=None, description="only for footage, only for other data, or for both")
    text: Words
    valid_from: date | None = None
    valid_to: date | None = None


class _DeferralEntry(Entry):
    rights: Annotated[list[_Right], Bound(min_length=1)]
    days: Annotated[int, Bound(ge=1, le=90)]
    basis: Text


class _AnsweringEntry(Entry):
    days: Annotated[int, Bound(ge=1, le=90)]
    basis: Text


class _LeakEntry(Entry):
    hours: Annotated[int, Bound(ge=1, le=240)]
    subjects: Annotated[int, Bound(ge=1, le=1_000_000)]
    basis: Text


class _EditionFile(Entry):
    id: Text
    valid_from: date
    valid_to: date | None = None
    sources: Annotated[list[Text], Bound(min_length=1)]
    rights: _RightEntries
    deferral: _DeferralEntry
    objection: _AnsweringEntry
    follow_up: _AnsweringEntry
    destruction: _AnsweringEntry
    leak: _LeakEntry
    facts: dict[Id, Words]
    grounds: Annotated[list[_GroundEntry], Bound(min_length=1)]


@dataclass(frozen=True, slots=True)
class LabelledEdition(Edition):
    """An edition with the words in which its articles and facts are shown."""

    articles: dict[Right, Label]
    facts: dict[str, Label]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Every known edition, oldest first."""

    editions: tuple[LabelledEdition, ...]

    def at(self, on: date) -> LabelledEdition:
        """The edition in force on a day; LookupError before the first and after the last."""
        for one in self.editions:
            if one.valid_from <= on and (one.valid_to is None or on <= one.valid_to):
                return one
        raise LookupError(f"no edition of the rulebook covers {on.isoformat()}")

    def named(self, edition_id: str) -> LabelledEdition:
        """The edition under which something was decided, by its id."""
        for one in self.editions:
            if one.id == edition_id:
                return one
        raise LookupError(f"no edition of the rulebook is called {edition_id}")


def load(folder: Path | None = None) -> Rulebook:
    """The editions of this release and those of a folder; raise RulebookError with every problem in them."""
    sheets = [read(path) for path in _files(BUNDLED)]
    if folder is not None:
        sheets += [read(path) for path in _files(folder)] or [_empty(folder)]
    found = [(sheet, edition) for sheet in sheets if (edition := _edition(sheet)) is not None]
    found.sort(key=lambda pair: pair[1].valid_from)
    _check_order(found)
    flaws = tuple(flaw for sheet in sheets for flaw in sheet.ordered())
    if flaws:
        raise RulebookError(flaws)
    return Rulebook(_closed([edition for _, edition in found]))


def document(edition: LabelledEdition, kind: ControllerKind) -> dict[str, Any]:
    """What GET /v1/rulebook serves: the grounds open to this kind of controller, with the facts each must state."""
    return {
        "edition": edition.id,
        "valid_from": edition.valid_from.isoformat(),
        "valid_to": edition.valid_to.isoformat() if edition.valid_to else None,
        "sources": list(edition.sources),
        "rights": [
            {"id": right.value, "days": days, "basis": edition.basis[right], "article": _both(edition.articles[right])}
            for right, days in edition.days.items()
        ],
        "grounds": [_served(edition, one) for one in edition.grounds.values() if kind in one.controllers],
    }


def _served(edition: LabelledEdition, ground: Ground) -> dict[str, Any]:
    return {
        "id": ground.id,
        "rights": sorted(right.value for right in ground.rights),
        "article": _both(ground.article),
        "effect": ground.effect,
        "facts": [{"id": name, "label": _both(edition.facts[name])} for name in ground.facts],
        "applied_by": ground.applied_by.value,
        "text": _both(ground.text),
        "valid_from": ground.valid_from.isoformat(),
        "valid_to": ground.valid_to.isoformat() if ground.valid_to else None,
    }


def _both(label: Label) -> dict[str, str]:
    return {"ko": label.ko, "en": label.en}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in (".yaml", ".yml"))


def _empty(folder: Path) -> Sheet:
    sheet = Sheet(folder)
    sheet.flaw((), "holds no edition (*.yaml)" if folder.is_dir() else "is not a folder")
    return sheet


def _edition(sheet: Sheet) -> LabelledEdition | None:
    """The edition of a file, or None with its problems noted."""
    if sheet.flaws and sheet.value is None:
        return None
    file = sheet.as_(_EditionFile)
    if file is None:
        return None
    _check(sheet, file)
    return LabelledEdition(
        id=file.id,
        valid_from=file.valid_from,
        valid_to=file.valid_to,
        days={right: getattr(file.rights, right.value).days for right in Right},
        basis={right: getattr(file.rights, right.value).basis for right in Right},
        grounds={one.id: _ground(one, file) for one in file.grounds},
        deferral=Deferral(frozenset(file.deferral.rights), file.deferral.days, file.deferral.basis),
        objection=Answering(file.objection.days, file.objection.basis),
        follow_up=Answering(file.follow_up.days, file.follow_up.basis),
        destruction=Answering(file.destruction.days, file.destruction.basis),
        leak=Leak(file.leak.hours, file.leak.subjects, file.leak.basis),
        articles={right: getattr(file.rights, right.value).article.label() for right in Right},
        facts={name: words.label() for name, words in file.facts.items()},
        sources=tuple(file.sources),
    )


def _ground(one: _GroundEntry, file: _EditionFile) -> Ground:
    return Ground(
        id=one.id,
        rights=frozenset(one.rights),
        article=one.article.label(),
        effect=one.effect,
        controllers=frozenset(one.controllers),
        facts=tuple(one.facts),
        applied_by=one.applied_by,
        text=one.text.label(),
        valid_from=one.valid_from or file.valid_from,
        valid_to=one.valid_to or file.valid_to,
        media=one.media,
    )


def _check(sheet: Sheet, file: _EditionFile) -> None:
    """What must hold inside an edition beyond its shape."""
    seen: set[str] = set()
    _check_dates(sheet, (), file.valid_from, file.valid_to)
    for index, one in enumerate(file.grounds):
        place = ("grounds", index)
        if one.id in seen:
            sheet.flaw((*place, "id"), f"'{one.id}' stands twice")
        seen.add(one.id)
        for at, fact in enumerate(one.facts):
            if fact not in file.facts:
                sheet.flaw((*place, "facts", at), f"'{fact}' is not among the facts")
            elif fact in one.facts[:at]:
                sheet.flaw((*place, "facts", at), f"'{fact}' stands twice")
        if one.effect != "postpone" and one.applied_by is not Decider.TWO:
            sheet.flaw((*place, "applied_by"), "a ground that refuses, restricts or keeps is applied by two people")
        _check_dates(sheet, place, one.valid_from or file.valid_from, one.valid_to)


def _check_dates(sheet: Sheet, place: tuple[str | int, ...], first: date, last: date | None) -> None:
    if last is not None and last < first:
        sheet.flaw((*place, "valid_to"), "is before the first day")


def _check_order(found: list[tuple[Sheet, LabelledEdition]]) -> None:
    """Each day has one edition: no overlap, no gap, no id twice."""
    names: set[str] = set()
    for sheet, edition in found:
        if edition.id in names:
            sheet.flaw(("id",), f"'{edition.id}' stands twice among the editions")
        names.add(edition.id)
    for (_, earlier), (sheet, later) in pairwise(found):
        expected = later.valid_from - timedelta(days=1)
        if earlier.valid_from == later.valid_from or (earlier.valid_to is not None and earlier.valid_to > expected):
            sheet.flaw(("valid_from",), f"overlaps the edition '{earlier.id}'")
        elif earlier.valid_to is not None and earlier.valid_to < expected:
            sheet.flaw(("valid_from",), f"leaves a gap after the edition '{earlier.id}'")


def _closed(editions: list[LabelledEdition]) -> tuple[LabelledEdition, ...]:
    """Editions whose last day is said, so that the next may begin."""
    ends = [later.valid_from - timedelta(days=1) for later in editions[1:]]
    earlier = [replace(one, valid_to=end) for one, end in zip(editions, ends, strict=False)]
    return (*earlier, *editions[-1:])
