"""Mails and text messages: one code, no link, no name, no result."""

import re
from typing import Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.messages import PARAMS, Kind, Language, Text, mail, sms
from app.documents.wording import MAILS, TEXTS

VALUES = {
    "controller": "(주)케이티엠앤에스",
    "code": "04821937",
    "minutes": "10",
    "receipt_no": "482-0193-7756",
    "access_code": "K7QM-2X9P",
    "desk_phone": "02-560-3146",
    "desk_email": "privacy@ktmns.com",
    "site": "https://www.ktmns.com",
    "due_on": "2026-12-02",
}
LANGUAGES: tuple[Language, ...] = get_args(Language)
LINK = re.compile(r"https?:|www\.|://|@|[A-Za-z0-9-]+\.[A-Za-z]{2,}", re.IGNORECASE)
EVERY = pytest.mark.parametrize(("kind", "language"), [(kind, language) for kind in Kind for language in LANGUAGES])


def params(kind: Kind, **changed: str) -> dict[str, str]:
    """Exactly the params of the kind."""
    return {name: VALUES[name] for name in PARAMS[kind]} | changed


@EVERY
def test_every_kind_has_its_words(kind: Kind, language: Language) -> None:
    """Each kind is told by mail and by text, without a hole left in it."""
    told = mail(kind, language, params(kind))
    short = sms(kind, language, params(kind))
    for text in (told.subject, told.body, short.body):
        assert text.strip() and not re.search(r"[{}]", text)
    assert short.subject == "" and told.template == short.template
    assert (re.search("[가-힣]{4}", told.body.replace(VALUES["controller"], "")) is not None) is (language == "ko")


@EVERY
def test_no_link_in_a_text_message(kind: Kind, language: Language) -> None:
    """Nothing that a phone would turn into something to tap, but for phone numbers."""
    assert LINK.search(sms(kind, language, params(kind)).body) is None


@EVERY
def test_what_the_gateway_gets_is_what_is_said(kind: Kind, language: Language) -> None:
    """The params of a text message are those in its words, no more."""
    short = sms(kind, language, params(kind))
    assert all(value in short.body for value in short.params.values())
    assert "site" not in short.params and "desk_email" not in short.params


@given(st.from_regex(r"[0-9]{8}", fullmatch=True), st.sampled_from(LANGUAGES), st.sampled_from(["5", "10", "30"]))
def test_one_run_of_eight_digits(code: str, language: Language, minutes: str) -> None:
    """Whatever the code, a program finds it and nothing else."""
    for send in (mail, sms):
        text = send(Kind.CODE, language, params(Kind.CODE, code=code, minutes=minutes))
        assert re.findall(r"\d{8,}", f"{text.subject}\n{text.body}") == [code]
        assert code not in text.subject


@pytest.mark.parametrize("code", ["1234567", "123456789", "1234 5678", "１２３４５６７８", "abcdefgh", "12345678\n"])
def test_no_other_code(code: str) -> None:
    """A code is eight digits."""
    with pytest.raises(ValueError, match=r"eight digits|one line"):
        sms(Kind.CODE, "ko", params(Kind.CODE, code=code))


def test_no_second_run_beside_the_code() -> None:
    """A controller's name with eight digits would make two codes of one."""
    with pytest.raises(ValueError, match="eight digits"):
        mail(Kind.CODE, "ko", params(Kind.CODE, controller="회사 20261122"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("send", [mail, sms])
def test_nothing_held_is_told_like_any_result(send: object, language: Literal["ko", "en"]) -> None:
    """Same words, same template, same params: nobody learns from a message whether anything is held."""
    build = mail if send is mail else sms
    result: Text = build(Kind.RESULT, language, params(Kind.RESULT))
    assert build(Kind.NOTHING_HELD, language, params(Kind.NOTHING_HELD)) == result


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_result_message_never_says_the_result(language: Language) -> None:
    """It says that there is an answer, how to see it, how to object."""
    said = mail(Kind.RESULT, language, params(Kind.RESULT))
    short = sms(Kind.RESULT, language, params(Kind.RESULT))
    for text in (said.subject, said.body, short.body):
        for word in ("거절", "승인", "삭제", "정정", "없습니다", "보유", "refus", "grant", "delet", "nothing", "hold"):
            assert word not in text.casefold()
    assert "이의" in said.body + short.body if language == "ko" else "object" in said.body + short.body
    assert VALUES["site"] in said.body and VALUES["receipt_no"] in short.body


@pytest.mark.parametrize("words", [text for pair in MAILS.values() for text in pair] + list(TEXTS.values()))
def test_no_place_for_personal_data(words: str) -> None:
    """No template has a hole for a name, a contact or a value of the person's own."""
    holes = set(re.findall(r"{(\w+)}", words))
    assert holes <= set(VALUES)
    assert holes.isdisjoint({"name", "phone", "email", "address", "birth_date"})


@pytest.mark.parametrize("words", [subject for subject, _ in MAILS.values()])
def test_subjects_name_the_sender_only(words: str) -> None:
    """A subject is seen on a locked screen: no number of any kind in it."""
    assert set(re.findall(r"{(\w+)}", words)) == {"controller"}


def test_a_code_fits_one_short_message() -> None:
    """Ninety bytes, so that no gateway tears a code apart."""
    for language in LANGUAGES:
        assert len(sms(Kind.CODE, language, params(Kind.CODE)).body.encode("euc-kr")) <= 90


@pytest.mark.parametrize("send", [mail, sms])
@pytest.mark.parametrize("value", ["a\r\nBcc: x@example.com", "a\nb", "a\x00", "", "  ", "a\u202eb"])
def test_a_param_is_one_line(send: object, value: str) -> None:
    """A line break would open a mail header; a direction mark would turn the text around."""
    build = mail if send is mail else sms
    with pytest.raises(ValueError, match="one line"):
        build(Kind.RESULT, "ko", params(Kind.RESULT, controller=value))


def test_params_are_exact() -> None:
    """One too many could be personal data, one too few a hole."""
    with pytest.raises(ValueError, match="takes"):
        mail(Kind.RESULT, "ko", params(Kind.RESULT, name="홍길동"))
    with pytest.raises(ValueError, match="takes"):
        sms(Kind.CODE, "ko", {"code": "12345678"})


def test_a_value_is_not_a_template() -> None:
    """Braces in a value are letters."""
    assert "{code}" in mail(Kind.RESULT, "ko", params(Kind.RESULT, controller="회사 {code}")).subject
