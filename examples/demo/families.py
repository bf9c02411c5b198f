"""Chapters four to six: a mother on record, a father who is not, and a minor who asks alone."""

import re
from datetime import datetime

from examples.demo import scans
from examples.demo.papers import pdf_text, says
from examples.demo.people import (
    KOREA,
    Case,
    accept_paper,
    age_of,
    file_on_website,
    granted_by_two,
    may_use,
    of,
    refused,
    today,
)
from examples.demo.stage import Stage
from examples.demo.telling import Screen
from examples.demo.visitor import Visitor

CHILD, CHILD_BORN, CHILD_PHONE = "윤가온", "2017-03-15", "010-0000-4401"
CHILD_LIVES = "경기도 수원시 영통구 숨은길 7"
MOTHER, MOTHER_BORN, MOTHER_PHONE, MOTHER_MAIL = "윤서진", "1984-04-04", "010-0000-4402", "seojin@example.com"
OTHER_PARENT, OTHER_PHONE, OTHER_MAIL = "한유라", "010-0000-4403", "yura@example.com"

SECOND_CHILD, SECOND_BORN, SECOND_PHONE = "최하늘", "2016-04-05", "010-0000-4001"
FATHER, FATHER_BORN, FATHER_PHONE = "최진호", "1986-02-14", "010-0000-4003"
ON_RECORD, ON_RECORD_PHONE = "최보람", "010-0000-4002"

MINOR, MINOR_BORN, MINOR_PHONE, MINOR_MAIL = "강이든", "2011-06-15", "010-0000-5101", "eden@example.com"
GUARDIAN, GUARDIAN_BORN, GUARDIAN_PHONE, GUARDIAN_MAIL = "강태오", "1979-09-09", "010-0000-5102", "taeo@example.com"

MARKETING = ("site_log", "marketing")
WAIT_DAYS = 3


async def tell_on_record(stage: Stage, screen: Screen) -> None:
    """A mother whom the register names needs no paper; two people decide, and the answer waits."""
    screen.chapter(f"4. {MOTHER}, on record as mother of {CHILD} ({age_of(CHILD_BORN)}): access for the child")
    screen.step("Before anybody asks for anything: a child is sent no marketing")
    asked = await may_use(stage, "mall", CHILD_PHONE, *MARKETING)
    screen.sees("mall", f"may I use this number for marketing? {asked}")
    screen.check(
        not asked["allowed"] and asked["holds"][0]["kind"] == "child_marketing",
        "processing check: a child's number, not for marketing, without any claim",
        asked,
    )
    asked = await may_use(stage, "mall", "010-0000-2001", *MARKETING)
    screen.check(asked["allowed"], "processing check: a grown-up's number, yes", asked)
    async with Visitor(stage.website, stage.post) as visitor:
        case = await _mother_files(stage, screen, visitor)
        await _is_granted(stage, screen, case)
        await _waits(stage, screen, visitor, case)


async def _mother_files(stage: Stage, screen: Screen, visitor: Visitor) -> Case:
    screen.step("She asks the website beforehand what it takes, then files")
    told = await visitor.open("/needed?capacity=guardian&right=access&relationship=parent&age=9")
    screen.check(
        all(one in told for one in ("자녀의 기본증명서(상세)", "가족관계증명서", f"{WAIT_DAYS}일 뒤", "두 사람")),
        "the page names the papers, the days of waiting and who decides, before anybody is named",
        told,
    )
    numbers = await file_on_website(
        visitor, screen, capacity="guardian", notify_by="sms",
        requester_name=MOTHER, requester_birth_date=MOTHER_BORN, requester_phone=MOTHER_PHONE,
        requester_relationship="parent", name=CHILD, birth_date=CHILD_BORN, phone=CHILD_PHONE,
        access_aspects=["items", "purposes"], access_categories="separate_service",
    )  # fmt: skip
    case = await Case.found(stage, *numbers)
    screen.sees("website", _steps(visitor))
    screen.check((await case.claim("access"))["status"] == "awaiting_evidence", "the claim waits for what shows it")
    await visitor.confirm(MOTHER_PHONE, party="requester")
    await case.until_verified()
    page = await visitor.open("/status")
    screen.check("서류 내기" not in page, "the register names her beside the child: no paper is needed", page)
    for who, contact in ((CHILD, CHILD_PHONE), (OTHER_PARENT, OTHER_PHONE)):
        letter = await stage.post.text_to(contact, holding="정지번호")
        screen.sees(f"{who} (SMS)", letter.text)
        screen.check(MOTHER not in letter.text and CHILD not in letter.text, f"{who} hears, and no name is in it")
    letter = await stage.post.mail_to(OTHER_MAIL, holding="정지번호")
    screen.sees(f"{OTHER_PARENT} (mail)", f"{letter.subject}\n{letter.text}")
    told_herself = [one for one in stage.post.told(MOTHER_PHONE, MOTHER_MAIL) if one.stop_code]
    screen.check(not told_herself, "she who asks gets no stop code", told_herself)
    return case


def _steps(visitor: Visitor) -> str:
    """Return what the page lists as left to do: its headings, and the papers beneath."""
    found = re.findall(r"<(?:h2|strong)>([^<]+)</", visitor.page)
    return "to do: " + ", ".join(one for one in found if one == "본인 확인" or "서" in one)


async def _is_granted(stage: Stage, screen: Screen, case: Case) -> None:
    screen.step("Two people grant it, all but where the child lives")
    claim_id = (await case.claim("access"))["id"]
    reason = "사는 곳은 어느 법정대리인에게도 열람 자료에 넣지 않습니다."
    await granted_by_two(stage, screen, claim_id, "partial", reason)
    claim = await case.until("access", "closed")
    items = {one["item"]: one["outcome"] for one in claim["decision"]["items"]}
    screen.check(
        items
        == {"separate_service.name": "grant", "separate_service.phone": "grant", "separate_service.address": "refuse"},
        "she is shown name and phone, not the address",
        items,
    )
    collected = await stage.staff("officer").collection(claim_id)
    screen.sees("officer", f"collected: {[one['records'] for one in collected['items']]}")
    screen.check(
        CHILD in str(collected) and CHILD_LIVES not in str(collected),
        "no holder was even asked for the address",
        collected,
    )


async def _waits(stage: Stage, screen: Screen, visitor: Visitor, case: Case) -> None:
    screen.step(f"What was granted waits {WAIT_DAYS} days, so that whoever heard of it can still stop it")
    claim = await case.claim("access")
    told = [one["text"]["ko"] for one in (await case.desk.timeline(case.id))["items"]]
    screen.sees("timeline", "\n".join(told[-4:]))
    opens = datetime.fromisoformat(claim["available_from"]).astimezone(KOREA).date()
    days = (opens - today()).days
    screen.check(days == WAIT_DAYS, f"the package can be fetched from {opens}", claim)
    screen.check(not claim["package"]["available"], "and not before (the demo does not wait)", claim["package"])
    page = await visitor.open("/status")
    screen.check(f"{opens}" in page, "the page says so", page)
    page = await visitor.confirm(MOTHER_PHONE, purpose="release", party="requester")
    screen.check("열람 자료 받기" not in page, "a fresh code opens the notice, not yet the package", page)
    content = await visitor.download(
        "/notice", stage.documents / "윤서진-통지서.pdf", notice_id=visitor.hidden("notice_id")[0], form="pdf"
    )
    notice = pdf_text(content)
    screen.sees("website", f"윤서진-통지서.pdf: {notice[:90]} …")
    screen.check(
        says(notice, "법정대리인") and not says(notice, CHILD_LIVES), "the notice says what is left out, and why"
    )


async def tell_unknown(stage: Stage, screen: Screen) -> None:
    """A father whom the register does not name shows papers; the mother on record hears of it."""
    screen.chapter(f"5. {FATHER}, not on record, for {SECOND_CHILD} ({age_of(SECOND_BORN)}): papers")
    async with Visitor(stage.website, stage.post) as visitor:
        case = await _father_files(stage, screen, visitor)
        await _hands_in(stage, screen, visitor, case)
        await _is_believed(stage, screen, visitor, case)


async def _father_files(stage: Stage, screen: Screen, visitor: Visitor) -> Case:
    screen.step("He files and proves his telephone; which papers are missing he sees on his page")
    numbers = await file_on_website(
        visitor, screen, capacity="guardian", notify_by="sms",
        requester_name=FATHER, requester_birth_date=FATHER_BORN, requester_phone=FATHER_PHONE,
        requester_relationship="parent", name=SECOND_CHILD, birth_date=SECOND_BORN, phone=SECOND_PHONE,
        access_aspects="items", access_categories="online_mall",
    )  # fmt: skip
    await visitor.confirm(FATHER_PHONE, party="requester")
    letter = await stage.post.text_to(FATHER_PHONE, holding="서류가 더 필요합니다")
    screen.sees("phone (SMS)", letter.text)
    await visitor.open("/status")
    screen.sees("website", _steps(visitor))
    case = await Case.found(stage, *numbers)
    screen.check(not (await case.look())["verified"], "nothing is decided, and nobody else has been told yet")
    early = [one for one in stage.post.told(SECOND_PHONE, ON_RECORD_PHONE) if one.stop_code]
    screen.check(not early, "for nothing shows yet that there is such a child here", early)
    return case


async def _hands_in(stage: Stage, screen: Screen, visitor: Visitor, case: Case) -> None:
    screen.step("He uploads: two certificates as PDF, his card photographed with the telephone, all numbers masked")
    await visitor.open("/papers")
    page = await visitor.hand_in("basic_certificate", "기본증명서.hwp", b"HWP Document File V3.00 " * 20, expect=422)
    screen.check("PDF" in page, "a word processor's file is refused, with how to make a PDF of it", page)
    for kind, name, content in _certificates():
        await visitor.open("/papers")
        await visitor.hand_in(kind, name, content)
        screen.sees("website", f"{name}, {len(content) // 1024} KB")
    page = visitor.text()
    screen.check(page.count("담당자가 볼 차례입니다") == 3, "three papers wait for a person to look", page)
    screen.check((await case.look())["waiting_for"] == "us", "now it is the desk's turn")


def _certificates() -> tuple[tuple[str, str, bytes], ...]:
    child, father = f"{SECOND_CHILD} 160405-*******", f"{FATHER} 860214-*******"
    checked = "문서확인번호 1234-5678-9012"
    basic = scans.certificate("기본증명서(상세)", f"등록부 {child}", f"친권자 부 {FATHER}, 모 {ON_RECORD}", checked)
    family = scans.certificate("가족관계증명서", f"본인 {child}", f"부 {father}", f"모 {ON_RECORD} *******", checked)
    card = scans.photograph("신분증 (사본)", father)
    return (
        ("basic_certificate", "기본증명서.pdf", basic),
        ("family_relation_certificate", "가족관계증명서.pdf", family),
        ("identity_document", "IMG_0412.jpg", card),
    )


async def _is_believed(stage: Stage, screen: Screen, visitor: Visitor, case: Case) -> None:
    screen.step("An officer reads each, line by line of its checklist")
    officer = stage.staff("officer")
    papers = (await officer.papers(case.id))["items"]
    seen = await officer.paper(papers[0]["id"])
    problem = await refused(
        officer.review_paper(papers[0]["id"], {"result": "accepted", "checklist": []}, etag=seen.etag or "")
    )
    screen.check(problem.code == "evidence.checklist_incomplete", "nothing is accepted unread", problem)
    for paper in papers:
        looked_at = await accept_paper(stage, screen, paper, "check the standing of a guardian")
    place = scans.place_of(looked_at)
    screen.check(not place, "of the photograph the place where it was taken was never kept", place)

    screen.step("Only now the request goes on, and those who should hear of it do")
    await case.until_verified()
    for who, contact in ((ON_RECORD, ON_RECORD_PHONE), (SECOND_CHILD, SECOND_PHONE)):
        letter = await stage.post.text_to(contact, holding="정지번호")
        screen.sees(f"{who} (SMS)", letter.text)
        screen.check(FATHER not in letter.text, f"{who} hears of it, and not who asks")
    page = await visitor.open("/status")
    screen.check(
        ON_RECORD not in page and ON_RECORD_PHONE not in page, "his page says nothing of the other parent", page
    )


async def tell_minor(stage: Stage, screen: Screen) -> None:
    """At fifteen one asks alone: no guardian hears of it, or can see it."""
    screen.chapter(f"6. {MINOR} ({age_of(MINOR_BORN)}) asks alone (개인정보 열람); the guardian is not told")
    screen.step("The minor files in their own name and proves their own telephone")
    async with Visitor(stage.website, stage.post) as visitor:
        numbers = await file_on_website(
            visitor, screen, name=MINOR, birth_date=MINOR_BORN, phone=MINOR_PHONE, notify_by="sms",
            access_aspects="items", access_categories="online_mall",
        )  # fmt: skip
        await visitor.confirm(MINOR_PHONE)
    case = await Case.found(stage, *numbers)
    await case.until_verified()
    letter = await stage.post.mail_to(MINOR_MAIL, holding="정지번호")
    screen.sees(f"{MINOR} (mail)", f"{letter.subject}\n{letter.text}")
    claim = await case.until("access", "closed")
    screen.check(claim["decision"]["decided_by"] == "machine", "answered like anybody's own request", claim)
    letter = await stage.post.text_to(MINOR_PHONE, holding="답")
    screen.sees("phone (SMS)", letter.text)
    told = stage.post.told(GUARDIAN_PHONE, GUARDIAN_MAIL)
    screen.check(not told, f"{GUARDIAN}, guardian on record, has heard nothing by mail or SMS", told)
    await _guardian_sees_nothing(stage, screen, case, numbers[0])


async def _guardian_sees_nothing(stage: Stage, screen: Screen, minors: Case, receipt_no: str) -> None:
    screen.step("The guardian may file too, but sees only their own request")
    async with Visitor(stage.website, stage.post) as visitor:
        numbers = await file_on_website(
            visitor, screen, capacity="guardian", notify_by="sms",
            requester_name=GUARDIAN, requester_birth_date=GUARDIAN_BORN, requester_phone=GUARDIAN_PHONE,
            requester_relationship="parent", name=MINOR, birth_date=MINOR_BORN, phone=MINOR_PHONE,
            access_aspects="items", access_categories="online_mall",
        )  # fmt: skip
        await visitor.confirm(GUARDIAN_PHONE, party="requester")
    own = await Case.found(stage, *numbers)
    await own.until_verified()
    problem = await refused(own.desk.request(minors.id))
    screen.check(problem.code == "request.not_found", "the guardian's token: there is no such request", problem)
    problem = await refused(own.desk.timeline(minors.id))
    screen.check(problem.code == "request.not_found", "nor what happened in it", problem)
    problem = await refused(stage.desk.track(receipt_no, numbers[1]))
    screen.check(
        problem.code == "request.not_found", "the minor's receipt number opens nothing without its own code", problem
    )
    seen = str(await own.look())
    screen.check(minors.id not in seen and receipt_no not in seen, "nor does the guardian's own page hint at it", seen)
    claim = of(await own.look(), "access")
    screen.check(claim["status"] == "verified" and claim["decision"] is None, "theirs goes its own way, decided by two")
