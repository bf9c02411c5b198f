"""The register over a real socket: to the holder of the secret, and to nobody else."""

from datetime import UTC, date, datetime, timedelta
from time import time
from typing import Any

import httpx
import pytest

from tests.examples.sender import SECRET, Sender, Start


@pytest.fixture(scope="module")
def register(start_once: Start) -> Sender:
    return Sender(start_once("register", "--port", "0", "--secret", SECRET))


def _found(register: Sender, **known: str | None) -> list[str]:
    answer = register.post(known, path="/lookup")
    assert answer.status_code == 200
    return [one["subject_ref"] for one in answer.json()["matches"]]


def test_a_signed_question_finds_people_by_any_of_number_contact_and_name(register: Sender) -> None:
    nothing = {"name": None, "phone": None, "email": None, "birth_date": None, "customer_no": None, "account_id": None}
    for known, found in [
        ({"name": "홍길동"}, ["C-1029"]),
        ({"phone": "+821012345678"}, ["C-1029"]),
        ({"phone": "010-1234-5678"}, ["C-1029"]),
        ({"email": "Gildong@Example.com"}, ["C-1029"]),
        ({"customer_no": "C-1029"}, ["C-1029"]),
        ({"account_id": "gildong"}, ["C-1029"]),
        ({"name": "홍길동", "phone": "+821000001234"}, ["C-1029", "C-1030"]),
        ({"name": "김민수"}, ["C-1035", "C-1036"]),
        ({"phone": "+821000007001"}, ["C-1037", "C-1038"]),
        ({"name": "AMÉLIE  O'NEILL"}, ["C-1039"]),
        ({"birth_date": "1990-01-02"}, []),
        ({"name": "아무개"}, []),
    ]:
        assert _found(register, **(nothing | known)) == found, known


def test_a_match_has_the_shape_of_the_contract(register: Sender) -> None:
    for person in register.post({"name": "홍길동"}, path="/lookup").json()["matches"]:
        assert set(person) == {"subject_ref", "name", "birth_date", "contacts", "guardians", "flags"}
        assert person["contacts"][0] == {
            "kind": "phone",
            "value": "+821012345678",
            "since": "2024-03-01",
            "holder": "subject",
        }


def test_a_fresh_contact_stays_fresh(register: Sender) -> None:
    person = register.post({"name": "박민지"}, path="/lookup").json()["matches"][0]
    fresh, old = (date.fromisoformat(one["since"]) for one in person["contacts"])
    assert timedelta(days=1) <= datetime.fromtimestamp(time(), UTC).date() - fresh <= timedelta(days=3)
    assert old == date(2024, 9, 1)


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-id": "another"},
        {"webhook-timestamp": "hello"},
        {"webhook-timestamp": str(int(time()) - 3600)},
    ],
)
def test_nobody_else_learns_anything(register: Sender, headers: dict[str, str]) -> None:
    answer = register.post({"name": "홍길동"}, path="/lookup", headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"error": "signature"})


def test_no_headers_at_all_are_refused(register: Sender) -> None:
    assert httpx.post(register.url + "/lookup", json={"name": "홍길동"}, trust_env=False).status_code == 401


@pytest.mark.parametrize("seconds", [-310, 310])
def test_a_signature_of_another_time_is_refused(register: Sender, seconds: int) -> None:
    assert register.post({"name": "홍길동"}, path="/lookup", at=time() + seconds).status_code == 401


def test_another_secret_is_refused(register: Sender) -> None:
    stranger = Sender(register.url, secret="whsec_" + "QUFB" * 8)
    assert stranger.post({"name": "홍길동"}, path="/lookup").status_code == 401


@pytest.mark.parametrize(
    "body", [{}, {"name": None}, {"name": ""}, {"name": 1}, {"rrn": "x"}, [], "x", {"name": "가" * 321}]
)
def test_a_signed_question_that_makes_no_sense_is_refused(register: Sender, body: Any) -> None:
    assert register.post(body, path="/lookup").status_code == 422


def test_a_long_body_is_not_read(register: Sender) -> None:
    assert register.post({"name": "가" * 20_000}, path="/lookup").status_code == 413
