"""The trace: each promise of the policy and each duty of the law, with the rule, the code and the tests that keep it.

`python -m tests.traced` writes docs/traceability.md from docs/trace.yaml; a test holds both against the tree.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "docs" / "trace.yaml"
PAGE = ROOT / "docs" / "traceability.md"
HEAD = """# Where each promise and each duty is kept

Written by `python -m tests.traced` from [trace.yaml](trace.yaml). A promise is one of the published policy
(`policies/ktmns-2024-12-06.yaml`, by chapter), a duty one of the Act or the Decree. A test fails if a promise has no
line, or if a line names code or a test that is not there.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One promise or duty."""

    place: str
    says: str
    rule: str
    code: tuple[str, ...]
    tests: tuple[str, ...]
    elsewhere: str


def lines(part: str) -> list[Line]:
    """The lines of a part, `promises` or `duties`, in their order."""
    whole: dict[str, list[dict[str, Any]]] = yaml.safe_load(SOURCE.read_text("utf-8"))
    return [
        Line(
            place=str(one["place"]),
            says=one["says"],
            rule=one.get("rule", ""),
            code=tuple(one.get("code", ())),
            tests=tuple(one.get("tests", ())),
            elsewhere=one.get("elsewhere", ""),
        )
        for one in whole[part]
    ]


def missing(line: Line) -> list[str]:
    """What a line names that is not in the tree: `path::name` of a function, class, constant or YAML file."""
    return [one for one in (*line.code, *line.tests) if not _stands(one)]


def page() -> str:
    """The page as it should stand in docs/."""
    return "\n".join([HEAD, *_table("Promises of the policy", "promises"), *_table("Duties of the law", "duties")])


def _table(title: str, part: str) -> Iterator[str]:
    yield f"## {title}\n"
    yield "| where | what | rule | code | tests |"
    yield "|---|---|---|---|---|"
    for one in lines(part):
        if one.elsewhere:
            yield f"| {one.place} | {one.says} | kept elsewhere: {one.elsewhere} | | |"
        else:
            yield f"| {one.place} | {one.says} | {one.rule} | {_linked(one.code)} | {_linked(one.tests)} |"
    yield ""


def _linked(places: tuple[str, ...]) -> str:
    return "<br>".join(f"[{name or Path(path).name}](../{path})" for path, _, name in map(_parted, places))


def _parted(place: str) -> tuple[str, str, str]:
    return place.partition("::")


def _stands(place: str) -> bool:
    path, _, name = _parted(place)
    file = ROOT / path
    return file.is_file() and (not name or name in _names(file))


@cache
def _names(file: Path) -> frozenset[str]:
    """What a module defines, or the ids in a YAML file."""
    source = file.read_text("utf-8")
    if file.suffix != ".py":
        return frozenset(source.replace('"', " ").replace(",", " ").split())
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.Assign():
                found |= {one.id for one in node.targets if isinstance(one, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
    return frozenset(found)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
