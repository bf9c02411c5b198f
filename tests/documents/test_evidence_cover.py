"""The cover of an evidence pack: how each claim ended, in the words of the ledger."""

from datetime import date, datetime

import pytest

from app.documents.evidence_cover import ClaimLine, Cover, render_pdf
from tests.documents import examples
from tests.documents.reading import pdf_text, squeezed

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("outcome", "status", "rulings", "said"),
    [
        ("approve", "closed", (), "인용"),
        ("refuse", "closed", ("confirmed",), "거절 / 이의제기: 기각(원결정 유지)"),
        ("refuse", "objected", (None,), "거절 / 이의제기: 심사 중"),
        ("approve", "closed", ("overturned",), "인용 / 이의제기: 인용(재결정)"),
        ("handed_over", "closed", (), "이관"),
        (None, "withdrawn", (), "취하"),
        (None, "lapsed", (), "종결(확인되지 않음)"),
        (None, "verified", (), "결정 없음"),
    ],
)
def test_each_claim_ends_in_the_words_of_the_ledger(
    outcome: str | None, status: str, rulings: tuple[str | None, ...], said: str
) -> None:
    claim = ClaimLine("열람", DAY, DAY, outcome, "2026-09-11", status, rulings)
    told = pdf_text(render_pdf(_cover(claim)))
    assert f"열람{squeezed(said)}법정기한" in told, told
    assert "승인자" not in told and "회사에묻지않고" not in told and "개인정보보호책임자" in told


def _cover(claim: ClaimLine) -> Cover:
    return Cover(
        receipt_no=examples.RECEIPT,
        sender=examples.SENDER,
        purpose="분쟁조정위원회 제출",
        arrived=DAY,
        claims=(claim,),
        files=("case.json",),
        entries=3,
        key="desk+12345678+abc",
        made_at=datetime(2026, 11, 23, 10, 0),
    )
