"""The website's form and its protections, as far as they go without the desk."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from examples.website import pages
from examples.website.choices import Choices
from examples.website.filing_page import filing
from examples.website.form import Filled, place, read
from tests.examples.sender import Start

POLICY: dict[str, Any] = {
    "controller": {"ko": "(주)보기", "en": "Example Co."},
    "rights": [
        {"id": name, "label": {"ko": name, "en": name}}
        for name in ("access", "correction", "deletion", "suspension", "consent_withdrawal")
    ],
    "aspects": [{"id": name, "label": {"ko": name, "en": name}} for name in ("items", "purposes")],
    "notify_by": [{"id": "email", "label": {"ko": "이메일", "en": "E-mail"}}],
    "categories": [
        {
            "id": "online_mall",
            "label": {"ko": "온라인 몰", "en": "Online mall"},
            "fields": [{"id": "phone", "label": {"ko": "전화번호", "en": "Phone"}, "input": "tel"}],
            "purposes": ["delivery"],
        },
        {"id": "cctv", "label": {"ko": "영상", "en": "Pictures"}, "fields": [], "purposes": []},
    ],
    "purposes": [
        {"id": "delivery", "label": {"ko": "배송", "en": "Delivery"}, "consent": False},
        {"id": "marketing", "label": {"ko": "홍보", "en": "Marketing"}, "consent": True},
    ],
}


def _asked(name: str, kind: str = "text", *, required: bool = False, options: tuple[str, ...] = ()) -> dict[str, Any]:
    offered = [{"id": one, "label": {"ko": one, "en": one}} for one in options]
    label = {"ko": name, "en": name}
    return {"id": name, "label": label, "input": kind, "required": required, "max_length": 100, "options": offered}


def _capacity(name: str, **more: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {"subject_also_required": [], "requester": [], "requester_one_of": [], "mandate": []}
    return {"id": name, "label": {"ko": name, "en": name}, "available": True} | nothing | more


POLICY["subject"] = [
    _asked("name", required=True),
    _asked("birth_date", "date"),
    _asked("phone", "tel"),
    _asked("email", "email"),
    _asked("address", "address"),
]
POLICY["subject_one_of"] = ["phone", "email"]
POLICY["capacities"] = [
    _capacity("self"),
    _capacity(
        "guardian",
        subject_also_required=["birth_date"],
        requester=[
            _asked("name", required=True),
            _asked("birth_date", "date", required=True),
            _asked("phone", "tel"),
            _asked("relationship", "choice", required=True, options=("parent", "adoptive_parent")),
        ],
        requester_one_of=["phone"],
    ),
    _capacity(
        "delegate",
        requester=[_asked("name", required=True), _asked("phone", "tel"), _asked("relationship")],
        requester_one_of=["phone"],
        mandate=[
            _asked("rights", "choices", required=True, options=("access", "deletion")),
            _asked("signed_on", "date", required=True),
            _asked("deliver_to", "choice", options=("subject", "delegate")),
        ],
    ),
]
POLICY["documents"] = [{"kind": "power_of_attorney", "label": {"ko": "위임장", "en": "Mandate"}}]
POLICY["media"] = {
    "window_hours": 24,
    "grounds": [{"id": "own_image", "label": {"ko": "내가 찍힌 영상", "en": "I was recorded"}}],
    "kinds": [{"id": "view", "label": {"ko": "영상 보기", "en": "To see it"}}],
}
POLICY["sites"] = [{"id": "0193a5b0-7c1e-7000-8000-000000000001", "label": {"ko": "강남점", "en": "Gangnam"}}]
POLICY["methods"] = [{"id": "phone_code", "label": {"ko": "번호", "en": "Code"}}]
POLICY["records"] = [{"id": "payment_5y", "label": {"ko": "결제 기록", "en": "Payments"}}]
CHOICES = Choices.of(POLICY)
WHO = {"name": ["홍길동"], "phone": ["010-1234-5678"], "notify_by": ["email"]}


FILM = {
    "footage_site": [POLICY["sites"][0]["id"]],
    "footage_from": ["2026-11-20T10:00"],
    "footage_to": ["2026-11-20T11:00"],
    "footage_description": ["검은 우산"],
    "footage_ground": ["own_image"],
    "footage_kind": ["view"],
}


def test_footage_is_asked_for_by_place_and_time_in_korea() -> None:
    filled = read(WHO | FILM, CHOICES)
    assert (filled.missing, filled.parts) == ({}, ("footage",))
    [claim] = filled.request["claims"]
    assert (claim["right"], set(claim)) == ("access", {"right", "media"})
    assert (claim["media"]["from"], claim["media"]["to"]) == ("2026-11-20T10:00:00+09:00", "2026-11-20T11:00:00+09:00")
    assert place("/claims/0/media/to", filled, CHOICES) == "footage"
    half = read(WHO | FILM | {"footage_ground": []}, CHOICES)
    assert set(half.missing) == {"footage"}
    untouched = read(WHO | {"footage_site": FILM["footage_site"], "access_aspects": ["items"]}, CHOICES)
    assert untouched.parts == ("access",)
    page = filing(CHOICES, "", "", FILM, {})
    assert "강남점" in page and 'value="2026-11-20T10:00"' in page and "내가 찍힌 영상" in page
    assert "footage" not in filing(Choices.of({**POLICY, "sites": []}), "", "", {}, {})


def test_a_full_form_makes_the_contracts_request() -> None:
    filled = read(
        WHO
        | {
            "access_aspects": ["purposes", "items"],
            "access_categories": ["online_mall", "forged"],
            "correction_field_2": ["online_mall.phone"],
            "correction_corrected_2": [" 010-0000-1234 "],
            "deletion_fields": ["online_mall.phone"],
            "suspension_purposes": ["delivery"],
            "ends_contract": ["no"],
            "withdrawal_purposes": ["marketing", "delivery"],
            "postal_code": ["06236"],
        },
        CHOICES,
    )
    assert filled.missing == {}
    assert filled.parts == ("access", "correction", "deletion", "suspension", "consent_withdrawal")
    change = {"category": "online_mall", "field": "phone", "current": None, "corrected": "010-0000-1234"}
    assert filled.request == {
        "capacity": "self",
        "channel": "web",
        "subject": {"name": "홍길동", "phone": "010-1234-5678", "address": {"postal_code": "06236"}},
        "claims": [
            {
                "right": "access",
                "aspects": ["items", "purposes"],
                "delivery": "electronic",
                "categories": ["online_mall"],
            },
            {"right": "correction", "changes": [change]},
            {"right": "deletion", "fields": [{"category": "online_mall", "field": "phone"}]},
            {"right": "suspension", "purposes": ["delivery"], "categories": None, "ends_contract": False},
            {"right": "consent_withdrawal", "purposes": ["marketing"]},
        ],
        "notify_by": "email",
        "language": "ko",
    }


def test_all_is_said_by_naming_nothing() -> None:
    typed = WHO | {"access_aspects": ["items"], "deletion_all": ["yes"], "deletion_categories": ["online_mall"]}
    access, deletion = read(typed, CHOICES).request["claims"]
    assert "categories" not in access
    assert deletion == {"right": "deletion"}


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("online_mall.phone", "온라인 몰 - 전화번호"),
        ("online_mall.delivery", "온라인 몰 - 배송"),
        ("online_mall:payment_5y", "온라인 몰 - 결제 기록"),
        ("unheard.of", "unheard - of"),
    ],
)
def test_an_item_has_a_name_in_korean(item: str, name: str) -> None:
    assert CHOICES.name_of(item) == name


def test_a_right_that_the_policy_does_not_offer_is_not_filed() -> None:
    fewer = Choices.of(POLICY | {"rights": POLICY["rights"][1:]})
    assert read(WHO | {"access_aspects": ["items"]}, fewer).missing.keys() == {"rights"}
    assert 'id="access"' not in filing(fewer, "csrf", "key", {}, {})


def test_what_no_request_can_do_without_is_asked_for() -> None:
    assert set(read({}, CHOICES).missing) == {"name", "phone", "rights", "notify_by"}
    assert set(read(WHO | {"suspension_purposes": ["delivery"]}, CHOICES).missing) == {"ends_contract"}


CHILD = {"capacity": ["guardian"], "name": ["윤가온"], "birth_date": ["2017-03-15"], "phone": ["010-0000-4401"]}
MOTHER = {"requester_name": ["윤서진"], "requester_birth_date": ["1984-04-04"], "requester_phone": ["010-0000-4402"]}
RELATED = {"requester_relationship": ["parent"], "notify_by": ["email"], "access_aspects": ["items"]}
MANDATE = {
    "capacity": ["delegate"],
    "requester_name": ["도우미"],
    "requester_phone": ["010-0000-5501"],
    "mandate_rights": ["deletion", "access", "forged"],
    "mandate_signed_on": ["2026-11-20"],
    "mandate_deliver_to": ["delegate"],
    "access_aspects": ["items"],
}


def test_a_guardians_form_makes_the_contracts_request() -> None:
    filled = read(CHILD | MOTHER | RELATED, CHOICES)
    assert filled.missing == {}
    assert filled.request["capacity"] == "guardian"
    assert filled.request["subject"] == {"name": "윤가온", "birth_date": "2017-03-15", "phone": "010-0000-4401"}
    assert filled.request["requester"] == {
        "name": "윤서진",
        "birth_date": "1984-04-04",
        "phone": "010-0000-4402",
        "relationship": "parent",
    }
    assert "mandate" not in filled.request


def test_a_delegates_form_makes_the_contracts_request() -> None:
    filled = read(WHO | MANDATE, CHOICES)
    assert filled.missing == {}
    assert filled.request["requester"] == {"name": "도우미", "phone": "010-0000-5501"}
    assert filled.request["mandate"] == {
        "rights": ["access", "deletion"],
        "signed_on": "2026-11-20",
        "deliver_to": "delegate",
    }


def test_who_asks_for_themselves_sends_nothing_of_another() -> None:
    request = read(WHO | MOTHER | {"access_aspects": ["items"], "mandate_rights": ["access"]}, CHOICES).request
    assert request["capacity"] == "self"
    assert "requester" not in request and "mandate" not in request


def test_what_is_missing_of_a_guardian_or_a_mandate_is_asked_for_at_its_place() -> None:
    assert set(read({"capacity": ["guardian"]} | RELATED, CHOICES).missing) == {
        *("name", "birth_date", "phone", "requester_name", "requester_birth_date", "requester_phone"),
    }
    assert set(read(WHO | {"capacity": ["delegate"], "access_aspects": ["items"]}, CHOICES).missing) == {
        *("requester_name", "requester_phone", "mandate_rights", "mandate_signed_on"),
    }


@pytest.mark.parametrize(
    ("pointer", "where"),
    [
        ("/subject/phone", "phone"),
        ("/subject/birth_date", "birth_date"),
        ("/subject/address/postal_code", "postal_code"),
        ("/subject/address", "road_address"),
        ("/subject", "phone"),
        ("/requester/relationship", "requester_relationship"),
        ("/requester/phone", "requester_phone"),
        ("/requester", "requester_name"),
        ("/mandate/signed_on", "mandate_signed_on"),
        ("/mandate", "mandate_rights"),
        ("/claims/1/changes/0/corrected", "correction"),
        ("/claims/1/right", "correction"),
        ("/claims/9", "rights"),
        ("/notify_by", "notify_by"),
        ("", "rights"),
    ],
)
def test_a_problem_is_shown_where_it_belongs(pointer: str, where: str) -> None:
    filled = Filled({"capacity": "delegate"}, ("access", "correction"), {})
    assert place(pointer, filled, CHOICES) == where


def test_what_was_typed_comes_back_escaped_and_with_its_error() -> None:
    shown = filing(CHOICES, "csrf", "key", {"name": ['"><script>x</script>']}, {"name": "다시 <b>"})
    assert "<script" not in shown
    assert "&quot;&gt;&lt;script&gt;" in shown
    assert '<a href="#name">다시 &lt;b&gt;</a>' in shown


@pytest.mark.parametrize("capacity", ["self", "guardian", "delegate"])
def test_every_box_has_its_label_and_every_id_is_there_once(capacity: str) -> None:
    shown = filing(CHOICES, "csrf", "key", WHO | {"capacity": [capacity]}, {"phone": "다시"})
    ids = re.findall(r'\bid="([^"]+)"', shown)
    assert len(ids) == len(set(ids))
    labelled = set(re.findall(r'<label for="([^"]+)"', shown))
    boxes = re.findall(r'<(?:input|select)(?![^>]*type="(?:hidden|checkbox|radio)")[^>]*\bid="([^"]+)"', shown)
    assert boxes
    assert set(boxes) == labelled
    for told in re.findall(r'aria-describedby="([^"]+)"', shown):
        assert set(told.split()) <= set(ids)
    assert 'lang="ko"' in shown


@pytest.fixture(scope="module")
def website(start_once: Start, closed_port: str) -> str:
    """Return the address of a website whose desk is away."""
    return start_once("website", "--api", closed_port, "--client-id", "c", "--client-secret", "s")


@pytest.fixture
def browser(website: str) -> Iterator[httpx.Client]:
    """Return a browser that has not been there before."""
    with httpx.Client(base_url=website, trust_env=False, timeout=20) as one:
        yield one


def test_pages_carry_their_protections(browser: httpx.Client) -> None:
    got = browser.get("/track")
    assert got.status_code == 200
    assert "script-src" not in got.headers["content-security-policy"]
    assert "default-src 'none'" in got.headers["content-security-policy"]
    assert got.headers["cache-control"] == "no-store"
    assert "HttpOnly" in got.headers["set-cookie"]
    assert "SameSite=strict" in got.headers["set-cookie"]
    assert not re.search(r'(?:src|href)="(?:https?:)?//', got.text)


def test_a_form_from_elsewhere_is_refused(browser: httpx.Client) -> None:
    ours = re.search(r'name="csrf" value="([0-9a-f]+)"', browser.get("/track").text)
    assert ours is not None
    typed = {"receipt_no": "1", "access_code": "x"}
    paths = ("/track", "/file", "/code", "/answer", "/withdraw", "/notice", "/package", "/leave", "/stop", "/papers")
    for path in (*paths, "/mandate-end"):
        assert browser.post(path, data=typed).status_code == 403
        assert browser.post(path, data=typed | {"csrf": "0" * 64}).status_code == 403
        assert browser.post(path, data=typed | {"csrf": ours[1]}, headers={"Cookie": "visit=other"}).status_code == 403
    # The same form with its proof goes further: as far as the desk, which is away.
    assert browser.post("/track", data=typed | {"csrf": ours[1]}).status_code == 503


def test_a_stranger_is_shown_the_way_back(browser: httpx.Client) -> None:
    for path in ("/status", "/documents", "/code", "/papers"):
        got = browser.get(path, headers={"Cookie": "session=guessed"})
        assert (got.status_code, got.headers["location"]) == (303, "/track")


def test_the_desk_being_away_is_said_plainly(browser: httpx.Client) -> None:
    got = browser.get("/file")
    assert got.status_code == 503
    assert "지금은 연결할 수 없습니다" in got.text


def test_a_long_body_is_refused(browser: httpx.Client) -> None:
    assert browser.post("/file", content=b"x" * 70_000).status_code == 413
    assert browser.post("/papers", content=b"x" * 70_000).status_code == 403


def test_a_paper_that_is_too_long_is_refused_before_it_is_read(browser: httpx.Client) -> None:
    got = browser.post("/papers", content=b"x" * (10 * 1024 * 1024 + 65_537))
    assert got.status_code == 413
    assert "10 MB" in got.text


def test_no_page_names_anybody_elses_server() -> None:
    style = (Path(pages.__file__).parent / "style.css").read_text("utf-8")
    assert "url(" not in style
    assert "@import" not in style
