"""The words as they arrive: a minor's in easy Korean, a principal's with what the code is for, English where asked."""

import re

from tests.api.acts import ask, rows
from tests.documents import plain
from tests.house import DELEGATE, GILDONG, ONLINE_MALL, STRANGER, House

WOOJIN = {"name": "정우진", "birth_date": "2010-02-28", "phone": "010-0000-5001"}
CODES = re.compile(r"(?<!\d)\d{8}(?!\d)")


def texts(house: House) -> list[str]:
    """The text messages that were sent, in order."""
    return [one["text"] for one in house.sent("sms")]


async def test_whom_a_delegate_names_learns_what_the_code_does(house: House) -> None:
    """The code confirms a mandate: who gets it is told so before they pass it on; it is kept nowhere afterwards."""
    filed = await house.file_as_delegate(ONLINE_MALL)
    await ask(house, filed, party="requester")
    assert "인증번호" in texts(house)[-1] and "맡" not in texts(house)[-1]
    await ask(house, filed)
    said = texts(house)[-1]
    assert "맡기신 적이 없으면 알려 주지 마시고" in said and filed["receipt_no"] in said
    assert len(CODES.findall(said)) == 1
    assert not any(secret in said for secret in (DELEGATE["name"], GILDONG["name"], "010-"))
    kept = await rows(house.desk, "SELECT kind FROM message WHERE content_ct IS NOT NULL AND kind LIKE '%code'")
    assert kept == []


async def test_who_is_under_age_hears_it_in_easy_words(house: House) -> None:
    """Sixteen, asking alone: code and answer are in words that a twelve-year-old knows."""
    mall = await house.system()
    filed = await house.file(ONLINE_MALL, subject=WOOJIN, notify_by="sms")
    await house.prove(filed)
    await house.decide(filed["claims"][0]["id"], outcome="approve")
    await mall.work()
    for said in texts(house):
        assert plain.polite(said) and "습니다" not in said
        assert plain.found(said, plain.LAW_WORDS) == []
    assert "인증번호" in texts(house)[0] and "답이 나왔어요" in texts(house)[-1]


async def test_an_adult_hears_it_in_plain_words_and_in_english_where_asked(house: House) -> None:
    """The language of the request, whatever the age that nobody typed."""
    for language, word in (("ko", "답변이 나왔습니다"), ("en", "the answer is ready")):
        filed = await house.file(ONLINE_MALL, subject=STRANGER, notify_by="sms", language=language)
        await house.prove(filed)
        assert word in texts(house)[-1]
