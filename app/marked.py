"""YAML read with the line of every entry, so that whoever wrote a rule file is told where it is wrong.

Stricter than YAML itself: a key may stand once, anchors and tags are refused, and nothing is guessed from
the type of a value. All problems of a file are told at once.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator
from pydantic import Field as Bound

from app.law.terms import Label, Span

Place = tuple[str | int, ...]
Shape = TypeVar("Shape", bound=BaseModel)

DEEPEST = 50
"""Levels of groups and lists in a file; ours need a dozen."""

_ID = r"^[a-z][a-z0-9_]{0,39}$"
_TRIMMED = r"^\S([\s\S]*\S)?$"
_NO_HANGUL = r"^[^\s가-힣ㄱ-ㅎㅏ-ㅣ]([^가-힣ㄱ-ㅎㅏ-ㅣ]*[^\s가-힣ㄱ-ㅎㅏ-ㅣ])?$"
Id = Annotated[str, StringConstraints(pattern=_ID)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=_TRIMMED)]
English = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=_NO_HANGUL)]

_PLAIN = {
    "missing": "is missing",
    "extra_forbidden": "is not a known field",
    "model_type": "should be a group of fields",
    "dict_type": "should be a group of fields",
    "list_type": "should be a list",
    "string_type": "should be text (put it in quotes)",
}
_PATTERNS = {
    _ID: "should be a short name of a-z, 0-9 and _",
    _TRIMMED: "should be text without blanks around it",
    _NO_HANGUL: "should be English without blanks around it",
}


class Entry(BaseModel):
    """Any group of fields in a file: unknown fields are refused, types are not guessed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Words(Entry):
    """A text in Korean and English."""

    ko: Text
    en: English

    def label(self) -> Label:
        """The text as the law core knows it."""
        return Label(self.ko, self.en)


class Period(Entry):
    """A period by the calendar (Civil Act 160)."""

    years: Annotated[int, Bound(ge=0, le=100)] = 0
    months: Annotated[int, Bound(ge=0, le=1200)] = 0
    days: Annotated[int, Bound(ge=0, le=36500)] = 0

    @model_validator(mode="after")
    def _lasts(self) -> "Period":
        if not (self.years or self.months or self.days):
            raise ValueError("a period needs years, months or days")
        return self

    def counted(self) -> Span:
        """The period as the law core counts it."""
        return Span(self.years, self.months, self.days)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong in a file: where, and what."""

    file: str
    line: int
    field: str
    text: str

    def __str__(self) -> str:
        return ": ".join(part for part in (f"{self.file}:{self.line}", self.field, self.text) if part)


class FileError(Exception):
    """A rule file cannot be used; says everything that is wrong with it."""

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        super().__init__("\n".join(str(one) for one in flaws))
        self.flaws = flaws


@dataclass(slots=True)
class Sheet:
    """What a file says, on which line each entry stands, and what is wrong with it so far."""

    path: Path
    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)

    def flaw(self, place: Place, text: str) -> None:
        """Note a problem at a place, or at the nearest entry around it that stands in the file."""
        self.flaws.append(Flaw(self.path.name, self.line(place), spelled(place), text))

    def line(self, place: Place) -> int:
        """The line of an entry, or of what it should have stood in."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def as_(self, shape: type[Shape]) -> Shape | None:
        """The contents in the given shape; None, and the problems noted, where they do not fit."""
        try:
            return shape.model_validate(self.value)
        except ValidationError as wrong:
            for one in wrong.errors(include_url=False, include_input=False):
                pattern = one.get("ctx", {}).get("pattern", "")
                said = _PATTERNS.get(pattern) or _PLAIN.get(one["type"], one["msg"])
                self.flaw(one["loc"], said.removeprefix("Value error, "))
            return None

    def ordered(self) -> tuple[Flaw, ...]:
        """The problems from the top of the file to the bottom."""
        return tuple(sorted(self.flaws, key=lambda one: (one.line, one.field)))


def spelled(place: Place) -> str:
    """A place as people write it: `categories[1].fields[0].id`."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def read(path: Path) -> Sheet:
    """Read a file; a file that cannot be read at all is a sheet with its problem and nothing else."""
    sheet = Sheet(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        if _too_deep(text):
            sheet.flaw((), "is nested too deeply")
            return sheet
        loader = yaml.CSafeLoader(text)
        root = loader.get_single_node()
    except OSError as wrong:
        sheet.flaw((), f"cannot be read ({wrong.strerror})")
    except UnicodeDecodeError:
        sheet.flaw((), "is not UTF-8 text")
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        sheet.lines[()] = mark.line + 1 if mark else 1
        sheet.flaw((), f"is not YAML ({wrong.problem or wrong.context})")
    except yaml.YAMLError:
        sheet.flaw((), "is not YAML (a character that may not stand there)")
    else:
        if root is None:
            sheet.flaw((), "is empty")
        else:
            sheet.value = _Walk(sheet, loader).plain(root, ())
    return sheet


def _too_deep(text: str) -> bool:
    """Told by the parser's events, which come one by one: composing nests on the stack of the C library."""
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            return True
    return False


class _Walk:
    """From the nodes of a file to plain values, keeping the line of each."""

    def __init__(self, sheet: Sheet, loader: yaml.CSafeLoader) -> None:
        self.sheet = sheet
        self.loader = loader
        self.seen: set[int] = set()

    def plain(self, node: yaml.Node, place: Place) -> Any:
        """The value of a node."""
        self.sheet.lines.setdefault(place, node.start_mark.line + 1)
        if id(node) in self.seen:
            self.sheet.flaw(place, "repeats another entry by an anchor; write it out")
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._group(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(child, (*place, index)) for index, child in enumerate(node.value)]
        return self._scalar(node, place)

    def _group(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        group: dict[str, Any] = {}
        for key, child in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            here, line = (*place, name), key.start_mark.line + 1
            if name in group:
                self.sheet.flaws.append(Flaw(self.sheet.path.name, line, spelled(here), "stands twice"))
                continue
            self.sheet.lines[here] = line
            group[name] = self.plain(child, here)
        return group

    def _scalar(self, node: yaml.Node, place: Place) -> Any:
        try:
            return self.loader.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError):
            self.sheet.flaw(place, "is not a value that can be read")
            return None
