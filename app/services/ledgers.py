"""Ledgers for a period, read in one pass and bounded pages (G7): whoever may not see names sees them masked."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.desk import Actor, Desk
from app.documents import ledger
from app.documents.ledger import Column
from app.errors import Invalid
from app.law import deadline
from app.services import audit, ledger_destruction, ledger_footage, ledger_requests

PAGE = 200
PDF_ROWS_MAX = 2_000


Told = Callable[[AsyncSession, Sequence[Any], bool, date], Awaitable[list[tuple[tuple[str, ...], str]]]]


@dataclass(frozen=True, slots=True)
class Book:
    """One ledger: its name, its columns, what it is read from, and how a page of that is told."""

    name: str
    columns: tuple[Column, ...]
    query: str
    told: Told
    """Each row with the word under which it is counted below."""


BOOKS: dict[str, Book] = {
    "requests": Book("열람등 요구 처리대장", ledger_requests.COLUMNS, ledger_requests.QUERY, ledger_requests.told),
    "footage": Book("개인영상정보 관리대장", ledger_footage.COLUMNS, ledger_footage.QUERY, ledger_footage.told),
    "destruction": Book(
        "개인정보 파기 관리대장", ledger_destruction.COLUMNS, ledger_destruction.QUERY, ledger_destruction.told
    ),
}


@dataclass(frozen=True, slots=True)
class Extract:
    """What somebody asked for: which ledger, from which Seoul day to which, and whether names are masked."""

    kind: str
    first: date
    last: date
    masked: bool

    @property
    def book(self) -> Book:
        """The ledger it is taken from."""
        return BOOKS[self.kind]


def take(session: AsyncSession, kind: str, first: date, last: date, *, form: str, by: Actor, now: datetime) -> Extract:
    """Take an extract; an auditor sees no names."""
    if last < first:
        raise Invalid("field.inconsistent", pointer="/query/to")
    extract = Extract(kind, first, last, masked=by.role == "auditor")
    facts = {
        "ledger": kind,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "form": form,
        "masked": extract.masked,
    }
    audit.note(session, "ledger.download", by=by, now=now, facts=facts)
    return extract


async def as_csv(desk: Desk, extract: Extract, now: datetime) -> AsyncIterator[bytes]:
    """The ledger line by line, the sum last: a file without it is torn."""
    book, counted = extract.book, Counter[str]()
    yield ledger.BOM + ledger.csv_lines([[column.name for column in book.columns]])
    async with aclosing(_pages(desk, extract, now)) as pages:
        async for page in pages:
            counted.update(word for _, word in page)
            yield ledger.csv_lines(cells for cells, _ in page)
    yield ledger.csv_lines([[_total(counted)]])


async def as_pdf(desk: Desk, extract: Extract, now: datetime) -> bytes:
    """The ledger as one document; a longer one is asked for in parts, or as CSV."""
    book, counted, rows = extract.book, Counter[str](), list[tuple[str, ...]]()
    async with aclosing(_pages(desk, extract, now)) as pages:
        async for page in pages:
            counted.update(word for _, word in page)
            rows += [cells for cells, _ in page]
            if len(rows) > PDF_ROWS_MAX:
                raise Invalid("ledger.too_long", pointer="/query/to")
    today = deadline.seoul_date(now)
    whose = desk.policy.controller.ko
    content = ledger.ledger(
        book.name, whose, extract.first, extract.last, book.columns, rows, _total(counted), dated=today
    )
    return await asyncio.to_thread(ledger.render_pdf, content, today)


async def _pages(desk: Desk, extract: Extract, now: datetime) -> AsyncGenerator[list[tuple[tuple[str, ...], str]]]:
    """Page by page from one snapshot, so that what changes meanwhile neither stands twice nor is missing."""
    values = {
        "first": deadline.seoul_midnight(extract.first),
        "after": deadline.seoul_midnight(extract.last + timedelta(days=1)),
    }
    today = deadline.seoul_date(now)
    async with desk.database.transaction() as session:
        found = await session.stream(text(extract.book.query), values, execution_options={"yield_per": PAGE})
        try:
            async for page in found.mappings().partitions(PAGE):
                yield await extract.book.told(session, page, extract.masked, today)
                session.expunge_all()
        finally:
            await found.close()


def _total(counted: Counter[str]) -> str:
    parts = ", ".join(f"{word} {count}건" for word, count in sorted(counted.items()))
    return f"합계 {counted.total()}건" + (f" ({parts})" if parts else "")
