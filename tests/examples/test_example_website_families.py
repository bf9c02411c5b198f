"""The website in front of the real desk: for a child, on a mandate, with papers, and for whoever never asked."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from examples.client import Desk
from examples.demo.post import Post
from examples.demo.visitor import Visitor
from examples.website.app import build
from tests.api.papers import review, scan
from tests.api.stops import codes
from tests.house import CHILD, DELEGATE, FATHER, GILDONG, MOTHER, House, signed_mandate

ACCESS = {"access_aspects": "items", "access_categories": "online_mall", "notify_by": "sms"}
CODES = re.compile(r"조회번호 (\S+)")


class Browser(Visitor):
    """A browser at the website of this house; codes are read where the house's files have them."""

    def __init__(self, house: House) -> None:
        self.house = house
        caller = house.token("website", "kt-site")
        self.site = build(Desk("http://desk.example.com", caller, http=house.api), secure=False)
        super().__init__("http://site.example.com", Post(), transport=httpx.ASGITransport(self.site))

    async def files(self, capacity: str, *, expect: int = 200, **typed: Any) -> str:
        """Fill in the form of this capacity."""
        await self.open(f"/file?capacity={capacity}")
        key = self.hidden("key")[0]
        return await self.submit("/file", expect=expect, key=key, capacity=capacity, **typed)

    async def proves(self, party: str, *, purpose: str = "identity") -> str:
        """Have a code sent, read it, type it in; the worker does what follows."""
        await self.submit("/code", method="phone_code", party=party, purpose=purpose)
        await self.house.workshop.run()
        page = await self.submit("/answer", code=self.house.last_code("sms"))
        await self.house.workshop.run()
        return page

    async def request(self) -> dict[str, Any]:
        """The request on the page, as an officer knows it."""
        officer = self.house.auth("officer")
        found = await self.house.api.post(
            "/v1/request-searches", json={"receipt_no": self.value("접수번호")}, headers=officer
        )
        [one] = found.json()["items"]
        return {"id": one["id"]}

    async def papers(self, filed: dict[str, Any]) -> list[dict[str, Any]]:
        """What was handed in, as an officer sees it."""
        found = await self.house.api.get(f"/v1/requests/{filed['id']}/evidence", headers=self.house.auth("officer"))
        items: list[dict[str, Any]] = found.json()["items"]
        return items


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Browser]:
    async with Browser(house) as one:
        yield one


def _of_guardian(child: dict[str, str], guardian: dict[str, str]) -> dict[str, Any]:
    asked = {f"requester_{name}": value for name, value in guardian.items() if name != "email"}
    return {**child, **asked, **ACCESS}


def _on_mandate(*rights: str, **more: Any) -> dict[str, Any]:
    asked = {f"requester_{name}": value for name, value in DELEGATE.items()}
    said = {f"mandate_{name}": value for name, value in signed_mandate(*rights).items()}
    return {**GILDONG, **asked, **said, "mandate_deliver_to": "subject", **ACCESS, **more}


async def test_what_the_policy_asks_stands_on_the_form_and_nothing_else(browser: Browser) -> None:
    policy = (await browser.house.api.get("/v1/policy")).json()
    everybody = {one["id"] for one in policy["subject"]} - {"address"} | {"postal_code", "road_address", "detail"}
    for capacity in policy["capacities"]:
        await browser.open(f"/file?capacity={capacity['id']}")
        boxes = set(re.findall(r'<input[^>]* name="([a-z_]+)"', browser.page))
        theirs = {one for one in boxes if one.startswith(("requester_", "mandate_"))}
        assert theirs == {
            *(f"requester_{one['id']}" for one in capacity["requester"]),
            *(f"mandate_{one['id']}" for one in capacity["mandate"]),
        }
        assert everybody <= boxes
        about_claims = re.compile(
            r"(access|correction|deletion|suspension|withdrawal)_|ends_contract|notify_by|csrf|key"
        )
        assert {one for one in boxes - everybody - theirs if not about_claims.match(one)} == {"capacity"}


async def test_a_guardian_on_record_needs_no_paper(browser: Browser) -> None:
    page = await browser.files("guardian", **_of_guardian(CHILD, MOTHER))
    assert "서류 내기" in page and "자녀의 기본증명서(상세)" in page
    await browser.proves("requester")
    page = await browser.open("/status")
    assert "서류 내기" not in page and "본인 확인됨" in page


async def test_a_guardian_who_is_not_hands_in_papers_one_by_one(browser: Browser) -> None:
    await browser.files("guardian", **_of_guardian(CHILD, FATHER))
    filed = await browser.request()
    await browser.proves("requester")
    page = await browser.open("/papers")
    asked = browser.hidden("kind")
    assert asked == ["basic_certificate", "family_relation_certificate", "identity_document"]
    for kind in asked:
        await browser.open("/papers")
        page = await browser.hand_in(kind, "IMG_1.png", scan())
    assert page.count("담당자가 볼 차례입니다") == 3
    assert "지금 더 내실 서류가 없습니다" in page
    for paper in await browser.papers(filed):
        assert (await review(browser.house, paper)).status_code == 200
    page = await browser.open("/papers")
    assert page.count("확인을 마쳤습니다") == 3
    assert "본인 확인됨" in await browser.open("/status")


async def test_the_other_page_of_a_paper_can_be_handed_in_too(browser: Browser) -> None:
    await browser.files("guardian", **_of_guardian(CHILD, FATHER))
    filed = await browser.request()
    for more in ("", "more"):
        await browser.open("/papers")
        typed = {"kind": "basic_certificate", "party": "requester", "more": more}
        await browser.upload(typed, "쪽.png", scan())
    assert [one["kind"] for one in await browser.papers(filed)] == ["basic_certificate"] * 2


async def test_a_second_click_is_the_same_paper(browser: Browser) -> None:
    await browser.files("guardian", **_of_guardian(CHILD, FATHER))
    filed = await browser.request()
    await browser.open("/papers")
    typed, paper = {"kind": "basic_certificate", "party": "requester", "key": browser.hidden("key")[0]}, scan()
    for _ in range(2):
        await browser.upload(typed, "기본증명서.png", paper)
    assert len(await browser.papers(filed)) == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("기본증명서.hwp", b"HWP Document File V3.00 " * 20, "PDF"),
        ("기본증명서.pdf", b"%PDF-1.7 and then nothing", "기본증명서"),
        ("", b"", "올리실 파일을 골라 주십시오"),
    ],
)
async def test_a_file_that_will_not_do_is_said_at_its_box(
    browser: Browser, name: str, content: bytes, said: str
) -> None:
    await browser.files("guardian", **_of_guardian(CHILD, FATHER))
    filed = await browser.request()
    await browser.open("/papers")
    page = await browser.hand_in("basic_certificate", name, content, expect=422)
    assert said in page
    assert 'id="file_basic_certificate-error"' in browser.page
    assert 'href="#file_basic_certificate"' in browser.page
    assert await browser.papers(filed) == []


async def test_what_the_mandate_does_not_name_is_refused_at_its_part_of_the_form(browser: Browser) -> None:
    page = await browser.files("delegate", expect=422, **_on_mandate("access", deletion_categories="online_mall"))
    assert "위임장의 권리와 기간 안에서만" in page
    assert 'id="deletion-error"' in browser.page
    assert 'id="access-error"' not in browser.page
    await browser.files("delegate", **_on_mandate("access"))
    assert "위임장(별지 제11호)" in browser.text()


async def test_a_child_under_14_is_shown_that_a_guardian_asks(browser: Browser) -> None:
    page = await browser.files("self", expect=422, **CHILD, **ACCESS)
    assert "법정대리인" in page
    assert 'id="birth_date-error"' in browser.page


async def test_the_person_follows_and_ends_what_a_delegate_asked(browser: Browser) -> None:
    await browser.files("delegate", **_on_mandate("access"))
    receipt_no = browser.value("접수번호")
    await browser.proves("requester")
    assert "위임하신 분의 확인" in await browser.open("/status")
    await browser.submit("/code", method="phone_code", party="subject", whose="theirs")
    assert "위임하신 분께 인증번호를 보냈습니다" in browser.text()
    await browser.house.workshop.run()
    await browser.submit("/answer", code=browser.house.last_code("sms"))
    await browser.house.workshop.run()
    await browser.open("/papers")
    assert "담당자가 볼 차례입니다" in await browser.hand_in("power_of_attorney", "위임장.png", scan())
    [told] = [one["text"] for one in browser.house.sent("sms") if CODES.search(one["text"])]
    found = CODES.search(told)
    assert found is not None
    async with Browser(browser.house) as person:
        await person.open("/track")
        page = await person.submit("/track", receipt_no=receipt_no, access_code=found[1])
        assert "위임 끝내기" in page and "서류 내기" not in page
        page = await person.submit("/mandate-end")
        assert "위임이 끝났습니다" in page
    assert "위임이 끝났습니다" in await browser.open("/status")
    assert "그만두기" not in browser.text()


async def test_whoever_never_asked_stops_it_and_hears_what_everybody_hears(browser: Browser) -> None:
    await browser.files("self", **GILDONG, **ACCESS)
    await browser.proves("subject")
    [code] = codes(browser.house, GILDONG["email"])
    async with Browser(browser.house) as person:
        await person.open("/stop")
        wrong = await person.submit("/stop", stop_code="aaaa-bbbb-cccc")
        assert "잠시 멈추고" not in await browser.open("/status")
        await person.open("/stop")
        assert await person.submit("/stop", stop_code=f" {code.upper().replace('-', ' ')} ") == wrong
    assert "잠시 멈추고" in await browser.open("/status")


async def test_what_is_needed_is_told_before_anybody_is_named(browser: Browser) -> None:
    page = await browser.open("/needed?capacity=guardian&right=access&relationship=parent&age=9")
    for said in ("자녀의 기본증명서(상세)", "가족관계증명서", "3일 뒤", "서로 다른 두 사람"):
        assert said in page
    page = await browser.open("/needed?capacity=delegate&right=access")
    assert "위임장(별지 제11호)" in page and "정보주체 본인" in page
    page = await browser.open("/needed?capacity=self&right=access&age=13")
    assert "법정대리인이 요구하셔야 합니다" in page and "요구하러 가기" not in page
    page = await browser.open("/needed?capacity=guardian&right=access&relationship=parent&age=19")
    assert "만 19세부터는 본인이" in page


@pytest.mark.parametrize(
    ("query", "at"),
    [
        ("right=access", "capacity"),
        ("capacity=guardian&right=access", "relationship"),
        ("capacity=self&right=oblivion", "right"),
        ("capacity=self&right=access&age=nine", "age"),
        ("capacity=self&right=access&age=151", "age"),
    ],
)
async def test_a_question_that_is_not_answered_is_asked_again(browser: Browser, query: str, at: str) -> None:
    await browser.open(f"/needed?{query}", expect=422)
    assert f'id="{at}-error"' in browser.page


async def test_the_blank_power_of_attorney_is_a_file_to_keep(browser: Browser) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(browser.site), base_url="http://site") as anybody:
        got = await anybody.get("/power-of-attorney")
    assert got.content.startswith(b"%PDF")
    assert got.headers["content-disposition"] == 'attachment; filename="power-of-attorney.pdf"'
