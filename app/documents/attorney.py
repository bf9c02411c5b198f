"""Form 11, the power of attorney (위임장; Act 38(1), Decree 45(2)), blank, to be filled in by hand.

Inside the frame stands the form as the PIPC's notice prints it; what this desk asks beside it stands below, outside.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape

from app.documents.frame import boxes
from app.documents.korean import visible
from app.documents.page import broken, shell
from app.documents.request_form import GAP
from app.documents.tongue import Tongue, both, either, form_of, say
from app.documents.typeset import typeset
from app.documents.wording import mandate, request
from app.law.controller import Policy
from app.law.terms import Label


@dataclass(frozen=True, slots=True)
class Party:
    """One block of the form: who, what that means, and the fields, one or two in a row."""

    name: str
    meaning: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that the desk asks below the form, to be ticked or written."""

    label: str
    blank: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Attorney:
    """The whole sheet, in the words and the order it is read; nothing in it is about anybody."""

    source: str
    name: str
    official: str
    parties: tuple[Party, ...]
    statement: tuple[str, ...]
    meaning: tuple[str, ...]
    dated: str
    signed: tuple[str, str]
    to: str
    sender: str
    asked_label: str
    asked: tuple[Asked, ...]
    told_label: str
    told: tuple[str, ...]
    language: Tongue


_ATTORNEY = (
    (request.PERSON_NAME, request.PHONE),
    (request.BORN, request.RELATIONSHIP),
    (request.ADDRESS,),
)
_PRINCIPAL = ((request.PERSON_NAME, request.PHONE), (request.BORN,), (request.ADDRESS,))


def content(policy: Policy, tongue: Tongue = "ko", *, forms: str = "") -> Attorney:
    """The blank form in the controller's name; `forms`: the notice of the authority that lays it down."""
    controller = say(policy.controller, tongue)
    return Attorney(
        source=form_of(11, tongue, forms),
        name=say(mandate.NAME, tongue),
        official=either(tongue, "", mandate.NAME.ko),
        parties=(
            _party(mandate.ATTORNEY, mandate.ATTORNEY_MEANS, _ATTORNEY, tongue),
            _party(mandate.PRINCIPAL, mandate.PRINCIPAL_MEANS, _PRINCIPAL, tongue),
        ),
        statement=_statement(tongue),
        meaning=tuple(say(one, tongue) for one in mandate.MEANING),
        dated=either(tongue, f"{GAP}년{GAP}월{GAP}일", f"{GAP}year 년{GAP}month 월{GAP}day 일"),
        signed=(both(mandate.PRINCIPAL, tongue).replace("\n", " "), say(request.SIGNATURE, tongue)),
        to=visible(either(tongue, f"{controller} 귀하", f"To {controller}")),
        sender=visible(controller),
        asked_label=say(mandate.ASKED_LABEL, tongue),
        asked=_asked(policy.settled.mandate_days, tongue),
        told_label=say(mandate.TOLD_LABEL, tongue),
        told=_told(policy, tongue),
        language=tongue,
    )


def _party(name: Label, meaning: Label, rows: tuple[tuple[Label, ...], ...], tongue: Tongue) -> Party:
    fields = tuple(tuple(both(one, tongue) for one in row) for row in rows)
    return Party(both(name, tongue), say(meaning, tongue), fields)


def _statement(tongue: Tongue) -> tuple[str, ...]:
    """The sentence of the form with its boxes, after its English where that was asked for."""
    marks = {to: boxes((say(one, to) for one in request.BOXES), set()) for to in _BOTH}
    korean = mandate.STATEMENT.ko.format(boxes=marks["ko"])
    return (mandate.STATEMENT.en.format(boxes=marks["en"]), korean) if tongue == "en" else (korean,)


_BOTH: tuple[Tongue, Tongue] = ("ko", "en")


def _asked(mandate_days: int, tongue: Tongue) -> tuple[Asked, ...]:
    return tuple(
        Asked(say(label, tongue), say(blank, tongue), say(meaning, tongue).format(days=mandate_days))
        for label, blank, meaning in mandate.ASKED
    )


def _told(policy: Policy, tongue: Tongue) -> tuple[str, ...]:
    ways = ", ".join(say(word, tongue) for name, word in mandate.WAYS.items() if name in policy.channels)
    known = {
        "by_hand": say(mandate.BY_HAND, tongue).format(ways=ways) if ways else "",
        "site": policy.website,
        "phone": policy.desk_phone,
        "email": policy.desk_email,
        "desk": say(policy.desk, tongue),
    }
    return tuple(visible(say(one, tongue).format_map(known)) for one in mandate.TOLD)


def render_pdf(policy: Policy, tongue: Tongue = "ko", *, forms: str = "", large: bool = False) -> bytes:
    """The form as tagged PDF; the same policy gives the same bytes."""
    return _pdf(content(policy, tongue, forms=forms), policy.effective, large)


@lru_cache(maxsize=8)
def _pdf(attorney: Attorney, dated: date, large: bool) -> bytes:
    """Drawn once: anybody may ask for it, and it changes with the policy only."""
    return typeset("attorney", attorney, dated, large=large)


def render_html(policy: Policy, tongue: Tongue = "ko", *, forms: str = "", large: bool = False) -> str:
    """The same form as one page, to be printed and filled in."""
    sheet = content(policy, tongue, forms=forms)
    return shell(
        sheet.name,
        f'<p class="source"><span>■ {escape(sheet.source)}</span></p>',
        f"<h1>{escape(sheet.name)}</h1>",
        *((f'<p class="official" lang="ko">{escape(sheet.official)}</p>',) if sheet.official else ()),
        '<section class="framed">',
        *(_block(one) for one in sheet.parties),
        *(f'<p class="statement">{escape(one)}</p>' for one in sheet.statement),
        '<div class="sender">',
        f'<p class="blank">{escape(sheet.dated)}</p>',
        f'<p>{escape(sheet.signed[0])} <span class="line"></span> {escape(sheet.signed[1])}</p>',
        f"<p><strong>{escape(sheet.to)}</strong></p>",
        "</div></section>",
        *(f'<p class="faint">※ {escape(one)}</p>' for one in sheet.meaning),
        f"<h2>{escape(sheet.asked_label)}</h2>",
        '<table class="form"><tbody>',
        *(
            f'<tr><th scope="row">{escape(one.label)}</th><td><p class="blank">{escape(one.blank)}</p>'
            f'<p class="faint">{escape(one.meaning)}</p></td></tr>'
            for one in sheet.asked
        ),
        "</tbody></table>",
        f"<h2>{escape(sheet.told_label)}</h2><ul>",
        *(f"<li>{escape(one)}</li>" for one in sheet.told),
        "</ul>",
        language=tongue,
        large=large,
    )


def _block(party: Party) -> str:
    """One person of the form, with room to write."""
    rows = "".join(f"<tr>{''.join(_field(one, len(row)) for one in row)}</tr>" for row in party.rows)
    caption = f'{broken(party.name)} <span class="faint">({escape(party.meaning)})</span>'
    return f'<table class="form hand"><caption>{caption}</caption><tbody>{rows}</tbody></table>'


def _field(name: str, beside: int) -> str:
    span = "" if beside == 2 else ' colspan="3"'
    return f'<th scope="row">{broken(name)}</th><td{span}></td>'
