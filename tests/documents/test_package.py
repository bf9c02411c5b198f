"""The access package: the aspects that were asked, the same facts as report and as JSON."""

import json
from dataclasses import replace
from datetime import date

import pytest

from app.documents.opened import AccessPackage, Held, KeptTold, PartyTold, Value
from app.documents.package import PRINTED_CHARACTERS, package_json, package_pdf, package_values
from app.law.terms import Aspect
from tests.documents import reading
from tests.documents.examples import PACKAGE
from tests.documents.reading import pdf_text, squeezed


def test_the_report_says_it_all() -> None:
    """Items and contents by holder, purposes, retention, recipients, consents, source, date, receipt number."""
    text = pdf_text(package_pdf(PACKAGE))
    for told in (
        "접수번호482-0193-7756",
        "홍길동귀하",
        "작성일2026년11월30일",
        "항목및내용:온라인몰운영시스템(1/2)",
        "성명洪吉童",
        "항목및내용:(주)케이티링커스",
        "서비스상담정보주체의동의",
        "서비스신청후3개월",
        "경찰관서수사·조사자료확보성명,연락처등관련법령에따름",
        "한진택배상품주문처리와배송",
        "2026년10월2일(철회:2026년11월1일)",
        "온라인몰에서신청하실때직접적으신것입니다.",
        "알려드릴제3자제공이없습니다.법률이알리지못하게하는제공은적지않습니다.",
        "상담내용중다른사람의연락처",
        "·(주)케이티씨에스",
        '#eval("1")*굵게*$x$<script>alert(1)</script>배송문의',
    ):
        assert told in text, told


def test_json_has_the_same_facts_under_stable_keys() -> None:
    """access.json is what a program reads."""
    values = json.loads(package_json(PACKAGE))
    assert list(values) == [
        "format", "receipt_no", "controller", "dated", "aspects", "complete", "silent", "categories",
    ]  # fmt: skip
    assert values["aspects"] == ["items", "purposes", "retention", "third_parties", "consents"]
    assert values["complete"] is False and values["silent"] == ["(주)케이티씨에스"]
    mall = values["categories"][0]
    assert mall["items"][0]["records"][1] == {"name": "洪吉童", "phone": "010-0000-1234"}
    assert mall["consents"] == [
        {
            "purpose": "서비스 상담",
            "content": "성명, 전화번호를 신청 후 3개월 동안 이용",
            "given_on": "2026-10-02",
            "withdrawn_on": "2026-11-01",
        }
    ]
    assert values["categories"][1]["withheld"][0]["article"] == "개인정보 보호법 제35조제4항제2호"


@pytest.mark.parametrize("aspect", list(Aspect))
def test_only_what_was_asked(aspect: Aspect) -> None:
    """An aspect that was not marked was not asked (form 8), so it is not told."""
    keys = {
        Aspect.ITEMS: ("items", "010-1234-5678"),
        Aspect.PURPOSES: ("purposes", "배송처리계약의이행"),
        Aspect.RETENTION: ("retention", "서비스신청후3개월"),
        Aspect.THIRD_PARTIES: ("third_parties", "경찰관서"),
        Aspect.CONSENTS: ("consents", "성명,전화번호를신청후"),
    }
    asked = replace(PACKAGE, aspects=frozenset({aspect}))
    text = pdf_text(package_pdf(asked))
    mall = package_values(asked)["categories"][0]
    for other, (key, told) in keys.items():
        assert (told in text) is (other is aspect)
        assert (mall[key] is None) is (other is not aspect)
    assert (mall["provided"] is None) is ("형사소송법제199조" not in text) is (aspect is not Aspect.THIRD_PARTIES)
    assert (mall["processors"] is None) is (aspect is not Aspect.THIRD_PARTIES)


def test_a_category_without_content_says_so() -> None:
    """No record is not the same as not asked."""
    empty = replace(PACKAGE, categories=(replace(PACKAGE.categories[0], held=(), purposes=(), consents=()),))
    text = pdf_text(package_pdf(empty))
    assert "보유하고있는내용이없습니다." in text and "동의를받아처리하는것이없습니다." in text
    assert package_values(empty)["categories"][0]["items"] == []


def crowded(count: int) -> AccessPackage:
    """One holder with many records."""
    records = tuple((Value(field="content", label="내용", value=f"상담 {n}번"),) for n in range(count))
    mall = replace(PACKAGE.categories[0], held=(Held(holder="상담 시스템", records=records),))
    return replace(PACKAGE, categories=(mall,))


def test_a_crowd_of_records_is_whole_in_json_and_counted_in_the_report() -> None:
    """The report stays readable and says what it leaves to access.json."""
    count = PRINTED_CHARACTERS // 300 + 500
    package = crowded(count)
    text = pdf_text(package_pdf(package))
    printed = sum(f"상담{n}번" in text for n in range(count))
    assert 0 < printed < count
    assert f"기록{count - printed:,}건이더있습니다." in text
    assert len(package_values(package)["categories"][0]["items"][0]["records"]) == count


def test_accessible_too() -> None:
    """The report is tagged and says its language."""
    root = reading.catalog(package_pdf(PACKAGE))
    assert root["/Lang"].startswith("ko")
    assert root["/MarkInfo"]["/Marked"].value
    assert "pdfuaid:part>1<" in root["/Metadata"].get_data().decode()


def test_no_package_without_receipt_or_aspect() -> None:
    """A package answers something."""
    with pytest.raises(ValueError, match="receipt"):
        replace(PACKAGE, receipt_no=" ")
    with pytest.raises(ValueError, match="aspect"):
        replace(PACKAGE, aspects=frozenset())


def test_values_of_any_look_are_set_as_text() -> None:
    """A value with line breaks and code stays a value."""
    held = Held(holder="#panic()", records=((Value(field="x", label="$y$", value="a\r\nb\n\n#c"),),))
    package = replace(PACKAGE, categories=(replace(PACKAGE.categories[0], held=(held,)),), dated=date(2026, 1, 1))
    text = pdf_text(package_pdf(package))
    assert squeezed("#panic()") in text and squeezed("$y$ a b #c") in text


def test_from_whom_it_came_and_whose_it_is() -> None:
    """Sources with the right to stop it (Act 20(1)); another controller with the way to reach it (Act 26(8))."""
    mall = replace(
        PACKAGE.categories[0],
        sources=(PartyTold(name="제휴사", contact="02-000-0000"),),
        owner=PartyTold(name="다른 회사", contact="02-111-1111"),
    )
    package = replace(PACKAGE, categories=(mall,), aspects=frozenset({Aspect.PURPOSES}))
    text = pdf_text(package_pdf(package))
    for told in ("제휴사:02-000-0000", "동의를철회해", "다른회사:02-111-1111"):
        assert told in text, told
    values = package_values(package)["categories"][0]
    assert values["sources"] == [{"name": "제휴사", "contact": "02-000-0000"}]
    assert values["owner"] == {"name": "다른 회사", "contact": "02-111-1111"}
    plain = package_values(PACKAGE)["categories"][0]
    assert plain["sources"] == [] and plain["owner"] is None


@pytest.mark.parametrize("aspect", list(Aspect))
def test_what_is_kept_by_statute_alone_is_told_to_who_asks_what_is_held_or_how_long(aspect: Aspect) -> None:
    kept = KeptTold(record="계약에 관한 기록", statute="전자상거래법 제6조", until=date(2031, 11, 23))
    package = replace(PACKAGE, categories=(replace(PACKAGE.categories[0], kept=(kept,)),), aspects=frozenset({aspect}))
    told = aspect in (Aspect.ITEMS, Aspect.RETENTION)
    text = pdf_text(package_pdf(package))
    for words in ("계약에관한기록", "전자상거래법제6조", "2031년11월23일까지"):
        assert (words in text) is told, words
    values = package_values(package)["categories"][0]["kept"]
    record = {"record": "계약에 관한 기록", "statute": "전자상거래법 제6조", "until": "2031-11-23"}
    assert values == ([record] if told else None)


def test_what_is_not_opened_at_all_is_not_said_to_be_empty() -> None:
    closed = replace(PACKAGE, categories=(replace(PACKAGE.categories[1], held=(), opened=False),))
    assert "보유하고있는내용이없습니다" not in pdf_text(package_pdf(closed))
    assert package_values(closed)["categories"][0]["items"] == []
