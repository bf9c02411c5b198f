"""Form 8 as a page: what the PDF says, in the same order; blank, with room to write on paper."""

from html import escape

from app.documents.page import broken, seal, shell
from app.documents.request_form import Asked, Blank, Block, RequestSheet


def request_page(sheet: RequestSheet, *, large: bool = False) -> str:
    """The page of form 8."""
    intake = "".join(f"{_name(one)}<td>{escape(one.value)}</td>" for one in sheet.intake)
    return shell(
        sheet.name,
        f'<p class="source"><span>■ {escape(sheet.source)}</span> <span>{escape(sheet.sides[0])}</span></p>',
        f"<h1>{escape(sheet.title)}</h1>",
        *((f'<p class="official" lang="ko">{escape(sheet.official)}</p>',) if sheet.official else ()),
        f"<p>{escape(sheet.head)}</p>",
        f'<table class="form intake"><tbody><tr>{intake}</tr></tbody></table>',
        '<section class="framed">',
        *(_block(one, hand=sheet.blank) for one in sheet.people),
        f'<table class="form"><caption>{broken(sheet.asked_label)}</caption><tbody>',
        *(_asked(one, hand=sheet.blank) for one in sheet.asked),
        "</tbody></table>",
        *(f'<p class="statement">{escape(one)}</p>' for one in sheet.statement),
        *_signed(sheet),
        "</section>",
        f'<section class="cautions"><h2>{escape(sheet.guide_label)}</h2><ol>',
        *(f"<li>{escape(one)}</li>" for one in sheet.guide),
        "</ol></section>",
        *_back(sheet),
        *seal(sheet.anchored),
        language=sheet.language,
        large=large,
    )


def _name(cell: Blank) -> str:
    return f'<th scope="row">{broken(cell.label)}</th>'


def _block(block: Block, *, hand: bool) -> str:
    rows = "".join(f"<tr>{''.join(_field(one, len(row)) for one in row)}</tr>" for row in block.rows)
    kind = "form hand" if hand else "form"
    return f'<table class="{kind}"><caption>{broken(block.label)}</caption><tbody>{rows}</tbody></table>'


def _field(cell: Blank, beside: int) -> str:
    span = "" if beside == 2 else ' colspan="3"'
    return f"{_name(cell)}<td{span}>{escape(cell.value)}</td>"


def _asked(one: Asked, *, hand: bool) -> str:
    hint = f'<p class="faint">{escape(one.hint)}</p>' if one.hint else ""
    told = "".join(f"<p>{escape(line)}</p>" for line in one.lines)
    room = ' class="room"' if hand and one.hint else ""
    return f'<tr><th scope="row">{broken(one.mark)}</th><td{room}>{hint}{told}</td></tr>'


def _signed(sheet: RequestSheet) -> tuple[str, ...]:
    who, name, how = sheet.signed
    return (
        '<div class="signed">',
        f'<p class="blank">{escape(sheet.dated)}</p>',
        f'<p>{escape(who)} <span class="line">{escape(name)}</span> <span class="faint">{escape(how)}</span></p>',
        f'<p class="to"><strong>{escape(sheet.to)}</strong></p>',
        "</div>",
    )


def _back(sheet: RequestSheet) -> tuple[str, ...]:
    """The flow, and what stands outside the form."""
    beyond = (f"<tr>{_name(one)}<td>{broken(one.value)}</td></tr>" for one in sheet.beyond)
    return (
        f'<section class="annex"><p class="source"><span></span><span>{escape(sheet.sides[1])}</span></p>',
        f"<h2>{escape(sheet.flow_label)}</h2>",
        '<ol class="flow">',
        *(f"<li>{escape(one.label)} <strong>{escape(one.value)}</strong></li>" for one in sheet.flow),
        "</ol>",
        *((f"<h2>{escape(sheet.beyond_label)}</h2>",) if sheet.beyond else ()),
        *(('<table class="form"><tbody>', *beyond, "</tbody></table>") if sheet.beyond else ()),
        *((f"<h2>{escape(sheet.told_label)}</h2><ul>",) if sheet.told else ()),
        *(f"<li>{escape(one)}</li>" for one in sheet.told),
        *(("</ul>",) if sheet.told else ()),
        "</section>",
    )
