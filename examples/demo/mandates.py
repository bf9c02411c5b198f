"""Chapter seven: a delegate with a mandate for access only; the answer goes to the person."""

import re
from datetime import timedelta
from typing import Any

from examples.demo import scans
from examples.demo.papers import pdf_text, says
from examples.demo.people import Case, accept_paper, file_on_website, granted_by_two, refused, today
from examples.demo.stage import Stage
from examples.demo.telling import Screen
from examples.demo.visitor import Visitor

PERSON, PERSON_PHONE, PERSON_MAIL = "임도현", "010-0000-6301", "dohyun@example.com"
DELEGATE, DELEGATE_PHONE = "도우미", "010-0000-5501"


async def tell(stage: Stage, screen: Screen) -> None:
    """Tell the chapter."""
    screen.chapter(f"7. {DELEGATE}, a lawyer, for {PERSON}, on a mandate for access only")
    async with Visitor(stage.website, stage.post) as visitor:
        case = await _files(stage, screen, visitor)
        await _is_confirmed(stage, screen, visitor, case)
        await _person_is_answered(stage, screen, visitor, case)


def _typed(**more: Any) -> dict[str, Any]:
    return {
        "capacity": "delegate", "notify_by": "sms",
        "requester_name": DELEGATE, "requester_phone": DELEGATE_PHONE, "requester_relationship": "변호사",
        "name": PERSON, "phone": PERSON_PHONE,
        "mandate_rights": "access", "mandate_signed_on": str(today() - timedelta(days=1)),
        "mandate_deliver_to": "subject",
        "access_aspects": "items", "access_categories": "online_mall", **more,
    }  # fmt: skip


async def _files(stage: Stage, screen: Screen, visitor: Visitor) -> Case:
    screen.step("The mandate is for access; the delegate asks for deletion as well")
    blank = await visitor.fetch("/power-of-attorney")
    (stage.documents / "위임장-양식.pdf").write_bytes(blank)
    screen.check(says(pdf_text(blank), "위임장"), "the blank form 11, to be filled in by hand, is on the website")
    await visitor.open("/file?capacity=delegate")
    key = visitor.hidden("key")[0]
    page = await visitor.submit("/file", key=key, expect=422, **_typed(deletion_categories="online_mall"))
    refusal = next(line for line in page.splitlines() if "위임장의 권리" in line)
    screen.sees("website", refusal)
    screen.check(bool(refusal), "mandate.scope: what the mandate does not name is refused before anything is filed")
    screen.step("So access only")
    numbers = await file_on_website(visitor, screen, **_typed())
    return await Case.found(stage, *numbers)


async def _is_confirmed(stage: Stage, screen: Screen, visitor: Visitor, case: Case) -> None:
    screen.step("The delegate's own telephone, the signed form 11, and the person's own word")
    await visitor.confirm(DELEGATE_PHONE, party="requester")
    await visitor.open("/papers")
    signed = scans.photograph(
        "위임장 (별지 제11호)", f"위임받은 사람 {DELEGATE} {DELEGATE_PHONE}", f"위임하는 사람 {PERSON} {PERSON_PHONE}",
        "[v] 열람  [ ] 정정·삭제  [ ] 처리정지", f"{today() - timedelta(days=1)}  {PERSON} (서명)",
    )  # fmt: skip
    await visitor.hand_in("power_of_attorney", "위임장.jpg", signed)
    paper = (await stage.staff("officer").papers(case.id))["items"][0]
    await accept_paper(stage, screen, paper, "check a mandate", rights=["access"])
    screen.check(not (await case.look())["verified"], "a signed paper alone is not the person's word")
    await visitor.open("/status")
    before = len(stage.post.texts)
    await visitor.confirm(PERSON_PHONE, theirs="theirs")
    letter = await stage.post.text_to(PERSON_PHONE, after=before)
    screen.sees(f"{PERSON} (SMS)", letter.text)
    await case.until_verified()
    screen.check(True, f"{PERSON} reads the code to the delegate: that is the person's own word", None)
    letter = await stage.post.mail_to(PERSON_MAIL, holding="정지번호")
    screen.sees(f"{PERSON} (mail)", f"{letter.subject}\n{letter.text}")


async def _person_is_answered(stage: Stage, screen: Screen, visitor: Visitor, case: Case) -> None:
    screen.step("Two people grant it; the answer goes to the person, not to the delegate")
    await granted_by_two(stage, screen, (await case.claim("access"))["id"], "approve")
    claim = await case.until("access", "closed")
    screen.check(
        claim["available_from"] is None and not claim["package"]["available"], "the delegate has nothing to fetch"
    )
    screen.check(not claim["decision"].get("items"), "and sees that it was granted, not what", claim["decision"])
    problem = await refused(case.desk.ask_for_code(case.id, "phone_code", purpose="release", party="requester"))
    screen.check(problem.code == "claim.not_verified", "no code opens the answer to the delegate", problem)
    letter = await stage.post.text_to(PERSON_PHONE, holding="답변이 나왔습니다")
    screen.sees(f"{PERSON} (SMS)", letter.text)
    told = [one for one in stage.post.told(DELEGATE_PHONE) if "답변이 나왔습니다" in one.text]
    screen.check(not told, "the delegate is told of no answer", told)

    screen.step(f"{PERSON} looks with a receipt number and code of their own")
    letter = await stage.post.text_to(PERSON_PHONE, holding="조회번호")
    found = re.search(r"접수번호 (\S+) 조회번호 (\S+)", letter.text)
    screen.check(found is not None, "the code went to the person's own telephone", letter.text)
    assert found is not None
    async with Visitor(stage.website, stage.post) as person:
        await person.open("/track")
        page = await person.submit("/track", receipt_no=found[1], access_code=found[2])
        screen.check(
            "위임 끝내기" in page and "자료를 받으실 수 있는 날" in page,
            "sees the mandate, and from when the answer opens",
        )
        await person.confirm(PERSON_PHONE, purpose="release")
        notice_id = person.hidden("notice_id")[0]
        content = await person.download(
            "/notice", stage.documents / "임도현-통지서.pdf", notice_id=notice_id, form="pdf"
        )
    screen.check(PERSON in pdf_text(content), "and opens the notice", None)
    page = await visitor.open("/status")
    screen.check("결과 받기" not in page, "the delegate's page offers no result", page)
