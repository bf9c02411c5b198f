"""Reach, then identity: whose contact it is decides, and a stranger learns nothing by trying."""

import re
from datetime import timedelta

import pytest

from app import db
from app.jobs import Job, defer
from app.law.match import Contact, Finding, Person
from app.services import identity, watch
from examples.common.files import WatchedFile
from examples.register.__main__ import INVENTED_PEOPLE, build
from tests.api.acts import DELETION, DELIVERY, answer, ask, claims, one, outcomes, review, rows, statuses
from tests.api.logins import log_in
from tests.conftest import REGISTER_SECRET, serving
from tests.house import ADDRESS, GILDONG, ONLINE_MALL, STRANGER, House, bearer, key

MINSU = {"name": "김민수", "phone": "010-0000-6001", "email": "minsu.kim@example.com"}
UNUSABLE = (
    ({"name": "오하람", "phone": "010-0000-9001"}, "phone_code"),  # shared with others
    ({"name": "이철수", "email": "store-desk@example.com"}, "email_code"),  # a shared mailbox
    ({"name": "정우진", "phone": "010-0000-5002"}, "phone_code"),  # a guardian's
    ({"name": "박민지", "phone": "010-0000-3001"}, "phone_code"),  # on record for two days
)


class Switch:
    """A register that can be away."""

    def __init__(self) -> None:
        self.register = build(REGISTER_SECRET, WatchedFile(INVENTED_PEOPLE))
        self.away = False

    async def __call__(self, scope, receive, send) -> None:
        if not self.away:
            await self.register(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b""})


OWN = re.compile(r"\d{3}-\d{4}-\d{4}|<svg.*?</svg>|\d+\.[0-9a-f]{64}|감사기록 \d+번", re.DOTALL)
"""What of a notice is its request's alone: its number, and where the audit chain speaks of it."""


@pytest.fixture
def switch(environment: dict[str, str]):
    """Ask for it before the desk is opened."""
    found = Switch()
    with serving(found) as url:
        environment["REGISTER_URL"] = url
        yield found


async def untouched(house: House) -> bool:
    """Nothing has happened to anybody: no hold, task, notice or decision."""
    kept = [await one(house.desk, f"SELECT count(*) FROM {name}") for name in ("hold", "task", "notice", "decision")]
    return kept == [0, 0, 0, 0]


async def opened(house: House, filed: dict[str, object]) -> list[str]:
    """The notices as pages, without what is this request's alone."""
    listed = await house.api.get(f"/v1/requests/{filed['id']}/notices", headers=house.auth("officer"))
    pages = []
    for notice in listed.json()["items"]:
        path = f"/v1/notices/{notice['id']}/document"
        page = (await house.api.get(path, headers={**house.auth("officer"), "Accept": "text/html"})).text
        pages.append(OWN.sub("", page))
    return sorted(pages)


async def test_a_name_and_an_old_contact_of_ones_own_identify(house: House) -> None:
    for subject, method in (
        (GILDONG, "phone_code"),
        (GILDONG, "email_code"),
        ({"name": "amélie  o'neill", "phone": "010-0000-8001"}, "phone_code"),
        ({"name": "정우진", "phone": "010-0000-5001"}, "phone_code"),
    ):
        filed = await house.file(ONLINE_MALL, subject=subject, notify_by="visit")
        assert (await house.prove(filed, method)).status_code == 200
        assert (await house.look(filed))["verified"], subject
        assert (await house.look(filed, "officer"))["identity"] == "identified"


async def test_a_stranger_with_a_phone_of_his_own_hears_the_same_words_whoever_he_names(house: House) -> None:
    await house.system()
    told = []
    for subject in (STRANGER, {**STRANGER, "name": "홍길동"}, {**STRANGER, "email": GILDONG["email"]}):
        subject = {**subject, "name": subject["name"]}
        filed = await house.file(ONLINE_MALL, ADDRESS, DELETION, subject=subject, notify_by="sms")
        await house.prove(filed)
        view = await house.look(filed)
        assert await outcomes(house, filed) == {"nothing_held"}
        pages = [page.replace(subject["name"], "") for page in await opened(house, filed)]
        texts = [re.sub(r"\d[\d-]*", "", message["text"]) for message in house.sent("sms")[-4:]]
        shape = [claim | {"id": "", "available_from": ""} for claim in view["claims"]]
        told.append((shape, view["actions"], view["next_steps"], pages, texts))
    assert told[0] == told[1] == told[2]
    assert await one(house.desk, "SELECT count(*) FROM hold") == 0
    assert await one(house.desk, "SELECT count(*) FROM task") == 0


async def test_a_contact_that_is_not_surely_ones_own_identifies_nobody(house: House) -> None:
    await house.system()
    for subject, method in UNUSABLE:
        filed = await house.file(ONLINE_MALL, ADDRESS, subject=subject, notify_by="visit")
        before = await house.look(filed)
        answered = await house.prove(filed, method)
        assert answered.json() == {"status": "verified"}
        assert await house.look(filed) == before, subject
        assert await review(house, filed) == ["identity.unusable_contact"]
    assert await untouched(house)


async def test_a_child_in_the_register_is_for_a_person_to_look_at_and_never_revealed(house: House) -> None:
    filed = await house.file(ONLINE_MALL, subject={"name": "최하늘", "phone": "010-0000-4001"}, notify_by="sms")
    before = await house.look(filed)
    assert (await house.prove(filed)).json() == {"status": "verified"}
    assert await review(house, filed) == ["identity.under_14"]
    assert await house.look(filed) == before and await untouched(house)
    line = await house.api.get(f"/v1/requests/{filed['id']}/timeline", headers=bearer(filed["requester_token"]))
    assert "14" not in re.sub(r"\d{4}-\d\d-\d\d.*?\"|seq\D+\d+", "", line.text) and "under" not in line.text
    assert "identity.judge" not in line.text


async def test_a_contact_under_correction_proves_nothing_in_the_same_request(house: House) -> None:
    change = {"category": "separate_service", "field": "phone", "corrected": "010-0000-9999"}
    filed = await house.file({"right": "correction", "changes": [change]}, ONLINE_MALL)
    await house.prove(filed)
    assert await statuses(house, filed) == ["received", "received"]
    assert await review(house, filed) == ["identity.unusable_contact"] and await untouched(house)
    # The other contact identifies, as far as a mailbox is enough.
    await house.prove(filed, "email_code")
    assert (await statuses(house, filed))[0] == "received" and (await statuses(house, filed))[1] != "received"


async def test_how_a_person_was_reached_decides_how_long_a_release_waits(trusted: None, house: House) -> None:
    """Whoever holds an old telephone and has just put a new mailbox on record may not be the person (C4)."""
    await house.system()
    changed = {"name": "임도현", "phone": "010-0000-6301", "email": "dohyun@example.com"}
    known = {"name": "송지호", "phone": "010-0000-6201", "email": "jiho@example.com"}
    for subject, first, then, found in (
        (known, "phone_code", None, ("old", "old")),
        (changed, "phone_code", "C-1047", ("changed", "changed")),
        (known, "C-1046", "email_code", ("other", "old")),
        (known, "email_code", "C-1046", ("old", "old")),
        (changed, "C-1047", "phone_code", ("other", "changed")),
    ):
        filed = await house.file(ONLINE_MALL, subject=subject, notify_by="visit")
        for way, expected in zip((first, then), found, strict=True):
            if way is not None:
                await (house.prove(filed, way) if way.endswith("code") else log_in(house, filed, sub=way))
            reached = await one(house.desk, "SELECT reached FROM request WHERE id = :id", id=filed["id"])
            assert reached == expected, (subject["name"], way)


async def test_what_is_frozen_is_judged_once_somebody_has_ruled(house: House) -> None:
    filed = await house.file(ONLINE_MALL)
    asked = await ask(house, filed)
    await rows(house.desk, "UPDATE request SET frozen_at = now() RETURNING id")
    await answer(house, filed, asked.json()["id"], code=house.last_code("sms"))
    assert await statuses(house, filed) == ["received"]
    assert await one(house.desk, "SELECT judged_at FROM proof") is None and await untouched(house)
    await rows(house.desk, "UPDATE request SET frozen_at = NULL RETURNING id")
    await rows(house.desk, "UPDATE proof SET at = at - interval '1 minute' RETURNING id")
    async with house.desk.database.transaction() as session:
        jobs = await watch.overlooked(session, now=db.now())
        for name, args in jobs:
            await defer(session, Job(name, args))
    assert [name for name, _ in jobs] == ["identify"]
    await house.workshop.run()
    assert await statuses(house, filed) != ["received"]


async def test_one_persons_requests_are_one_askers(house: House) -> None:
    for subject in (GILDONG, GILDONG, {"name": "김영희", "phone": "010-0000-1234"}, STRANGER):
        await house.prove(await house.file(ONLINE_MALL, subject=subject, notify_by="visit"))
    first, second, other, nobody = (
        row[0] for row in await rows(house.desk, "SELECT asker_digest FROM request ORDER BY id")
    )
    assert first == second and other not in (None, first) and nobody is None


async def test_two_of_one_name_and_phone_are_parted_by_the_day_of_birth(house: House) -> None:
    both = {"name": "한서준", "phone": "010-0000-7001"}
    for born, finding in ((None, "several"), ("1988-10-01", "identified"), ("1977-07-07", "birth_conflict")):
        filed = await house.file(ONLINE_MALL, subject={**both, "birth_date": born}, notify_by="visit")
        await house.prove(filed)
        judged = await one(house.desk, "SELECT judgement FROM proof WHERE request_id = :id", id=filed["id"])
        assert judged == finding
        assert (await house.look(filed))["verified"] is (finding == "identified")


async def test_a_mailbox_is_enough_for_what_the_policy_says_and_a_phone_for_the_rest(house: House) -> None:
    asked = {"right": "deletion", "categories": ["inquiry"]}
    filed = await house.file(ONLINE_MALL, DELIVERY, asked, DELETION, ADDRESS)
    await house.prove(filed, "email_code")
    rights = {claim["right"] + str(n): claim["status"] for n, claim in enumerate(await claims(house, filed))}
    unproved = {name for name, status in rights.items() if status == "received"}
    assert unproved == {"deletion3", "correction4"}
    assert await one(house.desk, "SELECT count(*) FROM hold WHERE kind = 'correction_pending'") == 0
    assert not (await house.look(filed))["verified"]
    [step] = [step for step in (await house.look(filed))["next_steps"] if step["step"] == "verify"]
    assert step["methods"][0] == "phone_code"
    await house.prove(filed)
    assert "received" not in await statuses(house, filed) and (await house.look(filed))["verified"]
    assert await one(house.desk, "SELECT count(*) FROM hold WHERE kind = 'correction_pending'") == 1


async def test_a_request_is_about_one_person_whatever_is_proved_later(house: House) -> None:
    """Who is known under the same name must not have his request carried over to somebody whose mailbox he reads."""
    mall = await house.system()
    filed = await house.file(DELETION, subject=MINSU, notify_by="sms")
    await house.prove(filed)
    assert await statuses(house, filed) == ["verified"]
    await house.prove(filed, "email_code")
    assert await review(house, filed) == ["identity.several"]
    [claim] = filed["claims"]
    await house.decide(claim["id"], outcome="partial", reason="보존합니다.")
    await house.approve(claim["id"], agree=True)
    [task] = await mall.tasks()
    assert (await mall.fetch(task["id"]))["subject"]["subject_ref"] == "C-1035"


async def test_who_was_told_that_nothing_is_held_is_not_somebody_else_a_moment_later(house: House) -> None:
    """Two proofs wait for the register: the first finds nothing, and that answers the claim."""
    filed = await house.file(DELETION, subject={**STRANGER, "name": "홍길동", "email": GILDONG["email"]})
    proofs = []
    for method in ("phone_code", "email_code"):
        asked = await ask(house, filed, method)
        code = house.last_code("sms" if method == "phone_code" else "mail")
        reply = await house.api.post(
            f"/v1/verifications/{asked.json()['id']}/answer",
            json={"code": code},
            headers=bearer(filed["requester_token"]),
        )
        assert reply.status_code == 200
        proofs.append(await one(house.desk, "SELECT id FROM proof WHERE method = :method", method=method))
        await rows(house.desk, "DELETE FROM procrastinate_jobs WHERE task_name = 'identify' RETURNING id")
    known = Person(
        "C-1029", "홍길동", None, (Contact("email", GILDONG["email"], db.now().date().replace(year=2024), "subject"),)
    )
    found = []
    for proof, people in zip(proofs, ((), (known,)), strict=True):
        async with house.desk.database.transaction() as session:
            found.append(await identity.judge(session, proof, people, now=db.now()))
    assert found == [Finding.NOTHING_HELD, Finding.SEVERAL]
    await house.workshop.run()
    assert await outcomes(house, filed) == {"nothing_held"}
    assert await one(house.desk, "SELECT count(*) FROM task") == 0


async def test_a_register_that_is_away_is_asked_again(switch: Switch, house: House) -> None:
    switch.away = house.workshop.may_fail = True
    filed = await house.file(ONLINE_MALL)
    assert (await house.prove(filed)).json() == {"status": "verified"}
    assert await statuses(house, filed) == ["received"] and await untouched(house)
    waits = "SELECT extract(epoch FROM scheduled_at - now()) FROM procrastinate_jobs WHERE task_name = 'identify'"
    assert 2 < await one(house.desk, waits) <= 6
    switch.away = False
    await rows(house.desk, "UPDATE procrastinate_jobs SET scheduled_at = now() RETURNING id")
    await house.workshop.run()
    assert (await house.look(filed))["verified"]


async def test_no_papers_are_called_for_while_the_register_is_still_to_be_asked(switch: Switch, house: House) -> None:
    """A guardian on record needs none; that the register is away is no reason to send them to an office."""
    switch.away = house.workshop.may_fail = True
    filed = await house.file_as_guardian(ONLINE_MALL)
    await house.prove(filed, party="requester")
    async with house.desk.database.transaction() as session:
        jobs = await watch.overlooked(session, now=db.now() + timedelta(minutes=1))
    assert [name for name, _ in jobs] == ["identify"]
    switch.away = False
    await rows(house.desk, "UPDATE procrastinate_jobs SET scheduled_at = now() RETURNING id")
    await house.workshop.run()
    assert "awaiting_evidence" not in await statuses(house, filed)
    assert await one(house.desk, "SELECT count(*) FROM supplement") == 0


async def test_a_call_center_relays_for_identity_and_never_for_release(house: House) -> None:
    filed = await house.file(ONLINE_MALL, role="call_center", notify_by="sms")
    agent = house.auth("call_center", agent="a17")
    asked = await ask(house, filed, headers=agent)
    assert asked.status_code == 202
    relayed = await answer(house, filed, asked.json()["id"], headers=agent, code=house.last_code("sms"))
    assert relayed.status_code == 200 and "access_code" not in relayed.text
    # The caller, not the agent, gets the access code; another center's agent sees nothing of it.
    [code] = [sms["params"]["access_code"] for sms in house.sent("sms") if sms["template"].startswith("access_code")]
    assert (await ask(house, filed, purpose="release", headers=agent)).json()["code"] == "auth.forbidden"
    foreign = await ask(house, filed, headers=house.auth("call_center", "other-center", agent="a17"))
    assert (foreign.status_code, foreign.json()["code"]) == (404, "request.not_found")
    tracked = {"receipt_no": filed["receipt_no"].replace("-", ""), "access_code": code.upper()}
    token = (await house.api.post("/v1/tracking", json=tracked)).json()["access_token"]
    release = await ask(house, filed, purpose="release", headers=bearer(token))
    code_of_release = house.last_code("sms")
    refused = await answer(house, filed, release.json()["id"], headers=agent, code=code_of_release)
    assert refused.json()["code"] == "verification.failed"
    granted = await answer(house, filed, release.json()["id"], headers=bearer(token), code=code_of_release)
    assert granted.json()["grant"]


async def test_release_opens_by_the_way_that_verified_and_by_no_other(house: House) -> None:
    """A phone that was proved, but identified nobody, gets no code that opens somebody's data."""
    filed = await house.file(
        ONLINE_MALL, subject={"name": "오하람", "phone": "010-0000-9001", "email": "haram@example.com"}
    )
    assert (await ask(house, filed, purpose="release")).json()["code"] == "claim.not_verified"
    await house.prove(filed)
    await house.prove(filed, "email_code")
    assert (await house.look(filed))["verified"]
    assert (await ask(house, filed, purpose="release")).json()["code"] == "claim.not_verified"
    for method in ("site_login", "identity_provider"):
        assert (await ask(house, filed, method, "release")).json()["code"] == "claim.not_verified"
    assert (await ask(house, filed, "email_code", "release")).status_code == 202
    [fetch] = [step for step in (await house.look(filed))["next_steps"] if step["step"] == "fetch"]
    assert fetch["methods"] == ["email_code"]


async def test_what_was_withdrawn_before_identity_was_never_verified(house: House) -> None:
    filed = await house.file()
    await house.api.post(
        f"/v1/requests/{filed['id']}/withdrawal", json={}, headers={**bearer(filed["requester_token"]), **key()}
    )
    assert (await house.look(filed))["verified"] is False
    assert (await ask(house, filed)).json()["code"] == "claim.closed"
