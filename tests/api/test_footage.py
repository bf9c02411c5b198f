"""Footage (policy ch. 14): asked for by place and time, kept from the moment of filing, found or gone, shown."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app import db
from tests.api.acts import MISSING, actions, changed, claims, one, post, refused, rows, statuses, tables
from tests.api.footage_acts import CANARY, acts, granted, kept, ledger, media, opened, order, reported, seat, store
from tests.house import GILDONG, STRANGER, Holder, House


async def test_trap_22_it_is_kept_from_the_moment_of_filing_before_anybody_is_identified(house: House) -> None:
    site = await store(house)
    filed = await house.file(media(site))
    [claim] = filed["claims"]
    assert (claim["status"], claim["media"]["name"], claim["media"]["likely_expired"]) == ("received", "강남점", False)
    whole = await order(site, "preserve")
    assert (whole["subject"], set(whole["media"])) == (None, {"site", "from", "to"})
    asked = media(site)["media"]
    assert datetime.fromisoformat(whole["media"]["from"]) == datetime.fromisoformat(asked["from"])
    assert datetime.fromisoformat(whole["due_at"]) <= db.now() + timedelta(hours=4)
    assert "홍길동" not in str(whole) and CANARY not in str(whole)
    held = await rows(house.desk, "SELECT kind, lifted_at FROM hold")
    assert [(row.kind, row.lifted_at) for row in held] == [("preserved", None)]
    assert await one(house.desk, "SELECT count(*) FROM hold_key") == 0
    await reported(house, site, whole)
    assert await one(house.desk, "SELECT state FROM footage") == "preserved"
    assert await acts(house, filed) == ["preserve"]


async def test_a_stranger_gets_the_same_answer_the_same_rows_and_the_same_care(house: House) -> None:
    site = await store(house)
    before = await tables(house.desk)
    known = await house.file(media(site))
    between = await tables(house.desk)
    foreign = await house.file(media(site), subject=STRANGER)
    after = await tables(house.desk)
    grown = [
        {name: later[name] - earlier[name] for name in later}
        for earlier, later in ((before, between), (between, after))
    ]
    assert grown[0] == grown[1]
    assert known["claims"][0].keys() == foreign["claims"][0].keys()
    assert known["next_steps"] == foreign["next_steps"] and len(await site.tasks()) == 2
    # Nothing is held of them, and still they were filmed: a person decides, and the store looks.
    await site.work()
    await house.prove(foreign)
    assert await statuses(house, foreign) == ["verified"]
    task = await granted_of(house, site, foreign)
    assert (task["subject"], task["media"]["visitor"]) == ({"name": "나그네"}, "나그네")
    await reported(house, site, task, media=seat())
    assert "강남점 2층" in await opened(house, foreign)


async def granted_of(house: House, site: Holder, filed: dict[str, Any]) -> dict[str, Any]:
    """Granted by an officer."""
    assert (await house.decide(filed["claims"][0]["id"], outcome="approve")).status_code == 200
    return await order(site, "collect")


async def test_what_was_granted_is_shown_at_the_store(house: House) -> None:
    site = await store(house)
    filed = await kept(house, site)
    await house.prove(filed)
    seen = await house.assessment(filed["claims"][0]["id"])
    [item] = seen["items"]
    assert (item["item"], item["proposed"], item["holders"]) == ("cctv", "grant", ["강남점"])
    assert seen["decides"] != "machine"
    task = await granted_of(house, site, filed)
    assert (task["media"]["description"], task["media"]["visitor"], task["media"]["kind"]) == (CANARY, "홍길동", "view")
    assert refused(await site.report(task["id"])) == (422, "/media", "field.required")
    await reported(house, site, task, media=seat())
    [claim] = await claims(house, filed)
    assert (claim["status"], claim["package"]["available"]) == ("closed", False)
    page = await opened(house, filed)
    for told in ("■ 열람", "강남점 2층", "■ 열람·시청", "■ 직접방문", "알아볼 수 없게", "개인영상정보: 영상 보기"):
        assert told in page, told
    assert CANARY not in page and CANARY not in str(claim)
    staff = (await house.look(filed, "officer"))["claims"][0]["media"]
    assert (staff["state"], staff["description"]) == ("preserved", CANARY)


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"from": "-1"}, (422, "/media/from", "field.value")),
        ({"to": "-1"}, (422, "/media/to", "field.inconsistent")),
        ({"from": "+20"}, (422, "/media/to", "field.inconsistent")),
        ({"from": "+20", "to": "+21"}, (422, "/media/from", "field.value")),
    ],
)
async def test_a_seat_lies_after_the_grant_and_within_the_statutory_days(
    house: House, changes: dict[str, str], answer: tuple[int, str, str]
) -> None:
    site = await store(house)
    task = await granted(house, site, await kept(house, site))
    moved = {name: (db.now() + timedelta(days=int(days))).isoformat() for name, days in changes.items()}
    assert refused(await site.report(task["id"], media=seat(**moved))) == answer


async def test_a_copy_is_given_with_others_hidden_or_not_at_all(house: House) -> None:
    site = await store(house)
    task = await granted(house, site, await kept(house, site, media(site, kind="copy")))
    assert refused(await site.report(task["id"], media=seat(masked=False))) == (422, "/media/masked", "field.value")
    assert refused(await site.report(task["id"], data={"cctv": [{"film": "x"}]}))[2] == "field.unknown"
    await reported(house, site, task, media=seat())


@pytest.mark.parametrize(("result", "words"), [("done", "영상이 있습니다"), ("not_held", "영상이 없습니다")])
async def test_whether_there_is_any_is_answered_either_way(house: House, result: str, words: str) -> None:
    site = await store(house)
    filed = await kept(house, site, media(site, kind="existence"))
    await reported(house, site, await granted(house, site, filed), result)
    assert await statuses(house, filed) == ["closed"]
    page = await opened(house, filed)
    assert words in page and "■ 열람" in page and "강남점" in page
    assert [(line["act"], line["form"]) for line in await ledger(house, filed)][1:] == [
        ("existence", "있음" if result == "done" else "없음")
    ]


async def test_that_a_recorder_no_longer_has_it_is_the_answer_to_whether_it_exists(house: House) -> None:
    site = await store(house)
    filed = await house.file(media(site, days=40, kind="existence"))
    await reported(house, site, await order(site, "preserve"), "not_held")
    await house.prove(filed)
    [item] = (await house.assessment(filed["claims"][0]["id"]))["items"]
    assert item["proposed"] == "grant"
    assert (await house.decide(filed["claims"][0]["id"], outcome="approve")).status_code == 200
    assert await site.tasks() == []
    page = await opened(house, filed)
    assert "영상이 없습니다" in page and "최대 30일" in page


async def test_what_is_older_than_it_is_kept_is_flagged_and_never_refused_for_that(house: House) -> None:
    site = await store(house)
    filed = await house.file(media(site, days=40), media(site, days=29))
    assert filed["adjusted"] == [{"pointer": "/claims/0/media", "code": "media.likely_expired"}]
    assert [claim["media"]["likely_expired"] for claim in filed["claims"]] == [True, False]
    assert [claim["media"]["likely_expired"] for claim in (await house.look(filed, "officer"))["claims"]] == [
        True,
        False,
    ]
    assert [one["action"] for one in await site.tasks()] == ["preserve", "preserve"]
    # The store found it after all.
    await site.work()
    await house.prove(filed)
    for claim in filed["claims"]:
        assert [item["proposed"] for item in (await house.assessment(claim["id"]))["items"]] == ["grant"]


async def test_what_is_gone_is_refused_by_two_people_with_the_fact(house: House) -> None:
    site = await store(house)
    filed = await house.file(media(site, days=40))
    claim = filed["claims"][0]["id"]
    await house.prove(filed)
    assert [item["proposed"] for item in (await house.assessment(claim))["items"]] == ["grant"]
    # The recorder answers late: what was assessed before is assessed anew.
    await reported(house, site, await order(site, "preserve"), "not_held")
    seen = await house.assessment(claim)
    [item] = seen["items"]
    assert (item["proposed"], item["ground"], seen["decides"]) == ("refuse", "A35_4_gone", "two")
    assert "보관 30일" in item["facts"]["recorded"]
    reply = await house.decide(claim, outcome="refuse", reason="보관기간이 지났습니다.")
    assert reply.json()["decision"]["state"] == "proposed"
    assert (await house.approve(claim, agree=True)).status_code == 200
    assert await statuses(house, filed) == ["closed"]
    page = await opened(house, filed)
    assert "■ 열람거절" in page and "보관 30일" in page and "이의" in page
    assert [(line["act"], line["reason"]) for line in await ledger(house, filed)] == [
        ("refuse", "보관기간이 지났습니다.")
    ]
    assert [one["action"] for one in await site.tasks()] == []


async def test_a_proposal_made_before_the_recorder_answered_is_put_before_people_again(house: House) -> None:
    site = await store(house)
    filed = await house.file(media(site, days=40), capacity="self")
    claim = filed["claims"][0]["id"]
    await house.prove(filed)
    facts = {"whose": "함께 있던 사람", "harm": "사생활이 드러남"}
    body = {"item": "cctv", "outcome": "refuse", "ground": "A35_4_2", "facts": facts}
    await house.decide(claim, outcome="refuse", reason="다른 사람의 이익", items=[body])
    await reported(house, site, await order(site, "preserve"), "not_held")
    assert "footage.gone" in [item["kind"] for item in (await house.look(filed, "officer"))["review"]]


@pytest.mark.parametrize(
    "ground", ["A35_4_3", "A35_3_masking", "A37_2_4", "A36_1", "A58_2", "OTHERS_IN_PICTURE", "POLICE"]
)
async def test_others_in_the_picture_and_the_police_are_no_reason_to_refuse(house: House, ground: str) -> None:
    site = await store(house)
    filed = await kept(house, site)
    await house.prove(filed)
    item = {"item": "cctv", "outcome": "refuse", "ground": ground, "facts": {"cause": "경찰 입회 필요"}}
    reply = await house.decide(filed["claims"][0]["id"], outcome="refuse", reason="안 됩니다.", items=[item])
    assert refused(reply)[2] == "ground.not_available"


async def test_what_does_not_fit_is_refused_where_it_stands_and_nothing_is_ordered(house: House) -> None:
    site, closed = await store(house), await store(house, name="닫은 점포")
    other = await house.system("a mall")
    headers = house.auth("admin")
    await house.api.post(f"/v1/systems/{closed.id}/retirement", headers={**headers, "Idempotency-Key": "r"})
    body = {"capacity": "self", "channel": "web", "subject": GILDONG, "claims": [media(site)]}
    future = (db.now() + timedelta(hours=3)).isoformat()
    misfits: list[tuple[str, Any, str]] = [
        ("/claims/0/media/site", MISSING, "field.required"),
        ("/claims/0/media/site", "강남점", "field.format"),
        ("/claims/0/media/site", other.id, "field.value"),
        ("/claims/0/media/site", closed.id, "field.value"),
        ("/claims/0/media/site", "0193a5b0-7c1e-7000-8000-000000000001", "field.value"),
        ("/claims/0/media/from", "2026-11-20T10:00:00", "field.timezone_required"),
        ("/claims/0/media/from", "yesterday", "field.format"),
        ("/claims/0/media/from", future, "field.inconsistent"),
        ("/claims/0/media/to", future, "field.value"),
        ("/claims/0/media/from", (db.now() - timedelta(days=5)).isoformat(), "media.window_too_long"),
        ("/claims/0/media/description", MISSING, "field.required"),
        ("/claims/0/media/description", "", "field.length"),
        ("/claims/0/media/description", "카드 4111 1111 1111 1111", "identifier.card_not_allowed"),
        ("/claims/0/media/ground", "curiosity", "field.value"),
        ("/claims/0/media/kind", "download", "field.value"),
        ("/claims/0/media/camera", 3, "field.unknown"),
        ("/claims/0/aspects", ["items"], "field.inconsistent"),
        ("/claims/0/categories", ["cctv"], "field.inconsistent"),
        ("/claims/0", {"right": "deletion", "categories": ["cctv"]}, "field.not_available_yet"),
    ]
    found = []
    for pointer, value, code in misfits:
        reply = await post(house, changed(pointer, value, body))
        status, _, said = refused(reply)
        found += [] if (status, said) == (422, code) else [(pointer, value, status, said)]
        assert CANARY not in reply.text
    assert found == [] and await site.tasks() == []
    assert await one(house.desk, "SELECT count(*) FROM footage") == 0


async def test_the_places_are_published_and_a_recorder_alone_is_one(house: House) -> None:
    site = await store(house)
    await house.system("경찰서", kind="third_party", categories=["cctv"], actions=["preserve"])
    await house.system("출동업체", kind="processor", categories=["cctv"], actions=["inform"])
    served = (await house.api.get("/v1/policy")).json()
    assert served["sites"] == [{"id": site.id, "label": {"ko": "강남점", "en": "강남점"}}]
    assert served["media"]["available"] is True


async def test_the_description_of_a_person_is_nowhere_in_clear(house: House) -> None:
    site = await store(house)
    filed = await kept(house, site)
    task = await granted(house, site, filed)
    await reported(house, site, task, media=seat())
    tables_ = [
        name for (name,) in await rows(house.desk, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]
    for name in tables_:
        assert CANARY not in str(await rows(house.desk, f'SELECT * FROM "{name}"')), name
    assert (await actions(house.desk, filed["id"]))["footage.preserve"] == 1


async def test_trap_21_recording_in_public_places_is_not_stopped_and_the_person_is_told_so(house: House) -> None:
    await store(house)
    stop = {"right": "suspension", "categories": ["cctv"], "ends_contract": False}
    filed = await house.file(stop)
    assert filed["adjusted"] == [{"pointer": "/claims/0/categories", "code": "media.recording_goes_on"}]
    note = (await house.api.get("/problems/media.recording_goes_on", headers={"Accept": "application/json"})).text
    assert "멈추어 드릴 수 없습니다" in note
    claim = filed["claims"][0]["id"]
    await house.prove(filed)
    seen = await house.assessment(claim)
    assert [(item["ground"], item["proposed"]) for item in seen["items"]] == [("A58_2", "refuse")]
    await house.decide(claim, outcome="refuse", reason="누구나 드나드는 매장입니다.")
    await house.approve(claim, agree=True)
    page = await opened(house, filed)
    assert "제58조제2항" in page and "촬영을 멈추어 드릴 수 없습니다" in page and "사본" in page


async def test_an_agent_reads_place_and_time_back_and_the_timeline_says_what_is_kept(house: House) -> None:
    site = await store(house)
    caller = {"caller_number": "010-1234-5678"}
    filed = await house.file(media(site, days=40), role="call_center", **caller)
    [said] = [line for line in filed["read_back"] if "강남점" in line]
    assert "지우지 않도록" in said and "이미 지워졌을 수 있습니다" in said and CANARY not in str(filed)
    headers = house.auth("call_center", agent="a17")
    seen = (await house.api.get(f"/v1/requests/{filed['id']}", headers=headers)).json()["claims"][0]["media"]
    assert (seen["name"], seen["kind"]) == ("강남점", "view") and not {"state", "description"} & set(seen)
    line = await house.api.get(f"/v1/requests/{filed['id']}/timeline", headers=headers)
    assert "footage.preserve" in [one["action"] for one in line.json()["items"]]


async def test_the_form_and_the_notice_name_place_and_time_in_english_too(house: House) -> None:
    site = await store(house)
    filed = await kept(house, site, language="en")
    form = await house.api.get(
        f"/v1/requests/{filed['id']}/form", headers={**house.auth("officer"), "Accept": "text/html"}
    )
    assert form.status_code == 200 and "강남점" in form.text
    await reported(house, site, await granted(house, site, filed), media=seat())
    page = await opened(house, filed)
    for told in ("Footage: To see it", "강남점", "■ viewing", "made unrecognisable"):
        assert told in page, told
