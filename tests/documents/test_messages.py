"""Mails and text messages: one code, no link, no name, no result."""

import re
from typing import Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.messages import CODES, PARAMS, Kind, Language, Text, mail, sms
from app.documents.wording import WORDS, Spoken, Tone

VALUES = {
    "mark": "7F3A",
    "controller": "(주)케이티엠앤에스",
    "code": "04821937",
    "minutes": "10",
    "receipt_no": "482-0193-7756",
    "access_code": "K7QM-2X9P",
    "stop_code": "7gkm-x2pd",
    "desk_phone": "02-560-3146",
    "desk_email": "privacy@ktmns.com",
    "site": "https://www.ktmns.com",
    "due_on": "2026-12-02",
    "until": "2026-12-06",
    "url": "https://desk.example.com/h/Jx2",
    "what": "요구",
    "due_at": "2026-12-02 10:00",
    "leaked": "온라인몰: 성명, 전화번호",
    "known_at": "2026년 11월 29일 10:00",
    "how": "답변이 다른 분에게 전해졌습니다.",
    "can_do": "모르는 전화에 조심해 주세요.",
    "did": "답변을 거두어들였습니다.",
    "contact": "IT보안팀",
    "first": "2026-12-24",
    "last": "2026-12-27",
    "due": "3",
    "silent": "1",
    "footage": "0",
    "receipts": "482-0193-7756",
    "count": "3",
    "origin": "desk.example.com/audit",
    "size": "312",
    "root": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "signature": "— desk.example.com/audit Tm9TaWduYXR1cmU=",
    "key": "desk.example.com/audit+c74f20a3+AQIDBA==",
    "missing": "자녀의 기본증명서(상세), 가족관계증명서, 신분증 사본(주민등록번호 뒷자리를 가린 것)",
}
LANGUAGES: tuple[Language, ...] = get_args(Language)
LMS_BYTES_MAX = 2_000
CODE_BYTES_MAX = 90
LINK = re.compile(r"https?:|www\.|://|@|[A-Za-z0-9-]+\.[A-Za-z]{2,}", re.IGNORECASE)
SPOKEN = [(kind, language, easy) for kind in Kind for language in LANGUAGES for easy in (False, True)]
EVERY = pytest.mark.parametrize(("kind", "language", "easy"), SPOKEN)
TEMPLATES: list[Spoken] = [said for tones in WORDS.values() for said in tones.values()]
# Everything that a person under age may be sent. The rest goes to adults: other guardians, who asked as one, staff.
FOR_MINORS = {
    "code", "confirm_code", "access_code", "result", "result_paper", "withdrawn",
    "lapsed", "supplement", "reminder", "mandate_ended",
    "alert", "frozen", "freeze_released", "disowned", "postponed", "objection_received", "ruling", "fenced_destroyed",
    "follow_up_done", "incident_notice", "incident_possible", "deferral_ended",
}  # fmt: skip


def params(kind: Kind, **changed: str) -> dict[str, str]:
    """Exactly the params of the kind."""
    return {name: VALUES[name] for name in PARAMS[kind]} | changed


@EVERY
def test_every_kind_has_its_words(kind: Kind, language: Language, easy: bool) -> None:
    """Each kind is told by mail and by text, without a hole left in it."""
    told = mail(kind, language, params(kind), easy)
    short = sms(kind, language, params(kind), easy)
    for text in (told.subject, told.body, short.body):
        assert text.strip() and not re.search(r"[{}]", text)
    assert short.subject == "" and told.template == short.template
    own = told.body
    for name in ("controller", "missing", "leaked", "known_at", "how", "can_do", "did", "contact"):
        own = own.replace(VALUES[name], "")
    assert (re.search("[가-힣]{4}", own) is not None) is (language == "ko")


def test_easy_words_for_all_that_a_minor_may_read() -> None:
    """A child's version wherever a child may be told, in Korean; English is plain as it is (policy 9.2)."""
    assert {kind for kind, tones in WORDS.items() if "easy" in tones} == FOR_MINORS
    for kind in Kind:
        easy, plain = (mail(kind, "ko", params(kind), one) for one in (True, False))
        template = plain.template.removesuffix(".ko")
        assert easy.template == (f"{template}.easy" if template in FOR_MINORS else plain.template)
        assert (easy.body != plain.body) is (template in FOR_MINORS)
        assert mail(kind, "en", params(kind), True) == mail(kind, "en", params(kind), False)


@EVERY
def test_no_link_in_a_text_message(kind: Kind, language: Language, easy: bool) -> None:
    """Nothing that a phone would turn into something to tap, but for phone numbers."""
    assert LINK.search(sms(kind, language, params(kind), easy).body) is None


@EVERY
def test_a_text_message_is_one_long_one_at_most(kind: Kind, language: Language, easy: bool) -> None:
    """2,000 bytes of EUC-KR are one LMS; more would be torn or refused."""
    assert len(sms(kind, language, params(kind), easy).body.encode("euc-kr")) <= LMS_BYTES_MAX


@EVERY
def test_what_the_gateway_gets_is_what_is_said(kind: Kind, language: Language, easy: bool) -> None:
    """The params of a text message are those in its words, no more."""
    short = sms(kind, language, params(kind), easy)
    assert all(value in short.body for value in short.params.values())
    assert "site" not in short.params and "desk_email" not in short.params


@given(
    st.from_regex(r"[0-9]{8}", fullmatch=True),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["5", "10", "30"]),
    st.sampled_from(sorted(CODES)),
    st.booleans(),
)
def test_one_run_of_eight_digits(code: str, language: Language, minutes: str, kind: Kind, easy: bool) -> None:
    """Whatever the code, a program finds it and nothing else."""
    given = {name: value for name, value in {"code": code, "minutes": minutes}.items() if name in PARAMS[kind]}
    for send in (mail, sms):
        text = send(kind, language, params(kind, **given), easy)
        assert re.findall(r"\d{8,}", f"{text.subject}\n{text.body}") == [code]
        assert code not in text.subject


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in CODES])
def test_no_other_message_looks_like_a_code(kind: Kind) -> None:
    """Who reads texts for a code finds none where none is."""
    for language in LANGUAGES:
        for send in (mail, sms):
            text = send(kind, language, params(kind))
            assert not re.search(r"\d{8,}", f"{text.subject}\n{text.body}")


@pytest.mark.parametrize("code", ["1234567", "123456789", "1234 5678", "１２３４５６７８", "abcdefgh", "12345678\n"])
@pytest.mark.parametrize("kind", sorted(CODES))
def test_no_other_code(kind: Kind, code: str) -> None:
    """A code is eight digits."""
    with pytest.raises(ValueError, match=r"eight digits|one line"):
        sms(kind, "ko", params(kind, code=code))


def test_no_second_run_beside_the_code() -> None:
    """A controller's name with eight digits would make two codes of one."""
    with pytest.raises(ValueError, match="eight digits"):
        mail(Kind.CODE, "ko", params(Kind.CODE, controller="회사 20261122"))


@pytest.mark.parametrize("easy", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("send", [mail, sms])
def test_nothing_held_is_told_like_any_result(send: object, language: Literal["ko", "en"], easy: bool) -> None:
    """Same words, same template, same params: nobody learns from a message whether anything is held."""
    build = mail if send is mail else sms
    result: Text = build(Kind.RESULT, language, params(Kind.RESULT), easy)
    assert build(Kind.NOTHING_HELD, language, params(Kind.NOTHING_HELD), easy) == result


@pytest.mark.parametrize("easy", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_result_message_never_says_the_result(language: Language, easy: bool) -> None:
    """It says that there is an answer, how to see it, how to object."""
    said = mail(Kind.RESULT, language, params(Kind.RESULT), easy)
    short = sms(Kind.RESULT, language, params(Kind.RESULT), easy)
    for text in (said.subject, said.body, short.body):
        for word in ("거절", "승인", "삭제", "정정", "없습니다", "없어요", "refus", "grant", "delet", "nothing"):
            assert word not in text.casefold()
    again = {"ko": "살펴봐 달라" if easy else "이의", "en": "object"}[language]
    assert again in said.body and again in short.body
    assert VALUES["site"] in said.body and VALUES["receipt_no"] in short.body


@EVERY
def test_no_message_says_whether_anything_is_held(kind: Kind, language: Language, easy: bool) -> None:
    """Nobody learns from a message whether the controller knows anything of the person."""
    texts = (mail(kind, language, params(kind), easy).body, sms(kind, language, params(kind), easy).body)
    for word in ("보유", "가지고 있", "갖고 있", "보관하고", "회원", "고객", "we hold", "we have your", "on record"):
        assert not any(word in text.casefold() for text in texts)


@pytest.mark.parametrize("kind", [Kind.ALERT, Kind.ALERT_GUARDIAN])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_alert_names_nobody_and_no_right(kind: Kind, language: Language) -> None:
    """A stranger who reads it learns only that something was asked; no receipt number opens anything (C3)."""
    assert PARAMS[kind] == {"controller", "stop_code", "site", "desk_phone"}
    for text in (mail(kind, language, params(kind)), sms(kind, language, params(kind))):
        assert VALUES["stop_code"] in text.body and VALUES["stop_code"] not in text.subject
        for word in (
            "열람",
            "삭제",
            "정정",
            "정지 요구",
            "동의",
            "부모",
            "access",
            "delet",
            "correct",
            "consent",
            "parent",
        ):
            assert word not in text.body.casefold()


def test_a_freeze_is_told_without_its_reason() -> None:
    """Neither who stopped a request nor why; an end after it may be objected to."""
    for kind in (Kind.FROZEN, Kind.FREEZE_RELEASED, Kind.DISOWNED):
        for easy in (False, True):
            for word in ("신고", "정지번호", "모르는 일", "도용", "사칭", "누군가"):
                assert word not in mail(kind, "ko", params(kind), easy).body
        assert not re.search(r"stop code|somebody says|not yours", mail(kind, "en", params(kind)).body.casefold())
    assert "이의" in mail(Kind.DISOWNED, "ko", params(Kind.DISOWNED)).body


@pytest.mark.parametrize("kind", [Kind.SUPPLEMENT, Kind.REMINDER])
@pytest.mark.parametrize(("language", "easy"), [("ko", False), ("ko", True), ("en", False)])
def test_a_supplement_names_all_at_once(kind: Kind, language: Language, easy: bool) -> None:
    """What, until when, that the clock goes on, each way to send it, and to mask numbers (B6)."""
    said = mail(kind, language, params(kind), easy).body
    for needed in ("missing", "due_on", "site", "desk_phone", "desk_email", "receipt_no"):
        assert VALUES[needed] in said
    ways = ("fax", "post", "in person", "upload") if language == "en" else ("팩스", "우편", "올려")
    assert all(one in said for one in ways)
    assert ("resident registration number" if language == "en" else "주민등록번호") in said
    if kind is Kind.SUPPLEMENT:
        assert {"ko": "멈추지 않습니다", "en": "runs on"}[language] in said or (easy and "미뤄지지 않아요" in said)
    short = sms(kind, language, params(kind), easy).body
    assert VALUES["missing"] in short and VALUES["due_on"] in short


def test_a_lapse_says_how_to_go_on() -> None:
    """Could not be verified; file again; how to object: the person's own lapse and a guardian's or delegate's."""
    for kind in (Kind.LAPSED, Kind.LAPSED_STANDING):
        said = mail(kind, "ko", params(kind)).body
        assert all(one in said for one in ("확인", "새로 요구", "이의", "비용은 없습니다", VALUES["desk_email"]))


@pytest.mark.parametrize("said", TEMPLATES)
def test_no_place_for_personal_data(said: Spoken) -> None:
    """No template has a hole for a name, a contact or a value of the person's own."""
    for words in said:
        holes = set(re.findall(r"{(\w+)}", words))
        assert holes <= set(VALUES)
        assert holes.isdisjoint({"name", "phone", "email", "address", "birth_date"})


@pytest.mark.parametrize("said", TEMPLATES)
def test_subjects_name_the_sender_only(said: Spoken) -> None:
    """A subject is seen on a locked screen: no number of any kind in it."""
    assert set(re.findall(r"{(\w+)}", said.subject)) == {"controller"}
    assert not re.search(r"\d", said.subject)


@pytest.mark.parametrize("easy", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_fits_one_short_message(language: Language, easy: bool) -> None:
    """Ninety bytes, so that no gateway tears a code apart."""
    assert len(sms(Kind.CODE, language, params(Kind.CODE), easy).body.encode("euc-kr")) <= CODE_BYTES_MAX


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


def test_every_tone_is_known() -> None:
    """Korean and English of every kind, and no tone beside the three."""
    for tones in WORDS.values():
        assert {"ko", "en"} <= set(tones) <= set(get_args(Tone))
