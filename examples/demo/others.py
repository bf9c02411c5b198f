"""Chapters two and three: a suspension over the telephone; somebody of whom nothing is held."""

import re

from examples.demo.papers import pdf_text, says
from examples.demo.people import Case, file_on_website, may_use
from examples.demo.stage import Stage
from examples.demo.telling import Screen
from examples.demo.visitor import Visitor

CALLER, CALLER_PHONE = "김영희", "010-0000-1234"
STRANGER, STRANGER_PHONE = "남궁새벽", "010-0000-7777"
DELIVERY = ("logistics", CALLER_PHONE, "online_mall", "delivery")


async def tell_call(stage: Stage, screen: Screen) -> None:
    """김영희 rings up: no more deliveries."""
    screen.chapter("2. 김영희, on the telephone with agent a17: suspension (delivery)")
    numbers = await _call(stage, screen)
    screen.step("Uncontested again: the machine grants it, and whoever asks hears that the purpose is stopped")
    case = await Case.found(stage, *numbers)
    claim = await case.until("suspension", "closed")
    screen.check(claim["decision"]["decided_by"] == "machine", "decided by the machine", claim)
    asked = await may_use(stage, *DELIVERY)
    screen.sees("logistics", f"may I use her data for delivery? {asked}")
    screen.check(
        not asked["allowed"] and asked["holds"][0]["kind"] == "suspended", "processing check: not for delivery"
    )
    other = await may_use(stage, "logistics", CALLER_PHONE, "online_mall", "service_consultation")
    screen.check(other["allowed"], "processing check: for advice she did ask for, still yes", other)
    for holder in ("mall", "logistics"):
        marked = stage.held_by(holder, "C-1030")["marks"]["suspended"]["online_mall"]["purposes"]
        screen.check(marked == ["delivery"], f"{holder} has stopped it", marked)
    screen.step("She looks it up on the website by receipt number and the access code from her SMS")
    async with Visitor(stage.website, stage.post) as visitor:
        await visitor.open("/track")
        await visitor.submit("/track", receipt_no=numbers[0], access_code=numbers[1])
        await visitor.confirm(CALLER_PHONE, purpose="release")
        notice = pdf_text(
            await visitor.download(
                "/notice",
                stage.documents / "김영희-통지서.pdf",
                notice_id=visitor.hidden("notice_id")[0],
                form="pdf",
            )
        )
    screen.sees("website", f"김영희-통지서.pdf: {notice[:90]} …")
    screen.check(says(notice, "처리정지") and CALLER in notice, "the notice of the suspension (별지 제10호)", notice)


async def _call(stage: Stage, screen: Screen) -> tuple[str, str]:
    screen.step("The agent files for the caller and reads back what was filed")
    request = {
        "subject": {"name": CALLER, "phone": CALLER_PHONE},
        "claims": [{"right": "suspension", "purposes": ["delivery"], "categories": None, "ends_contract": False}],
        "notify_by": "sms",
        "caller_number": CALLER_PHONE,
    }
    filed = await stage.call_center("file", "--input", "-", said=request)
    for line in filed["read_back"]:
        screen.sees("agent a17", line)
    told = {name for name in ("access_code", "requester_token") if filed.get(name)}
    screen.check(not told, "the agent gets neither access code nor token", told)
    before = len(stage.post.texts)
    asked = await stage.call_center("code", filed["id"])
    letter = await stage.post.text_to(CALLER_PHONE, after=before, holding="인증번호")
    screen.sees("phone (SMS)", letter.text)
    answered = await stage.call_center("answer", asked["id"], "--code", letter.code or "none")
    screen.check(
        answered["status"] == "verified" and not answered.get("grant"), "she reads the code to the agent", answered
    )
    letter = await stage.post.text_to(CALLER_PHONE, after=before, holding="조회번호")
    screen.sees("phone (SMS)", letter.text)
    found = re.search(r"접수번호 (\S+) 조회번호 (\S+)", letter.text)
    screen.check(found is not None, "her access code comes by SMS, to her alone", letter.text)
    assert found is not None
    return found[1], found[2]


async def tell_stranger(stage: Stage, screen: Screen) -> None:
    """남궁새벽 has never been a customer."""
    screen.chapter("3. 남궁새벽, of whom nothing is held, asks whether anything is (개인정보 열람)")
    screen.step("She files and proves her telephone like everybody else")
    async with Visitor(stage.website, stage.post) as visitor:
        numbers = await file_on_website(
            visitor, screen, name=STRANGER, phone=STRANGER_PHONE, notify_by="sms", access_aspects="items"
        )
        case = await Case.found(stage, *numbers)
        await visitor.confirm(STRANGER_PHONE)
        claim = await case.until("access", "closed")
        decision = claim["decision"]
        screen.sees("website", f"열람: {decision['outcome']}, decided by {decision['decided_by']}")
        screen.check(decision["outcome"] == "nothing_held", "the answer: nothing is held", decision)
        screen.check(claim["holders"]["told"] == 0, "no holder was told anything about her", claim)
        screen.check(not claim["package"]["available"], "there is no package", claim)
        letter = await stage.post.text_to(STRANGER_PHONE, holding="답변")
        screen.sees("phone (SMS)", letter.text)
        await visitor.open("/status")
        await visitor.confirm(STRANGER_PHONE, purpose="release")
        content = await visitor.download(
            "/notice", stage.documents / "남궁새벽-통지서.pdf", notice_id=visitor.hidden("notice_id")[0], form="pdf"
        )
    notice = pdf_text(content)
    screen.sees("website", f"남궁새벽-통지서.pdf: {notice[:90]} …")
    screen.check(says(notice, "보유하고 있는 개인정보가 없습니다"), "a proper notice says so (별지 제9호)", notice)
