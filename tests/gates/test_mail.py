"""Mail against real SMTP servers: polite, busy, refusing, slow, and stripped of TLS."""

import asyncio
import email
import json
import re
import ssl
import stat
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from app.gateways.mail import Mail, OutMail
from app.gateways.outcome import Outcome, Permanent, Retryable, Sent
from tests.gates.conftest import Serve

FROM = "개인정보 창구 <privacy@example.com>"
MESSAGE = OutMail(
    to="gildong@example.com",
    subject="[개인정보 권리행사] 인증번호 안내",
    text="안녕하세요.\n\n인증번호는 12345678 입니다. " + "긴 줄입니다. " * 30 + "\n.점으로 시작하는 줄\n",
    message_id="<0193-ab@rights.example.com>",
    language="ko",
)


def raw(envelope: Envelope) -> bytes:
    """The bytes after DATA."""
    assert isinstance(envelope.content, bytes)
    return envelope.content


def body(mail: EmailMessage) -> str:
    """The text a person reads, whose line ends are those of the wire."""
    return str(mail.get_content()).replace("\r\n", "\n")


class Postman:
    """An aiosmtpd handler that keeps what it takes and answers as told."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.sender = self.recipient = ""
        self.content: list[str] = []

    async def handle_MAIL(  # noqa: N802 - the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.sender:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.sender or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if not self.recipient:
            envelope.rcpt_tos.append(address)
        return self.recipient or "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.content.pop(0) if self.content else "250 taken"
        if answer.startswith("250"):
            self.taken.append(envelope)
        return answer

    @property
    def mails(self) -> list[EmailMessage]:
        """What was taken, read by the standard library."""
        return [email.message_from_bytes(raw(envelope), policy=default) for envelope in self.taken]


Office = Callable[..., Any]


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """`await office(**options)` starts a server and gives the postman and the port."""
    servers: list[asyncio.Server] = []

    async def start(*, implicit: ssl.SSLContext | None = None, **options: Any) -> tuple[Postman, int]:
        postman = Postman()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(postman, loop=loop, hostname="mx.example.com", **options), "127.0.0.1", 0, ssl=implicit
        )
        servers.append(server)
        return postman, server.sockets[0].getsockname()[1]

    yield start
    for server in servers:
        server.close()
    await asyncio.sleep(0.01)


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def client_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def mailer(port: int, folder: Path, *, scheme: str = "smtp", login: str = "", **options: Any) -> Mail:
    options = {"development": True, "seconds": 2.0} | options
    return Mail(smtp_url=f"{scheme}://{login}localhost:{port}", mail_from=FROM, folder=folder, **options)


async def test_a_mail_arrives_whole(office: Office, tmp_path: Path, now: datetime) -> None:
    postman, port = await office()
    assert await mailer(port, tmp_path).send(MESSAGE, now=now) == Sent(MESSAGE.message_id)
    (mail,) = postman.mails
    assert (postman.taken[0].mail_from, postman.taken[0].rcpt_tos) == ("privacy@example.com", [MESSAGE.to])
    assert mail.get_content_type() == "text/plain"
    assert body(mail) == MESSAGE.text
    assert mail["Subject"] == MESSAGE.subject
    assert mail["From"] == FROM
    assert mail["Message-ID"] == MESSAGE.message_id
    assert mail["Date"].datetime == now
    assert (mail["Content-Language"], mail["Auto-Submitted"]) == ("ko", "auto-generated")
    assert max(map(len, raw(postman.taken[0]).decode("ascii").split("\r\n"))) <= 78
    assert re.findall(r"(?<!\d)\d{8}(?!\d)", body(mail)) == ["12345678"]


async def test_the_message_id_stays_over_attempts(office: Office, tmp_path: Path, now: datetime) -> None:
    postman, port = await office()
    postman.content = ["451 later", "451 later", "451 later"]
    sender = mailer(port, tmp_path)
    outcomes = [await sender.send(MESSAGE, now=now) for _ in range(5)]
    assert outcomes == [Retryable("smtp_451")] * 3 + [Sent(MESSAGE.message_id)] * 2
    assert {mail["Message-ID"] for mail in postman.mails} == {MESSAGE.message_id}


@pytest.mark.parametrize(
    ("where", "reply", "outcome"),
    (
        ("recipient", "550 no such user", Permanent("smtp_550")),
        ("recipient", "450 greylisted", Retryable("smtp_450")),
        ("content", "554 refused", Permanent("smtp_554")),
        ("content", "452 full", Retryable("smtp_452")),
        ("sender", "550 not you", Retryable("smtp_sender_550")),
    ),
)
async def test_refusals(
    office: Office, tmp_path: Path, now: datetime, where: str, reply: str, outcome: Outcome
) -> None:
    postman, port = await office()
    setattr(postman, where, [reply] if where == "content" else reply)
    assert await mailer(port, tmp_path).send(MESSAGE, now=now) == outcome
    assert postman.taken == []


@pytest.mark.parametrize(
    ("changes", "outcome"),
    (
        ({"to": "a@example.com\r\nBcc: b@example.com"}, Permanent("address_malformed")),
        ({"to": "a@example.com, b@example.com"}, Permanent("address_malformed")),
        ({"to": "Kim <a@example.com>"}, Permanent("address_malformed")),
        ({"to": ""}, Permanent("address_malformed")),
        ({"subject": "a\r\nBcc: b@example.com"}, Permanent("header_malformed")),
        ({"subject": "a\nb"}, Permanent("header_malformed")),
        ({"subject": "a\u2028b"}, Permanent("header_malformed")),
        ({"subject": ""}, Permanent("header_malformed")),
        ({"message_id": "<a@b>\r\nBcc: b@example.com"}, Permanent("header_malformed")),
        ({"message_id": "0193"}, Permanent("header_malformed")),
        ({"language": "ko\r\nBcc: b@example.com"}, Permanent("header_malformed")),
    ),
)
async def test_headers_cannot_be_injected(
    office: Office, tmp_path: Path, now: datetime, changes: dict[str, str], outcome: Outcome
) -> None:
    postman, port = await office()
    assert await mailer(port, tmp_path).send(replace(MESSAGE, **changes), now=now) == outcome
    assert postman.taken == []


async def test_what_looks_like_a_header_in_the_text_is_text(office: Office, tmp_path: Path, now: datetime) -> None:
    postman, port = await office()
    await mailer(port, tmp_path).send(replace(MESSAGE, text="\nBcc: b@example.com\n\n.\r\nRSET\n"), now=now)
    (mail,) = postman.mails
    assert mail["Bcc"] is None
    assert postman.taken[0].rcpt_tos == [MESSAGE.to]
    assert body(mail) == "\nBcc: b@example.com\n\n.\nRSET\n"


async def test_an_address_of_another_script(office: Office, tmp_path: Path, now: datetime) -> None:
    postman, port = await office()
    assert await mailer(port, tmp_path).send(replace(MESSAGE, to="gildong@한국.kr"), now=now) == Sent(
        MESSAGE.message_id
    )
    assert postman.taken[0].rcpt_tos == ["gildong@xn--3e0b707e.kr"]


async def test_outside_development_nothing_goes_in_the_clear(office: Office, tmp_path: Path, now: datetime) -> None:
    """A server without STARTTLS, or somebody between who hides it."""
    postman, port = await office()
    outcome = await mailer(port, tmp_path, development=False).send(MESSAGE, now=now)
    assert outcome == Retryable("tls")
    assert postman.taken == []


@pytest.mark.parametrize("development", (True, False))
async def test_starttls(
    office: Office,
    tmp_path: Path,
    now: datetime,
    server_tls: ssl.SSLContext,
    client_tls: ssl.SSLContext,
    development: bool,
) -> None:
    postman, port = await office(tls_context=server_tls, require_starttls=True)
    sender = mailer(port, tmp_path, development=development, tls=client_tls)
    assert await sender.send(MESSAGE, now=now) == Sent(MESSAGE.message_id)
    assert len(postman.taken) == 1


async def test_a_certificate_nobody_vouches_for(
    office: Office, tmp_path: Path, now: datetime, server_tls: ssl.SSLContext
) -> None:
    postman, port = await office(tls_context=server_tls)
    for scheme, implicit in (("smtp", None), ("smtps", server_tls)):
        if implicit is not None:
            postman, port = await office(implicit=implicit)
        sender = mailer(port, tmp_path, scheme=scheme, development=False)
        assert await sender.send(MESSAGE, now=now) == Retryable("tls")
        assert postman.taken == []


async def test_smtps(
    office: Office, tmp_path: Path, now: datetime, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    postman, port = await office(implicit=server_tls)
    sender = mailer(port, tmp_path, scheme="smtps", development=False, tls=client_tls)
    assert await sender.send(MESSAGE, now=now) == Sent(MESSAGE.message_id)
    assert len(postman.taken) == 1


@pytest.mark.parametrize(
    ("login", "outcome"),
    (
        ("desk:p%40ss@", Sent(MESSAGE.message_id)),
        ("desk:wrong@", Retryable("smtp_login")),
        ("", Retryable("smtp_sender_530")),
    ),
)
async def test_login(
    office: Office,
    tmp_path: Path,
    now: datetime,
    server_tls: ssl.SSLContext,
    client_tls: ssl.SSLContext,
    login: str,
    outcome: Outcome,
) -> None:
    def judge(_s: SMTP, _ss: Session, _e: Envelope, _mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and (given.login, given.password) == (b"desk", b"p@ss")
        return AuthResult(success=right, handled=right)

    _, port = await office(tls_context=server_tls, authenticator=judge, auth_required=True)
    sender = mailer(port, tmp_path, login=login, development=False, tls=client_tls)
    assert await sender.send(MESSAGE, now=now) == outcome


async def talk(script: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]) -> tuple[asyncio.Server, int]:
    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(guarded, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]


async def speak_slowly(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for _index in range(100):
        writer.write(b"220-x\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


async def listen_only(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read(1)


async def refuse_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"554 no service\r\n")
    await writer.drain()
    await reader.read(100)


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Polite until the end of DATA."""
    writer.write(b"220 mx\r\n")
    for reply in (b"250 mx\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n"):
        await reader.readline()
        writer.write(reply)
    await reader.readuntil(b"\r\n.\r\n")


async def drop_after_data(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await converse(reader, writer)


async def never_say_goodbye(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await converse(reader, writer)
    writer.write(b"250 taken\r\n")
    await reader.readline()
    await asyncio.sleep(60)


@pytest.mark.parametrize(
    ("script", "outcome"),
    (
        (speak_slowly, Retryable("timeout")),
        (listen_only, Retryable("timeout")),
        (refuse_all, Retryable("smtp_554")),
        (drop_after_data, Retryable("disconnected")),
        (never_say_goodbye, Sent(MESSAGE.message_id)),
    ),
)
async def test_bad_servers(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch, script: Any, outcome: Outcome
) -> None:
    monkeypatch.setattr("app.gateways.mail.GOODBYE_SECONDS", 0.2)
    server, port = await talk(script)
    began = asyncio.get_running_loop().time()
    assert await mailer(port, tmp_path, seconds=0.6).send(MESSAGE, now=now) == outcome
    assert asyncio.get_running_loop().time() - began < 1.5
    server.close()


async def test_nobody_there(serve: Serve, tmp_path: Path, now: datetime) -> None:
    receiver = await serve(b"")
    await receiver.stop()
    assert await mailer(receiver.port, tmp_path).send(MESSAGE, now=now) == Retryable("connect")


async def test_in_development_a_mail_is_a_file(tmp_path: Path, now: datetime) -> None:
    folder = tmp_path / "a folder" / "outbox" / "mail"
    sender = Mail(smtp_url=None, mail_from=FROM, folder=folder, development=True)
    assert await sender.send(MESSAGE, now=now) == Sent(MESSAGE.message_id)
    assert await sender.send(replace(MESSAGE, subject="a\r\nb"), now=now) == Permanent("header_malformed")
    (file,) = folder.iterdir()
    assert file.suffix == ".json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    written = json.loads(file.read_text("utf-8"))
    headers = written.pop("headers")
    assert written == {
        "to": MESSAGE.to,
        "from": FROM,
        "subject": MESSAGE.subject,
        "text": MESSAGE.text,
        "message_id": MESSAGE.message_id,
        "sent_at": "2026-11-22T01:00:00+00:00",
    }
    assert (headers["Subject"], headers["Message-ID"]) == (MESSAGE.subject, MESSAGE.message_id)


async def test_a_folder_that_cannot_be_written(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "file").write_text("x")
    sender = Mail(smtp_url=None, mail_from=FROM, folder=tmp_path / "file", development=True)
    assert await sender.send(MESSAGE, now=now) == Retryable("outbox_unwritable")


@pytest.mark.parametrize("url", ("http://localhost", "smtp://", "localhost:25", "smtp://user:canary@"))
def test_settings_that_cannot_be_used(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL") as caught:
        Mail(smtp_url=url, mail_from=FROM, folder=tmp_path)
    assert "canary" not in str(caught.value)
