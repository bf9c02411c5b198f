"""Chapter thirteen: those who hold the data - one that fails, one that is dead, one without a machine; and tasks
about nobody.
"""

import re
from typing import Any

import httpx

from examples.client import Credentials, Desk
from examples.demo.endpoints import Endpoint, Heard
from examples.demo.people import Case, assessed, decide, file_on_website, may_use
from examples.demo.stage import Stage
from examples.demo.telling import Screen, until
from examples.demo.visitor import TAGS, Visitor

JSON = dict[str, Any]
NAME, PHONE, NEW = "Amélie O'Neill", "010-0000-8001", "부산광역시 해운대구 새바다로 9"
OFFICE, OFFICE_PHONE = "desk@post.example.com", "010-0000-9901"
FIELDS = ["name", "phone"]
ARTICLE = "형사소송법 199"
PAGE = re.compile(r"https?://\S+/h/[A-Za-z]+")


class Processor:
    """A holder of the demo's own, with an endpoint."""

    def __init__(self, stage: Stage, endpoint: Endpoint, registered: JSON) -> None:
        self.endpoint, self.id, self.key = endpoint, str(registered["id"]), str(registered["keys"][0]["secret"])
        self.admin = stage.staff("admin")
        client = registered["client"]
        self.desk: Desk = stage.desk.calling_as(Credentials(client["client_id"], client["client_secret"]))

    @classmethod
    async def joins(cls, stage: Stage, name: str, endpoint: Endpoint) -> "Processor":
        """Register it and wait until its endpoint has proved itself."""
        body = _holder(name, "inquiry", endpoint_url=endpoint.url, scheme="v1")
        made = cls(stage, endpoint, dict(await stage.staff("admin").create_system(body)))

        async def state() -> str:
            return str((await made.admin.system(made.id))["state"])

        await until(state, lambda seen: seen == "active", f"{name}: its endpoint answers its challenge")
        return made

    async def deliveries(self) -> list[JSON]:
        """Return its events about tasks with what became of each, as it sees them itself."""
        listed = (await self.desk.deliveries(self.id))["items"]
        return [one for one in listed if one["type"] == "task.created"]

    async def heard(self, most: int) -> list[Heard]:
        """Wait until so many events came."""

        async def look() -> list[Heard]:
            return list(self.endpoint.heard)

        return await until(look, lambda heard: len(heard) >= most, f"{most} events")


async def tell(stage: Stage, screen: Screen) -> None:
    """Tell the chapter."""
    screen.chapter("13. Holders of data: one fails, one is dead, one has no machine; nobody is forgotten, none waits")
    failing, dead = await _fail(stage, screen)
    newer = await _change_key(screen, failing)
    case = await _ask_first(stage, screen)
    await _answer_on_a_page(stage, screen, case)
    await _arrive(screen, failing, dead, newer)
    await _are_answered(screen, failing)


async def _fail(stage: Stage, screen: Screen) -> tuple[Processor, Processor]:
    screen.step("Two processors join: one answers 500 twice, one goes away; both are tried with tasks about nobody")
    failing = await Processor.joins(stage, "처음에 실패하는 수탁사", Endpoint(failures=2))
    dead = await Processor.joins(stage, "멈춘 수탁사", Endpoint())
    dead.endpoint.end()
    for one, action in ((dead, "delete"), (failing, "collect"), (failing, "correct")):
        made = await one.admin.make_test_task(one.id, action, "inquiry")
        screen.check(made["status"] == "pending", f"{action}: a test task, of no person and no request", made)
    heard = await failing.heard(2)
    screen.check([one.status for one in heard[:2]] == [500, 500], "both its events failed", heard)
    tells = {"task_id", "action", "claim_id", "due_at", "test"}
    screen.check(all(set(one.data) == tells and one.data["test"] for one in heard), "they hold ids alone", heard)
    return failing, dead


async def _change_key(screen: Screen, failing: Processor) -> str:
    screen.step("In the middle of it the failing one's key is changed, with a day in which both sign")
    made = await failing.admin.new_system_key(failing.id, {"scheme": "v1", "overlap_hours": 24})
    listed = (await failing.desk.system_keys(failing.id))["items"]
    screen.check(len(listed) == 2 and all("secret" not in one for one in listed), "two keys, no secret shown", listed)
    return str(made["secret"])


async def _ask_first(stage: Stage, screen: Screen) -> Case:
    screen.step(f"{NAME} wants an address corrected, at a post office too; before every use the systems ask")
    office = _holder("우체국", "separate_service", contact_email=OFFICE, contact_phone=OFFICE_PHONE, answers_by="page")
    await stage.staff("admin").create_system(office | {"actions": ["correct"]})
    async with Visitor(stage.website, stage.post) as visitor:
        numbers = await file_on_website(
            visitor, screen, name=NAME, phone=PHONE, notify_by="sms",
            correction_field_1="separate_service.address", correction_corrected_1=NEW,
        )  # fmt: skip
        await visitor.confirm(PHONE)
    case = await Case.found(stage, *numbers)
    await case.until_verified()
    use = ("service_desk", PHONE, "separate_service", "service_consultation")
    asked = await may_use(stage, *use, "address")
    screen.check(not asked["allowed"], "may I use the address? No: its correction is asked for", asked)
    asked = await may_use(stage, *use)
    screen.check(asked["allowed"] and asked["except"] == ["address"], "and all of it? Yes, except the address", asked)
    asked = await may_use(stage, "logistics", PHONE, "online_mall", "delivery")
    screen.check(asked["allowed"] and not asked["holds"], "and deliver what was bought? Yes", asked)
    asked = await may_use(stage, *use, "address", law=ARTICLE)
    screen.check(asked["allowed"], f"the address, which {ARTICLE} demands? Yes, and the article goes on record", asked)
    return case


async def _answer_on_a_page(stage: Stage, screen: Screen, case: Case) -> None:
    screen.step("The post office hears by mail that something waits, types the number of its SMS, answers on the page")
    officer, claim_id = stage.staff("officer"), (await case.claim("correction"))["id"]
    await assessed(officer, claim_id)
    await decide(officer, claim_id, "approve")
    mail, pin = await stage.post.mail_to(OFFICE, holding="/h/"), await stage.post.code_to(OFFICE_PHONE, after=0)
    screen.sees("post office", f"{mail.subject}\n{mail.text}")
    link = PAGE.search(mail.text)
    told = mail.subject + mail.text
    screen.check(not any(one in told for one in (NAME, NEW, pin)), "the mail names nobody, nor the number", told)
    async with httpx.AsyncClient(trust_env=False, follow_redirects=True, headers={"accept": "text/html"}) as telephone:
        address = link[0] if link else ""
        before = (await telephone.get(address)).text
        screen.check(NAME not in before and NEW not in before, "the address alone shows nothing", before)
        wrong = await telephone.post(f"{address}/pin", data={"pin": f"{(int(pin) + 1) % 10**8:08d}"})
        screen.check(wrong.status_code == 422, "a wrong number opens nothing", wrong.status_code)
        page = await telephone.post(f"{address}/pin", data={"pin": pin})
        words = TAGS.sub(" ", page.text)
        screen.check(page.status_code == 200 and NEW in words, "the right one shows what is to be corrected", words)
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        action = re.search(r'<form[^>]* action="([^"]+)"', page.text)
        form = {**hidden, "result": "done", "note": "고쳤습니다."}
        parts = [(name, (None, value)) for name, value in form.items()]
        done = await telephone.post(httpx.URL(address).join(action[1] if action else ""), files=parts)
        screen.check(done.status_code == 200 and "잘 받았습니다" in done.text, "answered, once", done.text)
    await case.until("correction", "carried_out", "closed")

    async def holders() -> JSON:
        found: JSON = (await case.claim("correction"))["holders"]
        return found

    answered = await until(holders, lambda one: one["open"] == 0, "everyone has answered")
    screen.check(answered["told"] == answered["done"], f"all {answered['told']} tasks of holders are done", answered)
    asked = await may_use(stage, "service_desk", PHONE, "separate_service", "service_consultation", "address")
    screen.check(asked["allowed"], "the hold is gone: the address may be used", asked)


async def _arrive(screen: Screen, failing: Processor, dead: Processor, newer: str) -> None:
    screen.step("Meanwhile the failing one's events came again")
    heard = await failing.heard(4)
    first, again = heard[:2], heard[2:4]
    screen.check({one.id for one in first} == {one.id for one in again}, "under the same ids", heard)
    screen.check({one.status for one in again} == {204}, "and were taken", again)
    keys = (failing.key, newer)
    screen.check(
        all(one.signed_by(keys[0]) and not one.signed_by(newer) for one in first)
        and all(one.signed_by(key) for one in again for key in keys),
        "first signed with the old key, then with both: either alone believes them",
        again,
    )
    states = {one["state"] for one in await failing.deliveries()}
    screen.check(states <= {"delivered", "pending"}, "its attempts are listed", states)

    async def tried() -> list[JSON]:
        return [attempt for one in await dead.deliveries() for attempt in one["attempts"]]

    attempts = await until(tried, bool, "an attempt at the dead one")
    screen.check(attempts[0]["outcome"] == "connect", "the dead one could not be reached; it is on record", attempts)
    states = {one["state"] for one in await dead.deliveries()}
    screen.check(states == {"pending"}, "the dead one's event waits, and nobody waited for it", states)


async def _are_answered(screen: Screen, failing: Processor) -> None:
    screen.step("It fetches its tasks, answers, and an admin sees how it went; no real person was touched")
    for one in {one.data["task_id"]: one.data for one in failing.endpoint.heard}.values():
        task = await failing.desk.task(one["task_id"])
        screen.check(list(task["subject"]) == FIELDS and task["test"], f"{task['action']}: exactly its fields", task)
        await failing.desk.report_result(task["id"], {"result": "not_held"})
    listed = (await failing.admin.test_tasks(failing.id))["items"]
    screen.check([one["status"] for one in listed] == ["not_held"] * 2, "both went the whole way", listed)


def _holder(name: str, category: str, **more: str) -> JSON:
    body = {"name": name, "kind": "processor", "categories": [category], "actions": ["collect", "correct", "delete"]}
    return {**body, "matches_by": FIELDS, "contact_email": "holder@example.com", **more}
