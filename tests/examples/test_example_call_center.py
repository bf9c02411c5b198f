"""The agent's tool: claims from flags and from questions, and what it prints."""

import subprocess
import sys
from typing import Any

import pytest

from examples.call_center.__main__ import parser, show
from examples.call_center.claims import claims_of
from tests.examples.sender import ROOT

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
