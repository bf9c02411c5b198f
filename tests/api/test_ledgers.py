"""Ledgers (G7): every line once and in order, read back as written, names for those who may see them, sums below."""

import csv
import io
from datetime import date, datetime
from typing import Any

import httpx
import pytest

from app import db
from app.documents import ledger as documents
from app.law.deadline import seoul_date, seoul_time
from app.services import ledgers
from app.services.ledger_requests import in_time
from tests.api.acts import DELETION, one, rows
from tests.api.footage_acts import granted, kept, media, reported, seat, store, write
from tests.api.leaks import answered, opened
from tests.api.others import guarded
from tests.api.papers import hand_in
from tests.documents.reading import catalog, pdf, pdf_text
from tests.house import MOTHER, ONLINE_MALL, House

WHY = {"Purpose": "yearly inspection"}
PERIOD = "from=2020-01-01&to=2099-12-31"


async def got(house: House, kind: str, role: str = "approver", period: str = PERIOD, **headers: str) -> httpx.Response:
    return await house.api.get(f"/v1/ledgers/{kind}?{period}", headers={**house.auth(role), **WHY, **headers})


async def table(house: House, kind: str, role: str = "approver", period: str = PERIOD) -> list[dict[str, str]]:
    """The lines by the names of their columns; the sum under `total`."""
    reply = await got(house, kind, role, period)
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.content.startswith(b"\xef\xbb\xbf") and reply.content.endswith(b"\r\n")
    head, *lines, total = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"), newline="")))
    assert all(len(line) == len(head) for line in lines)
    return [*(dict(zip(head, line, strict=True)) for line in lines), {"total": total[0]}]


async def refused_deletion(house: House) -> dict[str, Any]:
    filed = await house.file(DELETION)
    await house.prove(filed)
    claim_id = filed["claims"][0]["id"]
    items = [
        {"item": item["item"], "outcome": "refuse", "ground": "A36_1", "facts": {"statute": "가상법 제1조"}}
        for item in (await house.assessment(claim_id))["items"]
    ]
    await house.decide(claim_id, outcome="refuse", items=items, reason="법에 따라 삭제할 수 없습니다.")
    await house.approve(claim_id, agree=True)
    return filed


async def test_each_claim_stands_with_its_day_its_answer_and_who_gave_it(house: House) -> None:
    seen = await answered(house, fetched=False)
    refused = await refused_deletion(house)
    open_ = await house.file(DELETION, subject={"name": "나그네", "phone": "010-0000-9999"}, role="clerk")
    first, second, third, total = await table(house, "requests")
    assert [one_["접수번호"] for one_ in (first, second, third)] == [
        seen["receipt_no"],
        refused["receipt_no"],
        open_["receipt_no"],
    ]
    assert (first["요구"], first["결과"], first["기한 준수"], first["담당자"]) == ("열람", "인용", "기한 내", "자동")
    assert (first["정보주체"], first["요구자"], first["자격"], first["수수료(원)"]) == ("홍길동", "-", "본인", "0")
    assert (second["결과"], second["담당자"], second["승인자"]) == ("거절", "officer-1", "approver-1")
    assert "제36조" in second["사유(근거)"] and second["통지일"] == seoul_date(db.now()).isoformat()
    assert (third["기한 준수"], third["결정일"], third["결과"]) == ("진행 중", "-", "-")
    assert third["접수 경로"] != "store" and third["법정 기한"] == open_["claims"][0]["due_on"]
    assert total["total"] == "합계 3건 (기한 내 2건, 진행 중 1건)"


async def test_an_objection_and_a_lateness_stand_beside_the_answer(house: House) -> None:
    filed = await refused_deletion(house)
    reply = await house.api.post(
        f"/v1/claims/{filed['claims'][0]['id']}/objections",
        json={"reason": "다시 보아 주십시오."},
        headers={"Authorization": f"Bearer {filed['requester_token']}", "Idempotency-Key": "objecting"},
    )
    assert reply.status_code == 201, reply.text
    late = "UPDATE claim SET due_on = due_on - 30 RETURNING id"
    [(claim_id,)] = await rows(house.desk, late)
    cause = (
        'INSERT INTO overdue (id, about, "of", claim_id, request_id, round, due_on, cause, holders, at)'
        " SELECT gen_random_uuid(), id, 'claim', id, request_id, 1, due_on, 'holders', '{}', now() FROM claim"
        " WHERE id = :id RETURNING id"
    )
    await rows(house.desk, cause, id=claim_id)
    line, total = await table(house, "requests")
    assert (line["기한 준수"], line["지연 사유"]) == ("지연", "보유처 회신 지연")
    assert (line["이의제기"], line["이의 결과"]) == (seoul_date(db.now()).isoformat(), "심사 중")
    assert total["total"] == "합계 1건 (지연 1건)"


DUE = date(2026, 12, 2)


@pytest.mark.parametrize(
    ("status", "answered_on", "today", "said"),
    [
        ("closed", date(2026, 12, 2), date(2027, 1, 1), "기한 내"),
        ("closed", date(2026, 12, 3), date(2027, 1, 1), "지연"),
        ("verified", None, date(2026, 12, 2), "진행 중"),
        ("verified", None, date(2026, 12, 3), "지연(미통지)"),
        ("withdrawn", None, date(2027, 1, 1), "종결"),
        ("lapsed", None, date(2027, 1, 1), "종결"),
        ("objected", date(2026, 12, 1), date(2027, 1, 1), "기한 내"),
    ],
)
def test_whether_an_answer_was_in_time(status: str, answered_on: date | None, today: date, said: str) -> None:
    assert in_time(status, answered_on, DUE, today) == said


async def test_a_period_is_of_seoul_days_both_included(house: House) -> None:
    moments = ("2026-10-31 14:59:59+00", "2026-10-31 15:00:00+00", "2026-11-30 14:59:59+00", "2026-11-30 15:00:00+00")
    receipts = []
    for at in moments:
        filed = await house.file()
        receipts.append(filed["receipt_no"])
        await rows(
            house.desk,
            "UPDATE request SET arrived_at = CAST(:at AS timestamptz) WHERE id = :id RETURNING id",
            at=at,
            id=filed["id"],
        )
    lines = await table(house, "requests", period="from=2026-11-01&to=2026-11-30")
    assert [line["접수번호"] for line in lines[:-1]] == receipts[1:3]
    assert [line["접수일"] for line in lines[:-1]] == ["2026-11-01", "2026-11-30"]
    assert lines[-1]["total"].startswith("합계 2건")
    backwards = await got(house, "requests", period="from=2026-11-02&to=2026-11-01")
    assert (backwards.status_code, backwards.json()["code"]) == (422, "field.inconsistent")


async def test_page_after_page_every_line_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    filed = [await house.file(ONLINE_MALL, DELETION) for _ in range(3)]
    whole = await got(house, "requests")
    monkeypatch.setattr(ledgers, "PAGE", 1)
    paged = await got(house, "requests")
    assert paged.content == whole.content
    lines = await table(house, "requests")
    assert [line["접수번호"] for line in lines[:-1]] == [one_["receipt_no"] for one_ in filed for _ in range(2)]
    assert [line["요구"] for line in lines[:2]] == ["열람", "삭제"]


async def test_an_auditor_sees_no_name(house: House) -> None:
    await house.system()
    filed = await guarded(house, ONLINE_MALL)
    line, _ = await table(house, "requests")
    assert (line["정보주체"], line["요구자"], line["자격"]) == ("최하늘", MOTHER["name"], "법정대리인")
    masked, _ = await table(house, "requests", "auditor")
    assert masked["접수번호"] == filed["receipt_no"] and "*" in masked["정보주체"] and "*" in masked["요구자"]
    raw = await got(house, "requests", "auditor")
    for secret in ("최하늘", MOTHER["name"]):
        assert secret not in raw.text
        drawn = await got(house, "requests", "auditor", Accept="application/pdf")
        assert secret not in pdf_text(drawn.content)


async def test_who_was_destroyed_stands_as_destroyed(house: House) -> None:
    await house.system()
    await guarded(house, ONLINE_MALL)
    await rows(house.desk, "UPDATE requester SET key = NULL, details_ct = NULL, destroyed_at = now() RETURNING key")
    line, _ = await table(house, "requests")
    assert (line["정보주체"], line["요구자"]) == ("최하늘", "(파기됨)")
    await rows(house.desk, "UPDATE request SET key = '' RETURNING id")
    line, _ = await table(house, "requests")
    assert line["정보주체"] == "(파기됨)"


async def test_it_is_taken_for_a_purpose_that_is_logged(house: House) -> None:
    await house.file()
    path = f"/v1/ledgers/requests?{PERIOD}"
    for purpose in ({"Purpose": ""}, {"Purpose": "  "}):
        reply = await house.api.get(path, headers={**house.auth("officer"), **purpose})
        assert (reply.status_code, reply.json()["code"]) == (422, "document.purpose_required")
    await got(house, "requests", "officer", Purpose="audit of 010-1234-5678")
    logged = await rows(
        house.desk, "SELECT role, purpose, result FROM access_log WHERE operation = 'download_ledger' ORDER BY id"
    )
    assert [tuple(row) for row in logged][-1] == ("officer", "audit of ***", "ok")
    noted = "SELECT convert_from(body, 'UTF8')::json -> 'facts' FROM audit_entry ORDER BY seq DESC LIMIT 1"
    facts = await one(house.desk, noted)
    assert (facts["ledger"], facts["form"], facts["masked"]) == ("requests", "csv", False)
    unknown = await got(house, "everything")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "ledger.not_found")
    wrong = await got(house, "requests", period="from=2026-13-01&to=2026-12-01")
    assert wrong.status_code == 422


async def test_the_footage_ledger_has_what_the_guideline_wants(house: House) -> None:
    site = await store(house)
    filed = await kept(house, site)
    await reported(house, site, await granted(house, site, filed), media=seat())
    wrote = await write(house, filed, house.auth("officer"), purpose='=HYPERLINK("x")', form="모니터 열람")
    assert wrote.status_code == 201, wrote.text
    first, second, total = await table(house, "footage")
    assert (first["구분"], first["파일명"], second["구분"], second["파일명"]) == ("보존", "-", "열람", "CAM3-1015.mp4")
    assert (second["장소"], second["요구자"], second["연락처"]) == ("강남점", "홍길동", "010-1234-5678")
    asked = media(site)["media"]
    assert second["촬영 시작"] == f"{seoul_time(datetime.fromisoformat(asked['from'])):%Y-%m-%d %H:%M}"
    assert (second["형태(사본)"], second["가림 처리"], second["열람자"]) == ("모니터 열람", "예", "홍길동")
    assert (second["기록한 사람"], second["접수번호"]) == ("officer-1", filed["receipt_no"])
    # What a spreadsheet would run is words.
    assert second["목적"] == '\'=HYPERLINK("x")'
    assert total["total"] == "합계 2건 (보존 1건, 열람 1건)"
    masked = (await table(house, "footage", "auditor"))[1]
    assert (masked["목적"], masked["파일명"], masked["열람자"]) == ("(가림)",) * 3
    assert "*" in masked["요구자"] and "1234" not in masked["연락처"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＠x", "--"])
def test_no_cell_is_a_formula(cell: str) -> None:
    [[read]] = list(csv.reader(io.StringIO(documents.csv_lines([[cell]]).decode(), newline="")))
    assert read == f"'{cell}"


@pytest.mark.parametrize("cell", ["홍길동", 'say "so"', "a,b", "두 줄\n입니다", "010-1234", "'quoted", "", "-"])
def test_every_other_cell_comes_back_as_it_was(cell: str) -> None:
    [[read, _]] = list(csv.reader(io.StringIO(documents.csv_lines([[cell, "x"]]).decode(), newline="")))
    assert read == cell


async def test_the_destruction_ledger_says_what_when_how_why_and_by_whom(house: House) -> None:
    filed = await answered(house)
    await opened(house, filed)
    mall = await house.system("삭제하는 곳")
    deletion = await house.file(DELETION, subject={"name": "김영희", "phone": "010-0000-1234"})
    await house.prove(deletion)
    await house.decide(deletion["claims"][0]["id"], outcome="partial", reason="나머지는 법에 따라 보존합니다.")
    await house.approve(deletion["claims"][0]["id"], agree=True)
    for task in await mall.tasks():
        await mall.report(task["id"], method="덮어쓰기 3회")
    friend = await house.file_as_delegate()
    paper = await hand_in(house, friend, "power_of_attorney")
    await rows(
        house.desk,
        "UPDATE evidence SET state = 'refused', destroyed_at = now(), destroyed_cause = 'refused',"
        " reviewed_by_sub = 'officer-2' WHERE id = :id RETURNING id",
        id=paper["id"],
    )
    lines = await table(house, "destruction")
    found = {line["구분"]: line for line in lines[:-1]}
    package = found["열람 자료"]
    assert (package["접수번호"], package["근거"], package["파기한 사람"]) == (
        filed["receipt_no"],
        "오발송으로 회수(법 34)",
        "자동",
    )
    paper_line = found["제출받은 서류"]
    assert "위임장" in paper_line["항목"] and paper_line["파기한 사람"] == "officer-2"
    task_line = found["개인정보"]
    assert (task_line["보유한 곳"], task_line["파기 방법"]) == ("삭제하는 곳", "덮어쓰기 3회")
    assert task_line["근거"] == "삭제 요구(법 36)" and "성명" in task_line["항목"]
    moments = [line["파기 일시"] for line in lines[:-1]]
    assert moments == sorted(moments)
    masked = {line["구분"]: line for line in (await table(house, "destruction", "auditor"))[:-1]}
    assert masked["개인정보"]["파기 방법"] == "(가림)"


async def test_as_pdf_it_lies_across_the_page_tagged_with_its_sum(house: House) -> None:
    filed = await house.file(ONLINE_MALL, DELETION)
    reply = await got(house, "requests", Accept="application/pdf")
    assert reply.status_code == 200 and reply.headers["content-type"] == "application/pdf"
    assert reply.headers["content-disposition"].endswith('requests-2020-01-01-2099-12-31.pdf"')
    page = pdf(reply.content).pages[0]
    assert page.mediabox.width > page.mediabox.height
    assert catalog(reply.content)["/MarkInfo"]["/Marked"]
    said = pdf_text(reply.content)
    for word in ("열람등요구처리대장", filed["receipt_no"].replace(" ", ""), "홍길동", "합계2건", "2020년1월1일"):
        assert word in said, word


async def test_a_document_is_not_drawn_without_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.file(ONLINE_MALL, DELETION)
    monkeypatch.setattr(ledgers, "PDF_ROWS_MAX", 1)
    reply = await got(house, "requests", Accept="application/pdf")
    assert (reply.status_code, reply.json()["code"]) == (422, "ledger.too_long")
    assert (await got(house, "requests")).status_code == 200


async def test_an_empty_period_has_a_head_and_a_sum(house: House) -> None:
    for kind in ("requests", "footage", "destruction"):
        assert await table(house, kind) == [{"total": "합계 0건"}]
        drawn = await got(house, kind, Accept="application/pdf")
        assert drawn.status_code == 200 and "합계0건" in pdf_text(drawn.content)
