"""Chapter ten: an access put off and taken up again, and a refusal that an objection overturns; other people decide."""

from datetime import timedelta
from typing import Any

from examples.client import Credentials
from examples.demo.papers import pdf_text, says
from examples.demo.people import Case, approve, assessed, decide, refused, today
from examples.demo.stage import Stage
from examples.demo.telling import Screen

JSON = dict[str, Any]
NAME, PHONE = "이철수", "010-0000-2001"
NUMBER = "C-1031"
CAUSE = "창고에 보관한 상담 기록을 찾고 있습니다."
WRONG = "전자상거래법이 수집하도록 정한 개인정보입니다."
RULING = "그 법은 거래 기록을 남기게 할 뿐 회원 정보를 수집하게 하지 않습니다."


async def tell(stage: Stage, screen: Screen) -> None:
    """Tell the chapter."""
    screen.chapter(f"10. {NAME}: access put off (열람연기), a refusal objected to (이의제기)")
    case = await _files(stage, screen)
    await _is_put_off(stage, screen, case)
    await _is_taken_up(stage, screen, case)
    await _is_refused(stage, screen, case)
    await _objects(stage, screen, case)
    await _is_decided_by_others(stage, screen, case)


async def _files(stage: Stage, screen: Screen) -> Case:
    screen.step("He asks to see what he said to the call center, and to have his mall profile deleted")
    site = await stage.staff("admin").create_client("another front-end of the demo", "website")
    front = stage.desk.calling_as(Credentials(site["client_id"], site["client_secret"]))
    filed = await front.file_request(
        {
            "capacity": "self",
            "channel": "web",
            "subject": {"name": NAME, "phone": PHONE},
            "claims": [
                {"right": "access", "aspects": ["items"], "categories": ["consultation"]},
                {"right": "deletion", "categories": ["online_mall"]},
            ],
            "notify_by": "sms",
            "language": "ko",
        }
    )
    case = Case(stage.desk.calling_as(filed["requester_token"]), filed["id"])
    before = len(stage.post.texts)
    asked = await case.desk.ask_for_code(case.id, "phone_code")
    await case.desk.answer(asked["id"], code=await stage.post.code_to(PHONE, after=before))
    await case.until_verified()
    screen.check(True, "he proves his telephone", None)
    return case


async def _is_put_off(stage: Stage, screen: Screen, case: Case) -> None:
    screen.step("The spoken record lies in a store room: an officer puts the access off, before its day")
    officer, claim = stage.staff("officer"), await case.claim("access")
    await assessed(officer, claim["id"])
    until = str(today() + timedelta(days=14))
    seen = await officer.claim(claim["id"])
    deletion = await case.claim("deletion")
    problem = await refused(officer.postpone(deletion["id"], "A35_3_gathering", CAUSE, until, etag=seen.etag or ""))
    screen.check(problem.code in ("postponement.not_allowed", "precondition.failed"), "only access may wait", problem)
    put_off = await officer.postpone(claim["id"], "A35_3_gathering", CAUSE, until, etag=seen.etag or "")
    screen.check(put_off["status"] == "postponed", f"put off until {until}", put_off)
    told = await stage.post.text_to(PHONE, holding="미룹니다")
    screen.sees("phone (SMS)", told.text)
    screen.check(CAUSE not in told.text, "the message says that a notice is there, not what is in it", told.text)
    notice = await _notice(stage, case, "postponement", "이철수-열람연기.pdf")
    screen.sees("website", f"이철수-열람연기.pdf: {notice[:90]} …")
    for words in ("열람연기", CAUSE, "제35조제3항", "이의제기방법"):
        screen.check(says(notice, words), f"the notice says: {words}", notice)


async def _is_taken_up(stage: Stage, screen: Screen, case: Case) -> None:
    screen.step("The box is found sooner: the officer takes the claim up again, with a day of its own")
    officer, claim = stage.staff("officer"), await case.claim("access")
    seen = await officer.claim(claim["id"])
    await officer.resume(claim["id"], etag=seen.etag or "")
    again = await case.claim("access")
    screen.check(again["status"] == "verified" and again["due_on"] > str(today()), "ten days from today", again)
    await decide(officer, claim["id"], "approve")
    await case.until("access", "carried_out", "closed")
    read = await officer.collection(claim["id"])
    await officer.release_collection(claim["id"], etag=read.etag or "")
    done = await case.until("access", "closed")
    screen.check(done["package"]["available"], "read by the officer, then released", done)


async def _is_refused(stage: Stage, screen: Screen, case: Case) -> None:
    screen.step("The deletion is refused by two people, on a ground that does not fit")
    officer, claim = stage.staff("officer"), await case.claim("deletion")
    proposal = await assessed(officer, claim["id"])
    for one in proposal["items"]:
        screen.sees("officer", f"{one['item']}: {one['proposed']} ({one['basis']})")
    items = [
        {"item": one["item"], "outcome": "refuse", "ground": "A36_1", "facts": {"statute": "전자상거래법 제6조"}}
        for one in proposal["items"]
    ]
    seen = await officer.claim(claim["id"])
    decision = {"outcome": "refuse", "items": items, "reason": WRONG, "internal_note": None}
    await officer.decide(claim["id"], decision, etag=seen.etag or "")
    await approve(stage.staff("approver"), claim["id"])
    closed = await case.until("deletion", "closed")
    screen.check(closed["decision"]["outcome"] == "refuse", "refused, with the way to object", closed)
    screen.check("object" in (await case.look())["actions"], "he may object", closed["objection"])


async def _objects(stage: Stage, screen: Screen, case: Case) -> None:
    screen.step("He objects; an approver who took no part overturns it")
    claim = await case.claim("deletion")
    objection = await case.desk.object_to(claim["id"], {"reason": "제 회원 정보는 거래 기록이 아닙니다."})
    screen.check(objection["due_on"] > str(today()), f"answered by {objection['due_on']}, on a clock of its own")
    approver, other = stage.staff("approver"), stage.staff("second approver")
    seen = await approver.objection(objection["id"])
    problem = await refused(approver.rule_objection(objection["id"], "confirmed", RULING, etag=seen.etag or ""))
    screen.check(problem.code == "approval.same_person", "who decided does not rule on it", problem)
    await other.rule_objection(objection["id"], "overturned", RULING, etag=seen.etag or "")
    screen.check((await case.claim("deletion"))["status"] == "verified", "overturned: decided anew")
    notice = await _notice(stage, case, "ruling", "이철수-이의결과.pdf")
    screen.sees("website", f"이철수-이의결과.pdf: {notice[:90]} …")
    for words in (RULING, "분쟁조정위원회"):
        screen.check(says(notice, words), f"the notice says: {words}", notice)


async def _is_decided_by_others(stage: Stage, screen: Screen, case: Case) -> None:
    screen.step("Other people decide: the profile goes, the trade records stay apart")
    claim = await case.claim("deletion")
    first, second = stage.staff("officer"), stage.staff("second officer")
    await assessed(second, claim["id"])
    problem = await refused(decide(first, claim["id"], "partial", RULING))
    screen.check(problem.code == "approval.same_person", "who decided before does not decide again", problem)
    await decide(second, claim["id"], "partial", "거래 기록은 법이 정한 동안 따로 보존합니다.")
    await approve(stage.staff("third approver"), claim["id"])
    done = await case.until("deletion", "closed")
    items = {one["item"]: one["outcome"] for one in done["decision"]["items"]}
    screen.check(items["online_mall.name"] == "grant" and items["online_mall:contract_5y"] == "keep", str(items))
    person = stage.held_by("mall", NUMBER)
    screen.check("online_mall" not in person["data"] and "contract_5y" in person["kept"], "the mall did so", person)


async def _notice(stage: Stage, case: Case, kind: str, name: str) -> str:
    """Open the last notice of a kind with a fresh code, and keep it."""
    before = len(stage.post.texts)
    asked = await case.desk.ask_for_code(case.id, "phone_code", purpose="release")
    answered = await case.desk.answer(asked["id"], code=await stage.post.code_to(PHONE, after=before))
    listed = [one for one in (await case.desk.notices(case.id))["items"] if one["kind"].startswith(kind)]
    opened = await case.desk.open_notice(listed[-1]["id"], answered["grant"])
    (stage.documents / name).write_bytes(opened.content)
    return pdf_text(opened.content)
