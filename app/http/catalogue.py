"""The catalogue of problems: every code with its status and its sentences, read once from catalogue.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

import yaml

from app import errors

Language = Literal["ko", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ko", "en")

FITS: Final[Mapping[str, frozenset[int]]] = MappingProxyType(
    {
        errors.Malformed.__name__: frozenset({400, 405, 408, 414, 415, 431}),
        errors.Unauthenticated.__name__: frozenset({401}),
        errors.Forbidden.__name__: frozenset({403}),
        errors.NotFound.__name__: frozenset({404}),
        errors.Conflict.__name__: frozenset({409}),
        errors.Gone.__name__: frozenset({410}),
        errors.Stale.__name__: frozenset({412}),
        errors.Unconditional.__name__: frozenset({428}),
        errors.TooLarge.__name__: frozenset({413}),
        errors.Invalid.__name__: frozenset({422}),
        errors.Limited.__name__: frozenset({429}),
        errors.Unavailable.__name__: frozenset({503}),
        "Internal": frozenset({500}),
        "Note": frozenset({200}),
    }
)
"""Which statuses each kind of error may have. A Note is no answer of its own: it stands in `adjusted` or as a flag."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One code: its status, the kind of error it belongs to, its sentences, and the article where the law speaks."""

    code: str
    status: int
    kind: str
    title: Mapping[Language, str]
    detail: Mapping[Language, str]
    basis: str | None = None


class CatalogueError(Exception):
    """The catalogue file is not what it must be."""


def _sentences(code: str, part: str, raw: object) -> Mapping[Language, str]:
    if not isinstance(raw, dict) or set(raw) != set(LANGUAGES):
        raise CatalogueError(f"{code}: {part} wants exactly {', '.join(LANGUAGES)}")
    if any(not isinstance(text, str) or not text.strip() for text in raw.values()):
        raise CatalogueError(f"{code}: {part} has an empty sentence")
    return MappingProxyType(dict(raw))


def _entry(code: str, raw: object) -> Entry:
    if not isinstance(raw, dict) or not {"status", "kind", "title", "detail"} <= set(raw) <= {*Entry.__slots__}:
        raise CatalogueError(f"{code}: wants status, kind, title, detail and perhaps basis")
    if raw["status"] not in FITS.get(raw["kind"], frozenset()):
        raise CatalogueError(f"{code}: status {raw['status']} does not fit kind {raw['kind']}")
    return Entry(
        code=code,
        status=raw["status"],
        kind=raw["kind"],
        title=_sentences(code, "title", raw["title"]),
        detail=_sentences(code, "detail", raw["detail"]),
        basis=raw.get("basis"),
    )


def load(path: Path) -> Mapping[str, Entry]:
    """Read and check a catalogue file."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise CatalogueError("the catalogue is a mapping of codes")
    return MappingProxyType({code: _entry(code, entry) for code, entry in raw.items()})


@cache
def catalogue() -> Mapping[str, Entry]:
    """The catalogue that ships with the service."""
    return load(Path(__file__).with_name("catalogue.yaml"))


def markdown() -> str:
    """The catalogue as the page docs/problems.md."""
    lines = [
        "# Problems",
        "",
        "Every error is answered as `application/problem+json` (RFC 9457) with one of these codes.",
        "Its `type` is `/problems/<code>`.",
        "This page is generated from `app/http/catalogue.yaml` by `python -m app.http.problems`.",
        "",
        "| code | status | what it says | 안내 | basis |",
        "|---|---|---|---|---|",
    ]
    for entry in sorted(catalogue().values(), key=lambda entry: entry.code):
        status = "note" if entry.kind == "Note" else entry.status
        words = (f"**{entry.title[language]}.** {entry.detail[language]}" for language in ("en", "ko"))
        lines.append(f"| `{entry.code}` | {status} | {' | '.join(words)} | {entry.basis or ''} |")
    return "\n".join(lines) + "\n"
