"""From what Pydantic found to what this service says: codes of the catalogue and RFC 6901 pointers, never a value."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from starlette.datastructures import ImmutableMultiDict

from app.errors import Fault, Invalid, Malformed, NotFound, Problem
from app.http.body import pointer
from app.http.catalogue import catalogue

FAULTS_MAX: Final = 20
LOOKED_AT_MAX: Final = 500

_CODES: Final[Mapping[str, str]] = {
    "missing": "field.required",
    "union_tag_not_found": "field.required",
    "extra_forbidden": "field.unknown",
    "timezone_aware": "field.timezone_required",
    "int_parsing": "field.format",
    "bool_parsing": "field.format",
    "float_parsing": "field.format",
    "enum": "field.value",
    "literal_error": "field.value",
    "union_tag_invalid": "field.value",
    "greater_than": "field.value",
    "greater_than_equal": "field.value",
    "less_than": "field.value",
    "less_than_equal": "field.value",
    "multiple_of": "field.value",
    "finite_number": "field.value",
    "too_short": "field.length",
    "too_long": "field.length",
    "string_too_short": "field.length",
    "string_too_long": "field.length",
    "int_from_float": "field.type",
    "none_required": "field.type",
    "is_instance_of": "field.type",
    "int_parsing_size": "field.value",
    "string_unicode": "field.forbidden_character",
}
_CHOICES: Final = frozenset({"enum", "literal_error", "union_tag_invalid"})
_ID_OF = re.compile(r"([a-z_]+)_id")

Step = tuple[bool, str | int]
"""(whether the part names a branch of a union, the part of the path)."""


@dataclass(frozen=True, slots=True)
class _Found:
    """One error of Pydantic's, with its path through what was sent."""

    index: int
    steps: tuple[Step, ...]
    code: str
    at: str
    basis: str | None


def problem_of(error: RequestValidationError, unreadable: Problem | None) -> Problem:
    """The one problem to answer for a request that did not fit."""
    found = list(islice(error.errors(), LOOKED_AT_MAX))
    for each in found:
        if each["loc"][0] == "path":
            return NotFound(_not_found(each))
    in_body = [each for each in found if each["loc"][0] == "body"]
    if in_body:
        problem = _unread(error, in_body, unreadable)
        if problem is not None:
            return problem
    return _invalid(found, error.body)


def _not_found(error: Mapping[str, Any]) -> str:
    """The same code as for an id nobody has: an unreadable id is not told from an unknown one."""
    code: str = error.get("ctx", {}).get("code", "")
    if code and not code.startswith("field."):
        return code
    match = _ID_OF.fullmatch(str(error["loc"][-1]))
    code = f"{match[1]}.not_found" if match else ""
    return code if code in catalogue() else "request.path_not_found"


def _unread(error: RequestValidationError, found: list[Any], unreadable: Problem | None) -> Problem | None:
    if unreadable is not None:
        return unreadable
    if isinstance(error.body, bytes):
        return Malformed("request.media_type")
    # FastAPI gives None both for no body and for `null`; only the former misses the whole body.
    if error.body is None and all(each["type"] == "missing" for each in found):
        return Malformed("request.body_required")
    return None


def _invalid(errors: Sequence[Mapping[str, Any]], body: object) -> Problem:
    body = dict(body) if isinstance(body, ImmutableMultiDict) else body
    found = _truest([_read(index, each, body) for index, each in enumerate(errors)])
    faults: dict[Fault, str | None] = {}
    for each in sorted(found, key=lambda each: each.index):
        where = pointer(tuple(part for _, part in each.steps)) + each.at
        faults.setdefault(Fault(where, each.code), each.basis)
    first = next(iter(faults))
    return Invalid(first.code, basis=faults[first], faults=tuple(islice(faults, FAULTS_MAX)))


def _read(index: int, error: Mapping[str, Any], body: object) -> _Found:
    place, *loc = error["loc"]
    ctx = error.get("ctx") or {}
    ours = error["type"] == "desk"
    steps = _steps(loc, body, absent=error["type"] == "missing") if place == "body" else _named(place, loc)
    at = ctx.get("at", "") if ours else ""
    if error["type"].startswith("union_tag"):
        at = "/" + str(ctx.get("discriminator", "")).strip("'")
    return _Found(index, steps, ctx["code"] if ours else _code(error, ctx), at, ctx.get("basis") if ours else None)


def _code(error: Mapping[str, Any], ctx: Mapping[str, Any]) -> str:
    kind: str = error["type"]
    if kind in _CHOICES:
        sent = error.get("input")
        if kind == "union_tag_invalid" and isinstance(sent, dict):
            sent = sent.get(str(ctx.get("discriminator", "")).strip("'"))
        return "field.value" if isinstance(sent, str) else "field.type"
    if kind.endswith("_type"):
        return "field.type"
    return _CODES.get(kind, "field.format")


def _named(place: str, loc: Sequence[str | int]) -> tuple[Step, ...]:
    return ((False, place), *((False, str(part).lower()) for part in loc[:1]))


def _steps(loc: Sequence[str | int], node: object, *, absent: bool) -> tuple[Step, ...]:
    """Follow the path through what was sent; a part that is not there names a branch of a union."""
    steps: list[Step] = []
    for place, part in enumerate(loc):
        inside, node = _inside(node, part)
        steps.append((not inside and not (absent and place == len(loc) - 1), part))
    return tuple(steps)


def _inside(node: object, part: str | int) -> tuple[bool, object]:
    if isinstance(node, dict) and part in node:
        return True, node[part]
    if isinstance(node, list) and isinstance(part, int) and part < len(node):
        return True, node[part]
    return False, node


def _truest(found: Iterable[_Found]) -> list[_Found]:
    """Where a value fitted no branch of a union, keep the branch it came nearest to."""
    plain: list[_Found] = []
    unions: dict[tuple[Step, ...], dict[str | int, list[_Found]]] = {}
    for each in found:
        tag = next((place for place, (is_tag, _) in enumerate(each.steps) if is_tag), None)
        if tag is None:
            plain.append(each)
            continue
        without = replace(each, steps=each.steps[:tag] + each.steps[tag + 1 :])
        unions.setdefault(each.steps[:tag], {}).setdefault(each.steps[tag][1], []).append(without)
    if not unions:
        return plain
    for union_at, branches in unions.items():
        plain += min(branches.values(), key=partial(_distance, union_at))
    return _truest(plain)


def _distance(union_at: tuple[Step, ...], branch: Sequence[_Found]) -> tuple[bool, int]:
    wrong_altogether = any(each.steps == union_at and each.code == "field.type" for each in branch)
    return wrong_altogether, len(branch)
