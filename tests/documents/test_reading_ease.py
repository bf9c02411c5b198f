"""Every message can be read by whoever gets it: short sentences, plain words, what to do next and whom to call."""

import re
from typing import get_args

import pytest

from app.documents.messages import ONE_CONTACT, PERSONAL, Kind, Language, mail, sms
from app.documents.wording import WORDS, Tone
from tests.documents import plain
from tests.documents.test_messages import VALUES, params

DAYS = {Kind.DUE_THREE, Kind.DUE_ONE, Kind.DUE_TODAY, Kind.DUE_OVER, Kind.OBJECTION_TODO}
HOURS = {Kind.INCIDENT_OPENED, Kind.INCIDENT_CLOCK, Kind.INCIDENT_OVER}
STAFF = {
    Kind.APPROVER_TODO, Kind.APPROVER_FREEZE, Kind.OFFICER_TODO, Kind.OUTLOOK, Kind.REGISTRY_TODO,
    Kind.AUDIT_CHECKPOINT, Kind.DESTRUCTION_TODO, Kind.DESTRUCTION_DONE, *DAYS, *HOURS,
}  # fmt: skip
TO_PEOPLE = [kind for kind in Kind if kind not in STAFF]
TONES: tuple[Tone, ...] = get_args(Tone)
# Labels of papers are the policy's own and listed on a line of their own: they count as one value, not as words.
SHORT = {"missing": "A", "controller": "A", "leaked": "A", "how": "A.", "can_do": "A.", "did": "A.", "contact": "A"}


def told(kind: Kind, tone: Tone) -> tuple[str, str, str]:
    """Subject, mail and text message of the kind, with the values that are not ours to shorten left out."""
    given, easy = params(kind, **{name: value for name, value in SHORT.items() if name in params(kind)}), tone == "easy"
    language: Language = "en" if tone == "en" else "ko"
    long = mail(kind, language, given, easy)
    return long.subject, long.body, sms(kind, language, given, easy).body


def spoken_in(tone: Tone) -> pytest.MarkDecorator:
    """Every kind that has words in this tone."""
    template = {Kind.NOTHING_HELD: "result"}
    return pytest.mark.parametrize("kind", [one for one in Kind if tone in WORDS[template.get(one, one.value)]])


@spoken_in("ko")
def test_korean_sentences_are_short_and_plain(kind: Kind) -> None:
    """No sentence over sixty syllables, none of the words that only offices use."""
    for text in told(kind, "ko"):
        assert plain.longest(text) <= plain.SYLLABLES_MAX
        assert plain.found(text, plain.BUREAUCRATESE) == []


@spoken_in("easy")
def test_easy_words_are_easy(kind: Kind) -> None:
    """Forty syllables at most, friendly endings, no word of law: a twelve-year-old understands it."""
    for text in told(kind, "easy"):
        assert plain.longest(text) <= plain.EASY_SYLLABLES_MAX
        assert plain.found(text, plain.BUREAUCRATESE + plain.LAW_WORDS) == []
        assert plain.polite(text)
        assert "습니다" not in text


@spoken_in("en")
def test_english_sentences_are_short(kind: Kind) -> None:
    """Thirty words at most."""
    for text in told(kind, "en"):
        assert plain.longest_english(text) <= plain.ENGLISH_WORDS_MAX
        assert not re.search(r"\b(hereby|aforementioned|pursuant|thereof|data subject|shall)\b", text.casefold())


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("tone", TONES)
def test_no_citation_without_its_meaning(kind: Kind, tone: Tone) -> None:
    """An article stands in brackets behind the words that say what it means."""
    for text in told(kind, tone):
        assert plain.bare_citations(text) == []


@pytest.mark.parametrize("kind", TO_PEOPLE)
@pytest.mark.parametrize("tone", TONES)
def test_what_to_do_next_and_whom_to_call(kind: Kind, tone: Tone) -> None:
    """Mail and text message alike say what comes next, and name the telephone number."""
    next_step = {
        "ko": r"주세요|하세요|하실 일은 없습니다|진행 확인용|하실 수 있습니다|알려 드립니다|전화",
        "easy": r"주세요|하세요|할 일은 없어요|볼 때 써요|알려 줄게요|말하지 말고",
        "en": r"\b(enter|call|go to|tell|file|see|need not|send|upload|questions)\b",
    }[tone]
    for text in told(kind, tone)[1:]:
        assert VALUES["desk_phone"] in text
        assert re.search(next_step, text, re.IGNORECASE)


@pytest.mark.parametrize("kind", sorted(STAFF))
def test_staff_are_told_what_to_do_and_by_when(kind: Kind) -> None:
    """The day and the deed."""
    for tone in TONES:
        for text in told(kind, tone)[1:]:
            assert any(VALUES[day] in text for day in ("due_on", "due_at", "first"))
            assert re.search(r"주세요|please", text, re.IGNORECASE)


def test_every_kind_is_for_somebody() -> None:
    """A person's, who is followed to the next channel; one contact's alone; or the desk's own: never two of them."""
    others = {Kind.INCIDENT_NOTICE, Kind.INCIDENT_POSSIBLE, Kind.HOLDER_TOLD, Kind.HOLDER_FAILING, Kind.HOLDER_LATE}
    """By a contact chosen for it alone: the one that was typed may be the wrong person's. Or to a company's."""
    everybody = [*PERSONAL, *ONE_CONTACT, *STAFF, *others]
    assert set(everybody) == set(Kind) and len(everybody) == len(Kind)


def test_the_measure_measures() -> None:
    """Each rule catches what it is for."""
    assert plain.longest("가" * 30 + ". " + "나" * 61) == 61
    assert plain.longest_english("one two\nthree four. five") == 4
    assert plain.found("귀하께서는 상기 서류를 구비하여", plain.BUREAUCRATESE) == ["귀하", "상기", "구비"]
    assert plain.bare_citations("개인정보 보호법 제35조에 따라 알립니다.") == ["제35조"]
    assert plain.bare_citations("볼 수 없습니다(개인정보 보호법 제35조).") == ["제35조"]
    assert plain.bare_citations("다른 사람의 연락처가 함께 적혀 있어서 보여 드릴 수 없습니다(법 제35조).") == []
    assert plain.polite("전화해 주세요. 좋아요?") and not plain.polite("전화하십시오.")
