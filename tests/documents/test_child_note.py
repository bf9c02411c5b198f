"""The note above a notice to somebody under age: what was done, what they can do, in words a twelve-year-old knows."""

from dataclasses import replace

import pytest

from app.documents import forms
from app.documents.forms import Done, Notice, dump, load
from app.documents.sheet import sheet
from app.documents.wording import child
from app.law.terms import ItemOutcome, Right
from tests.documents import examples, plain, reading
from tests.documents.reading import html_text, pdf_text, squeezed

MORE: dict[str, Notice] = {
    f"done-{right}": replace(examples.SUSPENSION, right=right, answer=Done(action="하였습니다."))
    for right in Right
    if right is not Right.ACCESS
}
PARTS: dict[str, Notice] = {
    f"partly-{right}": replace(examples.DELETION, right=right) for right in Right if right is not Right.ACCESS
}
ALL = pytest.mark.parametrize(
    "notice", [replace(one, easy=True) for one in (*examples.NOTICES.values(), *MORE.values(), *PARTS.values())]
)


@ALL
def test_easy_to_read(notice: Notice) -> None:
    """Forty syllables at most, friendly, no word of law, no citation."""
    for line in child.plainly(notice):
        assert plain.longest(line) <= plain.EASY_SYLLABLES_MAX
        assert plain.found(line, plain.BUREAUCRATESE + plain.LAW_WORDS) == []
        assert plain.polite(line) and plain.bare_citations(line) == []


@ALL
def test_what_was_done_and_what_to_do(notice: Notice) -> None:
    """The answer first; then how to disagree, until when, and whom to ask."""
    first, *rest = child.plainly(notice)
    said = " ".join(rest)
    assert "다시 살펴봐 달라고" in said and examples.SENDER.phone in said and "2027년 1월 2일까지" in said
    assert "다시 살펴봐" not in first
    assert ("아직 답이 오지 않은 곳" in said) is bool(notice.silent)


@ALL
def test_above_the_form_on_paper_and_on_the_page(notice: Notice) -> None:
    """Outside the statutory form, before its title, the same in both; without it nothing of it is there."""
    for text, without in (
        (pdf_text(forms.render_pdf(notice)), pdf_text(forms.render_pdf(replace(notice, easy=False)))),
        (html_text(forms.render_html(notice)), html_text(forms.render_html(replace(notice, easy=False)))),
    ):
        title = text.index(squeezed(sheet(notice).title))
        for line in child.plainly(notice):
            assert text.index(squeezed(line)) < title
        assert squeezed(child.TITLE["ko"]) in text and squeezed(child.TITLE["ko"]) not in without


def test_each_answer_has_words_of_its_own() -> None:
    """A refusal does not read like a grant, nor one right like another."""
    given = {name: child.plainly(one)[0] for name, one in {**examples.NOTICES, **MORE, **PARTS}.items()}
    assert len({given[f"done-{one}"] for one in Right if one is not Right.ACCESS}) == 4
    assert len({given[f"partly-{one}"] for one in Right if one is not Right.ACCESS}) == 4
    assert len({given[f"form-9-{one}"] for one in ("granted", "partial", "postponed", "refused", "nothing-held")}) == 5
    assert given["form-9-nothing-held"] == given["form-10-correction-nothing-held"]
    open_ = replace(examples.SUSPENSION, silent=("한진택배",), easy=True)
    assert child.plainly(open_)[0] == "부탁한 일을 하고 있어요."


def test_kept_with_the_notice() -> None:
    """Who was under age on the day of the answer reads the same note later; older notices have none."""
    kept = dump(replace(examples.GRANTED, easy=True))
    assert load(kept).easy
    del kept["easy"]
    assert not load(kept).easy


def test_still_accessible() -> None:
    """The note does not cost the document its tags or its title."""
    document = forms.render_pdf(replace(examples.PARTIAL, easy=True))
    assert "pdfuaid:part>1<" in reading.catalog(document)["/Metadata"].get_data().decode()
    assert sheet(replace(examples.PARTIAL, easy=True)).name == sheet(examples.PARTIAL).name


def test_the_examples_cover_what_they_should() -> None:
    """Partial answers have both kinds of items."""
    for one in PARTS.values():
        assert {item.outcome for item in one.items} == {ItemOutcome.GRANT, ItemOutcome.KEEP}
