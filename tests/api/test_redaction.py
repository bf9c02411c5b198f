"""What speaks of somebody else is hidden before release; one marks it, another agrees (Act 35(4), Decree 42(1))."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from app import db
from app.services import disclosure
from tests.api.acts import actions, claims, one, refused, review, rows, statuses
from tests.api.others import notices, open_notice
from tests.api.readings import (
    GROUNDS,
    NEIGHBOUR,
    REASON,
    WORDS,
    agree,
    collected,
    mark,
    neighbour,
    package,
    read,
    release,
    talk,
    task_of,
)
from tests.house import House


async def waiting(house: House, *records: dict[str, str]) -> tuple[dict[str, Any], str]:
    """A claim whose collection waits to be read, and whose answer it is."""
    filed = await collected(house, await talk(house), *records)
    assert await statuses(house, filed) == ["carried_out"]
    return filed, await task_of(house, filed)


async def test_the_neighbour_is_hidden_and_the_rest_is_opened(house: House) -> None:
    filed, task = await waiting(house)
    marked = await mark(house, filed, neighbour(task))
    assert (marked.status_code, marked.json()["status"]) == (200, "carried_out"), marked.text
    seen = (await read(house, filed, "approver")).json()
    assert seen["state"] == "to_approve"
    [item] = seen["items"]
    assert item["records"][0]["content"] == WORDS, "the second person sees what is hidden"
    starts = WORDS.index(NEIGHBOUR)
    hidden = {"row": 0, "field": "content", "from": starts, "to": starts + len(NEIGHBOUR), "ground": "A35_4_2"}
    assert item["redactions"] == [hidden]
    # Nothing goes out, and the person hears nothing, until the second person has agreed.
    assert await statuses(house, filed) == ["carried_out"] and await notices(house, filed) == []
    [claim] = await claims(house, filed)
    assert claim["decision"]["outcome"] == "approve"
    assert (await agree(house, filed)).status_code == 200
    assert await statuses(house, filed) == ["closed"]

    data, text = await package(house, filed)
    [category] = data["categories"]
    [record] = category["items"][0]["records"]
    assert record == {
        "name": "홍길동",
        "phone": "010-1234-5678",
        "content": "이웃 ■■■가 밤마다 시끄럽다고 하셨습니다",
    }
    [withheld] = category["withheld"]
    assert withheld["item"] == "민원·서비스 상담 - 민원·상담 내용 - 다른 사람에 관한 부분"
    assert "제35조제4항제2호" in withheld["article"]
    for shown in ("이웃■■■가밤마다", "다른사람에관한부분", "제35조제4항제2호"):
        assert shown in text, shown
    assert "7788" not in str(data) + text and "김아무개" not in str(data) + text

    [notice] = await notices(house, filed)
    page = (await open_notice(house, filed, notice["id"], await house.grant(filed))).text
    for told in ("■ 일부열람", REASON, "제35조제4항제2호", "누가 무슨 말을 들었는지", "이의", "다른 사람에 관한 부분"):
        assert told in page, told
    [claim] = await claims(house, filed)
    assert (claim["decision"]["outcome"], claim["decision"]["reason"]) == ("partial", REASON)
    items = {item["item"]: item["outcome"] for item in claim["decision"]["items"]}
    assert items["consultation.content"] == "grant" and items["consultation.content#A35_4_2"] == "refuse"
    assert await one(house.desk, "SELECT outcome FROM claim") == "partial"
    done = await actions(house.desk, filed["id"])
    assert (done["collection.redact"], done["collection.restrict"], done["collection.read"]) == (1, 1, 0)
    assert await review(house, filed) == ["collection.read"]
    assert (await read(house, filed)).json()["state"] == "released"


async def test_no_path_leads_around_the_second_person(house: House) -> None:
    filed, task = await waiting(house)
    assert (await mark(house, filed, neighbour(task))).status_code == 200
    claim_id = filed["claims"][0]["id"]
    assert refused(await release(house, filed))[2] == "state.conflict"
    own = await agree(house, filed, sub="officer-1")
    assert (own.status_code, own.json()["code"]) == (403, "approval.same_person")
    assert (await agree(house, filed, role="officer")).status_code == 403
    decided = await house.decide(claim_id, outcome="approve")
    assert decided.json()["code"] == "claim.already_decided"
    assert (await house.approve(claim_id, agree=True)).json()["code"] == "claim.already_decided"
    for act in (disclosure.conclude, disclosure.report_open):
        async with house.desk.database.transaction() as session:
            await act(session, UUID(claim_id), now=db.now())
    await house.workshop.run()
    assert await one(house.desk, "SELECT count(*) FROM package") == 0
    assert await one(house.desk, "SELECT count(*) FROM notice") == 0


async def test_it_comes_back_with_a_note_and_is_marked_anew(house: House) -> None:
    filed, task = await waiting(house)
    await mark(house, filed, neighbour(task))
    nothing = await agree(house, filed, agree=False)
    assert (nothing.status_code, nothing.json()["code"]) == (422, "approval.note_required")
    assert (await agree(house, filed, agree=False, note="전화번호만 가리면 됩니다.")).status_code == 200
    [claim] = (await house.look(filed, "officer"))["claims"]
    assert (claim["decision"]["state"], claim["decision"]["approver_note"]) == ("returned", "전화번호만 가리면 됩니다.")
    assert refused(await release(house, filed))[2] == "state.conflict", "not while it is marked"
    assert (await agree(house, filed)).json()["code"] == "approval.not_proposed"
    number = WORDS.index("010")
    only = {"task_id": task, "row": 0, "field": "content", "from": number, "to": number + 13, "ground": "A35_4_2"}
    assert (await mark(house, filed, only)).status_code == 200
    assert (await agree(house, filed)).status_code == 200
    data, _ = await package(house, filed)
    [record] = data["categories"][0]["items"][0]["records"]
    assert record["content"] == "이웃 김아무개(■■■)가 밤마다 시끄럽다고 하셨습니다"
    assert await one(house.desk, "SELECT count(*) FROM decision WHERE state = 'effective'") == 1


async def test_with_nothing_marked_any_more_it_is_a_full_grant_again(house: House) -> None:
    filed, task = await waiting(house)
    await mark(house, filed, neighbour(task))
    assert (await mark(house, filed)).status_code == 200
    assert (await read(house, filed)).json()["state"] == "to_read"
    assert (await agree(house, filed)).json()["code"] == "approval.not_proposed"
    assert (await release(house, filed)).status_code == 200
    data, text = await package(house, filed)
    assert data["categories"][0]["items"][0]["records"][0]["content"] == WORDS and "■" not in text
    assert data["categories"][0]["withheld"] == []
    assert await one(house.desk, "SELECT outcome FROM claim") == "approve"


async def test_two_officers_at_once_have_one_winner(house: House) -> None:
    filed, task = await waiting(house)
    seen = await read(house, filed)
    path = f"/v1/claims/{filed['claims'][0]['id']}/collection/redactions"
    body = {"redactions": [neighbour(task)], "grounds": GROUNDS, "reason": REASON}
    tries = [
        house.api.put(path, json=body, headers={**house.auth("officer", sub), "If-Match": seen.headers["etag"]})
        for sub in ("officer-1", "officer-2")
    ]
    assert sorted([reply.status_code for reply in await asyncio.gather(*tries)]) == [200, 412]
    assert await one(house.desk, "SELECT count(*) FROM decision WHERE state = 'proposed'") == 1
    assert await one(house.desk, "SELECT count(*) FROM redaction") == 1


async def test_after_release_nothing_is_hidden_any_more(house: House) -> None:
    filed, task = await waiting(house)
    await release(house, filed)
    late = await mark(house, filed, neighbour(task))
    assert refused(late)[2] == "state.conflict"
    assert await one(house.desk, "SELECT count(*) FROM redaction") == 0


async def test_only_what_this_claim_collected_can_be_hidden(house: House) -> None:
    holder = await talk(house)
    filed = await collected(house, holder)
    other = await collected(house, holder)
    mine, theirs = await task_of(house, filed), await task_of(house, other)
    whole = neighbour(mine)
    for wrong, answer in (
        (neighbour(theirs), (422, "/redactions/0", "field.value")),
        (whole | {"task_id": str(uuid4())}, (422, "/redactions/0", "field.value")),
        (whole | {"row": 1}, (422, "/redactions/0", "field.value")),
        (whole | {"field": "email"}, (422, "/redactions/0", "field.value")),
        (whole | {"to": len(WORDS) + 1}, (422, "/redactions/0/to", "field.value")),
        (whole | {"from": 9, "to": 9}, (422, "/redactions/0/to", "field.inconsistent")),
        (whole | {"from": -1}, (422, "/redactions/0/from", "field.value")),
        (whole | {"ground": "A35_4_3"}, (422, "/grounds/0/ground", "field.inconsistent")),
    ):
        assert refused(await mark(house, filed, wrong)) == answer, wrong
    twice = await mark(house, filed, whole, whole | {"from": whole["from"] + 1})
    assert refused(twice) == (422, "/redactions/1", "field.inconsistent")
    assert refused(await mark(house, filed, whole, reason=" "))[1:] == ("/reason", "decision.reason_required")
    assert refused(await mark(house, filed, whole, grounds=[]))[1:] == ("/redactions/0/ground", "ground.required")
    assert await one(house.desk, "SELECT count(*) FROM redaction") == 0
    assert await one(house.desk, "SELECT count(*) FROM decision WHERE state <> 'effective'") == 0


async def test_a_claim_that_is_not_collected_yet_has_nothing_to_hide(house: House) -> None:
    await talk(house)
    filed = await house.file({"right": "access", "aspects": ["items"], "categories": ["consultation"]})
    await house.prove(filed)
    assert refused(await mark(house, filed, neighbour(str(uuid4()))))[2] == "state.conflict"
    assert refused(await mark(house, filed))[2] == "state.conflict"


async def test_a_stopped_request_is_not_read_out_of_the_house(house: House) -> None:
    filed, task = await waiting(house)
    await mark(house, filed, neighbour(task))
    await rows(house.desk, "UPDATE request SET frozen_at = now() RETURNING id")
    assert refused(await mark(house, filed, neighbour(task)))[2] == "request.frozen"
    assert refused(await agree(house, filed))[2] == "request.frozen"


async def test_the_words_that_are_hidden_stand_nowhere_in_clear(house: House) -> None:
    filed, task = await waiting(house)
    await mark(house, filed, neighbour(task))
    await agree(house, filed)
    names = [name for (name,) in await rows(house.desk, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    for name in names:
        found = str(await rows(house.desk, f'SELECT "{name}"::text FROM "{name}"'))
        assert "김아무개" not in found and "0000-7788" not in found, name
    assert all("0000-7788" not in str(message) for message in house.sent("mail") + house.sent("sms"))


@pytest.mark.parametrize("surrogates", ["😀 이웃 김아무개(010-0000-7788) 😀", "e\u0301 김아무개(010-0000-7788)"])
async def test_characters_are_counted_as_they_are_read(house: House, surrogates: str) -> None:
    filed, _ = await waiting(house, {"name": "홍길동", "phone": "1", "content": surrogates})
    [item] = (await read(house, filed)).json()["items"]
    value = item["records"][0]["content"]
    assert (await mark(house, filed, neighbour(item["task_id"], value))).status_code == 200
    await agree(house, filed)
    data, _ = await package(house, filed)
    [record] = data["categories"][0]["items"][0]["records"]
    assert record["content"] == value.replace(NEIGHBOUR, "■■■")
