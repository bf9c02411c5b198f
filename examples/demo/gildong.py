"""Chapter one: 홍길동 asks on the website for access, correction and deletion at once."""

import httpx

from examples.demo.papers import package_parts, pdf_text, says
from examples.demo.people import Case, approve, assessed, decide, file_on_website, may_use, of, refused
from examples.demo.stage import Stage
from examples.demo.telling import Screen, until
from examples.demo.visitor import Visitor

NAME, PHONE, MAIL, NUMBER = "홍길동", "010-1234-5678", "gildong@example.com", "C-1029"
OLD, NEW = "서울특별시 강남구 옛길로 1", "서울특별시 강남구 새길로 2"
ASPECTS = ["items", "purposes", "retention", "third_parties", "consents"]
ADDRESS = ("service_desk", PHONE, "separate_service", "service_consultation")


async def tell(stage: Stage, screen: Screen) -> None:
    """Tell the chapter."""
    screen.chapter("1. 홍길동, on the website: access (online_mall), correction (address), deletion (consultation)")
    async with Visitor(stage.website, stage.post) as visitor:
        case = await _files(stage, screen, visitor)
        await _is_identified(stage, screen, visitor, case)
        await _is_granted_access(stage, screen, case)
        await _is_corrected(stage, screen, case)
        await _is_deleted_in_part(stage, screen, case)
        await _gets_the_papers(stage, screen, visitor, case)


async def _files(stage: Stage, screen: Screen, visitor: Visitor) -> Case:
    screen.step("He fills in the form (개인정보 열람·정정·삭제 요구서)")
    numbers = await file_on_website(
        visitor, screen, name=NAME, phone=PHONE, email=MAIL, notify_by="email",
        access_aspects=ASPECTS, access_categories="online_mall",
        correction_field_1="separate_service.address", correction_corrected_1=NEW,
        deletion_categories="consultation",
    )  # fmt: skip
    case = await Case.found(stage, *numbers)
    seen = await case.look()
    for one in seen["claims"]:
        steps = ", ".join(f"{step['date']} {step['step']}" for step in one["due_steps"])
        screen.sees("website", f"{one['right']}: {one['status']}, due {one['due_on']} ({steps})")
    screen.check(len(seen["claims"]) == 3, "three claims, each with its own clock and due day", seen)
    screen.check({one["status"] for one in seen["claims"]} == {"received"}, "nothing has been decided", seen)
    asked = await may_use(stage, *ADDRESS)
    screen.check(asked == {"allowed": True, "except": [], "holds": []}, "nothing takes effect before identity", asked)
    screen.check(NAME not in str(seen) and PHONE not in str(seen), "his view of the request holds no name", seen)
    return case


async def _is_identified(stage: Stage, screen: Screen, visitor: Visitor, case: Case) -> None:
    screen.step("A code goes to the telephone that was typed; he reads it and types it in")
    await visitor.confirm(PHONE)
    screen.sees("phone (SMS)", stage.post.texts[-1].text)
    seen = await until(case.look, lambda one: one["verified"], "he is identified")
    screen.check(seen["verified"], "the register knows exactly one person by this name and this telephone", seen)

    screen.step("In that same transaction the address under correction is held, and its holders are told")
    asked = await may_use(stage, *ADDRESS)
    screen.sees("service desk", f"may I use his data for service_consultation? {asked}")
    screen.check(asked["allowed"] and asked["except"] == ["address"], "processing check: all but the address", asked)
    named = await may_use(stage, *ADDRESS, "address")
    screen.check(not named["allowed"], "processing check: not the address", named)
    law = await may_use(stage, *ADDRESS, "address", law="형사소송법 199")
    screen.check(law["allowed"], "processing check: where another law demands it, allowed (and on record)", law)
    for holder in ("service_desk", "logistics", "partner"):
        await _marked(stage, holder, "held", "separate_service")
    screen.sees("holders", stage.deeds())
    screen.check(True, "both holders of the address and the third party (which polls) note the hold", None)
    await _strangers_are_refused(stage, screen)


async def _strangers_are_refused(stage: Stage, screen: Screen) -> None:
    async with httpx.AsyncClient(trust_env=False) as stranger:
        for slug in ("mall", "logistics"):
            system = stage.systems[slug]
            headers = {"webhook-id": "msg_1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA v1a,AAAA"}
            event = {"type": "task.created", "data": {"task_id": "1"}}
            got = await stranger.post(system["endpoint_url"], json=event, headers=headers)
            screen.check(got.status_code == 401, f"{slug} ({system['scheme']}) refuses an event we did not sign", got)


async def _marked(stage: Stage, holder: str, mark: str, category: str, *, there: bool = True) -> None:
    async def look() -> bool:
        return category in stage.held_by(holder, NUMBER).get("marks", {}).get(mark, {})

    await until(look, lambda found: found is there, f"{holder}: {category} is {'' if there else 'no longer '}{mark}")


async def _is_granted_access(stage: Stage, screen: Screen, case: Case) -> None:
    screen.step("Access is uncontested, so the machine grants it; its two holders are asked for what they have")
    claim = await case.until("access", "closed")
    decision = claim["decision"]
    screen.sees("website", f"열람: {claim['status']}, {decision['outcome']}, decided by {decision['decided_by']}")
    screen.check((decision["outcome"], decision["decided_by"]) == ("approve", "machine"), "granted by the machine")
    screen.check(claim["holders"]["told"] == claim["holders"]["done"] == 2, "mall and logistics answered", claim)
    screen.check(
        claim["package"]["available"], "the package is there at once: no release wait for an old contact", claim
    )
    mail = await stage.post.mail_to(MAIL, holding="답변(통지서)이 준비되었습니다")
    screen.sees("mailbox", f"{mail.subject}\n{mail.text}")
    told = mail.subject + mail.text
    screen.check(NAME not in told and PHONE not in told, "the mail says only that the answer is there", told)


async def _is_corrected(stage: Stage, screen: Screen, case: Case) -> None:
    screen.step("An officer decides the correction")
    officer, claim_id = stage.staff("officer"), (await case.claim("correction"))["id"]
    queue = [one["id"] async for one in officer.pages("/v1/claims", status="verified")]
    screen.check(claim_id in queue, "it is in the officer's queue by due date", queue)
    proposal = await assessed(officer, claim_id)
    for one in proposal["items"]:
        screen.sees(
            "officer", f"{one['item']}: {one['proposed']} ({one['basis']}), held by {', '.join(one['holders'])}"
        )
    screen.check(
        proposal["decides"] == "officer", "one person decides a correction that nothing speaks against", proposal
    )
    decision = await decide(officer, claim_id, "approve")
    screen.check(decision["state"] == "effective", "in force at once", decision)

    screen.step("The holders correct, the hold is lifted, the third party hears of the result")
    await case.until("correction", "carried_out", "closed")
    for holder in ("service_desk", "logistics"):
        rows = stage.held_by(holder, NUMBER)["data"]["separate_service"]
        screen.check(rows[0]["address"] == NEW, f"{holder}: {OLD} → {NEW}", rows)
    asked = await may_use(stage, *ADDRESS, "address")
    screen.check(asked["allowed"] and not asked["except"], "processing check: the address may be used again", asked)
    for holder in ("service_desk", "logistics", "partner"):
        await _marked(stage, holder, "held", "separate_service", there=False)
    await _marked(stage, "partner", "informed", "separate_service")
    screen.check(True, "the third party knows the correction, and every hold is released", None)


async def _is_deleted_in_part(stage: Stage, screen: Screen, case: Case) -> None:
    screen.step("The deletion meets a statute: an officer proposes, an approver confirms")
    officer, claim_id = stage.staff("officer"), (await case.claim("deletion"))["id"]
    proposal = await assessed(officer, claim_id)
    for one in proposal["items"]:
        until_ = f" until {one['until']}: {one['text']['ko']}" if one["until"] else ""
        screen.sees("officer", f"{one['item']}: {one['proposed']} ({one['basis']}){until_}")
    kept = [one["item"] for one in proposal["items"] if one["proposed"] == "keep"]
    screen.check(proposal["decides"] == "two" and kept == ["consultation:dispute_3y"], "it takes two people", proposal)
    problem = await refused(decide(officer, claim_id, "partial"))
    screen.check(problem.code == "decision.reason_required", "a partial answer without a reason is refused", problem)
    decision = await decide(officer, claim_id, "partial", "불만 처리 기록은 법이 정한 기간 동안 보존합니다.")
    screen.check(decision["state"] == "proposed", "the officer's decision is a proposal", decision)
    problem = await refused(approve(stage.staff("officer as approver"), claim_id))
    screen.check(problem.code == "approval.same_person", "the same person cannot be the second one", problem)
    screen.check((await case.claim("deletion"))["status"] == "verified", "nothing has been deleted yet")
    decision = await approve(stage.staff("approver"), claim_id)
    screen.check(decision["state"] == "effective", "the approver agrees: in force", decision)

    screen.step("The holders delete, and keep apart what the statute names")
    claim = await case.until("deletion", "carried_out", "closed")
    for holder in ("service_desk", "call_center"):
        person = stage.held_by(holder, NUMBER)
        until_ = person["kept"]["dispute_3y"]["until"]
        screen.check("consultation" not in person["data"], f"{holder}: gone, 불만·분쟁 기록 kept apart until {until_}")
    items = {one["item"]: one["outcome"] for one in claim["decision"]["items"]}
    screen.check(items["consultation:dispute_3y"] == "keep", "he sees it item by item", items)
    asked = await may_use(stage, "call_center", PHONE, "consultation", "complaint_handling")
    screen.sees("call center", f"may I use what is kept? {asked}")
    screen.check(not asked["allowed"], "what the statute keeps is fenced from every other use", asked)
    screen.sees("holders", stage.deeds(since=0))


async def _gets_the_papers(stage: Stage, screen: Screen, visitor: Visitor, case: Case) -> None:
    screen.step("He opens notices (별지 제9호, 제10호) and package with a fresh code")
    for right in ("correction", "deletion"):
        await case.until(right, "closed")
    await visitor.open("/status")
    await visitor.confirm(PHONE, purpose="release")
    texts = await _save_notices(stage, screen, visitor)
    whole = " ".join(texts)
    screen.check(len(texts) == 3 and all(NAME in one for one in texts), "three notices with his name, as PDF", texts)
    for words in ("개인정보 열람", "개인정보 정정", "이의", "전자상거래"):
        screen.check(says(whole, words), f"the notices say: {words}", whole)
    package = await visitor.download(
        "/package", stage.documents / "열람자료.zip", claim_id=visitor.hidden("claim_id")[0]
    )
    names, data, report = package_parts(package)
    screen.sees("website", f"열람자료.zip: {', '.join(names)}")
    mall = next(one for one in data["categories"] if one["id"] == "online_mall")
    records = [record for held in mall["items"] for record in held["records"]]
    screen.check(
        {"name": NAME, "phone": "+821012345678"} in records, "access.json holds what the mall has of him", mall
    )
    screen.check(
        all(mall[one] for one in ("purposes", "retention", "processors")), "with purpose, period, recipients", mall
    )
    screen.check(data["complete"] and set(data["aspects"]) == set(ASPECTS), "complete, with the five aspects", data)
    screen.check(says(report, NAME) and says(report, "온라인 몰"), "access.pdf says the same in Korean", report)
    claim = of(await case.look(), "deletion")
    screen.check(claim["objection"] is not None, f"he may object until {claim['objection']['until']}", claim)


async def _save_notices(stage: Stage, screen: Screen, visitor: Visitor) -> list[str]:
    texts = []
    for number, notice_id in enumerate(visitor.hidden("notice_id"), 1):
        target = stage.documents / f"홍길동-통지서-{number}.pdf"
        texts.append(pdf_text(await visitor.download("/notice", target, notice_id=notice_id, form="pdf")))
        screen.sees("website", f"{target.name}: {texts[-1][:90]} …")
    return texts
