"""What was provided to third parties: reported by systems, told to the person, followed where wrong (policy 8.7)."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import db
from app.services import provided, relaying
from tests.api.acts import YOUNGHEE, one, refused, review, rows, statuses
from tests.api.others import granted, timeline
from tests.api.readings import package
from tests.api.test_relays import CORRECTION, act, listed, look, page_of
from tests.api.years import today
from tests.house import Holder, House, key

ALL = {"right": "access", "aspects": ["third_parties"], "categories": ["online_mall", "separate_service"]}


def entry(*, days_ago: int = 0, **more: Any) -> dict[str, Any]:
    """A provision to the police under a statute; `days_ago`: on the day so long before today."""
    provided_on = (today() - timedelta(days=days_ago)).isoformat()
    return {
        "ref": "row 1",
        "subject": {"phone": "010-1234-5678"},
        "category": "separate_service",
        "recipient": "police",
        "provided_on": provided_on,
        "basis": "statute",
        "article": "형사소송법 제199조",
        **more,
    }


async def log(house: House, holder: Holder, *entries: dict[str, Any], **headers: str) -> httpx.Response:
    """The system says what it provided."""
    body = {"disclosures": list(entries)}
    return await house.api.post("/v1/disclosures", json=body, headers={**holder.headers, **key(), **headers})


async def stored(house: House) -> int:
    found: int = await one(house.desk, "SELECT count(*) FROM disclosure")
    return found


async def corrected(house: House, mall: Holder, claim: dict[str, Any] = CORRECTION) -> dict[str, Any]:
    """A correction, granted and made where the data is held."""
    filed = await house.file(claim)
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    while await mall.work():
        pass
    assert await statuses(house, filed) == ["closed"]
    return filed


async def test_a_batch_is_written_once_however_often_it_is_sent(house: House) -> None:
    mall = await house.system()
    first = await log(house, mall, entry(), entry(ref="row 2", subject={"customer_no": "C-1"}))
    assert first.status_code == 201, first.text
    ids = [item["id"] for item in first.json()["items"]]
    again = await log(house, mall, entry(ref="row 2", subject={"customer_no": "C-1"}), entry(), entry())
    assert [item["id"] for item in again.json()["items"]] == [ids[1], ids[0], ids[0]]
    assert await stored(house) == 2
    same = key()
    replay = [await log(house, mall, entry(ref="row 3"), **same) for _ in range(2)]
    assert replay[0].json() == replay[1].json() and replay[1].headers["idempotency-replayed"] == "true"
    other = await house.system("another")
    theirs = await log(house, other, entry())
    assert theirs.json()["items"][0]["id"] not in ids, "a name is a system's own"


@pytest.mark.parametrize(
    "other",
    [
        {"category": "online_mall"},
        {"fields": ["address"]},
        {"days_ago": 3},
        {"basis": "consent"},
        {"article": "형사소송법 제215조"},
        {"subject": {"phone": "010-0000-4321"}},
    ],
)
async def test_a_name_that_is_taken_never_means_something_else(house: House, other: dict[str, Any]) -> None:
    mall = await house.system()
    assert (await log(house, mall, entry())).status_code == 201
    reply = await log(house, mall, entry(ref="new"), entry(**other))
    assert refused(reply) == (422, "/disclosures/1/ref", "field.duplicate")
    assert refused(await log(house, mall, entry(ref="x"), entry(ref="x", **other)))[1] == "/disclosures/1/ref"
    assert await stored(house) == 1, "all of a batch or none"


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"category": "nothing"}, "/category", "field.value"),
        ({"category": "consultation"}, "/category", "field.value"),
        ({"fields": ["address", "content"]}, "/fields/1", "field.value"),
        ({"recipient": "hanjin"}, "/recipient", "field.value"),
        ({"recipient": "0193b9a0-0000-7000-8000-000000000000"}, "/recipient", "field.value"),
        ({"days_ago": -1}, "/provided_on", "field.value"),
        ({"days_ago": 731}, "/provided_on", "field.value"),
        ({"provided_on": "2026-02-30"}, "/provided_on", "field.format"),
        ({"basis": "contract"}, "/basis", "field.value"),
        ({"article": None}, "/article", "field.required"),
        ({"article": "900101-1234567"}, "/article", "identifier.rrn_not_allowed"),
        ({"subject": {}}, "/subject", "field.required"),
        ({"subject": {"phone": "010-1234-5678", "customer_no": "C-1"}}, "/subject", "field.inconsistent"),
        ({"subject": {"phone": "1"}}, "/subject/phone", "field.format"),
        ({"subject": {"name": "홍길동"}}, "/subject/name", "field.unknown"),
    ],
)
async def test_what_cannot_have_been_provided_is_refused_at_its_place(
    house: House, wrong: dict[str, Any], pointer: str, code: str
) -> None:
    mall = await house.system()
    reply = await log(house, mall, entry(ref="right"), entry(**wrong))
    assert refused(reply) == (422, f"/disclosures/1{pointer}", code)
    assert await stored(house) == 0
    assert (await log(house, mall, entry(days_ago=730))).status_code == 201


async def test_a_batch_has_an_end_and_only_who_holds_for_us_speaks(house: House) -> None:
    mall = await house.system()
    many = [entry(ref=f"row {n}") for n in range(501)]
    assert (await log(house, mall, *many[:500])).status_code == 201
    assert (await log(house, mall, *many)).status_code == (await log(house, mall)).status_code == 422
    for kind in ("third_party", "source"):
        other = await house.system(kind, kind=kind)
        assert refused(await log(house, other, entry()))[1] == "/disclosures/0/category", kind


WORDS = st.one_of(
    st.text(max_size=12), st.sampled_from(("police", "online_mall", "010-0000-7171", "2026-11-01", "statute"))
)
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "ref": WORDS,
        "subject": st.one_of(st.just({"phone": "010-0000-7171"}), st.dictionaries(WORDS, WORDS, max_size=2), st.none()),
        "category": WORDS,
        "fields": st.one_of(st.none(), st.lists(WORDS, max_size=3), WORDS),
        "recipient": WORDS,
        "provided_on": st.one_of(st.dates().map(str), st.datetimes().map(str), st.integers()),
        "basis": WORDS,
        "article": st.one_of(st.none(), WORDS),
        "more": WORDS,
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=st.lists(ENTRY.map(lambda wrong: entry() | wrong), min_size=1, max_size=3))
async def test_whatever_is_sent_is_written_whole_or_refused_whole(house: House, batch: list[dict[str, Any]]) -> None:
    """And a refusal points into what was sent, and says nothing of it again."""
    mall, before = await house.system(), await stored(house)
    reply = await log(house, mall, *batch)
    if reply.status_code == 201:
        assert len(reply.json()["items"]) == len(batch)
        assert await stored(house) - before == len({one_["ref"] for one_ in batch})
        again = await log(house, mall, *batch)
        assert again.json() == reply.json()
    else:
        assert reply.status_code in (400, 422) and await stored(house) == before
        assert all(fault["pointer"].startswith("/disclosures") for fault in reply.json().get("errors", []))
        assert "7171" not in reply.text


async def test_the_person_is_told_what_was_given_to_whom_when_and_why(house: House) -> None:
    mall = await house.system()
    bank = await house.system("가상은행", kind="third_party", categories=[], actions=[])
    before = (today() - timedelta(days=40)).isoformat()
    reply = await log(
        house,
        mall,
        entry(fields=["address", "phone"]),
        entry(ref="2", recipient=bank.id, basis="consent", article=None, provided_on=before),
        entry(ref="3", category="online_mall", subject={"email": "GILDONG@example.com"}, basis="urgent"),
        entry(ref="4", subject={"phone": YOUNGHEE["phone"]}, recipient=bank.id, provided_on=before),
    )
    assert reply.status_code == 201, reply.text
    filed = await house.file(ALL)
    await house.prove(filed)
    data, text = await package(house, filed)
    told = {one_["id"]: one_["provided"] for one_ in data["categories"]}
    assert told["separate_service"] == [
        {"to": "가상은행", "on": before, "items": [], "basis": "동의", "article": None},
        {
            "to": "경찰관서",
            "on": today().isoformat(),
            "items": ["주소", "전화번호"],
            "basis": "법률",
            "article": "형사소송법 제199조",
        },
    ]
    assert [one_["basis"] for one_ in told["online_mall"]] == ["급박한 생명·신체·재산의 이익"]
    for said in ("제3자에게제공한기록", "가상은행", "형사소송법제199조", "이분류의항목전체"):
        assert said in text, said
    assert [one_["name"] for one_ in data["categories"][0]["third_parties"]] == ["경찰관서"], "arrangements beside"
    assert "제3자에게 제공한 기록 3건은 함께 드리는 열람 자료에 적었습니다." in await page_of(house, filed)


async def test_who_answers_for_it_reads_what_is_on_record(house: House) -> None:
    mall, other = await house.system(), await house.system("another")
    made = await log(
        house, mall, *(entry(ref=str(n)) for n in range(3)), entry(ref="hers", subject={"customer_no": "X"})
    )
    await log(house, other, entry(fields=["address"]))
    ids = [item["id"] for item in made.json()["items"]]
    officer, auditor = house.auth("officer"), house.auth("auditor")

    async def read(headers: dict[str, str], **params: Any) -> dict[str, Any]:
        reply = await house.api.get("/v1/disclosures", params=params, headers=headers)
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        return found

    page = await read(auditor, limit=3)
    rest = await read(auditor, limit=3, cursor=page["next_cursor"])
    every = page["items"] + rest["items"]
    assert len({item["id"] for item in every}) == 5 and rest["next_cursor"] is None
    assert every[0] | {"id": "", "at": ""} == {
        "id": "",
        "at": "",
        "system_id": other.id,
        "category": "separate_service",
        "fields": ["address"],
        "recipient": "police",
        "recipient_name": "경찰관서",
        "provided_on": today().isoformat(),
        "basis": "statute",
        "article": "형사소송법 제199조",
    }
    mine = await read(officer, system_id=mall.id)
    assert {item["id"] for item in mine["items"]} == set(ids)
    # Whose it was stands nowhere; for a request's own person it is asked by an officer alone, and logged.
    filed = await house.file()
    assert (await read(officer, request_id=filed["id"]))["items"] == [], "not before anybody is known"
    await house.prove(filed)
    asked = await read(officer, request_id=filed["id"], system_id=mall.id)
    assert {item["id"] for item in asked["items"]} == set(ids[:3])
    logged = "SELECT count(*) FROM access_log WHERE operation = 'list_disclosures' AND request_id IS NOT NULL"
    assert await one(house.desk, logged) == 2
    params = {"request_id": filed["id"]}
    reply = await house.api.get("/v1/disclosures", params=params, headers=auditor)
    assert (reply.status_code, reply.json()["code"]) == (403, "auth.forbidden")
    reply = await house.api.get("/v1/disclosures", params={"request_id": mall.id}, headers=officer)
    assert (reply.status_code, reply.json()["code"]) == (404, "request.not_found")


async def test_nothing_on_record_is_an_answer_too(house: House) -> None:
    mall = await house.system()
    await log(house, mall, entry(subject={"phone": YOUNGHEE["phone"]}))
    filed = await house.file(ALL)
    await house.prove(filed)
    data, text = await package(house, filed)
    assert [one_["provided"] for one_ in data["categories"]] == [[], []]
    assert "보관중인기록가운데알려드릴것이없습니다" in text
    assert "제공한 기록" not in await page_of(house, filed)
    other = await house.file({**ALL, "aspects": ["purposes"]})
    await house.prove(other)
    data, text = await package(house, other)
    assert data["categories"][0]["provided"] is None and "제공한기록" not in text


async def test_while_a_law_forbids_to_tell_nothing_tells(silenced: None, house: House) -> None:
    """Neither the package nor the notice nor the timeline; the words beside are the same for everybody."""
    mall = await house.system()
    # Registered under a name of its own it is still the one whom the policy calls so.
    unit = await house.system("광역수사대", kind="third_party", party="police", categories=[], actions=[])
    await log(house, mall, entry(), entry(ref="2", recipient=unit.id, category="online_mall"))
    filed = await house.file(ALL)
    await house.prove(filed)
    data, text = await package(house, filed)
    assert [one_["provided"] for one_ in data["categories"]] == [[], []]
    assert "경찰" not in text and "광역수사대" not in text and "보관중인기록가운데알려드릴것이없습니다" in text
    assert "제공한 기록" not in await page_of(house, filed)
    changed = await corrected(house, mall)
    assert [relay["party"]["ko"] for relay in await listed(house)] == ["경찰관서"], "they are informed all the same"
    page = await page_of(house, changed)
    assert "경찰관서" not in page and "결과를 함께 알리는 곳" not in page
    assert not any(step.startswith(("relay.", "inform.")) for step in await timeline(house, changed))


async def test_a_correction_is_told_to_whom_the_wrong_data_went(house: House) -> None:
    """By a task, by a letter, by hand: each once, the claim waits for none, and the person is told whom."""
    mall = await house.system()
    known = await house.system("거래처 가", kind="third_party", actions=["inform"])
    more = await house.system("거래처 나", kind="third_party", categories=[], actions=["inform"])
    paper = await house.system("거래처 다", kind="third_party", categories=[], actions=[])
    spared = await house.system("거래처 라", kind="third_party", categories=[], actions=["inform"])
    consented = {"basis": "consent", "article": None}
    assert (
        await log(
            house,
            mall,
            entry(),
            entry(ref="again", basis="consent"),
            entry(ref="known", recipient=known.id, **consented),
            entry(ref="more", recipient=more.id, fields=["address", "name"], **consented),
            entry(ref="paper", recipient=paper.id, **consented),
            entry(ref="other field", recipient=spared.id, fields=["phone"], **consented),
            entry(ref="other person", recipient=spared.id, subject={"phone": YOUNGHEE["phone"]}, **consented),
        )
    ).status_code == 201
    filed = await corrected(house, mall)
    found = {relay["party"]["ko"]: relay for relay in await listed(house)}
    assert {name: (relay["why"], relay["state"]) for name, relay in found.items()} == {
        "거래처 가": ("given", "sent"),
        "거래처 나": ("given", "sent"),
        "거래처 다": ("given", "to_send"),
        "경찰관서": ("given", "to_send"),
    }
    assert await spared.tasks() == [] and len(await known.tasks()) == 1
    [task] = await more.tasks()
    whole = await more.fetch(task["id"])
    assert (task["action"], whole["fields"]) == ("inform", ["address"])
    assert whole["changes"][0]["corrected"] == CORRECTION["changes"][0]["corrected"]
    page = await page_of(house, filed)
    assert all(name in page for name in found) and "거래처 라" not in page and "결과를 함께 알리는 곳" in page
    letter = (await look(house, found["경찰관서"]["id"])).json()["letter"]
    for said in ("경찰관서 귀중", "정정하거나 삭제하였습니다", "제36조제2항", "새길 2", "홍길동"):
        assert said in letter, said
    assert (await look(house, found["거래처 다"]["id"])).json()["contact"] == "holder@example.com"
    assert await review(house, filed) == ["relay.by_hand", "relay.by_hand"]
    await act(house, found["경찰관서"]["id"], "sending", way="post", sent_on=today().isoformat())
    await act(house, found["경찰관서"]["id"], "answer", result="done", answered_on=today().isoformat())
    assert (await more.report(task["id"], "done")).status_code == 200
    ended = {relay["party"]["ko"]: relay["result"] for relay in await listed(house, state="answered")}
    assert ended == {"경찰관서": "done", "거래처 나": "done"}
    later = db.now() + timedelta(days=20)
    async with house.desk.database.transaction() as session:
        assert len(await relaying.silent(session, now=later)) == 2, "the others are followed to their end"
    assert not any(step.startswith(("relay.", "inform.")) for step in await timeline(house, filed))


async def test_a_deletion_is_told_but_not_to_whom_a_statute_gave_it(house: House) -> None:
    mall = await house.system()
    bank = await house.system("가상은행", kind="third_party", categories=[], actions=["relay"])
    paper = await house.system("가상보험", kind="third_party", categories=[], actions=["inform"])
    consented = {"basis": "consent", "article": None}
    await log(
        house,
        mall,
        entry(),
        entry(ref="bank", recipient=bank.id, **consented),
        entry(ref="paper", recipient=paper.id, **consented),
    )
    filed = await house.file({"right": "deletion", "categories": ["separate_service"]})
    await house.prove(filed)
    await granted(house, filed, outcome="partial", reason="계약 기록은 보존합니다.")
    while await mall.work():
        pass
    assert await statuses(house, filed) == ["closed"]
    found = {relay["party"]["ko"]: relay["state"] for relay in await listed(house) if relay["why"] == "given"}
    assert found == {"가상은행": "sent", "가상보험": "to_send"}
    [task] = await bank.tasks()
    assert (task["action"], (await bank.fetch(task["id"]))["right"]) == ("relay", "deletion")
    page = await page_of(house, filed)
    assert "가상은행" in page and "가상보험" in page and "경찰관서" not in page


async def test_a_party_that_is_registered_under_its_policy_name_hears_once(house: House) -> None:
    mall = await house.system()
    police = await house.system("경찰관서", kind="third_party", categories=["separate_service"], actions=["inform"])
    await log(house, mall, entry(), entry(ref="2", recipient=police.id))
    await corrected(house, mall)
    assert [task["action"] for task in await police.tasks()] == ["inform"]
    assert len(await listed(house)) == 1


async def test_nobody_is_informed_of_what_was_not_done(house: House) -> None:
    """Nobody holds it any more, or it was given up: then nothing was corrected that others could be told of."""
    mall = await house.system()
    await log(house, mall, entry())
    filed = await house.file(CORRECTION)
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    [task] = [task for task in await mall.tasks() if task["action"] == "correct"]
    assert (await mall.report(task["id"], "not_held")).is_success
    await house.workshop.run()
    assert await statuses(house, filed) == ["closed"] and await listed(house) == []


async def test_no_handle_stands_in_any_table(house: House) -> None:
    """Nor in a log entry: a keyed hash is all that is kept of whom it was about, and of what a system calls its row."""
    mall = await house.system()
    handles = ({"phone": "010-0000-7171"}, {"email": "canary.bird@example.com"}, {"customer_no": "CANARY-77"})
    refs = ("canary row", "010-0000-7171", "canary.bird@example.com")
    for subject, ref in zip(handles, refs, strict=True):
        assert (await log(house, mall, entry(subject=subject, ref=ref))).status_code == 201
    assert refused(await log(house, mall, entry(ref="canary row", basis="consent")))[0] == 422
    tables = await rows(house.desk, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in tables:
        held = str(await rows(house.desk, f'SELECT "{table}"::text FROM "{table}"'))
        bodies = held + str(await _audit(house)) if table == "audit_entry" else held
        for canary in ("canary", "CANARY", "0000-7171", "00007171"):
            assert canary not in bodies and canary.encode().hex() not in bodies, (table, canary)


async def _audit(house: House) -> list[Any]:
    return await rows(house.desk, "SELECT convert_from(body, 'UTF8') FROM audit_entry")


async def test_the_answer_is_the_same_whoever_is_known(house: House) -> None:
    mall = await house.system()
    known = await log(house, mall, entry())
    unknown = await log(house, mall, entry(ref="2", subject={"phone": "010-0000-9999"}))
    assert known.status_code == unknown.status_code == 201
    assert [set(item) for item in known.json()["items"]] == [set(item) for item in unknown.json()["items"]] == [{"id"}]


async def test_it_is_destroyed_on_its_day_and_that_is_on_record(house: House) -> None:
    mall = await house.system()
    kept = house.desk.policy.settled.provisions_kept_days
    last = today() - timedelta(days=kept - 1)
    await log(house, mall, entry(), entry(ref="old", provided_on=last.isoformat()))
    for days, left in ((1, 2), (2, 1)):
        async with house.desk.database.transaction() as session:
            await provided.forget(session, now=db.now() + timedelta(days=days))
        assert await stored(house) == left, days
    [fact] = [json.loads(body)["facts"] for (body,) in await _audit(house) if "disclosure.destroy" in body]
    assert fact["provisions"] == 1
    [logged] = [json.loads(body)["facts"] for (body,) in await _audit(house) if "disclosure.log" in body]
    assert logged == {"system": mall.id, "provisions": 2, "new": 2} and UUID(logged["system"])
