"""What the people in the story do: the person at the website, the officer, the approver, a system that asks first."""

import json
import time
from datetime import date, datetime, timedelta, timezone
from typing import Any

from examples.client import Desk, ProblemError
from examples.demo.stage import Stage
from examples.demo.telling import Screen, StepFailedError, until
from examples.demo.visitor import Visitor

JSON = dict[str, Any]
KOREA = timezone(timedelta(hours=9))


class Case:
    """One request as its person follows it, with receipt number and access code."""

    def __init__(self, desk: Desk, request_id: str) -> None:
        self.desk, self.id = desk, request_id

    @classmethod
    async def found(cls, stage: Stage, receipt_no: str, access_code: str) -> "Case":
        """Come back to a request by what was written down at filing."""
        got = await stage.desk.track(receipt_no, access_code)
        return cls(stage.desk.calling_as(got["access_token"]), got["request_id"])

    async def look(self) -> JSON:
        """Return the request as its person sees it."""
        return await self.desk.request(self.id)

    async def claim(self, right: str) -> JSON:
        """Return one claim as its person sees it."""
        return of(await self.look(), right)

    async def until(self, right: str, *statuses: str) -> JSON:
        """Wait until a claim stands in one of some statuses."""
        expected = f"the claim for {right} is {' or '.join(statuses)}"
        return await until(lambda: self.claim(right), lambda one: one["status"] in statuses, expected)

    async def until_verified(self) -> JSON:
        """Wait until whoever asks is known and has shown all they must."""
        return await until(self.look, lambda one: one["verified"], "the request is verified")


def of(request: JSON, right: str) -> JSON:
    """Return the claim for a right."""
    found: JSON = next(one for one in request["claims"] if one["right"] == right)
    return found


async def may_use(
    stage: Stage, holder: str, phone: str, category: str, purpose: str, *fields: str, law: str | None = None
) -> JSON:
    """Ask, as a holder does before it uses data, whether it may."""
    check: JSON = {"subject": {"phone": phone}, "category": category, "purpose": purpose}
    check |= ({"fields": list(fields)} if fields else {}) | ({"required_by_law": law} if law else {})
    result: JSON = (await stage.system(holder).check_processing([check]))["results"][0]
    return result


async def assessed(desk: Desk, claim_id: str) -> JSON:
    """Wait for the rules to have read a claim, and return what they propose."""
    return await until(lambda: desk.assessment(claim_id), lambda one: one["state"] == "ready", "an assessment")


async def decide(desk: Desk, claim_id: str, outcome: str, reason: str | None = None) -> JSON:
    """Decide as an officer on the version that was read; items not named follow the proposal."""
    seen = await desk.claim(claim_id)
    decision: JSON = {"outcome": outcome, "items": [], "reason": reason, "internal_note": None}
    decided: JSON = (await desk.decide(claim_id, decision, etag=seen.etag))["decision"]
    return decided


async def approve(desk: Desk, claim_id: str) -> JSON:
    """Agree as an approver with the version that was read."""
    seen = await desk.claim(claim_id)
    approved: JSON = (await desk.approve(claim_id, True, None, etag=seen.etag))["decision"]
    return approved


async def granted_by_two(stage: Stage, screen: Screen, claim_id: str, outcome: str, reason: str | None = None) -> None:
    """An officer proposes, an approver agrees: it takes both for whatever is asked for somebody else."""
    officer = stage.staff("officer")
    proposal = await assessed(officer, claim_id)
    for one in proposal["items"]:
        screen.sees("officer", f"{one['item']}: {one['proposed']} ({one['basis']})")
    screen.check(proposal["decides"] == "two", "whatever is asked for somebody else takes two people", proposal)
    decision = await decide(officer, claim_id, outcome, reason)
    screen.check(decision["state"] == "proposed", "the officer's decision is a proposal", decision)
    decision = await approve(stage.staff("approver"), claim_id)
    screen.check(decision["state"] == "effective", "the approver agrees: in force", decision)


async def accept_paper(stage: Stage, screen: Screen, paper: JSON, purpose: str, **seen: Any) -> bytes:
    """An officer looks at a paper, goes through the checklist of its kind, accepts it; return what was looked at."""
    officer = stage.staff("officer")
    looked_at = await officer.look_at_paper(paper["id"], purpose)
    known = {one["kind"]: one for one in (await stage.desk.policy())["documents"]}[paper["kind"]]
    for line in known["checklist"]:
        screen.sees("officer", f"[x] {line['text']['ko']}")
    review: JSON = {"result": "accepted", "checklist": [line["id"] for line in known["checklist"]], **seen}
    review |= {"issued_on": str(today() - timedelta(days=3))} if known["max_age_days"] else {}
    review |= {"issuer_number": "1234-5678-9012"} if known["issuer_number"] else {}
    version = await officer.paper(paper["id"])
    reviewed = await officer.review_paper(paper["id"], review, etag=version.etag or "")
    screen.check(reviewed["state"] == "accepted", f"{known['label']['ko']}: accepted by {reviewed['reviewed_by']}")
    return looked_at.content


def today() -> date:
    """Return the day in Korea."""
    return datetime.fromtimestamp(time.time(), KOREA).date()


def age_of(born: str) -> int:
    """Return somebody's age in full years today."""
    day, on = date.fromisoformat(born), today()
    return on.year - day.year - ((on.month, on.day) < (day.month, day.day))


async def refused(attempt: Any) -> ProblemError:
    """Return the problem with which an attempt is answered; fail if it is not."""
    try:
        got = await attempt
    except ProblemError as problem:
        return problem
    raise StepFailedError("a refusal", json.dumps(got, ensure_ascii=False))


async def file_on_website(visitor: Visitor, screen: Screen, *, capacity: str = "self", **typed: Any) -> tuple[str, str]:
    """Fill in the website's form; return receipt number and access code from the page that follows."""
    await visitor.open(f"/file?capacity={capacity}")
    typed["capacity"] = capacity
    await visitor.submit("/file", key=visitor.hidden("key")[0], **typed)
    receipt_no, access_code = visitor.value("접수번호"), visitor.value("조회번호")
    screen.sees("website", f"접수번호 {receipt_no}, 조회번호 {access_code[:4]}…")
    return receipt_no, access_code
