"""read_json: one reading for everybody, or a problem."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid, Malformed, Problem
from app.http.body import read_json

SIMPLE = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18) + 1, 10**18 - 1)
    | st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
)
VALUES = st.recursive(
    SIMPLE | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5).filter(lambda k: "\x00" not in k), inner)
    ),
    max_leaves=12,
)


def nested(levels: int, opening: str = "[", closing: str = "]") -> bytes:
    return (opening * levels + closing * levels).encode()


@pytest.mark.parametrize(
    ("raw", "code"),
    (
        (b"", "request.body_required"),
        (b" \r\n\t", "request.body_required"),
        (b"\xff\xfe", "request.encoding"),
        ('{"name":"홍길동"}'.encode("euc-kr"), "request.encoding"),
        ('{"name":"홍길동"}'.encode("utf-16"), "request.encoding"),
        ('{"name":"홍길동"}'.encode("utf-16-le"), "request.encoding"),
        ('{"name":"홍길동"}'.encode("utf-16-be"), "request.encoding"),
        ('{"name":"홍길동"}'.encode("utf-32"), "request.encoding"),
        ('{"name":"홍길동"}'.encode("utf-32-be"), "request.encoding"),
        (b"\xef\xbb\xbf{}", "request.encoding"),
        (b'{"name":"\xed\xa0\x80"}', "request.encoding"),
        (b'{"name":"\xc0\x80"}', "request.encoding"),
        (b"{", "request.malformed_json"),
        (b"{}{}", "request.malformed_json"),
        (b"{'a':1}", "request.malformed_json"),
        (b'{"a":1,}', "request.malformed_json"),
        (b"[1,]", "request.malformed_json"),
        (b"// x\n{}", "request.malformed_json"),
        (b'{"a":01}', "request.malformed_json"),
        (b'{"a":.5}', "request.malformed_json"),
        (b'{"a":+1}', "request.malformed_json"),
        (b'{"a":0x10}', "request.malformed_json"),
        (b'{"a":"\n"}', "request.malformed_json"),
        (b'{"a":"\x00"}', "request.malformed_json"),
        (b'{"a":"\\x41"}', "request.malformed_json"),
        (b'{"a":"\\u12"}', "request.malformed_json"),
        (b"nul", "request.malformed_json"),
        (b'{"a":NaN}', "request.malformed_json"),
        (b'{"a":Infinity}', "request.malformed_json"),
        (b'{"a":-Infinity}', "request.malformed_json"),
        (b'{"a":1e400}', "request.malformed_json"),
        (b'{"a":-1e400}', "request.malformed_json"),
        (b'{"a":0.' + b"1" * 5000 + b"}", "request.malformed_json"),
        (b'{"a":' + b"1" * 5000 + b"}", "request.malformed_json"),
        (b'{"a":9223372036854775808}', "request.malformed_json"),
        (b'{"a":-9999999999999999999}', "request.malformed_json"),
        (b'{"a":1,"a":2}', "request.duplicate_param"),
        (b'{"a":{"b":1,"b":1}}', "request.duplicate_param"),
        (b'{"a":1,"\\u0061":2}', "request.duplicate_param"),
        (nested(21), "request.too_deep"),
        (nested(900), "request.too_deep"),
        (nested(100_000), "request.too_deep"),
        (nested(100_000)[:100_000], "request.too_deep"),
        (nested(21, '{"a":', "}"), "request.malformed_json"),
        (nested(22, '{"a":', "}").replace(b":}", b":1}", 1), "request.too_deep"),
        (b'{"a":' * 100_000, "request.too_deep"),
        (b'[[["\\"[", ' + b"[" * 19, "request.too_deep"),
    ),
)
def test_refuses(raw: bytes, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_json(raw)
    assert caught.value.code == code
    assert caught.value.__context__ is None or caught.value.__suppress_context__ or code == "request.too_deep"


@pytest.mark.parametrize(
    ("raw", "pointer"),
    (
        (rb'"\u0000"', ""),
        (rb'{"name":"a\u0000b"}', "/name"),
        (rb'{"claims":[{"reason":"x"},{"reason":"\u0000"}]}', "/claims/1/reason"),
        (rb'{"a\u0000":1}', ""),
        (rb'{"name":"\ud800"}', "/name"),
        (rb'{"name":"\uDFFF"}', "/name"),
        (rb'{"name":"\udc00\ud800"}', "/name"),
        (rb'{"900101-1234567":{"x":"\u0000"}}', ""),
    ),
)
def test_names_the_place_of_a_forbidden_character(raw: bytes, pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_json(raw)
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [(pointer, "field.forbidden_character")]


@pytest.mark.parametrize(
    ("raw", "value"),
    (
        (nested(20), json.loads(nested(20))),
        (b'["' + b"[" * 500 + b'"]', ["[" * 500]),
        (b'["' + rb"\"" * 50 + b"[" * 50 + b'"]', ['"' * 50 + "[" * 50]),
        (rb'{"name":"\ud83d\ude00"}', {"name": "😀"}),
        (rb'"\\u0000"', "\\u0000"),
        (b"[" + b"[]," * 5000 + b"[]]", [[]] * 5001),
        (b" {} \r\n", {}),
        (b"999999999999999999", 999999999999999999),
        (b"-0.5e-3", -0.0005),
    ),
)
def test_reads(raw: bytes, value: object) -> None:
    assert read_json(raw) == value


def test_bounds_the_members_of_one_object() -> None:
    with pytest.raises(Invalid, match=r"field\.length"):
        read_json(json.dumps({f"k{number}": 1 for number in range(1001)}).encode())


@given(VALUES)
def test_reads_what_json_writes(value: object) -> None:
    assert read_json(json.dumps(value).encode()) == value
    assert read_json(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=200) | st.text('[]{}",:\\u0d8 1eE.-', max_size=200).map(str.encode))
def test_answers_any_bytes_with_a_value_or_a_problem(raw: bytes) -> None:
    try:
        found = read_json(raw)
    except Problem:
        return
    assert found == json.loads(raw)
