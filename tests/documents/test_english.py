"""A notice in English: English values, and beside every field the Korean of the statutory form."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.documents import forms
from app.documents.notices import Notice
from app.documents.sheet import sheet
from app.law.decision import Verdict, VerdictItem
from app.law.follow_up import Measure
from app.law.terms import ItemOutcome, Outcome, Right, Whose
from app.services import afterwards, composing, itemised
from app.services.recipients import Recipient
from tests.documents import examples, reading
from tests.documents.reading import html_text, pdf_text, squeezed
from tests.documents.test_composing import ALL, AT, CONSULTATION, MALL, TOLD, desk, facts

HANGUL = re.compile("[가-힣]+")
READER = Recipient(Whose.SUBJECT, "Maria Garcia", None, None, "en")
TYPED = {"name": "Maria Garcia", "address": {"postal_code": "06236", "road_address": "12 Gasang-ro", "detail": None}}
A_WEEK = timedelta(days=7)
GRANTED = Verdict(Outcome.APPROVE)
PARTIAL = Verdict(Outcome.PARTIAL, reason="Statutes demand that records of trade be kept.")
FAMILY = {"whose": "family who were on the call", "harm": "their private life"}
NOT_SHOWN = Verdict(
    Outcome.PARTIAL, (VerdictItem("consultation.content", ItemOutcome.REFUSE, "A35_4_2", FAMILY),), "Not shown."
)
DECIDED: list[tuple[Right, dict[str, Any], Verdict]] = [
    *((right, {**ALL} if right is Right.ACCESS else {}, Verdict(Outcome.NOTHING_HELD)) for right in Right),
    (Right.ACCESS, {**MALL, **ALL}, Verdict(Outcome.APPROVE)),
    (Right.ACCESS, CONSULTATION, NOT_SHOWN),
    (Right.DELETION, MALL, PARTIAL),
    (Right.DELETION, {"categories": ["report"]}, Verdict(Outcome.APPROVE)),
    (Right.SUSPENSION, {"purposes": ["delivery"], "categories": None, "ends_contract": True}, Verdict(Outcome.APPROVE)),
    (Right.CONSENT_WITHDRAWAL, {"purposes": ["marketing"]}, Verdict(Outcome.APPROVE)),
]


def composed(right: Right, scope: dict[str, Any], verdict: Verdict, **more: Any) -> Notice:
    """The notice that goes to somebody who asked in English."""
    return composing.notice(desk(), facts(right, scope, verdict, **{"who": READER, "typed": TYPED} | more))


@pytest.mark.parametrize(("right", "scope", "verdict"), DECIDED)
@pytest.mark.parametrize("silent", [(), ("Hanjin",)])
def test_every_word_of_the_desk_is_english(
    right: Right, scope: dict[str, Any], verdict: Verdict, silent: tuple[str, ...]
) -> None:
    """Labels, articles, grounds, what was done, how to object; only the citation of a statute stays as it is cited."""
    notice = composed(right, scope, verdict, silent=silent, partly=("Hanjin",), kept_until={"Act X": "2031-05-31"})
    told = json.dumps(forms.dump(notice), ensure_ascii=False)
    for record in desk().policy.records.values():
        told = told.replace(f"{record.statute.ko} {record.article}", "")
    told = told.replace(notice.forms, "")  # the name of the notice that lays the form down is cited like a statute
    assert HANGUL.findall(told) == []


@pytest.mark.parametrize("notice", examples.NOTICES.values(), ids=examples.NOTICES.keys())
def test_the_statutory_form_stands_beside_it(notice: Notice) -> None:
    """Its title with the boxes, every field's name, and the sentence with its articles, on paper and page."""
    korean, english = sheet(notice), sheet(replace(notice, language="en"))
    assert english.official == korean.title and english.title != korean.title
    assert korean.statement[0] in english.statement and len(english.statement) == 2
    mine, theirs = ([one for row in form.rows for one in row] for form in (english, korean))
    assert [one.label.split("\n", 1)[1] for one in mine] == [one.label for one in theirs]
    document = replace(notice, language="en")
    for text in (pdf_text(forms.render_pdf(document)), html_text(forms.render_html(document))):
        for told in (english.title, english.official, *english.statement, *(one.label for one in mine)):
            assert squeezed(told) in text


def test_the_language_is_said_to_a_screen_reader() -> None:
    """English pages say so; the Korean title on them says that it is Korean."""
    notice = replace(examples.PARTIAL, language="en")
    assert reading.catalog(forms.render_pdf(notice))["/Lang"] == "en"
    page = forms.render_html(notice)
    assert '<html lang="en">' in page and '<p class="official" lang="ko">' in page


def test_what_comes_after_an_answer_is_english_too() -> None:
    """Measures after a suspension and destruction at the end of a period; a record no longer known keeps its name."""
    known = facts(Right.SUSPENSION, {"purposes": ["delivery"], "ends_contract": True}, GRANTED, who=READER, typed=TYPED)
    fences = [
        SimpleNamespace(
            item=item,
            category="online_mall",
            label="옛 이름",
            basis="Act X",
            until=TOLD,
            destroyed_at=AT + A_WEEK,
            reported_by=None,
        )
        for item in ("online_mall:contract_5y", "gone:nothing")
    ]
    rows = [SimpleNamespace(category="online_mall", measure=one.value) for one in Measure]
    partly = {"online_mall": ["Hanjin"]}
    measures = afterwards.measures(desk(), known, cast(Any, rows), cast(Any, fences[:1]), partly)
    gone = afterwards.destroyed(desk(), known, cast(Any, fences))
    assert HANGUL.findall(json.dumps(forms.dump(measures), ensure_ascii=False)) == []
    assert [one.label for one in gone.records][1] == "옛 이름" and not HANGUL.search(gone.records[0].label)
    assert sheet_title(measures).startswith("Notice of what became")


def sheet_title(notice: forms.Told) -> str:
    """The title on the page."""
    return forms.render_html(notice).partition("<h1>")[2].partition("</h1>")[0]


def test_a_child_reads_english_where_it_was_asked_for() -> None:
    """The note above the form, in easy English."""
    easy = sheet(composed(Right.DELETION, MALL, PARTIAL, young=True)).easy
    assert easy is not None and easy.label == "In easy words"
    assert easy.lines[0] == "We deleted only a part of what you asked. The table below says why."
    assert not HANGUL.search("".join(easy.lines))


def test_the_package_stays_korean() -> None:
    """What the access package shares with the notice is still told in Korean by default."""
    known = facts(Right.ACCESS, CONSULTATION, NOT_SHOWN, who=READER, typed=TYPED)
    assert composing.sender(desk()).controller == "(주)케이티엠앤에스"
    assert itemised.ground(desk(), known.claim, known.items[-1] | {"ground": "A35_4_2"}).article.startswith("「")
