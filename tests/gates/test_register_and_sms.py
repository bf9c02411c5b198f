"""The register and the SMS service, as real HTTP servers that behave and misbehave."""

import json
import stat
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from app import signature
from app.gateways.outcome import Outcome, Permanent, Retryable, Sent
from app.gateways.register import Contact, Person, Query, Register
from app.gateways.sms import OutSms, Sms
from tests.gates.conftest import Serve

SECRET = signature.new_secret()
MATCH: dict[str, Any] = {
    "subject_ref": "C-1029",
    "name": "홍길동",
    "birth_date": "1990-01-02",
    "contacts": [{"kind": "phone", "value": "+821012345678", "since": "2024-03-01", "holder": "subject"}],
    "guardians": [],
    "flags": [],
}
MESSAGE = OutSms("+821012345678", "code", {"code": "12345678"}, "인증번호 12345678", "ref-1")


async def look(serve: Serve, raw: object, now: datetime, seconds: float = 1.0) -> tuple[Any, Any]:
    receiver = await serve(raw)
    register = Register(f"http://127.0.0.1:{receiver.port}/", SECRET, seconds=seconds)
    query = Query(name="홍길동", phone="+821012345678", birth_date=date(1990, 1, 2))
    found = await register.lookup(query, now=now)
    await register.close()
    return found, receiver


async def test_a_signed_question_and_its_answer(serve: Serve, answer: Callable[..., bytes], now: datetime) -> None:
    body = json.dumps({"matches": [MATCH, {**MATCH, "more": 1}]}).encode()
    found, receiver = await look(serve, answer("200 OK", body), now)
    contact = Contact(kind="phone", value="+821012345678", since=date(2024, 3, 1), holder="subject")
    person = Person(subject_ref="C-1029", name="홍길동", birth_date=date(1990, 1, 2), contacts=(contact,))
    assert found == (person, person)
    head, _, asked = receiver.requests[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /lookup HTTP/1.1"
    assert json.loads(asked) == {"name": "홍길동", "phone": "+821012345678", "birth_date": "1990-01-02"}
    received = dict(line.split(": ", 1) for line in lines[1:])
    signature.verify([SECRET], received, asked, now=int(now.timestamp()))


async def test_nobody_is_known(serve: Serve, answer: Callable[..., bytes], now: datetime) -> None:
    assert (await look(serve, answer("200 OK", b'{"matches": []}'), now))[0] == ()


@pytest.mark.parametrize(
    "body",
    (
        b"",
        b"[]",
        b"{}",
        b'{"matches": null}',
        b'{"matches": [1]}',
        b"\xff",
        b"[" * 100_000,
        *(
            json.dumps({"matches": [{**MATCH, **change}]}).encode()
            for change in (
                {"subject_ref": 5},
                {"subject_ref": ""},
                {"name": "a\u0000b"},
                {"name": "x" * 321},
                {"birth_date": 0},
                {"birth_date": "1990-02-30"},
                {"birth_date": "1990-01-02T00:00:00"},
                {"contacts": [{"kind": "phone", "value": "x", "holder": "neighbour"}]},
                {"contacts": [{"kind": "PHONE", "value": "x"}]},
                {"contacts": [{"kind": "phone", "value": "x", "since": 1}]},
                {"flags": "x"},
            )
        ),
    ),
)
async def test_answers_that_are_not_the_contract(
    serve: Serve, answer: Callable[..., bytes], now: datetime, body: bytes
) -> None:
    assert (await look(serve, answer("200 OK", body), now))[0] == Retryable("answer_malformed")


async def test_answers_too_large_or_refused(serve: Serve, answer: Callable[..., bytes], now: datetime) -> None:
    many = json.dumps({"matches": [MATCH] * 51}).encode()
    long = b'{"matches": []' + b" " * 300_000 + b"}"
    assert (await look(serve, answer("200 OK", many), now))[0] == Retryable("answer_too_large")
    assert (await look(serve, answer("200 OK", long), now))[0] == Retryable("answer_too_large")
    assert (await look(serve, answer("503 Away", b"", "Retry-After: 9"), now))[0] == Retryable("http_503", 9)
    assert (await look(serve, answer("302 Found", b"", "Location: /x"), now))[0] == Retryable("http_302")


async def test_a_slow_register(serve: Serve, now: datetime) -> None:
    found, _ = await look(serve, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", now, seconds=0.3)
    assert found == Retryable("timeout")


@pytest.fixture
def text_to(serve: Serve, tmp_path: Path, now: datetime) -> Callable[..., Any]:
    async def send(raw: object) -> tuple[Outcome, bytes]:
        receiver = await serve(raw)
        sms = Sms(url=f"http://127.0.0.1:{receiver.port}/send", token="secret", folder=tmp_path, seconds=0.5)
        outcome = await sms.send(MESSAGE, now=now)
        await sms.close()
        return outcome, receiver.requests[0]

    return send


async def test_a_message_is_handed_over(text_to: Callable[..., Any], answer: Callable[..., bytes]) -> None:
    outcome, request = await text_to(answer("202 Accepted", b'{"id": "m-1"}'))
    head, _, body = request.partition(b"\r\n\r\n")
    assert outcome == Sent("m-1")
    assert b"\r\nAuthorization: Bearer secret\r\n" in head + b"\r\n"
    assert json.loads(body) == {
        "to": "+821012345678",
        "template": "code",
        "params": {"code": "12345678"},
        "text": "인증번호 12345678",
        "ref": "ref-1",
    }


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    (
        ("200 OK", b"", Sent("")),
        ("200 OK", b"[]", Sent("")),
        ("200 OK", b'{"id": 7}', Sent("7")),
        ("200 OK", b'{"id": "a\\nb"}', Sent("")),
        ("400 Bad", b"", Permanent("http_400")),
        ("422 Bad", b"", Permanent("http_422")),
        ("401 No", b"", Retryable("http_401")),
        ("404 No", b"", Retryable("http_404")),
        ("429 Slow", b"", Retryable("http_429")),
        ("500 Oops", b"", Retryable("http_500")),
    ),
)
async def test_answers_of_the_sms_service(
    text_to: Callable[..., Any], answer: Callable[..., bytes], status: str, body: bytes, outcome: Outcome
) -> None:
    assert (await text_to(answer(status, body)))[0] == outcome


async def test_a_slow_sms_service(text_to: Callable[..., Any]) -> None:
    assert (await text_to(b"HTTP/1.1 200 OK\r\n"))[0] == Retryable("timeout")


async def test_in_development_a_message_is_a_file(tmp_path: Path, now: datetime) -> None:
    folder = tmp_path / "outbox" / "sms"
    sms = Sms(url=None, token=None, folder=folder)
    assert await sms.send(MESSAGE, now=now) == Sent("ref-1")
    assert await sms.send(MESSAGE, now=now) == Sent("ref-1")
    files = list(folder.iterdir())
    assert len(files) == 2
    assert all(file.suffix == ".json" and stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    assert json.loads(files[0].read_text("utf-8")) == {
        "to": "+821012345678",
        "template": "code",
        "params": {"code": "12345678"},
        "text": "인증번호 12345678",
        "ref": "ref-1",
        "sent_at": "2026-11-22T01:00:00+00:00",
    }


async def test_a_folder_that_cannot_be_written(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "file").write_text("x")
    assert await Sms(url=None, token=None, folder=tmp_path / "file").send(MESSAGE, now=now) == Retryable(
        "outbox_unwritable"
    )


def listed(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_a_file_that_cannot_be_finished_leaves_nothing(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr("os.fsync", full)
    outcome = await Sms(url=None, token=None, folder=tmp_path).send(MESSAGE, now=now)
    assert outcome == Retryable("outbox_unwritable")
    assert listed(tmp_path) == []


def test_nothing_personal_is_shown_by_accident() -> None:
    person = Person(subject_ref="C-1029", name="홍길동", contacts=(Contact(kind="phone", value="+821012345678"),))
    shown = f"{person!r}{person}{MESSAGE!r}{Query(name='홍길동')!r}"
    assert not any(canary in shown for canary in ("홍길동", "8210", "12345678", "C-1029"))
