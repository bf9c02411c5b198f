"""A ledger as an inspector asks for it (G7): as CSV that no spreadsheet runs, and as PDF across the page."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.documents.korean import day, visible
from app.documents.typeset import typeset

BOM = b"\xef\xbb\xbf"
"""Korean spreadsheets take a file without it for another encoding."""
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, and how wide it is beside the others."""

    name: str
    width: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A ledger of a period, with its sum below."""

    name: str
    sender: str
    period: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: str
    dated: str


def ledger(
    name: str, sender: str, first: date, last: date, columns: tuple[Column, ...], rows: Iterable[tuple[str, ...]],
    total: str, *, dated: date,
) -> Ledger:  # fmt: skip
    """The content of a ledger, every hidden character shown."""
    return Ledger(
        name=name,
        sender=visible(sender),
        period=f"{day(first)} ~ {day(last)}",
        columns=columns,
        rows=tuple(tuple(visible(cell) for cell in row) for row in rows),
        total=total,
        dated=day(dated),
    )


def render_pdf(content: Ledger, dated: date) -> bytes:
    """The ledger as tagged PDF, in landscape, its heading repeated on every page."""
    return typeset("ledger", content, dated)


def csv_lines(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows as RFC 4180 writes them; what a spreadsheet would run stands behind an apostrophe (ASVS V1.2.10)."""
    memory = io.StringIO(newline="")
    csv.writer(memory, lineterminator="\r\n").writerows([_harmless(cell) for cell in row] for row in rows)
    return memory.getvalue().encode()


def _harmless(cell: str) -> str:
    # One sign alone is nothing to run.
    return f"'{cell}" if cell.startswith(_RUNS) and len(cell) > 1 else cell
