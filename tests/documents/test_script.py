"""What is read out, and what stands above a notice to a child: every notice, every tone, nothing before its time."""

from dataclasses import replace

import pytest

from app.documents import forms, script
from app.documents.free import CorrectedNotice, FreeNotice
from app.documents.messages import PERSONAL, Kind, sms
from app.documents.notices import Notice
from app.documents.script import Spoken, steps
from app.documents.wording import Tone, child, child_later
from tests.documents import examples, later, plain
from tests.documents.reading import html_text, pdf_text, squeezed
from tests.documents.test_messages import params

TOLD: dict[str, Notice | FreeNotice] = {
    **examples.NOTICES,
    **{name: one for name, one in later.LATER.items() if not isinstance(one, CorrectedNotice)},
    "leak-possible": replace(later.LEAK, possible=True),
    "ruling-kept-off": replace(later.UPHELD, result="confirmed"),
    "ruling-anew": replace(later.RULING, result="overturned"),
}
EVERY = pytest.mark.parametrize("told", TOLD.values(), ids=TOLD.keys())
TONES: tuple[Tone, ...] = ("ko", "en", "easy")


@EVERY
@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("meets", [True, False])
def test_first_who_listens_then_the_matter(told: Notice | FreeNotice, tone: Tone, meets: bool) -> None:
    """Two steps say who calls and ask who listens; the receipt number and the answer come third; no hole is left."""
    told = replace(told, language="en") if tone == "en" else told
    found = steps(told, tone, meets=meets)
    first, second, third, *rest = found
    assert told.recipient.name in " ".join(first.say) and examples.RECEIPT not in " ".join((*first.say, *second.say))
    assert examples.RECEIPT in third.say[0] and len(third.say) > 1
    assert examples.SENDER.phone in " ".join(rest[-1].say)
    assert (("신분증" in first.do) is meets) and all(step.do for step in found)
    assert not any(mark in line for step in found for line in step.say for mark in "{}\n")


@EVERY
@pytest.mark.parametrize("tone", ["ko", "en"])
def test_reason_ground_and_route_are_said(told: Notice | FreeNotice, tone: Tone) -> None:
    """Whatever is withheld is said with its reason, its article and the way to object, as it stands on the notice."""
    text = " ".join(line for step in steps(told, tone, meets=False) for line in step.say)
    withheld = getattr(getattr(told, "answer", None), "withheld", None)
    if withheld is not None:
        assert withheld.reason in text and withheld.grounds[0].article in text
    objection = getattr(told, "objection", None)
    if objection is not None:
        assert objection.how in text
    bodies = getattr(told, "bodies", getattr(objection, "bodies", ()))
    assert all(one in text for one in bodies)


@pytest.mark.parametrize("kind", sorted(PERSONAL))
@pytest.mark.parametrize("tone", TONES)
def test_a_word_without_a_notice(kind: Kind, tone: Tone) -> None:
    """The words of the text message, and nothing of an objection form."""
    text = sms(kind, "en" if tone == "en" else "ko", params(kind), tone == "easy").body
    spoken = Spoken(receipt_no=examples.RECEIPT, sender=examples.SENDER, recipient=examples.HONG, text=text)
    found = steps(spoken, tone, meets=False)
    assert len(found) == 4 and text in found[2].say


def test_what_goes_to_a_company_is_not_read_out() -> None:
    """Nor has it a child's words."""
    assert child_later.plainly(replace(later.CORRECTED, easy=True))[:-1] == ()
    assert script.steps(later.CORRECTED, "ko", meets=False)[2].say == (
        f"접수번호 {examples.RECEIPT} 일을 알려 드리겠습니다.",
    )


FREE = {name: one for name, one in TOLD.items() if not isinstance(one, Notice)}


@pytest.mark.parametrize("told", FREE.values(), ids=FREE.keys())
def test_a_childs_words_above_what_has_no_form(told: FreeNotice) -> None:
    """Forty syllables at most, friendly, no word of law, whom to call; on paper and page, above the title."""
    lines = child_later.plainly(replace(told, easy=True))
    assert len(lines) > 1 and examples.SENDER.phone in lines[-1]
    for line in lines:
        assert plain.longest(line) <= plain.EASY_SYLLABLES_MAX
        assert plain.found(line, plain.BUREAUCRATESE + plain.LAW_WORDS) == [] and plain.polite(line)
    for line in child_later.plainly(replace(told, language="en")):
        assert plain.longest_english(line) <= plain.ENGLISH_WORDS_MAX
    easy = replace(told, easy=True)
    for text, without in (
        (pdf_text(forms.render_pdf(easy)), pdf_text(forms.render_pdf(told))),
        (html_text(forms.render_html(easy)), html_text(forms.render_html(told))),
    ):
        assert all(squeezed(line) in text for line in lines)
        assert squeezed(child.TITLE["ko"]) in text and squeezed(child.TITLE["ko"]) not in without


@pytest.mark.parametrize("tone", ["ko", "easy"])
def test_the_fixed_sentences_are_plain(tone: Tone) -> None:
    """What staff read out of every call: short, without a word of offices."""
    told = replace(later.MEASURE, easy=tone == "easy")
    for step in steps(told, tone, meets=False):
        for line in step.say:
            if examples.OBJECTION.how not in line:
                assert plain.found(line, plain.BUREAUCRATESE) == []
                assert plain.longest(line) <= plain.SYLLABLES_MAX
