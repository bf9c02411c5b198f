"""Form 8 of a request (notice of the PIPC, form 8): who sees how much of it, and how it reaches a person by post."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import db
from app.law.deadline import seoul_date
from tests.api.acts import actions, one, rows
from tests.api.footage_acts import CANARY, media, store
from tests.api.others import mandated
from tests.documents.reading import html_text, pdf, pdf_text, squeezed
from tests.house import CHILD, DELEGATE, GILDONG, MOTHER, ONLINE_MALL, House, bearer

HOME = {"postal_code": "06236", "road_address": "서울특별시 강남구 가상로 12", "detail": "301호"}
ASPECTS = ["items", "retention"]
SEVERAL: list[dict[str, Any]] = [
    {"right": "access", "aspects": ASPECTS, "categories": ["online_mall"], "delivery": "post"},
    {
        "right": "correction",
        "changes": [
            {
                "category": "separate_service",
                "field": "address",
                "current": None,
                "corrected": "서울특별시 중구 예시로 3",
            }
        ],
        "reason": "이사하였습니다.",
    },
    {"right": "deletion", "categories": ["report"], "reason": "더는 필요하지 않습니다."},
    {"right": "suspension", "purposes": ["delivery"], "ends_contract": True, "reason": "배송을 멈춰 주세요."},
    {"right": "consent_withdrawal", "purposes": ["marketing"]},
]
WRITTEN = ("홍길동", "010-1234-5678", "가상로12", "예시로3", "이사하였습니다", "필요하지않습니다", "멈춰주세요")


def path(filed: dict[str, Any], more: str = "") -> str:
    """Where the form of this request is."""
    return f"/v1/requests/{filed['id']}/form{more}"


async def read(house: House, filed: dict[str, Any], caller: dict[str, str], **more: Any) -> httpx.Response:
    """The form as this caller gets it."""
    return await house.api.get(path(filed), headers=caller | more.pop("headers", {}), **more)


def caller_of(house: House, role: str) -> dict[str, str]:
    """Somebody in this role."""
    return house.auth(role, **({"agent": "a17"} if role == "call_center" else {}))


async def filed_by(house: House, role: str, **more: Any) -> dict[str, Any]:
    """A caller or visitor without e-mail, whose request this desk takes down."""
    subject = {"name": GILDONG["name"], "phone": GILDONG["phone"], "address": HOME}
    claims = SEVERAL if "claims" not in more else more.pop("claims")
    return await house.file(*claims, role=role, **({"subject": subject, "notify_by": "post"} | more))


async def test_an_officer_reads_everything_that_was_filed(house: House) -> None:
    """Several rights on one form, each ticked; what the form has no box for stands after it."""
    filed = await house.file(*SEVERAL, subject={**GILDONG, "address": HOME})
    text = pdf_text((await read(house, filed, house.auth("officer"))).content)
    for told in (
        "개인정보(■열람■정정·삭제■처리정지)요구서",
        f"접수번호{filed['receipt_no']}",
        "처리기간10일이내",
        "■개인정보의항목및내용□개인정보수집·이용의목적■개인정보보유및이용기간",
        "정정:통신상품 외 별도 서비스-주소:(지금값은적지않으심)→서울특별시중구예시로3",
        "삭제: 일반 제보",
        "처리정지:배송처리",
        "계약해지의사:밝히셨음",
        "동의철회타겟마케팅활용",
        "열람대상온라인몰종이로인쇄하여우편으로",
        "요구하신방법홈페이지",
        "요구인홍길동",
        f"그 밖의 연락처 전자우편: {GILDONG['email']}",
        *WRITTEN,
    ):
        assert squeezed(told) in text, told


async def test_footage_stands_beside_the_form(house: House) -> None:
    """The form's box for access is ticked, none of its five; where and when stands after it, the description whole."""
    filed = await house.file(media(await store(house)))
    text = pdf_text((await read(house, filed, house.auth("officer"))).content)
    assert "■열람□개인정보의항목및내용" in text and "개인영상정보강남점:" in text and squeezed(CANARY) in text
    masked = pdf_text((await read(house, filed, bearer(filed["requester_token"]))).content)
    assert "개인영상정보강남점:" in masked and squeezed(CANARY) not in masked


async def test_the_page_says_what_the_paper_says(house: House) -> None:
    """By Accept; a page that may load nothing and is kept by nobody."""
    filed = await house.file(*SEVERAL, subject={**GILDONG, "address": HOME})
    reply = await read(house, filed, house.auth("approver"), headers={"Accept": "text/html"})
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")
    assert reply.headers["cache-control"] == "no-store"
    assert all(one in html_text(reply.text) for one in WRITTEN)


@pytest.mark.parametrize("role", ["call_center", "clerk"])
async def test_who_took_it_down_sees_it_masked(house: House, role: str) -> None:
    """Which boxes are ticked, of whom by half a name, and nothing of what was written."""
    filed = await filed_by(house, role)
    for accept in ("application/pdf", "text/html"):
        reply = await read(house, filed, caller_of(house, role), headers={"Accept": accept})
        text = html_text(reply.text) if accept == "text/html" else pdf_text(reply.content)
        assert "■열람■정정·삭제■처리정지" in text and "홍*동" in text and "010-****-5678" in text
        assert not any(one in text for one in WRITTEN)
        assert "이사본은성명·연락처·주소와적으신내용을가린것입니다." in text
    other = await house.api.get(path(filed), headers=house.auth(role, sub="elsewhere", agent="b1"))
    assert (other.status_code, other.json()["code"]) == (404, "request.not_found")


async def test_the_requester_gets_no_more_than_a_stranger_with_their_code_should(house: House) -> None:
    """Receipt number and access code give a token, not an identity: the same masked copy."""
    filed = await house.file(*SEVERAL, subject={**GILDONG, "address": HOME})
    text = pdf_text((await read(house, filed, bearer(filed["requester_token"]))).content)
    assert "■열람■정정·삭제■처리정지" in text and not any(one in text for one in (*WRITTEN, GILDONG["email"]))
    another = await house.file(ONLINE_MALL)
    reply = await read(house, filed, bearer(another["requester_token"]))
    assert (reply.status_code, reply.json()["code"]) == (404, "request.not_found")


async def test_whoever_acts_for_somebody_stands_on_it(house: House) -> None:
    """A guardian by what they are one; a delegate with the mandate beside the form."""
    mother = await house.file_as_guardian(ONLINE_MALL)
    text = pdf_text((await read(house, mother, house.auth("officer"))).content)
    assert f"성명{squeezed(MOTHER['name'])}" in text and "정보주체와의관계부모(친권자)" in text
    assert f"요구인{squeezed(MOTHER['name'])}" in text and squeezed(CHILD["name"]) in text
    helper = await mandated(house, ONLINE_MALL, subject={**GILDONG, "address": HOME})
    text = pdf_text((await read(house, helper, house.auth("officer"))).content)
    assert f"요구인{squeezed(DELEGATE['name'])}" in text and "위임열람" in text


async def test_a_destroyed_requester_is_named_nowhere(house: House) -> None:
    """After their own short clock the form still says in what standing it was asked, and no more."""
    mother = await house.file_as_guardian(ONLINE_MALL)
    await rows(house.desk, "UPDATE requester SET key = NULL, details_ct = NULL RETURNING request_id")
    text = pdf_text((await read(house, mother, house.auth("officer"))).content)
    assert "성명(파기함)" in text and "부모(친권자)" in text and squeezed(MOTHER["name"]) not in text


async def test_in_english_and_in_large_print(house: House) -> None:
    """In the language of the request; sixteen points where it is asked for, and nothing else is."""
    filed = await house.file(*SEVERAL, subject={**GILDONG, "address": HOME}, language="en")
    officer = house.auth("officer")
    text = pdf_text((await read(house, filed, officer)).content)
    assert "Request(■access■correctionordeletion■suspension)" in text and "■열람■정정·삭제■처리정지" in text
    large = await read(house, filed, officer, params={"print": "large"})
    assert len(pdf(large.content).pages) > len(pdf((await read(house, filed, officer)).content).pages)
    odd = await read(house, filed, officer, params={"print": "huge"})
    assert odd.status_code == 422 and odd.json()["code"].startswith("field.")


async def test_every_look_is_logged(house: House) -> None:
    """Whose form it was that somebody saw."""
    filed = await house.file(ONLINE_MALL)
    seen = f"SELECT count(*) FROM access_log WHERE request_id = '{filed['id']}' AND operation = 'read_request_form'"
    assert await one(house.desk, seen) == 0
    await read(house, filed, house.auth("officer"))
    assert await one(house.desk, seen) == 1


async def wished(house: House, filed: dict[str, Any], role: str = "call_center") -> httpx.Response:
    """The desk is asked to post it."""
    return await house.api.put(path(filed, "/letter"), headers=caller_of(house, role))


async def posted(house: House, filed: dict[str, Any], day: Any, role: str = "officer") -> httpx.Response:
    """It was posted on this day."""
    body = {"posted_on": day.isoformat()}
    return await house.api.put(path(filed, "/posting"), json=body, headers=caller_of(house, role))


def refused(reply: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    return reply.status_code, reply.json()["code"]


async def review(house: House, filed: dict[str, Any]) -> list[tuple[str, bool]]:
    """What stands before the desk."""
    view = (await house.api.get(f"/v1/requests/{filed['id']}", headers=house.auth("officer"))).json()
    return [(one["kind"], one["settled"]) for one in view["review"] if one["kind"] == "form.by_post"]


async def test_a_caller_without_email_gets_it_by_post(house: House) -> None:
    """The agent asks once or twice; an officer finds it, prints it, posts it, and says so."""
    filed = await filed_by(house, "call_center")
    for _ in range(2):
        assert (await wished(house, filed)).json() == {"request_id": filed["id"], "state": "by_hand"}
    assert await review(house, filed) == [("form.by_post", False)]
    letter = await house.api.get(path(filed, "/letter"), headers=house.auth("officer"))
    first, *others = (squeezed(page.extract_text()) for page in pdf(letter.content).pages)
    assert "홍길동귀하" in first and "06236" in first and "요구는이미접수되었습니다" in first
    assert "이사하였습니다" not in first and "이사하였습니다" in "".join(others)
    today = seoul_date(db.now())
    for _ in range(2):
        assert (await posted(house, filed, today)).json() == {
            "request_id": filed["id"],
            "posted_on": today.isoformat(),
        }
    assert await review(house, filed) == [("form.by_post", True)]
    assert (await wished(house, filed)).json()["state"] == "sent"
    told = await actions(house.desk, filed["id"])
    assert (told["form.wish"], told["form.draw"], told["form.post"]) == (1, 1, 1)


async def test_handed_over_at_the_counter_instead(house: House) -> None:
    filed = await filed_by(house, "call_center")
    await wished(house, filed)
    [letter] = (await house.api.get("/v1/letters", headers=house.auth("officer"))).json()["items"]
    body = {"told_on": seoul_date(db.now()).isoformat(), "way": "visit"}
    told = await house.api.put(f"/v1/letters/{letter['id']}/telling", json=body, headers=house.auth("officer"))
    assert told.status_code == 200, told.text
    assert await review(house, filed) == [("form.by_post", True)]


async def test_posted_without_having_been_wished_for(house: House) -> None:
    """An officer may do it of their own accord; not tomorrow, not before it was filed, not on two days."""
    filed = await filed_by(house, "clerk")
    today = seoul_date(db.now())
    for day in (today + timedelta(days=1), today - timedelta(days=1)):
        assert refused(await posted(house, filed, day)) == (422, "field.value")
    assert (await posted(house, filed, today)).status_code == 200
    await rows(house.desk, "UPDATE request SET filed_at = filed_at - interval '3 days' RETURNING id")
    assert refused(await posted(house, filed, today - timedelta(days=1))) == (409, "state.conflict")


async def test_no_letter_without_an_address(house: House) -> None:
    """Nothing to wish for, print or post."""
    subject = {"name": GILDONG["name"], "phone": GILDONG["phone"]}
    filed = await filed_by(house, "call_center", claims=[ONLINE_MALL], subject=subject, notify_by="sms")
    letter = await house.api.get(path(filed, "/letter"), headers=house.auth("officer"))
    for reply in (await wished(house, filed), letter, await posted(house, filed, seoul_date(db.now()))):
        assert refused(reply) == (409, "state.conflict")


async def test_a_frozen_request_is_not_posted(house: House) -> None:
    """Somebody said it was not them: nothing leaves the house until that is settled."""
    filed = await filed_by(house, "call_center")
    await rows(house.desk, "UPDATE request SET frozen_at = now() RETURNING id")
    assert refused(await wished(house, filed)) == (409, "request.frozen")
    letter = await house.api.get(path(filed, "/letter"), headers=house.auth("officer"))
    assert refused(letter) == (409, "request.frozen")


async def test_a_revoked_delegate_gets_no_letter(house: House) -> None:
    """Standing is judged again at the printer."""
    helper = await mandated(house, ONLINE_MALL, subject={**GILDONG, "address": HOME})
    officer = house.auth("officer")
    letter = await house.api.get(path(helper, "/letter"), headers=officer, params={"print": "large"})
    assert squeezed(f"{DELEGATE['name']} 귀하") in pdf_text(letter.content)
    await rows(house.desk, "UPDATE mandate SET revoked_at = now(), revoked_cause = 'revoked' RETURNING request_id")
    assert refused(await house.api.get(path(helper, "/letter"), headers=officer)) == (409, "mandate.revoked")


async def test_a_letter_that_came_back_may_be_wished_for_anew(house: House) -> None:
    """It is another letter; the mail room sees both."""
    filed = await filed_by(house, "call_center")
    assert (await wished(house, filed)).json()["state"] == "by_hand"
    assert (await posted(house, filed, seoul_date(db.now()))).status_code == 200
    await rows(house.desk, "UPDATE message SET state = 'returned' WHERE kind = 'request_form' RETURNING id")
    assert (await wished(house, filed)).json()["state"] == "by_hand"
    assert await one(house.desk, "SELECT count(*) FROM message WHERE kind = 'request_form'") == 2
    listed = (await house.api.get("/v1/letters", headers=house.auth("officer"))).json()["items"]
    [letter] = [item for item in listed if item["kind"] == "request_form"]
    path_ = f"/v1/letters/{letter['id']}/document"
    ordinary = await house.api.get(path_, headers=house.auth("officer"))
    large = await house.api.get(path_, headers=house.auth("officer"), params={"print": "large"})
    assert len(pdf(large.content).pages) > len(pdf(ordinary.content).pages)
    assert "이사하였습니다" in pdf_text(large.content)
