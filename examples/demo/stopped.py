"""Chapter eight: somebody with another's old telephone files; the person stops it."""

from examples.demo.people import Case, assessed, decide, file_on_website, may_use, of, refused
from examples.demo.stage import Stage
from examples.demo.telling import Screen, until
from examples.demo.visitor import Visitor

PERSON, OLD_PHONE, NEW_PHONE, MAIL = "송지호", "010-0000-6202", "010-0000-6201", "jiho@example.com"
NUMBER, LIVES, ELSEWHERE = "C-1046", "대전광역시 유성구 과학로 8", "서울특별시 중구 남의길 9"
ADDRESS = ("service_desk", NEW_PHONE, "separate_service", "service_consultation", "address")


async def tell(stage: Stage, screen: Screen) -> None:
    """Tell the chapter."""
    screen.chapter(f"8. Somebody who holds the telephone that {PERSON} once had, in {PERSON}'s name")
    async with Visitor(stage.website, stage.post) as stranger:
        case = await _stranger_files(stage, screen, stranger)
        await _is_stopped(stage, screen, stranger, case)
        await _is_void(stage, screen, stranger, case)


async def _stranger_files(stage: Stage, screen: Screen, stranger: Visitor) -> Case:
    screen.step("A new address and the deletion of everything at the mall: the old telephone still stands on record")
    numbers = await file_on_website(
        stranger, screen, name=PERSON, phone=OLD_PHONE, notify_by="sms",
        correction_field_1="separate_service.address", correction_corrected_1=ELSEWHERE,
        deletion_categories="online_mall",
    )  # fmt: skip
    await stranger.confirm(OLD_PHONE)
    case = await Case.found(stage, *numbers)
    await case.until_verified()
    # Once it is stopped nothing is assessed any more, and the story is that it can be decided but for the stop.
    await assessed(stage.staff("officer"), of(await case.look(), "correction")["id"])
    asked = await may_use(stage, *ADDRESS)
    screen.check(not asked["allowed"], "the address is on hold, as the law wants it for a correction", asked)

    screen.step(f"At once {PERSON}'s other contacts hear of it")
    letter = await stage.post.mail_to(MAIL, holding="정지번호")
    screen.sees(f"{PERSON} (mail)", f"{letter.subject}\n{letter.text}")
    letter = await stage.post.text_to(NEW_PHONE, holding="정지번호")
    screen.sees(f"{PERSON} (SMS)", letter.text)
    at_old = [one for one in stage.post.told(OLD_PHONE) if one.stop_code]
    screen.check(not at_old, "the telephone that proved it gets no stop code", at_old)
    return case


async def _is_stopped(stage: Stage, screen: Screen, stranger: Visitor, case: Case) -> None:
    screen.step('"I never asked for this": the stop code, on the website')
    letter = await stage.post.text_to(NEW_PHONE, holding="정지번호")
    async with Visitor(stage.website, stage.post) as person:
        await person.open("/stop")
        wrong = await person.submit("/stop", stop_code="aaaa-bbbb-cccc")
        await person.open("/stop")
        right = await person.submit("/stop", stop_code=(letter.stop_code or "").upper().replace("-", " "))
    screen.sees("website", right)
    screen.check(wrong == right, "whatever the code, the answer is the same", (wrong, right))
    seen = await until(case.look, lambda one: one["frozen"], "the request is frozen")
    screen.check(seen["frozen"], "the right one froze the request", seen)
    page = await stranger.open("/status")
    screen.check("잠시 멈추고" in page and MAIL not in page, "who filed sees that it is being checked, not why", None)
    letter = await stage.post.text_to(OLD_PHONE, holding="잠시 멈추고")
    screen.sees("old phone (SMS)", letter.text)
    officer, claim_id = stage.staff("officer"), of(seen, "correction")["id"]
    await assessed(officer, claim_id)
    problem = await refused(decide(officer, claim_id, "approve"))
    screen.check(problem.code == "request.frozen", "an officer cannot decide it", problem)


async def _is_void(stage: Stage, screen: Screen, stranger: Visitor, case: Case) -> None:
    screen.step("An approver asks the person and rules: void")
    approver = stage.staff("approver")
    letter = await stage.post.mail_to((await stage.desk.policy())["contacts"]["email"], holding="내가 하지 않았다")
    screen.sees("approver (mail)", f"{letter.subject}\n{letter.text}")
    seen = await approver.request(case.id)
    waiting = [one["kind"] for one in seen["review"] if not one["settled"]]
    screen.check("request.frozen" in waiting, "it is put before the approver", waiting)
    problem = await refused(approver.rule_freeze(case.id, "void", " ", etag=seen.etag or ""))
    screen.check(problem.code == "decision.reason_required", "not without a reason", problem)
    await approver.rule_freeze(case.id, "void", "본인과 통화하여 요구한 적이 없음을 확인하였다.", etag=seen.etag or "")
    claims = {one["right"]: one["status"] for one in (await case.look())["claims"]}
    screen.check(set(claims.values()) == {"withdrawn"}, "both claims end", claims)

    async def look() -> bool:
        return bool((await may_use(stage, *ADDRESS))["allowed"])

    await until(look, bool, "the hold on the address is lifted")
    held = stage.held_by("service_desk", NUMBER)["data"]["separate_service"][0]["address"]
    screen.check(held == LIVES, f"the address is what it was: {held}", held)
    screen.check("online_mall" in stage.held_by("mall", NUMBER)["data"], "nothing was deleted at the mall")
    letter = await stage.post.text_to(OLD_PHONE, holding="더 진행하지 않고")
    screen.sees("old phone (SMS)", letter.text)
    page = await stranger.open("/status")
    screen.check(LIVES not in page and NEW_PHONE not in page, "and who filed has learned nothing", page)
