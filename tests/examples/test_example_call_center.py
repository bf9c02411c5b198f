"""The agent's tool: claims from flags and from questions, and what it prints."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from examples.call_center.__main__ import COMMANDS, parser, show
from examples.call_center.claims import claims_of
from examples.call_center.parties import parties_of
from examples.client import Desk
from tests.api.papers import scan
from tests.examples.sender import ROOT
from tests.examples.told import Script
from tests.house import CHILD, GILDONG, MOTHER, House, signed_mandate

TOP = ["--api", "x", "--client-id", "c", "--client-secret", "s", "--agent", "a17"]


def _claims(*flags: str, answers: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    left = list(answers)
    claims = claims_of(parser().parse_args([*TOP, "file", *flags]), lambda _: left.pop(0))
    assert left == []
    return claims


def test_flags_say_everything() -> None:
    flags = ["--rights", "access,correction,deletion,suspension,consent_withdrawal", "--aspects", "items"]
    flags += ["--change", "separate_service.address=서울특별시 강남구 새길로 3", "--categories", "online_mall"]
    claims = _claims(*flags, "--purposes", "marketing", "--ends-contract", "no", "--reason", "원하지 않음")
    change = {
        "category": "separate_service",
        "field": "address",
        "current": None,
        "corrected": "서울특별시 강남구 새길로 3",
    }
    assert claims == [
        {"right": "access", "aspects": ["items"], "delivery": "electronic", "categories": ["online_mall"]},
        {"right": "correction", "changes": [change]},
        {"right": "deletion", "categories": ["online_mall"], "reason": "원하지 않음"},
        {
            "right": "suspension",
            "purposes": ["marketing"],
            "categories": ["online_mall"],
            "ends_contract": False,
            "reason": "원하지 않음",
        },
        {"right": "consent_withdrawal", "purposes": ["marketing"]},
    ]


def test_footage_is_asked_for_by_place_and_time() -> None:
    flags = ["--rights", "access", "--site", "s-1", "--film-from", "2026-11-20T10:00:00+09:00", "--kind", "view"]
    claims = _claims(*flags, answers=("2026-11-20T11:00:00+09:00", "검은 우산", "own_image"))
    asked = {"from": "2026-11-20T10:00:00+09:00", "to": "2026-11-20T11:00:00+09:00", "description": "검은 우산"}
    assert claims == [{"right": "access", "media": {"site": "s-1", **asked, "ground": "own_image", "kind": "view"}}]


def test_what_flags_leave_out_is_asked() -> None:
    claims = _claims(answers=("suspension", "yes", "delivery, marketing"))
    assert claims == [
        {"right": "suspension", "purposes": ["delivery", "marketing"], "categories": None, "ends_contract": True}
    ]
    assert _claims(answers=("access", ""))[0]["aspects"] == [
        "items",
        "purposes",
        "retention",
        "third_parties",
        "consents",
    ]
    changes = _claims(answers=("correction", "a.b", "1", "y", "a.c", "2", "n"))[0]["changes"]
    assert [(one["field"], one["corrected"]) for one in changes] == [("b", "1"), ("c", "2")]


@pytest.mark.parametrize(
    ("flags", "answers"),
    [
        (["--rights", "oblivion"], ()),
        (["--rights", "suspension"], ("perhaps",)),
        (["--rights", "correction", "--change", "address"], ()),
        (["--rights", "consent_withdrawal"], ("",)),
    ],
)
def test_nonsense_is_refused_before_it_is_sent(flags: list[str], answers: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        _claims(*flags, answers=answers)


def _parties(*flags: str, answers: tuple[str, ...] = ()) -> dict[str, Any]:
    left = list(answers)
    parties = parties_of(parser().parse_args([*TOP, "file", *flags]), lambda _: left.pop(0))
    assert left == []
    return parties


def test_a_guardian_is_asked_for_no_more_than_on_the_website() -> None:
    flags = ["--capacity", "guardian", "--requester-name", "윤서진", "--requester-phone", "010-0000-4402"]
    assert _parties(*flags, answers=("1984-04-04", "", "parent")) == {
        "capacity": "guardian",
        "requester": {
            "name": "윤서진",
            "birth_date": "1984-04-04",
            "phone": "010-0000-4402",
            "relationship": "parent",
        },
    }
    with pytest.raises(ValueError, match="relationship"):
        _parties(*flags, "--relationship", "uncle", answers=("1984-04-04", ""))


def test_a_mandate_is_filed_as_it_is_read_out() -> None:
    flags = ["--capacity", "delegate", "--mandate-rights", "access, deletion", "--signed-on", "2026-11-20"]
    assert _parties(*flags, answers=("도우미", "010-0000-5501", "", "변호사")) == {
        "capacity": "delegate",
        "requester": {"name": "도우미", "phone": "010-0000-5501", "relationship": "변호사"},
        "mandate": {"rights": ["access", "deletion"], "signed_on": "2026-11-20", "deliver_to": "subject"},
    }
    assert _parties() == {"capacity": "self"}


def _run(script: Script, *command: str) -> str:
    script.answers.insert(0, (200, {}, {"access_token": "t", "expires_in": 900}))
    who = ["--api", script.url, "--client-id", "c"]
    ended = subprocess.run(
        [sys.executable, "-m", "examples.call_center", *who, *command],
        cwd=ROOT, env=os.environ | {"CLIENT_SECRET": "s"}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_code_goes_to_who_asks_where_they_ask_for_another() -> None:
    with Script() as script:
        script.answers = [(202, {}, {"id": "v", "expires_at": "2026-11-23T10:00:00+09:00"})]
        _run(script, "--agent", "a17", "code", "r", "--party", "requester")
    assert b"agent=a17" in script.got[0][2]
    sent = json.loads(script.got[1][2])
    assert sent == {"party": "requester", "method": "phone_code", "purpose": "identity"}


def test_a_clerk_hands_in_the_photograph_of_a_paper(tmp_path: Path) -> None:
    picture = tmp_path / "위임장.jpg"
    picture.write_bytes(b"a picture of a paper")
    with Script() as script:
        script.answers = [(201, {}, {"id": "e", "kind": "power_of_attorney", "pages": 1, "state": "pending"})]
        told = _run(script, "paper", "r", str(picture), "--kind", "power_of_attorney", "--key", "k-7")
    assert "state         pending" in told
    assert b"agent" not in script.got[0][2]  # a clerk's desk has none
    what, headers, body = script.got[1]
    assert (what, headers["Idempotency-Key"]) == ("POST /v1/requests/r/evidence", "k-7")
    assert b"a picture of a paper" in body and b"requester" in body


async def _at_the_desk(house: House, role: str, *command: str, **claims: str) -> dict[str, Any]:
    """Use the tool on the real desk, as somebody of this role."""
    args = parser().parse_args([*(TOP if claims else TOP[:-2]), *command])
    desk = Desk("http://desk.example.com", house.token(role, f"{role}-1", **claims), http=house.api)
    told = await COMMANDS[args.command](desk, args)
    await house.workshop.run()
    return told


async def test_a_guardian_on_the_telephone_is_asked_heard_and_proved(house: House) -> None:
    claim = ["--rights", "access", "--aspects", "items", "--categories", "online_mall"]
    child = [f"--{name.replace('_', '-')}={value}" for name, value in CHILD.items()]
    mother = [
        f"--requester-{name.replace('_', '-')}={value}" for name, value in MOTHER.items() if name != "relationship"
    ]
    mother += [
        "--relationship",
        MOTHER["relationship"],
        "--caller-number",
        "010-0000-4002",
        "--email",
        "child@example.com",
    ]
    agent = {"agent": "a17"}
    filed = await _at_the_desk(house, "call_center", "file", "--capacity", "guardian", *child, *mother, *claim, **agent)
    assert any("자녀의 기본증명서" in line for line in filed["read_back"])
    asked = await _at_the_desk(house, "call_center", "code", filed["id"], "--party", "requester", **agent)
    code = house.last_code("sms")
    proved = await _at_the_desk(house, "call_center", "answer", asked["id"], "--code", code, **agent)
    assert proved["status"] == "verified"
    seen = await _at_the_desk(house, "call_center", "status", filed["id"], **agent)
    assert seen["claims"][0]["status"] == "verified"
    assert MOTHER["name"] not in str(seen)


async def test_a_letter_with_a_mandate_is_filed_and_its_paper_handed_in(house: House, tmp_path: Path) -> None:
    picture = tmp_path / "위임장.png"
    picture.write_bytes(scan())
    person = [f"--{name}={value}" for name, value in GILDONG.items()]
    delegate = ["--requester-name=도우미", "--requester-phone=010-0000-5501", "--requester-email=helper@example.com"]
    mandate = ["--relationship=변호사", "--mandate-rights=access", f"--signed-on={signed_mandate()['signed_on']}"]
    filed = await _at_the_desk(
        house, "clerk", "file", "--channel", "post", "--capacity", "delegate", *person, *delegate, *mandate,
        "--rights", "access", "--aspects", "items",
    )  # fmt: skip
    paper = await _at_the_desk(house, "clerk", "paper", filed["id"], str(picture), "--kind", "power_of_attorney")
    assert (paper["state"], paper["party"]) == ("pending", "requester")


def test_the_read_back_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    claims = [{"id": "c", "right": "suspension", "status": "received", "due_on": "2026-12-02"}]
    show(
        "file",
        {"id": "r", "receipt_no": "482-0193-7756", "claims": claims, "read_back": ["처리정지를 요구하셨습니다."]},
    )
    printed = capsys.readouterr().out
    assert "482-0193-7756" in printed
    assert "due 2026-12-02" in printed
    assert "1. 처리정지를 요구하셨습니다." in printed


def test_a_desk_that_is_away_ends_with_a_sentence(closed_port: str) -> None:
    command = [sys.executable, "-m", "examples.call_center", *TOP, "status", "0193aaaa-0000-7000-8000-000000000001"]
    command[command.index("x")] = closed_port
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("not done: ")
    assert "Traceback" not in ended.stderr
