"""Mail: over SMTP, or as files in development. One plain text part, so nothing but the text holds digits."""

import asyncio
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiosmtplib

from app import text
from app.errors import Invalid
from app.gateways import outbox
from app.gateways.outcome import Outcome, Permanent, Retryable, Sent
from app.gateways.wire import public_trust

TOTAL_SECONDS = 30.0
GOODBYE_SECONDS = 2.0
SUBJECT_CHARS = 200

_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+-]{1,100}@[A-Za-z0-9.-]{1,150}>")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})?")


@dataclass(frozen=True, slots=True, repr=False)
class OutMail:
    """One mail; `message_id` (`<...@...>`) stays the same over all attempts."""

    to: str
    subject: str
    text: str
    message_id: str
    language: str = "ko"


class Mail:
    """The sender: over SMTP when a URL is set, else into the folder."""

    def __init__(
        self,
        *,
        smtp_url: str | None,
        mail_from: str,
        folder: Path,
        development: bool = False,
        tls: ssl.SSLContext | None = None,
        seconds: float = TOTAL_SECONDS,
    ) -> None:
        """Take SMTP_URL, MAIL_FROM and the folder `outbox/mail`; outside development smtp:// demands STARTTLS."""
        self._server = _Server.of(smtp_url) if smtp_url else None
        self._from = mail_from
        self._envelope_from = text.email(parseaddr(mail_from)[1])
        self._folder = folder
        self._start_tls = None if development else True
        self._tls = tls
        self._seconds = seconds

    async def send(self, message: OutMail, *, now: datetime) -> Outcome:
        """Hand the mail over once, within the total deadline."""
        mail = self._build(message, now)
        if isinstance(mail, Permanent):
            return mail
        if self._server is None:
            return await self._file(message, mail, now)
        return await self._smtp(self._server, mail, message)

    def _build(self, message: OutMail, now: datetime) -> EmailMessage | Permanent:
        try:
            to = text.email(message.to)
        except Invalid:
            return Permanent("address_malformed")
        if not _MESSAGE_ID.fullmatch(message.message_id) or not _LANGUAGE.fullmatch(message.language):
            return Permanent("header_malformed")
        if not message.subject.isprintable() or not 1 <= len(message.subject) <= SUBJECT_CHARS:
            return Permanent("header_malformed")
        mail = EmailMessage(policy=SMTP_POLICY)
        mail["From"] = self._from
        mail["To"] = to
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = message.message_id
        mail["Auto-Submitted"] = "auto-generated"
        # Quoted-printable: base64 could by chance show a run of digits that is no code.
        mail.set_content(message.text, cte="quoted-printable")
        mail["Content-Language"] = message.language  # setting the content clears what was said of it before
        return mail

    async def _smtp(self, server: "_Server", mail: EmailMessage, message: OutMail) -> Outcome:
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.tls,
            start_tls=False if server.tls else self._start_tls,
            tls_context=self._tls or public_trust(),
            timeout=self._seconds,
        )
        try:
            async with asyncio.timeout(self._seconds):
                await client.connect()
                await client.sendmail(self._envelope_from, [str(mail["To"])], mail.as_bytes())
            with suppress(Exception):  # taken is taken: a failing farewell does not send it again
                async with asyncio.timeout(GOODBYE_SECONDS):
                    await client.quit()
        except Exception as error:  # noqa: BLE001 - whatever the server did is one attempt that failed
            return _failure(error)
        finally:
            client.close()
        return Sent(message.message_id)

    async def _file(self, message: OutMail, mail: EmailMessage, now: datetime) -> Outcome:
        content = {
            "to": message.to,
            "from": self._from,
            "subject": message.subject,
            "text": message.text,
            "message_id": message.message_id,
            "headers": {name: str(value) for name, value in mail.items()},
        }
        try:
            await asyncio.to_thread(outbox.put, self._folder, message.message_id, content, now)
        except OSError:
            return Retryable("outbox_unwritable")
        return Sent(message.message_id)


@dataclass(frozen=True, slots=True, repr=False)
class _Server:
    host: str
    port: int
    tls: bool
    username: str | None
    password: str | None

    @classmethod
    def of(cls, url: str) -> "_Server":
        """The server of SMTP_URL; what is wrong is told without the password in it."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("SMTP_URL must be smtp:// or smtps:// with a host")
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if parts.scheme == "smtps" else 587),
            tls=parts.scheme == "smtps",
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )


def _failure(error: Exception) -> Outcome:
    """5xx to the recipient or the content is final; 5xx to ourselves (greeting, login, sender) is for us to mend."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        codes = [refused.code for refused in error.recipients]
        return _by_code(max(codes))
    if isinstance(error, aiosmtplib.SMTPDataError):
        return _by_code(error.code)
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return Retryable("smtp_login")
    if isinstance(error, aiosmtplib.SMTPSenderRefused):
        return Retryable(f"smtp_sender_{error.code}")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return Retryable(f"smtp_{error.code}")
    return Retryable(_reason(error))


def _by_code(code: int) -> Outcome:
    return Permanent(f"smtp_{code}") if 500 <= code < 600 else Retryable(f"smtp_{code}")


def _reason(error: Exception) -> str:
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and len(causes) < 5:
        causes.append(cause)
    if any(isinstance(cause, ssl.SSLError) for cause in causes) or "TLS" in str(error):
        return "tls"
    if isinstance(error, TimeoutError):
        return "timeout"
    return "connect" if isinstance(error, aiosmtplib.SMTPConnectError) else "disconnected"
