"""The state of the law as dated data: deadlines, the closed list of grounds, and the records that statutes keep.

An edition is one state of the Act and its Decree; it may be told as an amendment of the one before it. The edition in
force on the day of arrival applies to a claim. An edition without a last day ends when the next begins. Beside the
editions stand the statutes of sectors, each with its own days.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from app.law.controller import RecordClass
from app.marked import FileError, Sheet, read
from app.rulebook import sector
from app.rulebook.edition import LabelledEdition, amended, whole
from app.rulebook.shape import AmendmentFile, EditionFile, SectorFile
from app.rulebook.shown import document

__all__ = ["BUNDLED", "LabelledEdition", "Rulebook", "RulebookError", "document", "load"]

BUNDLED = Path(__file__).parents[1] / "law" / "editions"
SECTORS = Path(__file__).parents[1] / "law" / "sectors"
_DAY = timedelta(days=1)
Dated = tuple[Sheet, EditionFile | AmendmentFile]


class RulebookError(FileError):
    """Editions of the rulebook that cannot be used."""


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

    @property
    def records(self) -> dict[str, RecordClass]:
        """Every class of records that a statute beside the Act keeps, of whatever time; a policy names those it has."""
        return {name: one for edition in self.editions for name, one in edition.records.items()}


def load(folder: Path | None = None) -> Rulebook:
    """The law of this release and that of a folder; raise RulebookError with every problem in them."""
    sheets = [read(path) for path in (*_files(BUNDLED), *_files(SECTORS))]
    if folder is not None:
        sheets += [read(path) for path in _files(folder)] or [_empty(folder)]
    shaped = [(sheet, file) for sheet in sheets if (file := _shaped(sheet)) is not None]
    editions = _editions([(sheet, file) for sheet, file in shaped if not isinstance(file, SectorFile)])
    sectors = [(sheet, file) for sheet, file in shaped if isinstance(file, SectorFile)]
    sector.check_names(sectors)
    found = [sector.statutes(sheet, file, editions) for sheet, file in sectors]
    flaws = tuple(flaw for sheet in sheets for flaw in sheet.ordered())
    if flaws:
        raise RulebookError(flaws)
    return Rulebook(tuple(sector.beside(one, found) for one in editions))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in (".yaml", ".yml"))


def _empty(folder: Path) -> Sheet:
    sheet = Sheet(folder)
    sheet.flaw((), "holds no edition and no sector (*.yaml)" if folder.is_dir() else "is not a folder")
    return sheet


def _shaped(sheet: Sheet) -> EditionFile | AmendmentFile | SectorFile | None:
    """What a file is, by the field that only its kind has; None with its problems noted."""
    if sheet.flaws and sheet.value is None:
        return None
    said = sheet.value if isinstance(sheet.value, dict) else {}
    if "sector" in said:
        return sheet.as_(SectorFile)
    return sheet.as_(AmendmentFile) if "amends" in said else sheet.as_(EditionFile)


def _editions(dated: list[Dated]) -> tuple[LabelledEdition, ...]:
    """The editions in their order, each amendment laid over the one before it."""
    dated.sort(key=lambda pair: pair[1].valid_from)
    in_order = _in_order(dated)
    found: list[LabelledEdition] = []
    for sheet, file in dated:
        if isinstance(file, EditionFile):
            found.append(whole(sheet, file))
        elif found and file.amends in _line(found):
            found.append(amended(sheet, file, found[-1]))
        elif in_order:
            before = f"'{found[-1].id}' is in force the day before" if found else "none is in force the day before"
            sheet.flaw(("amends",), f"'{file.amends}' cannot be amended from that day: {before}")
    return _closed(found)


def _line(editions: list[LabelledEdition]) -> set[str]:
    """The last edition and those it amends: an amendment written for any of them finds its words there."""
    line, last = {editions[-1].id}, editions[-1]
    by_id = {one.id: one for one in editions}
    while last.amends is not None:
        last = by_id[last.amends]
        line.add(last.id)
    return line


def _in_order(dated: list[Dated]) -> bool:
    """Whether each day has one edition: no overlap, no gap, no id twice; what does not is noted."""
    before = sum(len(sheet.flaws) for sheet, _ in dated)
    names: set[str] = set()
    for sheet, file in dated:
        if file.id in names:
            sheet.flaw(("id",), f"'{file.id}' stands twice among the editions")
        names.add(file.id)
    for (_, earlier), (sheet, later) in pairwise(dated):
        expected = later.valid_from - _DAY
        if earlier.valid_from == later.valid_from or (earlier.valid_to is not None and earlier.valid_to > expected):
            sheet.flaw(("valid_from",), f"overlaps the edition '{earlier.id}'")
        elif earlier.valid_to is not None and earlier.valid_to < expected:
            sheet.flaw(("valid_from",), f"leaves a gap after the edition '{earlier.id}'")
    return sum(len(sheet.flaws) for sheet, _ in dated) == before


def _closed(editions: list[LabelledEdition]) -> tuple[LabelledEdition, ...]:
    """Editions whose last day is said, so that the next may begin."""
    ends = [later.valid_from - _DAY for later in editions[1:]]
    earlier = [replace(one, valid_to=end) for one, end in zip(editions, ends, strict=False)]
    return (*earlier, *editions[-1:])
