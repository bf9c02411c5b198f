"""Tricks of people who may not have what they ask for: each of these worked once."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.law.terms import Capacity, Whose
from app.services import recipients
from tests.api.others import HELPER_MAIL, as_party, revoke, timeline, told
from tests.api.papers import OF_GUARDIAN, accept
from tests.api.stops import CHILD_OF_TWO, SEOJIN, alerts
from tests.house import ONLINE_MALL, House, key

THE_CHILD, THE_OTHER_PARENT = "+821000004401", {"+821000004403", "yura@example.com"}


@pytest.mark.parametrize("theirs", [{"email": "YURA@example.com"}, {"phone": "010-0000-4403"}])
async def test_nobody_silences_the_other_parent_by_typing_their_contact(house: House, theirs: dict[str, str]) -> None:
    filed = await house.file_as_guardian(subject=CHILD_OF_TWO, requester=SEOJIN | theirs)
    own = "email_code" if "phone" in theirs else "phone_code"
    assert (await house.prove(filed, own, party="requester")).status_code == 200
    assert set(alerts(house)) >= {THE_CHILD, *THE_OTHER_PARENT}


async def test_whose_name_and_papers_another_comes_with_hears_of_it(house: House) -> None:
    posing = {**SEOJIN, "name": "한유라", "birth_date": "1986-06-06", "phone": "010-0000-9901", "email": None}
    filed = await house.file_as_guardian(ONLINE_MALL, subject=CHILD_OF_TWO, requester=posing)
    assert (await house.prove(filed, party="requester")).status_code == 200
    assert alerts(house) == {}
    await accept(house, filed, *OF_GUARDIAN)
    assert set(alerts(house)) == {THE_CHILD, "+821000004402", "seojin@example.com", *THE_OTHER_PARENT}


async def test_one_party_never_hears_the_others_answer_again(house: House) -> None:
    filed = await house.file_as_delegate()
    path, same = f"/v1/requests/{filed['id']}/verifications", key()
    body = {"party": "subject", "method": "phone_code", "purpose": "identity"}
    answers = [
        await house.api.post(path, json=body, headers={**as_party(house, filed, party), **same})
        for party in ("requester", "subject", "requester")
    ]
    assert [reply.status_code for reply in answers] == [202, 202, 202]
    first, second, again = (reply.json()["id"] for reply in answers)
    assert first == again != second


@pytest.mark.parametrize("capacity", [Capacity.GUARDIAN, Capacity.DELEGATE])
def test_no_data_is_printed_for_a_subject_where_somebody_else_says_they_live(capacity: Capacity) -> None:
    claim: Any = SimpleNamespace(scope={"delivery": "post"})
    asked: Any = SimpleNamespace(capacity=capacity, notify_by="post")
    assert {party: recipients.gets_paper(asked, claim, party) for party in Whose} == {
        Whose.SUBJECT: False,
        Whose.REQUESTER: True,
    }
    alone: Any = SimpleNamespace(capacity=Capacity.SELF, notify_by="post")
    assert recipients.gets_paper(alone, claim, Whose.SUBJECT)


async def test_nobody_is_told_to_have_the_dead_ask_again(house: House) -> None:
    filed = await house.file_as_delegate(ONLINE_MALL)
    await house.prove(filed, party="requester")
    assert (await revoke(house, filed, house.auth("officer"), cause="death")).status_code == 200
    [heard] = [text for text in told(house, "mail", HELPER_MAIL) if "민법 제127조" in text]
    line = (await timeline(house, filed))["claim.lapse"]
    for words in (heard, line):
        assert "위임" in words and "본인이" not in words and "다시 요구" not in words
