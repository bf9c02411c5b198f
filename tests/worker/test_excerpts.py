"""What is kept of an answer: enough to find a fault by, nothing that may be personal."""

import json
import re
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.excerpts import CHARACTERS_MAX, MASK, excerpt

HANGUL = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2, max_size=5)
DIGITS = st.text("0123456789", min_size=5, max_size=16)
PARTED = st.lists(st.text("0123456789", min_size=1, max_size=4), min_size=5, max_size=8)
GAPS = st.sampled_from((" ", "-", ".", " - ", "/", ") ", "·", "가"))
LOCAL = st.text("abcdefghijklmnopqrstuvwxyz0123456789._+-", min_size=1, max_size=20)
AROUND = st.text(st.characters(codec="ascii", exclude_categories=("C",)), max_size=40)

KEPT = (
    (b"upstream connect error", "upstream connect error"),
    (b'{"error":"bad signature","status":401}', '{"error":"bad signature","status":401}'),
    (b"<h1>502 Bad Gateway</h1>\r\n<hr>nginx", "<h1>502 Bad Gateway</h1> <hr>nginx"),
    (b"try again in 60 s", "try again in 60 s"),
)
MASKED = (
    ("홍길동 고객이 없습니다", MASK),
    ("no such number 010-0000-1234.", f"no such number {MASK}."),
    ("no such number 0100001234.", f"no such number {MASK}."),
    ("no such number (010) 0000 1234.", f"no such number ({MASK}."),
    ("no such number ０１０００００１２３４.", f"no such number {MASK}."),
    ("unknown user hong@example.com !", f"unknown user {MASK} !"),
    ('unknown user "hong gildong"@example.com', f"unknown user {MASK}"),
    ("unknown user hong%40example.com", f"unknown user {MASK}"),
    ('{"name":"\\ud64d\\uae38\\ub3d9"}', f'{{"name":"{MASK}"}}'),
    ("name &#54861;&#44600;&#46041;", f"name {MASK}"),
    ("name %ED%99%8D%EA%B8%B8%EB%8F%99", f"name {MASK}"),
    ("customer 10291", f"customer {MASK}"),
    ("token eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.x", f"token {MASK}"),
)


@pytest.mark.parametrize(("answer", "kept"), KEPT)
def test_words_of_a_machine_are_kept(answer: bytes, kept: str) -> None:
    assert excerpt(answer) == kept


@pytest.mark.parametrize(("answer", "kept"), MASKED)
def test_what_may_be_personal_is_not(answer: str, kept: str) -> None:
    assert excerpt(answer.encode()) == kept


@pytest.mark.parametrize("answer", (b"", b" \r\n\t "))
def test_of_no_answer_nothing_is_kept(answer: bytes) -> None:
    assert excerpt(answer) is None


@pytest.mark.parametrize("answer", ("홍길동".encode("utf-16"), b"\x1f\x8b\x08gzipped", "홍길동".encode("iso2022_kr")))
def test_what_is_not_text_is_one_mask(answer: bytes) -> None:
    assert excerpt(answer) == MASK


@given(st.binary(max_size=20_000) | st.text(max_size=2_000).map(str.encode))
def test_whatever_is_answered_comes_out_short_plain_and_free_of_numbers_and_addresses(answer: bytes) -> None:
    found = excerpt(answer) or ""
    assert len(found) <= CHARACTERS_MAX
    assert re.fullmatch(f"[ -~{MASK}]*", found)
    assert "@" not in found
    assert not re.search(r"[0-9](?:[^A-Za-z0-9]{0,3}[0-9]){4}", found)


@given(AROUND, HANGUL, AROUND, st.sampled_from(("utf-8", "euc-kr", "json", "url")))
def test_a_korean_name_never_comes_through_however_it_is_written(before: str, name: str, after: str, way: str) -> None:
    written = {"json": json.dumps(name)[1:-1].encode(), "url": quote(name).encode()}
    name_bytes = written.get(way) or name.encode(way, "ignore")
    found = excerpt(before.encode() + name_bytes + after.encode()) or ""
    assert not re.search("[가-힣]", found)
    assert name_bytes.decode("latin-1") not in found or not name_bytes


@given(AROUND, DIGITS | st.tuples(PARTED, GAPS).map(lambda one: one[1].join(one[0])), AROUND)
def test_a_number_never_comes_through_however_it_is_parted(before: str, number: str, after: str) -> None:
    found = excerpt(f"{before} {number} {after}".encode()) or ""
    assert number not in found
    assert re.sub(r"\D", "", number) not in re.sub(r"[^0-9A-Za-z]", "", found)


@given(AROUND, LOCAL, AROUND)
def test_an_address_never_comes_through(before: str, local: str, after: str) -> None:
    found = excerpt(f"{before} {local}@example.com {after}".encode()) or ""
    assert f"{local}@" not in found and "example.com" not in found.replace(before, "").replace(after, "")


@pytest.mark.parametrize("part", (b"a", b"1 ", b"@", b'"', b"1 1 1 1 a", b"a@", b"%4", b"&a", b"\\u00", b"\xed"))
def test_a_hostile_answer_costs_no_time(part: bytes) -> None:
    hostile = (part * 20_000)[:20_000]
    began = time.thread_time()  # what it costs, not how long a busy machine takes
    excerpt(hostile)
    assert time.thread_time() - began < 0.5
