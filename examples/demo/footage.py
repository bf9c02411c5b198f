"""Chapter eleven: footage of a store, kept before anybody is identified, put off for masking, seen, logged, let go."""

import json
import time
from datetime import datetime, timedelta
from typing import Any

from examples.client import Credentials
from examples.demo.papers import pdf_text, says
from examples.demo.people import KOREA, Case, assessed, decide, refused, today
from examples.demo.stage import Stage
from examples.demo.telling import Screen, until

JSON = dict[str, Any]
NAME, PHONE = "김민수", "010-0000-6002"
SEEN_BY = "노란 우산을 들고 계산대 앞에 서 있던 사람입니다."
CAUSE = "함께 찍힌 손님 두 분을 알아볼 수 없게 가리고 있습니다."


async def tell(stage: Stage, screen: Screen) -> None:
    """Tell the chapter."""
    screen.chapter(f"11. {NAME}: footage of a store (개인영상정보 열람), twice; he sees one, takes the other back")
    case, other = await _files(stage, screen)
    await _proves(stage, screen, case)
    await _is_put_off(stage, screen, case)
    await _is_seen(stage, screen, case)
    await _is_let_go(stage, screen, other)


async def _files(stage: Stage, screen: Screen) -> tuple[Case, Case]:
    screen.step("He picks the store and an hour; the recorder keeps it before anybody knows who he is")
    site = await stage.staff("admin").create_client("a front-end that asks for footage", "website")
    front = stage.desk.calling_as(Credentials(site["client_id"], site["client_secret"]))
    policy = await stage.desk.policy()
    [place] = policy["sites"]
    screen.sees("website", f"{place['label']['ko']}; 한 번에 {policy['media']['window_hours']}시간까지")
    cases = []
    for days in (3, 9):
        filed = await front.file_request(_request(place["id"], days))
        cases.append(Case(stage.desk.calling_as(filed["requester_token"]), filed["id"]))
        shelf = await _kept(stage, filed["claims"][0]["id"])
        screen.check("from" in shelf[filed["claims"][0]["id"]], "kept: a place and a time, and nobody's name", shelf)
        status = (await cases[-1].claim("access"))["status"]
        screen.check(status == "received", "and he has not even proved who he is", status)
    old = await front.file_request(_request(place["id"], 45))
    screen.check(
        old["adjusted"] == [{"pointer": "/claims/0/media", "code": "media.likely_expired"}],
        "what is older than thirty days is taken too, and said to be probably gone",
        old["adjusted"],
    )
    return cases[0], cases[1]


def _request(site: str, days: int) -> JSON:
    begins = datetime.fromtimestamp(time.time(), KOREA).replace(minute=0, second=0, microsecond=0) - timedelta(
        days=days
    )
    asked = {"from": begins.isoformat(), "to": (begins + timedelta(hours=1)).isoformat(), "description": SEEN_BY}
    media = {"site": site, **asked, "ground": "own_image", "kind": "view"}
    subject = {"name": NAME, "phone": PHONE}
    whole: JSON = {"capacity": "self", "channel": "web", "subject": subject, "notify_by": "sms", "language": "ko"}
    return whole | {"claims": [{"right": "access", "media": media}]}


async def _kept(stage: Stage, claim_id: str) -> JSON:
    """Wait until the recorder keeps the footage of a claim."""
    return await until(lambda: _shelf(stage), lambda kept: claim_id in kept, "the recorder keeps it")


async def _shelf(stage: Stage) -> JSON:
    """What the recorder must not write over, as its own file says."""
    path = stage.folder / "holders" / "recorder.json"
    found: JSON = json.loads(path.read_text("utf-8"))["shelf"]
    return found


async def _proves(stage: Stage, screen: Screen, case: Case) -> None:
    before = len(stage.post.texts)
    asked = await case.desk.ask_for_code(case.id, "phone_code")
    await case.desk.answer(asked["id"], code=await stage.post.code_to(PHONE, after=before))
    await case.until_verified()
    claim = await case.claim("access")
    proposal = await assessed(stage.staff("officer"), claim["id"])
    screen.check(
        proposal["decides"] == "officer", "he proves his telephone; a person looks, never the machine", proposal
    )


async def _is_put_off(stage: Stage, screen: Screen, case: Case) -> None:
    screen.step("Others are in the picture: no reason to refuse, but one to put it off until they are hidden")
    officer, claim = stage.staff("officer"), await case.claim("access")
    seen = await officer.claim(claim["id"])
    screen.sees("officer", f"{seen['media']['name']} {seen['media']['from']}: {seen['media']['state']}")
    screen.check(seen["media"]["description"] == SEEN_BY, "the officer reads by what he is found", seen["media"])
    others = {"item": "cctv", "outcome": "refuse", "ground": "OTHERS_IN_PICTURE", "facts": {}}
    verdict = {"outcome": "refuse", "items": [others], "reason": CAUSE, "internal_note": None}
    problem = await refused(officer.decide(claim["id"], verdict, etag=seen.etag or ""))
    screen.check(problem.code == "ground.not_available", "“others are in the picture” is no ground", problem)
    day = str(today() + timedelta(days=14))
    await officer.postpone(claim["id"], "A35_3_masking", CAUSE, day, etag=seen.etag or "")
    notice = await _notice(stage, case, "postponement", "김민수-열람연기.pdf")
    screen.check(says(notice, "열람연기") and says(notice, CAUSE), f"put off until {day}, and he is told why", notice)
    screen.check(claim["id"] in await _shelf(stage), "it is kept all the while")
    seen = await officer.claim(claim["id"])
    await officer.resume(claim["id"], etag=seen.etag or "")


async def _is_seen(stage: Stage, screen: Screen, case: Case) -> None:
    screen.step("Hidden: the officer grants it, the store says where and when, he comes and it is written down")
    officer, claim = stage.staff("officer"), await case.claim("access")
    await assessed(officer, claim["id"])
    await decide(officer, claim["id"], "approve")
    await case.until("access", "closed")
    notice = await _notice(stage, case, "result", "김민수-통지서.pdf")
    screen.sees("website", f"김민수-통지서.pdf: {notice[:90]} …")
    for words in ("매장 관리실", "열람·시청", "직접방문"):
        screen.check(says(notice, words), f"the notice says: {words}", notice)
    store = stage.system("recorder")
    line = {
        "act": "view",
        "file": "CAM2",
        "purpose": "두고 간 물건을 찾으려고",
        "viewer": NAME,
        "seen_at": datetime.fromtimestamp(time.time(), KOREA).isoformat(),
        "masked": True,
        "identity_checked": True,
    }
    unchecked = await refused(store.record_viewing(claim["id"], line | {"identity_checked": False}))
    screen.check(unchecked.code == "field.value", "nobody is shown anything whose card was not looked at", unchecked)
    await store.record_viewing(claim["id"], line)
    ledger = (await officer.viewings(claim["id"]))["items"]
    for one in ledger:
        screen.sees("ledger", f"{one['act']}: {one['file'] or '-'}, {one['viewer'] or '-'} ({one['written_by']})")
    screen.check(
        [one["act"] for one in ledger] == ["preserve", "view"], "개인영상정보 관리대장: kept, then seen", ledger
    )


async def _is_let_go(stage: Stage, screen: Screen, case: Case) -> None:
    screen.step("The other hour he takes back: the recorder may write over it again")
    claim = await case.claim("access")
    await case.desk.withdraw(case.id)
    await until(lambda: _shelf(stage), lambda kept: claim["id"] not in kept, "the recorder lets it go")

    async def lines() -> list[str]:
        listed = await stage.staff("officer").viewings(claim["id"])
        return [one["act"] for one in listed["items"]]

    acts = await until(lines, lambda found: "release" in found, "its end stands in the ledger")
    screen.check(acts == ["preserve", "release"], "kept, then let go: nobody else's picture stays for nothing", acts)


async def _notice(stage: Stage, case: Case, kind: str, name: str) -> str:
    """Open the last notice of a kind with a fresh code, and keep it."""

    async def listed() -> list[JSON]:
        return [one for one in (await case.desk.notices(case.id))["items"] if one["kind"].startswith(kind)]

    [*_, last] = await until(listed, bool, f"a notice of the {kind}")
    before = len(stage.post.texts)
    asked = await case.desk.ask_for_code(case.id, "phone_code", purpose="release")
    answered = await case.desk.answer(asked["id"], code=await stage.post.code_to(PHONE, after=before))
    opened = await case.desk.open_notice(last["id"], answered["grant"])
    (stage.documents / name).write_bytes(opened.content)
    return pdf_text(opened.content)
