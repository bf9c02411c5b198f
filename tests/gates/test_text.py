"""Names, numbers, addresses and free text, as people and attackers type them."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import text
from app.errors import Invalid

RRN_CASES = json.loads(Path(__file__).with_name("rrn.json").read_text("utf-8"))
CARD = "4111-1111-1111-1111"


def refusal(call: object, value: str) -> str:
    """The code with which the value is refused."""
    with pytest.raises(Invalid) as caught:
        call(value, pointer="/here")  # type: ignore[operator]
    assert [fault.pointer for fault in caught.value.faults] == ["/here"]
    assert len(value) < 4 or value not in repr(caught.value)
    return caught.value.code


@pytest.mark.parametrize(
    "value",
    (
        "홍길동",
        "O'Brien-José",
        "Nguyễn",
        "李小龍",
        "남궁 민수",
        "မြတ်ကြွယ်",
        "สมชาย ใจดี",
        "Мария Иванова",
        "Jean‑Luc".replace("‑", "-"),
        "J. R. Smith",
        "이순신(Lee)",
    ),
)
def test_names_of_people_are_taken_as_they_are(value: str) -> None:
    assert text.name(value) == value


@pytest.mark.parametrize(
    ("typed", "kept"),
    (
        ("\u1112\u1169\u11bc\u1100\u1175\u11af", "홍길"),
        ("Jose\u0301", "José"),
        ("  홍  길동 ", "홍 길동"),
        ("Ｋｉｍ　Ｌｅｅ", "Kim Lee"),
    ),
)
def test_names_are_brought_to_one_form(typed: str, kept: str) -> None:
    assert text.name(typed) == kept


@pytest.mark.parametrize(
    ("value", "code"),
    (
        ("ㅎㅗㅇ", "field.format"),
        ("ﾤￌￗ", "field.format"),
        ("\u1112\u1169", "field.length"),
        ("\u1112\u1112\u1169", "field.format"),
        ("홍\u200b길동", "field.forbidden_character"),
        ("홍\u200d길동", "field.forbidden_character"),
        ("\ufeff홍길동", "field.forbidden_character"),
        ("홍길동\u202e", "field.forbidden_character"),
        ("홍\u2066길동", "field.forbidden_character"),
        ("홍\u3164길동", "field.forbidden_character"),
        ("홍길동\x00", "field.forbidden_character"),
        ("홍\n길동", "field.forbidden_character"),
        ("a\r\nBcc: x@example.com", "field.forbidden_character"),
        ("홍\ud800길동", "field.forbidden_character"),
        ("홍\ufffe길동", "field.forbidden_character"),
        ("홍\ue000길동", "field.forbidden_character"),
        ("홍", "field.length"),
        ("", "field.length"),
        ("   ", "field.length"),
        ("a" * 101, "field.length"),
        ("a" * 300, "field.length"),
        ("a" * 1_000_000, "field.length"),
        ("a" + "\u0301" * 1000, "field.length"),
        ("ab" + "\u0316" * 5, "field.format"),
        ("\u0316ab", "field.format"),
        ("홍길동2", "field.format"),
        ("<script>alert(1)</script>", "field.format"),
        ("--", "field.format"),
        ("홍길동😀", "field.format"),
        ("900101-1234567", "identifier.rrn_not_allowed"),
        ("홍길동 ９００１０１１２３４５６７", "identifier.rrn_not_allowed"),
        (CARD, "identifier.card_not_allowed"),
    ),
)
def test_names_that_are_none(value: str, code: str) -> None:
    assert refusal(text.name, value) == code


@pytest.mark.parametrize(
    ("typed", "kept"),
    (
        ("010-1234-5678", "+821012345678"),
        ("01012345678", "+821012345678"),
        ("+82 10 1234 5678", "+821012345678"),
        ("+82 (0)10-1234-5678", "+821012345678"),
        ("+8201012345678", "+821012345678"),
        ("０１０－１２３４－５６７８", "+821012345678"),
        (" 010.1234.5678\u202c", "+821012345678"),
        ("011-234-5678", "+82112345678"),
        ("02-123-4567", "+8221234567"),
        ("(02) 1234-5678", "+82212345678"),
        ("031-123-4567", "+82311234567"),
        ("064-123-4567", "+82641234567"),
        ("070-1234-5678", "+827012345678"),
        ("0507-1234-5678", "+8250712345678"),
        ("080-123-4567", "+82801234567"),
        ("1588-3662", "+8215883662"),
    ),
)
def test_korean_numbers_become_e164(typed: str, kept: str) -> None:
    assert text.phone(typed) == kept


@pytest.mark.parametrize(
    ("value", "code"),
    (
        ("123", "field.format"),
        ("112", "field.format"),
        ("", "field.format"),
        ("+1 212 555 0100", "field.format"),
        ("010-1234-567", "field.format"),
        ("010-1234-56789", "field.format"),
        ("012-1234-5678", "field.format"),
        ("039-123-4567", "field.format"),
        ("0101234567a", "field.format"),
        ("+82+1012345678", "field.format"),
        ("010" + "-" * 100 + "12345678", "field.format"),
        ("010-1234-5678\n", "field.forbidden_character"),
        ("010-1234-5678\x00", "field.forbidden_character"),
        ("900101-1234567", "identifier.rrn_not_allowed"),
    ),
)
def test_numbers_that_are_none(value: str, code: str) -> None:
    assert refusal(text.phone, value) == code


@pytest.mark.parametrize(
    ("typed", "kept"),
    (
        ("gildong@example.com", "gildong@example.com"),
        (" First.Last+tag@EXAMPLE.com ", "First.Last+tag@example.com"),
        ("a@한국.kr", "a@xn--3e0b707e.kr"),
        ("a@xn--3e0b707e.kr", "a@xn--3e0b707e.kr"),
        ("o'brien@mail.example.co.kr", "o'brien@mail.example.co.kr"),
    ),
)
def test_mail_addresses(typed: str, kept: str) -> None:
    assert text.email(typed) == kept


@pytest.mark.parametrize(
    ("value", "code"),
    (
        ("", "field.format"),
        ("a", "field.format"),
        ("@example.com", "field.format"),
        ("a@", "field.format"),
        ("a@example", "field.format"),
        ("a@@example.com", "field.format"),
        ("a@b@example.com", "field.format"),
        ('"a b"@example.com', "field.format"),
        ("a b@example.com", "field.format"),
        ("a..b@example.com", "field.format"),
        (".a@example.com", "field.format"),
        ("길동@example.com", "field.format"),
        ("a@[127.0.0.1]", "field.format"),
        ("a@127.0.0.1", "field.format"),
        ("a@example.com.", "field.format"),
        ("a@-example.com", "field.format"),
        ("a@exa_mple.com", "field.format"),
        ("a@xn--a.com", "field.format"),
        ("a@\u200d.com", "field.format"),
        ("a,b@example.com", "field.format"),
        ("<a@example.com>", "field.format"),
        ("a" * 65 + "@example.com", "field.format"),
        ("a@" + "b" * 64 + ".com", "field.format"),
        ("a@" + "b." * 150 + "com", "field.length"),
        ("a@" + "한.국" * 80, "field.format"),
        ("a" * 60 + "@" + "한국." * 15 + "kr", "field.length"),
        ("a@example.com\r\nBcc: b@example.com", "field.forbidden_character"),
        ("a@example.com\n", "field.forbidden_character"),
        ("a\x00@example.com", "field.forbidden_character"),
        ("9001011234567@example.com", "identifier.rrn_not_allowed"),
        ("4111111111111111@example.com", "identifier.card_not_allowed"),
    ),
)
def test_mail_addresses_that_are_none(value: str, code: str) -> None:
    assert refusal(text.email, value) == code


@given(st.text(max_size=80))
def test_whatever_passes_as_an_address_is_plain_ascii(value: str) -> None:
    try:
        kept = text.email(value)
    except Invalid:
        return
    assert kept.isascii()
    assert kept.isprintable()
    assert " " not in kept
    assert kept.count("@") == 1
    assert text.email(kept) == kept


@pytest.mark.parametrize("case", RRN_CASES, ids=[case["why"] for case in RRN_CASES])
def test_the_worked_cases(case: dict[str, object]) -> None:
    masked = text.free_text(str(case["text"]))
    assert masked == (case["masked"], int(bool(case["detect"])))


@pytest.mark.parametrize("number", ("123-45-67891", "000-00-00000"))
def test_a_business_number_is_nobodys_resident_number(number: str) -> None:
    """Whether its check digit fits or not: it names a company, and passes as it was written."""
    assert text.free_text(f"사업자등록번호 {number} 입니다") == (f"사업자등록번호 {number} 입니다", 0)


@pytest.mark.parametrize(
    "written",
    (
        "9001011234567",
        "900101 1234567",
        "900101.1234567",
        "900101·1234567",
        "900101–1234567",
        "900101−1234567",
        "900101\n1234567",
        "９００１０１－１２３４５６７",
        "٩٠٠١٠١-١٢٣٤٥٦٧",
        "⑨⓪⓪①⓪①-①②③④⑤⑥⑦",
        "9\u200b00101-1\u200d234567",
        "9\ufeff00101\u00ad-1234567",
        "9 0 0 1 0 1 - 1 2 3 4 5 6 7",
        "9-0-0-1-0-1-1-2-3-4-5-6-7",
        "𝟗𝟎𝟎𝟏𝟎𝟏-𝟏𝟐𝟑𝟒𝟓𝟔𝟕",
        "".join(digit + "\ufe0f\u20e3" for digit in "9001011234567"),
    ),
)
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    assert text.free_text(f"번호 {written}, 끝") == ("번호 ******-*******, 끝", 1)
    with pytest.raises(Invalid, match="rrn"):
        text.refuse_identifiers(f"한글{written}한글")


def test_the_back_seven_digits_alone_are_masked() -> None:
    assert text.free_text("뒷자리는 1234567 이고 뒤 7자리: 2345678") == ("뒷자리는 ******* 이고 뒤 7자리: *******", 2)


def test_several_numbers_are_counted() -> None:
    assert text.free_text("900101-1234567/850505-5123456") == ("******-*******/******-*******", 2)


@pytest.mark.parametrize(
    "value",
    (
        "901301-1234567",
        "010229-3123456",
        "900101-1******",
        "010-1234-5678 02-123-4567",
        "123-45-67891",
        "000-00-00000",
        "19001011234567",
        "90010112345678",
        "뒷자리 12345678",
        "1588-1234-1588-5678",
        "2026-11-22 10:00:00",
        "M123A4567",
        "",
    ),
)
def test_what_only_resembles_one_stays(value: str) -> None:
    assert text.free_text(value) == (value, 0)


@pytest.mark.parametrize(
    "value", (CARD, "4111111111111111", "카드 4111 1111 1111 1111.", "４１１１－１１１１－１１１１－１１１１")
)
def test_card_numbers_are_refused(value: str) -> None:
    assert refusal(text.free_text, value) == "identifier.card_not_allowed"


def test_sixteen_digits_that_are_no_card_stay() -> None:
    assert text.free_text("4111-1111-1111-1112") == ("4111-1111-1111-1112", 0)


@pytest.mark.parametrize(
    "value", ("<script>", "{{7*7}}", "' OR 1=1--", "=cmd|' /C calc'!A0", "👨‍👩‍👧 가족", "줄\n바꿈\t탭")
)
def test_free_text_is_kept_as_written(value: str) -> None:
    assert text.free_text(value) == (value, 0)


def test_free_text_is_composed_and_its_line_ends_are_one() -> None:
    assert text.free_text("\u1100\u1161\r\nb\rc") == ("가\nb\nc", 0)


@pytest.mark.parametrize("value", ("a\x00b", "a\x1bb", "a\x7fb", "a\x85b", "\ud800", "\uffff"))
def test_controls_are_refused(value: str) -> None:
    assert refusal(text.free_text, value) == "field.forbidden_character"


def test_free_text_has_a_length() -> None:
    assert text.free_text("가" * 2000)[1] == 0
    assert text.free_text("\u1100\u1161" * 2000).text == "가" * 2000
    assert refusal(text.free_text, "가" * 2001) == "field.length"
    assert refusal(text.free_text, "가" * 100_000) == "field.length"


@given(st.text(max_size=300))
def test_masking_is_final(value: str) -> None:
    masked = text.mask_rrn(value)
    assert text.find_rrn(masked.text) == []
    assert (masked.text == value) == (masked.removed == 0)


@given(st.text(alphabet="019- 　９０①\u200b가뒷자리", max_size=60))
def test_masking_is_final_near_the_pattern(value: str) -> None:
    assert text.find_rrn(text.mask_rrn(value).text) == []


@given(st.text(max_size=120))
def test_names_are_stable(value: str) -> None:
    try:
        kept = text.name(value)
    except Invalid:
        return
    assert text.name(kept) == kept


def test_a_line_is_one_line() -> None:
    assert text.line(" 서울특별시 강남구 1-2 ") == "서울특별시 강남구 1-2"
    for end in ("\n", "\r", "\x85", "\u2028", "\u2029"):
        assert refusal(text.line, f"a{end}b") == "field.forbidden_character"
    assert refusal(text.line, " ") == "field.length"
    assert refusal(text.line, "x" * 201) == "field.length"
    assert refusal(text.line, "900101-1234567") == "identifier.rrn_not_allowed"


@pytest.mark.parametrize(
    "unit",
    (
        "1",
        "1 ",
        "９",
        "900101",
        "900101   ",
        "90010112",
        "4111 ",
        "4111---",
        "뒷",
        "뒷자리",
        "a.",
        "a@",
        "-",
        "\u0301",
        "9 0 0 1 0 1 ",
    ),
)
def test_long_hostile_text_takes_linear_time(unit: str) -> None:
    value = unit * (200_000 // len(unit))
    began = time.thread_time()
    text.mask_rrn(value)
    text.find_card(value)
    for call in (text.name, text.phone, text.email):
        with pytest.raises(Invalid):
            call(value)
    assert time.thread_time() - began < 3


def test_masked_views() -> None:
    assert [text.mask_name(name) for name in ("홍길동", "홍길", "남궁 민수")] == ["홍*동", "홍*", "남* *수"]
    phones = ("+821012345678", "+8221234567", "+82311234567", "+8215883662", "rubbish")
    assert [text.mask_phone(phone) for phone in phones] == [
        "010-****-5678",
        "02-****-4567",
        "031-****-4567",
        "1588-****",
        "****",
    ]
    assert [text.mask_email(mail) for mail in ("gildong@example.com", "a@example.com")] == [
        "g***@example.com",
        "***@example.com",
    ]
