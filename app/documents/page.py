"""A notice or form as one HTML page: no other file, no script, every value escaped, fit to print."""

from functools import cache
from html import escape
from pathlib import Path

from app.documents.anchored import Anchored
from app.documents.frame import Cell, Headings, ItemLine, Sheet
from app.documents.tongue import Tongue


def shell(name: str, *body: str, language: Tongue = "ko", large: bool = False, style: str = "page.css") -> str:
    """A page that needs nothing else, around what is told; `body` is markup already."""
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{language}"{" class=large" if large else ""}>',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="robots" content="noindex">',
            f"<title>{escape(name)}</title>",
            f"<style>{styled(style)}</style>",
            "</head>",
            "<body>",
            "<main>",
            *body,
            "</main>",
            "</body>",
            "</html>",
            "",
        )
    )


def page(sheet: Sheet, *, large: bool = False) -> str:
    """The page of a notice; it says what the PDF says, in the same order."""
    return shell(
        sheet.name,
        f'<p class="source"><span>■ {escape(sheet.source)}</span> '
        f"<span>{escape(sheet.headings.receipt_word)} <strong>{escape(sheet.receipt)}</strong></span></p>",
        *_note(sheet.easy),
        f"<h1>{escape(sheet.title)}</h1>",
        *((f'<p class="official" lang="ko">{escape(sheet.official)}</p>',) if sheet.official else ()),
        '<table class="form"><tbody>',
        *(_row(row) for row in sheet.rows),
        "</tbody></table>",
        *(f'<p class="statement">{escape(one)}</p>' for one in sheet.statement),
        '<div class="sender">',
        f"<p>{escape(sheet.dated)}</p>",
        f'<p><strong>{escape(sheet.sender)}</strong> <span class="faint">{escape(sheet.seal)}</span></p>',
        *(f'<p class="faint">{escape(one)}</p>' for one in sheet.contact),
        "</div>",
        *_cautions(sheet),
        *_annex(sheet),
        *seal(sheet.anchored),
        language=sheet.language,
        large=large,
    )


def seal(told: Anchored | None) -> tuple[str, ...]:
    """The code by which the audit chain is asked, with its words beside it."""
    if told is None:
        return ()
    code = f'<span role="img" aria-label="{escape(told.alt)}">{told.svg}</span>'
    return (
        f'<section class="anchor">{code}<div><h2>{escape(told.label)}</h2>{_paragraphs(told.lines)}</div></section>',
    )


def _cautions(sheet: Sheet) -> tuple[str, ...]:
    if not sheet.cautions:
        return ()
    told = (f"<li>{broken(one)}</li>" for one in sheet.cautions)
    return ('<section class="cautions">', f"<h2>{escape(sheet.headings.cautions)}</h2><ol>", *told, "</ol></section>")


@cache
def styled(name: str) -> str:
    """The style sheet that stands in a page."""
    return (Path(__file__).parent / "templates" / name).read_text("utf-8")


def _note(easy: Cell | None) -> tuple[str, ...]:
    """The note in a child's words, above the form."""
    if easy is None:
        return ()
    return (f'<section class="easy"><h2>{escape(easy.label)}</h2>{_paragraphs(easy.lines)}</section>',)


def broken(text: str) -> str:
    """Text over several lines of one field."""
    return escape(text).replace("\n", "<br>")


def _paragraphs(lines: tuple[str, ...]) -> str:
    return "".join(f"<p>{escape(one)}</p>" for one in lines)


def _row(row: tuple[Cell, ...]) -> str:
    """One row of the form: one field over the whole width, or two beside each other."""
    span = "" if len(row) == 2 else ' colspan="3"'
    cells = (f'<th scope="row">{broken(one.label)}</th><td{span}>{_told(one)}</td>' for one in row)
    return f"<tr>{''.join(cells)}</tr>"


def _told(cell: Cell) -> str:
    hint = f'<p class="faint">{escape(cell.hint)}</p>' if cell.hint else ""
    return hint + _paragraphs(cell.lines)


def _annex(sheet: Sheet) -> tuple[str, ...]:
    """The items and remarks, outside the statutory form."""
    if not sheet.items and not sheet.remarks:
        return ()
    annex = f"{escape(sheet.headings.annex)}."
    remarks = (f"<h2>{annex} {escape(one.label)}</h2>{_paragraphs(one.lines)}" for one in sheet.remarks)
    return ('<section class="annex">', *_items(sheet.items, annex, sheet.headings), *remarks, "</section>")


def _items(items: tuple[ItemLine, ...], annex: str, headings: Headings) -> tuple[str, ...]:
    if not items:
        return ()
    columns = "".join(f'<th scope="col">{escape(one)}</th>' for one in headings.columns)
    return (
        f"<h2>{annex} {escape(headings.results)}</h2>",
        f'<table class="items"><thead><tr>{columns}</tr></thead><tbody>',
        *(_item(one) for one in items),
        "</tbody></table>",
    )


def _item(item: ItemLine) -> str:
    return (
        f'<tr><th scope="row">{escape(item.label)}</th><td><strong>{escape(item.outcome)}</strong></td>'
        f"<td>{_paragraphs(item.ground)}</td><td>{escape(item.until)}</td></tr>"
    )
